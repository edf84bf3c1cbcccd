"""Every table of the store (DATA_MODEL). Times are UTC; (A) append-only, enforced by triggers; (D) derived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC without zone; a naive one is a fault of ours and is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """To UTC without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        """Back to an aware moment, in one step: a board reads tens of thousands of them."""
        if dialect.name == "sqlite":  # which keeps text
            return lambda kept: datetime.fromisoformat(f"{kept}+00:00") if kept else None
        return lambda kept: kept.replace(tzinfo=UTC) if kept else None


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _to(target: str, name: str, *, nullable: bool = False, **options: Any) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id"), nullable=nullable, **options)


def _cell() -> tuple[Column[Any], ...]:
    return (
        Column("row", String(40), nullable=False),
        Column("column", String(40), nullable=False),
        Column("line", Integer),  # of a list table
    )


# --- catalogue -------------------------------------------------------------------------------------------------------

catalogue_load = Table(  # (A)
    "catalogue_load",
    metadata,
    _key(),
    Column("by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("diff", JSON, nullable=False),
)

definition = Table(  # (A) every catalogue row as an effective-dated version; docs/decisions/0002
    "definition",
    metadata,
    _key(),
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("n", Integer, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    _to("catalogue_load", "load_id"),
    UniqueConstraint("kind", "code", "n"),
)

unit = Table(
    "unit",
    metadata,
    _key(),
    Column("code", String(20), nullable=False),
    Column("born", Date, nullable=False),
    UniqueConstraint("code", "born"),
)

unit_version = Table(  # (D) of definition
    "unit_version",
    metadata,
    _to("unit", "unit_id", primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", String(200), nullable=False),
    Column("fold", String(200), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("rank", Integer, nullable=False),
    _to("unit", "parent_id", nullable=True),
)

unit_closure = Table(  # (D)
    "unit_closure",
    metadata,
    _to("unit", "ancestor_id", primary_key=True),
    _to("unit", "unit_id", primary_key=True, index=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("depth", SmallInteger, nullable=False),
)

series = Table(
    "series",
    metadata,
    _key(),
    Column("indicator", String(40), nullable=False),
    Column("aspect", String(30), nullable=False),
    Column("members", String(200), nullable=False),
    UniqueConstraint("indicator", "aspect", "members"),
)

# --- periods and assignments -----------------------------------------------------------------------------------------

period = Table(
    "period",
    metadata,
    _key(),
    Column("code", String(20), nullable=False, unique=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
)

opening = Table(
    "opening",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False),
    _to("definition", "regime_definition_id"),
    _to("period", "period_id"),
    Column("opened_at", Moment, nullable=False),
    Column("reception_closed_at", Moment),
    Column("closes_on", Date),
    Column("closed_at", Moment),  # đã chốt: what is sent from then on is marked so
    Column("locked_at", Moment),  # đã khóa: only a correction (đính chính) changes it
    UniqueConstraint("regime", "period_id"),
)

assignment = Table(
    "assignment",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id", index=True),
    Column("form", String(40), nullable=False),
    _to("definition", "form_definition_id"),
    Column("rows", JSON),  # null = all rows the unit supplies
    Column("due_at", Moment, nullable=False),
    Column("due_at_first", Moment, nullable=False),
    Column("closed_at", Moment),  # the unit ended, another reports instead
    UniqueConstraint("opening_id", "unit_id", "form"),
)

due_change = Table(  # (A)
    "due_change",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id", nullable=True),  # None: everybody's
    Column("kind", String(20), nullable=False),  # as registry.store.instants names them
    Column("new", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    _to("person", "by_id", nullable=True),
    Column("at", Moment, nullable=False),
    Column("old", Moment),  # None where there was none, or nobody wrote it down
    Column("since", Moment),  # in force from then on; None: from ``at``
    Index("ix_due_change_opening_id", "opening_id", "unit_id"),
)

unit_label = Table(  # (A) what watchers noted of a unit of a period (nhãn); the newest holds, an empty one takes it off
    "unit_label",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id"),
    Column("text", String(100), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Index("ix_unit_label_opening", "opening_id", "unit_id"),
)

plea = Table(  # what a unit asked about its deadline: more time, or that a recorded lateness is wrong
    "plea",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id"),
    Column("kind", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("wanted", Moment),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    _to("person", "decided_by_id", nullable=True),
    Column("decided_at", Moment),
    Column("answer", Text, nullable=False),
    Column("given", Moment),
    Index("ix_plea_opening_id", "opening_id", "unit_id"),
)

outage = Table(  # minutes in which the server was not ready; confirmed ones were given back to deadlines
    "outage",
    metadata,
    _key(),
    Column("began", Moment, nullable=False),
    Column("ended", Moment, nullable=False),
    Column("cause", String(500), nullable=False),
    _to("person", "by_id", nullable=True),  # None: noticed by the silence
    Column("at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    _to("person", "decided_by_id", nullable=True),
    Column("decided_at", Moment),
)

heartbeat = Table(  # one row: when the server last said that it is alive
    "heartbeat",
    metadata,
    _key(),
    Column("at", Moment, nullable=False),
)

year_lock = Table(  # (A) a year of a regime (khóa năm), or the opposite; the newest counts
    "year_lock",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False),
    Column("year", Integer, nullable=False),
    Column("is_locked", Boolean, nullable=False),
    Column("document", String(300), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

planned_round = Table(
    "planned_round",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False),
    Column("opens_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),  # planned | opened | cancelled | missed | failed
    _to("person", "by_id"),
    UniqueConstraint("regime", "opens_at"),
)

trial = Table(
    "trial",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False),
    Column("period", String(20), nullable=False),  # its code: the period may not be opened ever
    Column("form", String(40), nullable=False),
    _to("unit", "unit_id", index=True),
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=False),
    Column("name", String(300), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_trial_regime", "regime", "period"),
)

trial_remark = Table(  # (A)
    "trial_remark",
    metadata,
    _key(),
    _to("trial", "trial_id", index=True),
    Column("text", String(1000), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

# --- files and uploads -----------------------------------------------------------------------------------------------

file = Table(
    "file",
    metadata,
    Column("sha", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(20), nullable=False),  # kept | destroyed
)

request_letter = Table(  # (A) the document a request was born from; the newest counts
    "request_letter",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False, index=True),
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=False),
    Column("name", String(300), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    _to("upload", "upload_id", nullable=True),  # its number; None where nobody knew whose it was
)

upload = Table(
    "upload",
    metadata,
    _key(),  # the number a person can quote
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=False),
    Column("kind", String(20), nullable=False),  # as registry.store.uploads names them
    Column("name", String(300), nullable=False),
    _to("person", "by_id"),
    _to("unit", "unit_id"),
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    _to("assignment", "assignment_id", nullable=True),
    Column("wanted", JSON),  # {regime, period} when the person said which
    Column("state", String(20), nullable=False),  # received | judged
    _to("upload", "base_id", nullable=True, index=True),  # of a correction: the upload whose cells it corrects
    Column("is_part", Boolean),  # of the assignment: a division gave its rows, the whole is its unit's (F16)
    _to("behalf", "behalf_id", nullable=True, index=True),  # its letter, or what was entered by it for the unit
    Index("ix_upload_unit_sha", "unit_id", "file_sha"),
    Index("ix_upload_assignment", "assignment_id"),
    Index("ix_upload_file_sha", "file_sha"),
)

unicode_copy = Table(  # what a narrative typed in old fonts became; emptied when its content was destroyed
    "unicode_copy",
    metadata,
    _to("upload", "upload_id", primary_key=True),
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=True, index=True),  # None: only doubts were found
    Column("changes", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

destruction_step = Table(  # (A) of destroying the content of an upload by a recorded act (PRACTICE F21)
    "destruction_step",
    metadata,
    _key(),
    _to("upload", "upload_id", index=True),
    Column("step", String(20), nullable=False),  # proposed | declined | destroyed
    Column("record", String(200), nullable=False),  # number of the minutes (biên bản)
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

verdict = Table(
    "verdict",
    metadata,
    _key(),
    _to("upload", "upload_id", index=True),
    Column("definition_sha", String(64), nullable=False),
    Column("background_sha", String(64), nullable=False),
    Column("reader", String(40), nullable=False),
    Column("status", String(30), nullable=False),
    Column("identity", JSON, nullable=False),
    Column("extraction", LargeBinary, nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("findings", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

behalf = Table(  # (A) the document by which a unit answered a form others enter for it (nhập thay, F23); newest counts
    "behalf",
    metadata,
    _key(),
    _to("assignment", "assignment_id", index=True),
    _to("unit", "from_unit_id"),  # in whose name it is entered
    Column("number", String(100), nullable=False),
    Column("dated", Date, nullable=False),
    Column("summary", String(500), nullable=False),
    Column(
        "reason", String(500), nullable=False
    ),  # why others enter for a unit that has people; empty where it has none
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

# --- submissions -----------------------------------------------------------------------------------------------------

submission = Table(
    "submission",
    metadata,
    _key(),
    _to("assignment", "assignment_id", unique=True),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("lock", Integer, nullable=False),
)

submission_version = Table(  # (A)
    "submission_version",
    metadata,
    _key(),
    _to("submission", "submission_id"),
    Column("n", Integer, nullable=False),
    Column("kind", String(20), nullable=False),  # upload | browser | correction | assembled | nil | import
    Column("cells", LargeBinary, nullable=False),  # emptied when the upload's content was destroyed
    Column("cells_sha", String(64), nullable=False),
    _to("upload", "upload_id", nullable=True, index=True),
    _to("verdict", "verdict_id", nullable=True),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    _to("behalf", "behalf_id", nullable=True),  # entered on behalf of the unit
    UniqueConstraint("submission_id", "n"),
)

submission_event = Table(  # (A)
    "submission_event",
    metadata,
    _key(),
    _to("submission", "submission_id", index=True),
    Column("n", Integer, nullable=False),  # the version concerned
    Column("action", String(20), nullable=False),
    _to("person", "by_id"),
    Column("reason", Text),
    Column("at", Moment, nullable=False),
    _to("delegation", "delegation_id", nullable=True),  # the approval rests on
    Column("own_entry", Boolean),  # of an approval: the approver had a hand in the entry
)

review = Table(  # (A) what a reviewing unit said of a version (rà soát): rows accepted, cells to be checked again
    "review",
    metadata,
    _key(),
    _to("submission_version", "version_id", index=True),
    _to("unit", "reviewer_id"),
    Column("rows", JSON, nullable=False),
    Column("cells", JSON, nullable=False),  # [[row, column, line]]
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

returned_cell = Table(  # (A) the cells a form was returned or reopened for; the others are sealed
    "returned_cell",
    metadata,
    _key(),
    _to("submission_event", "event_id", index=True),
    *_cell(),
    Column("text", Text, nullable=False),  # what is wrong with it; may be empty
)

cell_remark = Table(  # (A) words on a cell without returning the form
    "cell_remark",
    metadata,
    _key(),
    _to("submission", "submission_id", index=True),
    Column("n", Integer, nullable=False),  # of the version looked at
    *_cell(),
    Column("text", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

waiver = Table(  # (A) of a rule for chosen units and periods (miễn áp dụng quy tắc)
    "waiver",
    metadata,
    _key(),
    Column("form", String(40), nullable=False, index=True),
    Column("code", String(60), nullable=False),  # of the finding
    Column("selector", String(200), nullable=False),  # of units; empty = all
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", String(200), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

waiver_end = Table(  # (A) its withdrawal
    "waiver_end",
    metadata,
    _key(),
    _to("waiver", "waiver_id", unique=True),
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

waiver_use = Table(  # (A) a version handed in under it, and how many findings it let pass
    "waiver_use",
    metadata,
    _to("waiver", "waiver_id", primary_key=True),
    _to("submission_version", "version_id", primary_key=True, index=True),
    Column("findings", Integer, nullable=False),
)

explanation = Table(  # (A)
    "explanation",
    metadata,
    _key(),
    _to("submission_version", "version_id", index=True),
    Column("code", String(60), nullable=False),
    Column("row", String(40)),
    Column("column", String(40)),
    Column("text", Text, nullable=False),  # emptied when the upload's content was destroyed
    _to("person", "by_id"),
    Column("line", Integer),  # of a list table
)

# --- warehouse -------------------------------------------------------------------------------------------------------

import_batch = Table(  # (A)
    "import_batch",
    metadata,
    _key(),
    Column("kind", String(20), nullable=False),  # history | plans
    Column("document", String(200), nullable=False),
    Column("sha", String(64), nullable=False, unique=True),
    Column("by", String(200), nullable=False),
    Column("approved_by", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)

figure = Table(  # (A)
    "figure",
    metadata,
    _to("period", "period_id", primary_key=True),
    _to("series", "series_id", primary_key=True),
    _to("unit", "subject_id", primary_key=True),
    Column("nature", SmallInteger, primary_key=True),  # 0 ước, 1 sơ bộ, 2 chính thức
    Column("vintage", Integer, primary_key=True),
    _to("unit", "reporting_id"),
    Column("mantissa", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),  # 0 value, 1 nil, 2 withdrawn: a later version left it blank
    _to("submission_version", "version_id", nullable=True, index=True),
    _to("import_batch", "import_id", nullable=True),
    Column("approved_at", Moment, nullable=False),
    Column("authority", SmallInteger, nullable=False, server_default="0"),  # 0 = first in the row's order of sources
    Column("valid_from", Date),  # of plans alone: the day from which the decision holds
    sqlite_with_rowid=False,
)

figure_now = Table(  # (D) of each reporter's latest vintage not withdrawn, of highest authority; plans in force
    "figure_now",
    metadata,
    _to("period", "period_id", primary_key=True),
    _to("series", "series_id", primary_key=True),
    _to("unit", "subject_id", primary_key=True),
    Column("nature", SmallInteger, primary_key=True),
    _to("unit", "reporting_id"),
    Column("authority", SmallInteger, nullable=False),
    Column("vintage", Integer, nullable=False),
    Column("mantissa", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Index("ix_figure_now_subject", "subject_id", "series_id", "period_id"),
    sqlite_with_rowid=False,
)

figure_ahead = Table(  # (D) plans whose day is still to come: what is weighed again on that day
    "figure_ahead",
    metadata,
    _to("period", "period_id", primary_key=True),
    _to("series", "series_id", primary_key=True),
    _to("unit", "subject_id", primary_key=True),
    Column("nature", SmallInteger, primary_key=True),
    Column("valid_from", Date, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

figure_change = Table(  # (A) figures of a period were written: how many rows, and the last, are its generation (cube)
    "figure_change",
    metadata,
    _key(),
    _to("period", "period_id", index=True),
    Column("mark", String(16), nullable=False, server_default=""),  # drawn by lot: no key tells what a restore lost
)

experience = Table(  # (D) measured again at will: how a form's checks of plausibility did in a period
    "experience",
    metadata,
    _key(),
    Column("form", String(40), nullable=False),
    _to("period", "period_id"),
    Column("checks", JSON, nullable=False),  # {code: [cells asked, cells hit]}
    Column("alike", LargeBinary, nullable=False),  # of each kind of unit and series: how many, middle, width
    Column("at", Moment, nullable=False),
    UniqueConstraint("form", "period_id"),
)

# --- reports ---------------------------------------------------------------------------------------------------------

report = Table(
    "report",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id", index=True),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("lock", Integer, nullable=False),
    _to("upload", "narrative_upload_id", nullable=True),
    Column("kind", String(10), nullable=False),  # own: what the unit sends | compiled: what it makes of others'
    UniqueConstraint("opening_id", "unit_id", "kind"),
)

report_version = Table(  # (A)
    "report_version",
    metadata,
    _key(),
    _to("report", "report_id"),
    Column("n", Integer, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("inputs_sha", String(64), nullable=False),
    _to("upload", "narrative_upload_id", nullable=True),
    _to("person", "by_id"),
    Column("coverage", JSON),
    Column("made_from", JSON),  # of a compiled one: what was chosen, and the hashes of what went in
    UniqueConstraint("report_id", "n"),
)
freeze = Table(  # (A) a moment with a name (số liệu chốt để báo cáo), for reports to be made as of
    "freeze",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    Column("name", String(100), nullable=False),
    Column("fold", String(100), nullable=False),
    Column("as_of", Moment, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    UniqueConstraint("opening_id", "fold"),
)

report_input = Table(  # (A)
    "report_input",
    metadata,
    _to("report_version", "report_version_id", primary_key=True),
    _to("submission_version", "submission_version_id", primary_key=True),
)

report_file = Table(  # (A)
    "report_file",
    metadata,
    _to("report_version", "report_version_id", primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=False),
)

report_release = Table(  # (A) a compiled version was looked at before it left, or was issued
    "report_release",
    metadata,
    _key(),
    _to("report_version", "report_version_id", index=True),
    Column("step", String(10), nullable=False),  # check | issue
    Column("stood", JSON, nullable=False),  # what stood open, by kind
    Column("note", Text, nullable=False),
    Column("number", String(100), nullable=False),
    Column("dated", Date),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

reception_event = Table(  # (A)
    "reception_event",
    metadata,
    _key(),
    _to("reception", "reception_id", index=True),
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("resend_by", Moment),
)

report_event = Table(  # (A)
    "report_event",
    metadata,
    _key(),
    _to("report", "report_id", index=True),
    Column("n", Integer, nullable=False),
    Column("action", String(20), nullable=False),
    _to("person", "by_id"),
    Column("reason", Text),
    Column("at", Moment, nullable=False),
    _to("delegation", "delegation_id", nullable=True),
)

reception = Table(
    "reception",
    metadata,
    _key(),
    _to("report_version", "report_version_id"),
    _to("unit", "receiver_id"),
    Column("state", String(20), nullable=False),
    Column("reason", Text),
    _to("person", "by_id", nullable=True),
    Column("at", Moment, nullable=False),
    Column("resend_by", Moment),  # sent back: when it is wanted again
    UniqueConstraint("report_version_id", "receiver_id"),
)

report_paper = Table(  # (A) the signed document a version of a report came back as; the newest counts
    "report_paper",
    metadata,
    _key(),
    _to("report_version", "report_version_id", index=True),
    Column("number", String(100), nullable=False),
    Column("dated", Date, nullable=False),
    _to("capacity", "capacity_id"),
    Column("recipients", String(500), nullable=False),
    _to("upload", "upload_id", nullable=True),  # its scan
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

draft = Table(  # a report's text as it is being written at the editing desk (bàn biên tập)
    "draft",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id", index=True),  # whose report it is: a receiving unit's
    _to("person", "chief_id"),
    _to("person", "with_id", nullable=True, index=True),  # whose turn it is, once submitted
    Column("state", String(20), nullable=False),
    Column("lock", Integer, nullable=False),
    UniqueConstraint("opening_id", "unit_id"),
)

draft_heading = Table(
    "draft_heading",
    metadata,
    _key(),
    _to("draft", "draft_id"),
    Column("n", Integer, nullable=False),
    Column("tag", String(80), nullable=False),  # of the outline's place
    Column("title", String(500), nullable=False),
    Column("level", Integer, nullable=False),
    Column("is_written", Boolean, nullable=False),
    Column("instruction", Text, nullable=False),
    Column("units", JSON, nullable=False),  # codes of those the outline names as owners
    _to("person", "owner_id", nullable=True, index=True),
    Column("lock", Integer, nullable=False),  # number of the newest text, 0 while there is none
    UniqueConstraint("draft_id", "n"),
)

draft_text = Table(  # (A) everything that was ever saved under a heading
    "draft_text",
    metadata,
    _key(),
    _to("draft_heading", "heading_id"),
    Column("n", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("origin", String(20), nullable=False),  # typed | before | taken | document
    _to("unit", "from_id", nullable=True),  # whose contribution was taken
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    UniqueConstraint("heading_id", "n"),
)

draft_step = Table(  # (A)
    "draft_step",
    metadata,
    _key(),
    _to("draft", "draft_id", index=True),
    Column("step", String(20), nullable=False),
    Column("state", String(20), nullable=False),  # after it
    _to("draft_heading", "heading_id", nullable=True),  # of a comment on one
    _to("person", "to_id", nullable=True),
    Column("words", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

draft_copy = Table(  # (A) a docx of a draft that was taken away, or came back as "dự thảo lần n"
    "draft_copy",
    metadata,
    _key(),
    _to("draft", "draft_id"),
    Column("is_back", Boolean, nullable=False),
    Column("n", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("file_sha", String(64), ForeignKey("file.sha"), nullable=False),
    Column("held", JSON, nullable=False),  # texts and linked numbers it went out with, or what came back of them
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    UniqueConstraint("draft_id", "is_back", "n"),
)

draft_issue = Table(  # (A) the text the last approval passed; a later one is an update (bản cập nhật)
    "draft_issue",
    metadata,
    _key(),
    _to("draft", "draft_id"),
    Column("n", Integer, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("changes", JSON, nullable=False),  # linked numbers that print otherwise than in the issue before
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    UniqueConstraint("draft_id", "n"),
)

draft_ask = Table(  # (A) a unit asked for its opinion on a draft (xin ý kiến)
    "draft_ask",
    metadata,
    _key(),
    _to("draft", "draft_id", index=True),
    _to("unit", "unit_id", index=True),
    Column("due_at", Moment, nullable=False),
    Column("words", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

draft_opinion = Table(  # (A) what it said of a heading, of the whole where none is named
    "draft_opinion",
    metadata,
    _key(),
    _to("draft_ask", "ask_id", index=True),
    _to("draft_heading", "heading_id", nullable=True),
    Column("body", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

draft_ruling = Table(  # (A) whether an opinion was taken up, and why
    "draft_ruling",
    metadata,
    _to("draft_opinion", "opinion_id", primary_key=True),
    Column("accepted", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

petition = Table(  # (A) what a unit asks of another with its report (kiến nghị, đề xuất)
    "petition",
    metadata,
    _key(),
    _to("opening", "opening_id", index=True),
    _to("unit", "unit_id"),
    _to("unit", "addressee_id", index=True),
    Column("content", Text, nullable=False),
    Column("basis", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

petition_answer = Table(  # (A) what became of it; the newest counts
    "petition_answer",
    metadata,
    _key(),
    _to("petition", "petition_id", index=True),
    Column("state", String(20), nullable=False),
    Column("body", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

amendment = Table(  # a correction of approved figures in a locked period (đính chính), by a document
    "amendment",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    Column("n", Integer, nullable=False),  # which of the period
    _to("assignment", "assignment_id", index=True),
    _to("submission_version", "old_version_id"),
    _to("submission_version", "new_version_id", nullable=True),  # None: the right figures are not approved yet
    Column("document", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("opening_id", "n"),
)

reopening = Table(  # a unit asks for approved figures to be open again (đề nghị mở lại), and is answered
    "reopening",
    metadata,
    _key(),
    _to("assignment", "assignment_id", index=True),
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("answer", String(20), nullable=False, index=True),  # asked | granted | refused
    Column("words", Text),
    _to("person", "answered_by_id", nullable=True),
    Column("answered_at", Moment),
)

# --- people ----------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _key(),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("position", String(200), nullable=False),
    Column("email", String(200), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("state", String(20), nullable=False),  # active | disabled | idle | system
    Column("last_seen", Moment),
    Column("since", Moment),  # when the account was made or enabled again: from there its idle days are counted
)

password = Table(  # (A)
    "password",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    Column("hash", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("given", Boolean),  # by somebody else: to be replaced by its owner at once
)

one_time_link = Table(  # with which a person sets a password of his own
    "one_time_link",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("used", Moment),
)

calendar_feed = Table(  # the secret address of a person's calendar of deadlines
    "calendar_feed",
    metadata,
    _key(),
    _to("person", "person_id", unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("made", Moment, nullable=False),
)

totp = Table(  # second factor
    "totp",
    metadata,
    _to("person", "person_id", primary_key=True),
    Column("secret_enc", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("confirmed", Moment),  # by a first code: from there it is asked for
    Column("last_step", Integer, nullable=False),  # of 30 seconds: a code counts once
)

recovery_code = Table(
    "recovery_code",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    Column("hash", String(64), nullable=False),
    Column("used", Moment),
)

grant = Table(
    "grant",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    Column("role", String(20), nullable=False),
    _to("unit", "unit_id", index=True),
    Column("below", Boolean, nullable=False),
    Column("regime", String(40)),
    Column("form", String(40)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("by", String(200), nullable=False),
    Column("revoked_at", Moment),
)

delegation = Table(  # of approval (ủy quyền duyệt), R16
    "delegation",
    metadata,
    _key(),
    _to("person", "from_id", index=True),
    _to("person", "to_id", index=True),
    _to("unit", "unit_id", index=True),
    Column("forms", JSON),  # null = all
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", String(200), nullable=False),  # its number and date; empty where the leader lent it himself
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

capacity = Table(  # in what capacity a person signs for a unit (tư cách ký), R45
    "capacity",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    _to("unit", "unit_id", index=True),
    Column("title", String(200), nullable=False),  # chức vụ: "Phó Chủ tịch"
    Column("standing", String(20), nullable=False),  # direct | KT | TL | TUQ | Q
    Column("head", String(200), nullable=False),  # whom he signs for: "Chủ tịch"; empty when direct
    Column("field", String(200), nullable=False),  # lĩnh vực
    Column("forms", JSON),  # null = all
    Column("document", String(200), nullable=False),  # số
    Column("document_date", Date),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

own_approval = Table(  # (A) whether a unit lets one person enter and approve (F15); the newest counts
    "own_approval",
    metadata,
    _key(),
    _to("unit", "unit_id", index=True),
    Column("allowed", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

account_import = Table(  # (A) a workbook by which the office made many accounts at once
    "account_import",
    metadata,
    _key(),
    Column("name", String(200), nullable=False),
    Column("sha", String(64), nullable=False),
    Column("document", String(200), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

account_request = Table(  # a proposal to make, change, withdraw an account or reset its password (PRACTICE F24)
    "account_request",
    metadata,
    _key(),
    Column("kind", String(20), nullable=False),
    _to("unit", "unit_id", index=True),
    _to("person", "person_id", nullable=True, index=True),  # of a new account once it is made
    _to("account_import", "import_id", nullable=True, index=True),
    Column("state", String(20), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("wanted", JSON, nullable=False),
)

account_step = Table(  # (A) who did what with a proposal
    "account_step",
    metadata,
    _key(),
    _to("account_request", "request_id", index=True),
    Column("step", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", String(200), nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

division_row = Table(  # (A) who in a unit supplies a row of a form (F16); of a day the newest in force counts
    "division_row",
    metadata,
    _key(),
    _to("unit", "unit_id"),
    Column("form", String(40), nullable=False),
    Column("row", String(40), nullable=False),
    _to("unit", "division_id", nullable=True, index=True),  # None: the unit's own clerk again
    Column("valid_from", Date, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Index("ix_division_row_unit", "unit_id", "form"),
)

division_duty = Table(  # (A) who in a division fills in its rows of a form, who checks them; the newest counts
    "division_duty",
    metadata,
    _key(),
    _to("unit", "unit_id"),
    Column("form", String(40), nullable=False),
    _to("unit", "division_id"),
    _to("person", "clerk_id", nullable=True),
    _to("person", "checker_id", nullable=True),  # None: the part counts unchecked
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Index("ix_division_duty_unit", "unit_id", "form"),
)

collected_sheet = Table(  # (A) figures of places without accounts (thôn, buôn, trường, trạm); the newest counts
    "collected_sheet",
    metadata,
    _key(),
    _to("assignment", "assignment_id"),
    _to("unit", "unit_id", index=True),  # who answers: the unit or its division
    Column("content", JSON, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Index("ix_collected_sheet_assignment", "assignment_id", "unit_id"),
)

dividing_leave = Table(  # (A) whether a unit's clerks may divide its work as its administrator does; the newest counts
    "dividing_leave",
    metadata,
    _key(),
    _to("unit", "unit_id", index=True),
    Column("allowed", Boolean, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

part_confirmation = Table(  # (A) the head of a division stands behind a part
    "part_confirmation",
    metadata,
    _key(),
    _to("upload", "upload_id", index=True),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

assembled_part = Table(  # (A) the files that parts put together came in
    "assembled_part",
    metadata,
    _to("upload", "upload_id", primary_key=True),
    _to("upload", "part_id", primary_key=True, index=True),
)

feedback = Table(  # trouble, difficulties, proposals, questions of users (phản ánh, PRACTICE F25)
    "feedback",
    metadata,
    _key(),
    _to("person", "by_id", index=True),
    _to("unit", "unit_id", index=True),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("fold", Text, nullable=False),  # (D) everything said, as it is looked for
    Column("about", JSON, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),  # of an answer at the desk where it lies
    Column("reopened", Integer, nullable=False),
    Column("answered_at", Moment),  # the first time
    Column("settled_at", Moment),  # answered or closed the last time
)

feedback_step = Table(  # (A) who did what with it
    "feedback_step",
    metadata,
    _key(),
    _to("feedback", "feedback_id", index=True),
    Column("step", String(20), nullable=False),
    Column("text", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    _to("upload", "upload_id", nullable=True),  # the file laid beside it
)

shared_answer = Table(  # an answer the office lets everybody read (dùng chung), in its own words
    "shared_answer",
    metadata,
    _key(),
    _to("feedback", "feedback_id", index=True),
    Column("question", String(300), nullable=False),
    Column("answer", Text, nullable=False),
    Column("fold", Text, nullable=False),  # (D) of both
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)

training = Table(  # a training copy (tập huấn) of a form and period: nothing of it is in any other table
    "training",
    metadata,
    _key(),
    Column("regime", String(40), nullable=False),
    Column("period", String(20), nullable=False),
    Column("form", String(40), nullable=False),
    _to("definition", "form_definition_id"),
    Column("due_at", Moment, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),  # from there what was typed is gone, who tried is known still
)

practice = Table(  # one unit's part in a training
    "practice",
    metadata,
    _key(),
    _to("training", "training_id"),
    _to("unit", "unit_id", index=True),
    Column("state", String(20), nullable=False),  # of a submission
    Column("version", Integer, nullable=False),
    Column("status", String(30)),  # of the newest file sent
    Column("cells", LargeBinary, nullable=False),
    Column("findings", LargeBinary, nullable=False),
    UniqueConstraint("training_id", "unit_id"),
)

practice_step = Table(  # (A) who of the unit tried what
    "practice_step",
    metadata,
    _key(),
    _to("practice", "practice_id", index=True),
    Column("step", String(20), nullable=False),
    Column("text", Text, nullable=False),  # the file's name, the reason of a return; emptied when the training ends
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

indicator_proposal = Table(  # of a change of indicators (đề xuất chỉ tiêu, R18)
    "indicator_proposal",
    metadata,
    _key(),
    _to("unit", "unit_id", index=True),
    Column("regime", String(40), nullable=False),
    Column("form", String(40), nullable=False),
    Column("indicator", String(40), nullable=False),  # empty: a new one
    Column("kind", String(20), nullable=False),
    Column("wanted", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

indicator_step = Table(  # (A) who did what with it, by which document
    "indicator_step",
    metadata,
    _key(),
    _to("indicator_proposal", "proposal_id", index=True),
    Column("step", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("document", String(200), nullable=False),
    Column("dated", Date),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    _to("person", "person_id", index=True),
    _to("unit", "acting_unit_id", nullable=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("ip", String(60), nullable=False),
    Column("agent", String(300)),  # the browser, as it calls itself
    Column("half", Boolean),  # the password was right, the second factor is still asked
    Column("weak", Boolean),  # the password no longer meets the rules
    Column("ended", Moment),
)

attempt = Table(  # lock-out and rate limits
    "attempt",
    metadata,
    _key(),
    Column("key", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("ok", Boolean, nullable=False),
    Index("ix_attempt_key_at", "key", "at"),
)

# --- running ---------------------------------------------------------------------------------------------------------

setting = Table(
    "setting",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", JSON, nullable=False),
)

job = Table(
    "job",
    metadata,
    _key(),
    Column("kind", String(40), nullable=False),
    Column("args", JSON, nullable=False),
    Column("unique_key", String(200)),
    Column("state", String(20), nullable=False),  # waiting | running | done | failed | cancelled
    Column("run_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("progress", SmallInteger, nullable=False),
    Column("result", JSON),
    _to("person", "by_id", nullable=True),
    Index("ix_job_state_run_at", "state", "run_at"),
    Index("ix_job_unique_key", "unique_key"),
)

outbox = Table(
    "outbox",
    metadata,
    _key(),
    Column("channel", String(20), nullable=False),
    Column("to", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("key", String(200), nullable=False, unique=True),
    Column("tries", Integer, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("sent_at", Moment),
)

notice = Table(
    "notice",
    metadata,
    _key(),
    _to("person", "person_id", index=True),
    Column("kind", String(40), nullable=False),
    Column("object", String(80), nullable=False),
    Column("values", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    Index("ix_notice_person_id_read_at", "person_id", "read_at"),
    Index("ix_notice_object_kind", "object", "kind"),
)

reminder = Table(  # (A) of a deadline that comes or is past
    "reminder",
    metadata,
    _key(),
    _to("opening", "opening_id"),
    _to("unit", "unit_id", index=True),
    Column("step", String(20), nullable=False),  # before-3 | day | after-1
    Column("due_at", Moment, nullable=False),  # the deadline it was about
    Column("at", Moment, nullable=False),
    UniqueConstraint("opening_id", "unit_id", "step", "due_at"),
)

mail_wish = Table(
    "mail_wish",
    metadata,
    _to("person", "person_id", primary_key=True),
    Column("how", String(20), nullable=False),  # off | urgent | daily
    Column("hour", SmallInteger, nullable=False),  # of the daily letter
    Column("mailed_to", Integer, nullable=False),  # the last notice written of
)

announcement = Table(
    "announcement",
    metadata,
    _key(),
    Column("text", String(300), nullable=False),
    Column("tone", String(20), nullable=False),  # info | warning | danger
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)

announcement_seen = Table(
    "announcement_seen",
    metadata,
    _to("announcement", "announcement_id", primary_key=True),
    _to("person", "person_id", primary_key=True),
    Column("at", Moment, nullable=False),
)

dashboard = Table(  # of a unit or a division of it (bảng điều hành); one taken away keeps its versions
    "dashboard",
    metadata,
    _key(),
    _to("unit", "unit_id", index=True),
    Column("version", Integer, nullable=False),
    Column("ended_at", Moment),
)

dashboard_version = Table(  # (A) what a dashboard showed since when, by whom
    "dashboard_version",
    metadata,
    _to("dashboard", "dashboard_id", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    _to("person", "by_id"),
    Column("at", Moment, nullable=False),
)

audit = Table(  # (A) the chain; it points at nothing: it outlives what it tells of
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(200), nullable=False),
    Column("detail_hash", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("person_id", Integer),
    Column("unit_id", Integer),
    Index(
        "ix_audit_object", "object", "seq", postgresql_ops={"object": "varchar_pattern_ops"}
    ),  # found by its beginning
    Index("ix_audit_actor", "actor", "seq"),
    Index("ix_audit_person", "person_id", "seq"),
    Index("ix_audit_unit", "unit_id", "seq"),
    Index("ix_audit_action", "action", "seq"),
    Index("ix_audit_at", "at"),
)

audit_detail = Table(
    "audit_detail",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

checkpoint = Table(  # (A) what the chain was at a moment, signed
    "checkpoint",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False, index=True),
    Column("hash", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", String(100), nullable=False),
    Column("key", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)

APPEND_ONLY = (
    "catalogue_load",
    "definition",
    "due_change",
    "unit_label",
    "year_lock",
    "request_letter",
    "behalf",
    "trial_remark",
    "submission_version",
    "submission_event",
    "review",
    "returned_cell",
    "cell_remark",
    "waiver",
    "waiver_end",
    "waiver_use",
    "explanation",
    "import_batch",
    "figure",
    "figure_change",
    "report_version",
    "freeze",
    "report_input",
    "report_file",
    "report_event",
    "report_paper",
    "report_release",
    "draft_text",
    "draft_step",
    "draft_copy",
    "draft_issue",
    "draft_ask",
    "draft_opinion",
    "draft_ruling",
    "petition",
    "petition_answer",
    "reception_event",
    "password",
    "own_approval",
    "account_import",
    "account_step",
    "division_row",
    "division_duty",
    "dividing_leave",
    "collected_sheet",
    "part_confirmation",
    "assembled_part",
    "feedback_step",
    "practice_step",
    "reminder",
    "indicator_step",
    "dashboard_version",
    "audit",
    "audit_detail",
    "checkpoint",
)
