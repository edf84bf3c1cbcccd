"""Triggers that make a table append-only on both databases (DESIGN: nothing is overwritten)."""

from alembic import op

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def guard(tables: tuple[str, ...]) -> None:
    """Refuse UPDATE and DELETE on each table."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(_POSTGRES_FUNCTION)
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            if sqlite:
                body = f"BEGIN SELECT RAISE(ABORT, 'append-only table {table}'); END"
            else:
                body = "FOR EACH ROW EXECUTE FUNCTION append_only()"
            op.execute(f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" {body}')


def guard_against_replacing(keys: dict[str, str]) -> None:
    """Refuse what takes rows away without an UPDATE or DELETE of them; ``keys`` names each table's key.

    SQLite's REPLACE fires no trigger of deletion, PostgreSQL's TRUNCATE none of a row.
    """
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, key in keys.items():
        if sqlite:
            known = f'(SELECT 1 FROM "{table}" WHERE "{key}" = NEW."{key}")'  # noqa: S608 (names of ours)
            act, body = "INSERT", f"WHEN EXISTS {known} BEGIN SELECT RAISE(ABORT, 'append-only table {table}'); END"
        else:
            act, body = "TRUNCATE", "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        op.execute(f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" {body}')


def guard_but_emptied(table: str, column: str, kept: tuple[str, ...]) -> None:
    """Refuse DELETE, and every UPDATE but one that empties ``column`` and leaves the ``kept`` ones as they are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    changed = " OR ".join(f'NEW."{one}" IS DISTINCT FROM OLD."{one}"' for one in kept)
    other = f'length(NEW."{column}") > 0 OR {changed}'
    for act, when in (("UPDATE", f" WHEN ({other})"), ("DELETE", "")):
        if sqlite:
            body = f"{when} BEGIN SELECT RAISE(ABORT, 'append-only table {table}'); END"
        else:
            body = f"FOR EACH ROW{when} EXECUTE FUNCTION append_only()"
        op.execute(f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" {body}')


def release(table: str) -> None:
    """Let a migration change rows of a table; `guard` it again before the migration ends."""
    on = "" if op.get_bind().dialect.name == "sqlite" else f' ON "{table}"'
    for act in ("update", "delete"):
        op.execute(f'DROP TRIGGER "{table}_no_{act}"{on}')
