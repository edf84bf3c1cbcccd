"""A review of a folder or a form's workbook as the command line answers it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions.console import described
from actions.designing import FormReview, Review
from registry.store.codec import plain
from vietnamese.dates import format_date
from webui.changes import sentence
from webui.wording import say


def as_json(seen: Review) -> dict[str, Any]:
    """``{findings: [...], forms: [{form, live, valid_from, changes, affected, openings}]}``."""
    return {
        "findings": [described(found) for found in seen.findings],
        "forms": [_form(one) for one in seen.forms if one.is_changed],
    }


def _form(one: FormReview) -> dict[str, Any]:
    return {
        "form": one.form.code,
        "live": one.live.version if one.live else None,
        "valid_from": one.form.valid_from.isoformat(),
        "changes": [plain(change) | {"sentence": sentence(change)} for change in one.changes],
        "affected": [
            {
                "regime": each.regime.code if each.regime else None,
                "units": each.units,
                "kinds": {kind.value: count for kind, count in each.kinds.items()},
            }
            for each in one.affected
        ],
        "openings": [
            {"regime": each.opening.regime, "period": each.opening.period, "units": each.units} for each in one.pinned
        ],
    }


def as_lines(seen: Review) -> Iterator[str]:
    """The same in sentences, form by form."""
    for one in seen.forms:
        if not one.is_changed:
            continue
        new = say("design.draft-of", form=one.form.code)
        yield f"{new}: {say('design.against', n=one.live.version) if one.live else say('design.new')}"
        yield from (f"  {sentence(change)}" for change in one.changes)
        for each in one.affected:
            name = each.regime.name if each.regime else say("design.no-regime")
            yield f"  {name}: {say('design.units', count=each.units)}"
        timing = "design.starts-now" if one.starts_at_once else "design.starts-later"
        yield f"  {say(timing, day=format_date(one.form.valid_from))}"
        if one.pinned:
            yield f"  {say('design.keeps', count=len(one.pinned))}"
