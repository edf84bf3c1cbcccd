"""The fixed parts of an administrative document: letterhead, title, addressees, signature, recipients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from registry.periods import Period, PeriodKind
from vietnamese.letters import first_lower
from workbook_templates.official.letterhead import Letterhead, copy, width_in_points
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, rule, table, twips

LEFT_COLUMN, RIGHT_COLUMN = 63.0, 102.0  # mm, of the letterhead
_LEFT_POINTS, _RIGHT_POINTS = (width / 25.4 * 72 for width in (LEFT_COLUMN, RIGHT_COLUMN))
_TEXT_POINTS = _LEFT_POINTS + _RIGHT_POINTS
_SHARE = 0.42  # of the words above it: a line under an agency or a subject is a third to a half as long
_TIGHT = Setting("center")
_ROMAN = ("I", "II", "III", "IV")


def opening_blocks(issuer: Letterhead, subject: str, year: int, addressees: Sequence[str] = ()) -> list[str]:
    """Letterhead, kind and subject of the document, addressees; without any, those its kind of issuer writes to."""
    blocks = [
        _letterhead_table(issuer, year),
        paragraph([Run(copy("document.kind"), bold=True)], Setting("center", before=18)),
        paragraph([Run(subject, bold=True)], Setting("center")),
        rule(_SHARE * min(width_in_points(subject, 14), _TEXT_POINTS), _TEXT_POINTS, after=10),
    ]
    return [*blocks, *_addressees(addressees or tuple(copy(f"addressees.{issuer.kind}").split(";")))]


def letter_blocks(issuer: Letterhead, about: str, year: int, addressees: Sequence[str]) -> list[str]:
    """Letterhead of an official letter (công văn) with what it is about under its number, and the addressees."""
    return [_letterhead_table(issuer, year, about), paragraph(""), *_addressees(addressees)]


def _letterhead_table(issuer: Letterhead, year: int, about: str = "") -> str:
    agency_size = 13 if max(width_in_points(line, 13) for line in issuer.agency) <= _LEFT_POINTS else 12
    left = [paragraph([Run(line, size=agency_size)], _TIGHT) for line in issuer.superior]
    left += [paragraph([Run(line, bold=True, size=agency_size)], _TIGHT) for line in issuer.agency]
    longest = max(width_in_points(line, agency_size) for line in issuer.agency)
    left.append(rule(min(longest, _LEFT_POINTS) * _SHARE, _LEFT_POINTS, after=4))
    number = "document.letter_number" if about else "document.number"
    left.append(paragraph([Run(copy(number, symbol=issuer.symbol), size=13)], _TIGHT))
    left += [paragraph([Run(about, size=12)], _TIGHT)] if about else []
    motto = copy("document.motto")
    right = [
        paragraph([Run(copy("document.country"), bold=True, size=13)], _TIGHT),
        paragraph([Run(motto, bold=True, size=14)], _TIGHT),
        rule(width_in_points(motto, 14), _RIGHT_POINTS, after=4),
        paragraph([Run(copy("document.place_and_date", place=issuer.place, year=year), italic=True, size=14)], _TIGHT),
    ]
    boxes = (Box("".join(left), valign="top"), Box("".join(right), valign="top"))
    return table([twips(LEFT_COLUMN), twips(RIGHT_COLUMN)], [Line(boxes)], ruled=False, margin=0)


def closing(subject: str, issuer: Letterhead) -> str:
    """The sentence a report ends with, "./." included."""
    return copy("document.closing", title=first_lower(subject), issuer=issuer.name)


def filled(pattern: str, period: Period) -> str:
    """A title of the catalogue with {m} {Y} {q} {next_m} {next_Y} {period} put in."""
    words: defaultdict[str, object] = defaultdict(str)
    words.update(period_words(period))
    return " ".join(pattern.format_map(words).split())


def period_words(period: Period) -> dict[str, object]:
    """What stands for {m}, {Y}, {q}, {next_m}, {next_Y} and {period} in the texts of the catalogue."""
    month = period.last.month
    return {
        "m": month,
        "Y": period.year,
        "q": f"{copy('document.quarter')} {_ROMAN[(month - 1) // 3]}" if period.kind is PeriodKind.QUARTER else "",
        "next_m": month % 12 + 1,
        "next_Y": period.year + month // 12,
        "period": period.label,
    }


def _addressees(named: Sequence[str]) -> list[str]:
    if len(named) == 1:
        line = f"{copy('document.to')} {named[0]}."
        return [paragraph(line, Setting("center", before=6, after=6))]
    head = paragraph(copy("document.to"), Setting("left", left=twips(35), before=6))
    marks = [";"] * (len(named) - 1) + ["."]
    lines = [
        paragraph(f"- {name}{mark}", Setting("left", left=twips(56))) for name, mark in zip(named, marks, strict=True)
    ]
    return [head, *lines]


def signature_blocks(issuer: Letterhead, recipients: Sequence[str] = ()) -> list[str]:
    """Recipients at the left, the signer at the right; the name stays blank unless it is known."""
    named = recipients or tuple(copy(f"recipients.{issuer.kind}").split(";"))
    left = [paragraph([Run(copy("document.recipients"), bold=True, italic=True, size=12)], Setting("left"))]
    left += [paragraph([Run(f"- {name};", size=11)], Setting("left")) for name in named]
    filed = copy("document.filed", file=copy(f"file.{issuer.kind}"))
    left.append(paragraph([Run(f"- {filed}", size=11)], Setting("left")))
    right = [paragraph([Run(line, bold=True)], _TIGHT) for line in issuer.signer]
    right += [paragraph("", _TIGHT)] * 5
    right += [paragraph([Run(issuer.signer_name, bold=True)], _TIGHT)] if issuer.signer_name else []
    boxes = (Box("".join(left), valign="top"), Box("".join(right), valign="top"))
    widths = [twips(80), twips(LEFT_COLUMN + RIGHT_COLUMN - 80)]
    return [paragraph("", Setting(line=120)), table(widths, [Line(boxes)], ruled=False, margin=0)]
