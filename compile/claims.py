"""What a text claims of a row, held against the figures of the row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compile.comparisons_in_text import Change, changes
from compile.filled import Origin
from compile.remarks import Paragraph, Remark
from compile.row_figures import POINTS
from compile.rows_in_text import Known
from compile.sentences import in_measure
from compile.words_in_text import Said, When
from registry.catalogue.forms import CellSpec, Definitions
from registry.catalogue.measure_words import ratio_told
from registry.catalogue.model import RowNature
from registry.findings import finding
from registry.rules import exact
from vietnamese.change import Direction, direction, moved, moved_by

_HALF = Decimal("0.5")
_ALL = ("now", "to_date", "before", "same", "same_to_date", "council", "central")
_PERCENT_GRAIN = Decimal("0.051")  # tables print percentages with one decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """A level: "đàn bò 1.250 con"; ``when`` as far as it is said."""

    when: When | None
    number: Said
    measure: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A change: "tăng 5,2% so với cùng kỳ"; without a number only its direction."""

    way: Direction
    base: When | None
    number: Said | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A level in percent of a base: "đạt 85% kế hoạch", "vượt 5% kế hoạch"."""

    base: When
    number: Said
    is_above: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What characters ``start`` to ``end`` of a paragraph claim of a row; of several rows of one name, of any."""

    rows: tuple[Known, ...]
    said: Amount | Moved | Share
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the table has instead of what was claimed."""

    code: str
    known: Known
    spec: CellSpec
    expected: str


def judged(claim: Claim, paragraph: Paragraph, definitions: Definitions) -> Remark | None:
    """A remark when every row the claim may be of contradicts it; None when one agrees or nothing can be said."""
    verdicts: list[_Verdict] = []
    for known in claim.rows:
        verdict = _judged(claim.said, known, definitions)
        if not isinstance(verdict, _Verdict):
            return None
        verdicts.append(verdict)
    if not verdicts:
        return None
    return _remark(claim, verdicts[0], paragraph)


def _judged(said: Amount | Moved | Share, known: Known, definitions: Definitions) -> _Verdict | None:
    if isinstance(said, Amount):
        return _amount(said, known, definitions)
    return _share(said, known) if isinstance(said, Share) else _moved(said, known, definitions)


def _remark(claim: Claim, verdict: _Verdict, paragraph: Paragraph) -> Remark:
    view, spec = verdict.known.table.view, verdict.spec
    column = next(one for one in view.columns if one.code == spec.key.column)
    told = finding(
        verdict.code,
        sheet=view.form.code,
        row=verdict.known.figures.row.label.lstrip("–-+ "),
        column=" – ".join(column.heading(view.row_set.audience)),
        found=paragraph.text[claim.start : claim.end],
        expected=verdict.expected,
        paragraph=paragraph.number,
    )
    origin = Origin(view.form.code, (spec.key,))
    return Remark(told, paragraph.number, claim.start, claim.end, origin)


# --- levels ----------------------------------------------------------------------------------------------------------


def _amount(said: Amount, known: Known, definitions: Definitions) -> _Verdict | None:
    """Held against the cell of the time it names, else against every figure of the row."""
    row = known.figures
    figures = list(_figures(known, said.when))
    shown = figures[0] if figures else None
    if shown is None or (said.when is None and shown is not row.headline):
        return None
    for spec in figures:
        own = definitions.measures[spec.measure]
        ratio = ratio_told(said.measure, own, definitions.measure_names)
        number = row.total(spec).number
        if ratio is None or number is None:
            return None
        over, under = Decimal(ratio.denominator), Decimal(ratio.numerator)
        grain = exact.divide(exact.multiply(_HALF.scaleb(-spec.decimals), over), under)
        if said.number.agrees(exact.divide(exact.multiply(number, over), under), grain):
            return None
    number = row.total(shown).number or Decimal(0)
    return _Verdict("narrative-number-differs", known, shown, in_measure(number, shown.decimals, shown.measure))


def _figures(known: Known, when: When | None) -> Iterator[CellSpec]:
    """The cells of a row that may be meant and have a figure, the one to be shown first."""
    row = known.figures
    if row.nature is RowNature.INDEX:
        return
    specs: Sequence[CellSpec | None]
    if when is When.NOW:
        specs = [row.of.now, row.headline]
    elif when is When.TO_DATE:
        specs = [row.of.to_date or row.headline]
    else:
        specs = [row.headline, *(getattr(row.of, name) for name in _ALL)]
    for spec in dict.fromkeys(specs):
        if spec is not None and row.total(spec).number is not None:
            yield spec


# --- changes ---------------------------------------------------------------------------------------------------------


def _moved(said: Moved, known: Known, definitions: Definitions) -> _Verdict | None:
    held = [one for one in changes(known.figures, said.base) if _by(one, said, definitions) is not None]
    if not held or said.base is None:
        return None
    sign = 1 if said.way is Direction.RISE else -1
    opposed = [one for one in held if direction(_by(one, said, definitions) or Decimal(0)) is not said.way]
    if said.number is None:
        clearly = [one for one in opposed if _by(one, said, definitions)]
        return _turned(clearly[0], known, said) if len(clearly) == len(held) else None
    for one in held:
        by = _by(one, said, definitions)
        if by is not None and said.number.agrees(by * sign, _PERCENT_GRAIN if said.measure == "%" else Decimal(0)):
            return None
    for one in opposed:
        by = _by(one, said, definitions)
        if by and said.number.agrees(abs(by), _PERCENT_GRAIN):
            return _turned(one, known, said)
    return _Verdict("narrative-change-differs", known, held[0].spec, _told(held[0], known, said))


def _by(change: Change, said: Moved, definitions: Definitions) -> Decimal | None:
    """By how much it changed, in the measure said: percent, or of the row's own."""
    if said.number is None:
        return change.amount if change.percent is None else change.percent
    if said.measure in ("%", POINTS):
        is_points = change.spec.measure in ("%", POINTS) and change.amount is not None
        return change.amount if is_points else change.percent if said.measure == "%" else None
    own = definitions.measures.get(change.spec.measure)
    ratio = ratio_told(said.measure, own, definitions.measure_names) if own else None
    if ratio is None or change.amount is None:
        return None
    return exact.divide(exact.multiply(change.amount, Decimal(ratio.denominator)), Decimal(ratio.numerator))


def _turned(change: Change, known: Known, said: Moved) -> _Verdict:
    return _Verdict("narrative-direction-differs", known, change.spec, _told(change, known, said))


def _told(change: Change, known: Known, said: Moved) -> str:
    """The change as the text tells it: in percent, in points, or by how much."""
    if change.amount is not None and change.spec.measure in ("%", POINTS):
        return moved_by(change.amount, 2, POINTS)
    if change.share is not None and said.measure in ("", "%"):
        return moved(change.share, known.figures.decimals)
    return moved_by(change.amount or Decimal(0), change.spec.decimals, change.spec.measure)


def _share(said: Share, known: Known) -> _Verdict | None:
    held = [one for one in changes(known.figures, said.base) if one.share is not None]
    if not held or known.figures.nature in (RowNature.RATIO, RowNature.INDEX):
        return None
    for one in held:
        share = one.percent if said.is_above else one.share
        if share is not None and said.number.agrees(share, _PERCENT_GRAIN):
            return None
    share = held[0].share or Decimal(0)
    return _Verdict("narrative-change-differs", known, held[0].spec, in_measure(share, known.figures.decimals, "%"))
