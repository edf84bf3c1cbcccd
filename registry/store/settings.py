"""Facts about the instance itself, kept in its database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from registry.store.tables import setting

SAMPLE = "sample"  # True once the sample data were loaded
ACCOUNT_RULES = "account-rules"  # those that differ from the defaults, by name
REMINDERS = "reminders"  # schedules by regime, those the office set
FEEDBACK_RULES = "feedback-rules"  # likewise


def get(connection: Connection, name: str) -> Any:
    """The value kept under a name; None when there is none."""
    return connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar()


def put(connection: Connection, name: str, value: Any) -> None:
    """Keep a value (anything JSON has) in place of the earlier one."""
    if connection.execute(update(setting).where(setting.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(insert(setting).values(name=name, value=value))
