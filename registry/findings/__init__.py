"""What the system has to say about a file, a cell or a catalogue row, and how grave it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from vietnamese.copydeck import Deck, deck

RULE = "rule-"  # before a rule's own code


class Severity(StrEnum):
    """Effect of a finding on the submission (DESIGN: The rules)."""

    BLOCK = "block"  # cannot be submitted
    ERROR = "error"  # only what is waivable, under a waiver in force
    WARNING = "warning"  # needs an explanation (giải trình)
    NOTE = "note"  # nothing


class Audience(StrEnum):
    """Who may read a finding: what concerns another unit is the receiver's business alone."""

    ALL = "all"
    RECEIVER = "receiver"  # who receives the unit's report; never the unit itself


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, where, and what was expected instead.

    ``code`` names a section of a file in ``catalogue/``; rule findings are ``rule-<rule code>`` and carry
    their author's words in ``message`` and ``fix``, all others leave both None and take the deck's.
    ``row`` and ``column`` are the labels a person knows the cell by (``"Lúa Đông Xuân"``, ``"Ước tháng"``).
    """

    code: str
    severity: Severity
    sheet: str | None = None
    cell: str | None = None
    row: str | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    message: str | None = None
    fix: str | None = None
    values: tuple[tuple[str, str], ...] = ()


@cache
def _catalogue() -> Deck:
    sentences: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "catalogue").glob("*.toml")):
        sentences.update(deck(path).sentences)
    return Deck("findings", sentences)


def codes() -> list[str]:
    """Every code of the catalogue, sorted."""
    return sorted({key.rsplit(".", 1)[0] for key in _catalogue().sentences})


@dataclass(frozen=True, slots=True)
class Described:
    """What the catalogue says under a code; what a finding fills in stands in braces."""

    code: str
    severity: Severity
    message: str
    fix: str


def described(code: str) -> Described:
    """The catalogue's entry; raises KeyError where there is none."""
    say = _catalogue()
    return Described(code, Severity(say(f"{code}.severity")), say(f"{code}.message"), say(f"{code}.fix"))


def finding(code: str, **where: object) -> Finding:
    """A finding of the catalogue with its own severity; keywords not among Finding's fields fill the sentence.

    >>> finding("guard-not-a-workbook", name="a.txt").severity
    <Severity.BLOCK: 'block'>
    """
    fields = {"severity", "sheet", "cell", "row", "column", "found", "expected", "message", "fix"}
    known = {name: value for name, value in where.items() if name in fields}
    rest = tuple((name, str(value)) for name, value in where.items() if name not in fields)
    severity = known.pop("severity", None) or Severity(_catalogue()(f"{code}.severity"))
    return Finding(code, severity, values=rest, **known)  # type: ignore[arg-type]


def is_waivable(code: str) -> bool:
    """True where a waiver may let a finding of the code pass: rules, and what the catalogue marks so.

    What was read wrongly is kept as blank: no waiver makes a figure of it.
    """
    return code.startswith(RULE) or f"{code}.waivable" in _catalogue()


def message(found: Finding) -> str:
    """The Vietnamese sentence saying what is wrong and why."""
    return found.message or _say(found, "message")


def fix(found: Finding) -> str:
    """The Vietnamese sentence saying what to do about it; ``fix-bare`` where nothing in particular was expected."""
    bare = not found.expected and f"{found.code}.fix-bare" in _catalogue()
    return found.fix or _say(found, "fix-bare" if bare else "fix")


def _say(found: Finding, part: str) -> str:
    blank = dict.fromkeys(("sheet", "cell", "row", "column", "found", "expected"), "")
    here = {name: value for name in blank if (value := getattr(found, name)) is not None}
    return _catalogue()(f"{found.code}.{part}", **{**blank, **here, **dict(found.values)})


def audience(found: Finding) -> Audience:
    """Who may read it, as its code's entry in the catalogue says; of those that say nothing, everybody."""
    key = f"{found.code}.audience"
    return Audience(_catalogue()(key)) if key in _catalogue() else Audience.ALL


def is_blocking(found: Iterable[Finding]) -> bool:
    """True when any finding keeps the file from being submitted."""
    return any(one.severity in (Severity.BLOCK, Severity.ERROR) for one in found)
