"""A plan's figure keeps the day its decision holds from; what counts now is the plan in force.

Revision ID: 0049
Revises: 0048
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard, release
from vietnamese.dates import civil

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_PLANS = "('plan-central', 'plan-council', 'scenario')"
_KEY = "period_id, series_id, subject_id, nature"
_COLUMNS = f"{_KEY}, reporting_id, authority, vintage, mantissa, state"
_ORDER = "valid_from DESC, vintage DESC"
_OF_PLANS = f"series_id IN (SELECT id FROM series WHERE aspect IN {_PLANS})"  # noqa: S608 - constants only
_STARTS = "(SELECT starts FROM period WHERE period.id = figure.period_id)"
_HAS_COME = f"(valid_from <= :today OR valid_from <= {_STARTS})"
_COUNTING = f"""
INSERT INTO figure_now ({_COLUMNS})
SELECT {_COLUMNS} FROM (
    SELECT {_COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {_KEY} ORDER BY authority, {_ORDER}) AS place
    FROM (
        SELECT {_COLUMNS}, valid_from,
               ROW_NUMBER() OVER (PARTITION BY {_KEY}, reporting_id ORDER BY {_ORDER}) AS said
        FROM figure WHERE {_OF_PLANS} AND {_HAS_COME}
    ) AS words
    WHERE said = 1 AND state <> 2
) AS standing
WHERE place = 1
"""  # noqa: S608 - constants only
_AHEAD = f"""
INSERT INTO figure_ahead ({_KEY}, valid_from)
SELECT DISTINCT {_KEY}, valid_from FROM figure WHERE {_OF_PLANS} AND NOT {_HAS_COME}
"""  # noqa: S608 - constants only


def upgrade() -> None:
    op.add_column("figure", sa.Column("valid_from", sa.Date(), nullable=True))
    op.create_table(
        "figure_ahead",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("period_id", "series_id", "subject_id")),
        sa.Column("nature", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_figure_ahead_period_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_figure_ahead_series_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["unit.id"], name=op.f("fk_figure_ahead_subject_id")),
        sa.PrimaryKeyConstraint(*_KEY.split(", "), "valid_from", name=op.f("pk_figure_ahead")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_figure_ahead_valid_from"), "figure_ahead", ["valid_from"])
    release("figure")
    _date()
    guard(("figure",))
    _weigh()


def _date() -> None:
    """Every plan's day: of its decision, of one given by a form the civil day it was approved on."""
    bind = op.get_bind()
    definition = sa.table("definition", *map(sa.column, ("kind", "code", "n")), sa.column("body", sa.JSON))
    bodies = sa.select(definition.c.code, definition.c.body).where(definition.c.kind == "plan")
    given = {
        code: date.fromisoformat(body["valid_from"])
        for code, body in bind.execute(bodies.order_by(definition.c.n))
        if body
    }
    figure = sa.table(
        "figure",
        *map(sa.column, (*_KEY.split(", "), "vintage", "import_id")),
        sa.column("approved_at", sa.DateTime()),
        sa.column("valid_from", sa.Date()),
    )
    series = sa.table("series", *map(sa.column, ("id", "indicator", "aspect")))
    period, unit = (sa.table(name, sa.column("id"), sa.column("code")) for name in ("period", "unit"))
    batch = sa.table("import_batch", sa.column("id"), sa.column("document"))
    key = [figure.c[name] for name in (*_KEY.split(", "), "vintage")]
    plans = (
        sa.select(*key, figure.c.approved_at, series, period.c.code, unit.c.code.label("subject"), batch.c.document)
        .join(series, series.c.id == figure.c.series_id)
        .join(period, period.c.id == figure.c.period_id)
        .join(unit, unit.c.id == figure.c.subject_id)
        .outerjoin(batch, batch.c.id == figure.c.import_id)
        .where(series.c.aspect.in_(("plan-central", "plan-council", "scenario")))
    )
    found = []
    for row in bind.execute(plans).mappings():
        decision = f"{row['indicator']}|{row['aspect']}|{row['subject']}|{row['code']}|{row['document']}"
        day = given.get(decision) or civil(row["approved_at"].replace(tzinfo=UTC)).date()
        found.append({f"b_{one.name}": row[one.name] for one in key} | {"day": day})
    if found:
        mine = sa.and_(*(one == sa.bindparam(f"b_{one.name}") for one in key))
        bind.execute(sa.update(figure).where(mine).values(valid_from=sa.bindparam("day")), found)


def _weigh() -> None:
    """What counts now is the plan in force today; what waits for its day is noted."""
    today = sa.bindparam("today", civil(datetime.now(UTC)).date(), sa.Date())
    op.execute(f"DELETE FROM figure_now WHERE {_OF_PLANS}")  # noqa: S608 - constants only
    for statement in (_COUNTING, _AHEAD):
        op.get_bind().execute(sa.text(statement).bindparams(today))
