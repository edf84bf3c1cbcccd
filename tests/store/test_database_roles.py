"""deploy/database_roles.sql: the server's role does the work and cannot bend the log, not even its owner's triggers."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from actions.instance import Instance, make
from ingest.sandbox import ReadingPool
from registry.store import audit
from registry.store.engine import Store
from tests.webui import small_province as province
from tests.webui.conftest import PROVINCE, pool

__all__ = ["pool"]
SCRIPT = Path(__file__).parents[2] / "deploy" / "database_roles.sql"
BENDS = (
    "UPDATE audit SET actor = 'x'",
    "DELETE FROM audit_detail",
    "UPDATE checkpoint SET hash = ''",
    "TRUNCATE audit CASCADE",
    "DROP TRIGGER audit_no_update ON audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TABLE audit_detail",
    "CREATE TABLE more (n integer)",
    "UPDATE alembic_version SET version_num = ''",
)


def test_the_servers_role_works_and_cannot_bend_the_log(tmp_path: Path, pool: ReadingPool) -> None:
    name = f"server_{uuid.uuid4().hex[:12]}"
    with PROVINCE.copy("postgresql", tmp_path / "instance", pool) as owned:
        for _ in range(2):  # running it again changes nothing
            run(owned.store, SCRIPT.read_text("utf-8").replace("baocao_server", name))
        url = make_url(owned.store.url).set(username=name, password=None).render_as_string(hide_password=False)
        settings = replace(owned.settings, database_url=url)
        make(settings, province.NOW)  # `baocao init` of a database already up to date
        served = Instance.open(settings)
        served.__dict__["pool"] = pool
        try:
            province.carry_through(served, "easup", "ld.easup")
            with served.store.read() as connection:
                assert audit.verify(connection)[1] is None
                assert connection.execute(text("SELECT current_user")).scalar_one() == name
            for statement in BENDS:
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                    run(served.store, statement)
        finally:
            served.store.close()
            run(owned.store, f"DROP OWNED BY {name}; DROP ROLE {name}")


def run(store: Store, statements: str) -> None:
    with store.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(statements)
