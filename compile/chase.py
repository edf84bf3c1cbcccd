"""Chasing the late (đôn đốc, R30, F18): a message to copy, the công văn laid out as NĐ 30 has it, the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from compile import tables_book
from compile.coverage import copy
from compile.document_table import table_blocks
from compile.tables import Align, Cell, Table, TableColumn, TableRow, text_cell
from registry.catalogue.model import Regime, Role, Unit
from registry.periods import Period
from vietnamese.dates import format_due, format_moment
from vietnamese.letters import first_lower
from workbook_templates.official import blocks
from workbook_templates.official import document as official
from workbook_templates.official.document import MARGIN_LEFT, MARGIN_RIGHT, PAPERS
from workbook_templates.official.letterhead import Signature, letterhead
from workbook_templates.official.wordml import Setting, paragraph, twips

NAMED = 5  # addressees a công văn names; more are in the list below its text
_TEXT = Setting("both", first_line=twips(12.7), before=6, line=264)
_ROOM = twips(PAPERS["A4"][0] - MARGIN_LEFT - MARGIN_RIGHT)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a unit to call."""

    role: Role
    name: str
    position: str
    phone: str

    @property
    def words(self) -> str:
        """``Trần Thị Bình (Phó Chủ tịch): 0905 000 111``; what is not known is left out."""
        held = f" ({self.position})" if self.position else ""
        return f"{self.name}{held}{f': {self.phone}' if self.phone else ''}"


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit and what it has still to send."""

    unit: Unit
    unit_id: int
    forms: tuple[str, ...]  # not approved yet, in the order of the regime
    due_at: datetime  # the deadline its report has still to meet
    is_overdue: bool
    label: str = ""  # what the last who called noted
    contacts: tuple[Contact, ...] = ()

    @property
    def what(self) -> str:
        """``KTXH-01, II.06a``; where all forms are approved, the report itself."""
        return ", ".join(self.forms) or copy("chase.report")

    @property
    def standing(self) -> str:
        """Quá hạn, chưa gửi · Chưa gửi."""
        return copy("chase.overdue" if self.is_overdue else "chase.unsent")

    def people(self, role: Role) -> str:
        """Those of a role, a line each."""
        mine = (one for one in self.contacts if one.role is role)
        return "\n".join(one.words for one in mine)


@dataclass(frozen=True)
class ChaseList:
    """Who is to be chased for a period, and who chases."""

    regime: Regime
    period: Period
    as_of: datetime
    issuer: Unit
    province: Unit
    signature: Signature | None
    lines: tuple[Owing, ...]  # in official order
    is_sample: bool = False

    @property
    def subject(self) -> str:
        """``đôn đốc gửi báo cáo …, tháng 10 năm 2026``."""
        return copy("chase.subject", regime=first_lower(self.regime.name), period=self.period.label)


def message(chased: ChaseList) -> str:
    """To copy into the group where units read it: names, forms and deadlines, no figures."""
    parts = [copy("chase.message", regime=chased.regime.name, period=chased.period.label)]
    by_due = sorted(chased.lines, key=lambda one: (one.due_at, one.unit.order))
    for (due, is_overdue), some in groupby(by_due, key=lambda one: (one.due_at, one.is_overdue)):
        parts.append(copy("chase.message-overdue" if is_overdue else "chase.message-due", due=format_due(due)))
        parts += [f"- {one.unit.name}: {one.what}" for one in some]
    parts.append(copy("chase.message-end", moment=format_moment(chased.as_of), issuer=chased.issuer.name))
    return "\n".join(parts)


# --- công văn --------------------------------------------------------------------------------------------------------


def document(chased: ChaseList) -> bytes:
    """The công văn as docx bytes; number, day and the signer's name stay blank where they are not on record."""
    issuer = letterhead(chased.issuer, chased.province, chased.signature)
    made = official.blank(chased.subject, chased.issuer.name, chased.as_of)
    named = [one.unit.name for one in chased.lines]
    addressees = named if len(named) <= NAMED else [copy("chase.everybody")]
    said = {"regime": first_lower(chased.regime.name), "period": chased.period.label, "count": len(named)}
    said |= {"moment": format_moment(chased.as_of), "issuer": issuer.name}
    parts = [
        *blocks.letter_blocks(issuer, copy("chase.about", subject=chased.subject), chased.as_of.year, addressees),
        *(paragraph(copy(f"chase.{key}", **said), _TEXT) for key in ("says", "asks", "thanks")),
        *blocks.signature_blocks(issuer, tuple(copy("chase.recipients").split(";"))),
        paragraph(copy("chase.listed"), Setting("center", before=12, after=6, page_break=True)),
    ]
    if chased.is_sample:
        parts.append(paragraph(copy("head.sample"), Setting("center", after=6)))
    return official.finished(made, [*parts, *table_blocks(_table(chased, _SAID), _ROOM)])


# --- list ------------------------------------------------------------------------------------------------------------

_Columns = Sequence[tuple[str, float, Callable[[Owing], Cell]]]
_SAID: _Columns = (
    ("unit", 30, lambda one: text_cell(one.unit.name)),
    ("missing", 24, lambda one: text_cell(one.what)),
    ("due", 22, lambda one: text_cell(format_due(one.due_at), Align.CENTRE)),
    ("standing", 20, lambda one: text_cell(one.standing)),
)
_CALLED: _Columns = (
    *_SAID,
    ("label", 26, lambda one: text_cell(one.label)),
    ("phone", 16, lambda one: text_cell(one.unit.phone)),
    ("clerks", 32, lambda one: text_cell(one.people(Role.CLERK))),
    ("leaders", 32, lambda one: text_cell(one.people(Role.LEADER))),
    ("admins", 32, lambda one: text_cell(one.people(Role.UNIT_ADMIN))),
)


def workbook(chased: ChaseList) -> bytes:
    """The list with the people to call and their numbers as xlsx bytes."""
    subtitle = copy("chase.as-of", moment=format_moment(chased.as_of), issuer=chased.issuer.name)
    return tables_book.build([(copy("chase.sheet"), _table(chased, _CALLED))], subtitle)


def _table(chased: ChaseList, columns: _Columns) -> Table:
    named = (TableColumn((copy(f"chase.{key}"),), "", width) for key, width, _ in columns)
    head = (TableColumn((copy("chase.ordinal"),), "", 5), *named)
    rows = (
        TableRow((text_cell(str(place), Align.CENTRE), *(cell(one) for _, _, cell in columns)))
        for place, one in enumerate(chased.lines, 1)
    )
    notes = (copy("chase.personal"),) if columns is _CALLED else ()
    return Table(copy("chase.title", subject=chased.subject), head, tuple(rows), notes=notes)
