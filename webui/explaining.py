"""The clerk's words on warnings, found again for the same warnings of another judgement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingest.corrected import Told
from registry.findings import Finding
from registry.store.submissions import Explanation

_FIELD = re.compile(r"giai-trinh-[0-9]{1,6}")


_FEW_WORDS = 4


def by_place(findings: Iterable[Finding], told: Iterable[Explanation | Told]) -> dict[int, str]:
    """The words on each finding that has some, by its place in the verdict."""
    words = {(each.code, each.row, each.column, each.line): each.text for each in told}
    found = {at: words.get(_about(one), "") for at, one in enumerate(findings)}
    return {at: text for at, text in found.items() if text}


def is_brief(text: str) -> bool:
    """True for words too few to explain anything ("ok", "đã rà soát"): a leader is told."""
    return 0 < len(text.split()) < _FEW_WORDS


def told_of(findings: tuple[Finding, ...], texts: Mapping[int, str]) -> tuple[Told, ...]:
    """The inverse: words by place as words on what they explain."""
    return tuple(Told(*_about(findings[at]), text) for at, text in texts.items() if at < len(findings) and text.strip())


def explanations_in(form: Iterable[tuple[str, str]]) -> dict[int, str]:
    """The words of a posted form by the finding's place in the verdict."""
    return {int(name.removeprefix("giai-trinh-")): text for name, text in form if _FIELD.fullmatch(name)}


def _about(found: Finding) -> tuple[str, str | None, str | None, int | None]:
    keys = dict(found.values)
    line = int(keys["line"]) if "line" in keys else None
    return found.code, keys.get("row_code"), keys.get("column_code"), line
