"""Changes of a form's design in plain Vietnamese: one sentence for each."""

from __future__ import annotations

from registry.catalogue.diff import Change, What
from webui.wording import say


def sentence(change: Change) -> str:
    """``Sửa dòng NN02 “– Lúa”: ĐVT tỉnh từ “ha” thành “nghìn ha”.``"""
    words = {
        "noun": say(f"change.noun.{change.stem}"),
        "code": change.code,
        "label": say("change.label", label=change.label) if change.label and change.stem != "form" else "",
        "header": change.header,
        "before": change.before,
        "after": change.after,
    }
    return say(f"change.{_kind(change)}", **words)


def _kind(change: Change) -> str:
    if change.what is not What.CHANGED:
        return change.what.value
    if change.name == "code":
        return "recoded"
    if not change.before:
        return "set"
    return "changed" if change.after else "cleared"
