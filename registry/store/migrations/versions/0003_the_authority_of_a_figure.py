"""the authority of every vintage, so that what was known at an earlier moment can be told

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from registry.store.migrations.append_only import guard, release

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Until now the place of a reporter in the row's order of sources was kept only beside the figure that counted. Where
# that is another reporter's, all that is known is that this one came after it.
_AUTHORITIES = """
UPDATE figure SET authority = CASE
    WHEN import_id IN (SELECT id FROM import_batch WHERE kind = 'history') THEN 999
    ELSE COALESCE((
        SELECT figure_now.authority FROM figure_now
        WHERE figure_now.period_id = figure.period_id AND figure_now.series_id = figure.series_id
          AND figure_now.subject_id = figure.subject_id AND figure_now.nature = figure.nature
          AND figure_now.reporting_id = figure.reporting_id
    ), 999)
END
"""
_COLUMNS = "period_id, series_id, subject_id, nature, reporting_id, authority, vintage, mantissa, state"
_KEY = "period_id, series_id, subject_id, nature"
_COUNTING = f"""
INSERT INTO figure_now ({_COLUMNS})
SELECT {_COLUMNS} FROM (
    SELECT {_COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {_KEY} ORDER BY authority, vintage DESC) AS place
    FROM (
        SELECT {_COLUMNS}, ROW_NUMBER() OVER (PARTITION BY {_KEY}, reporting_id ORDER BY vintage DESC) AS said
        FROM figure
    ) AS words
    WHERE said = 1 AND state <> 2
) AS standing
WHERE place = 1
"""  # noqa: S608 - constants only


def upgrade() -> None:
    op.add_column("figure", sa.Column("authority", sa.SmallInteger(), server_default="0", nullable=False))
    release("figure")
    op.execute(_AUTHORITIES)
    guard(("figure",))
    op.execute("DELETE FROM figure_now")
    op.execute(_COUNTING)
