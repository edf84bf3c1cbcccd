"""Many accounts from one workbook: looked at beforehand, everything wrong at once, made in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from actions.accounts import LONGEST_DOCUMENT
from actions.askers import OFFICE
from actions.desk import Change, Desk, NotYours, Refusal
from ingest.new_accounts import read_accounts
from registry.catalogue.new_accounts import Known, NewAccount, checked
from registry.findings import Finding, finding, is_blocking
from registry.store import accounts, audit
from registry.store.accounts import Imported, NewImport, Request, Wanted
from registry.store.engine import Connection
from registry.workflow.policy import Action
from vietnamese.fold import fold
from workbook_templates.account_book import account_book


@dataclass(frozen=True)
class Seen:
    """What a workbook would make; nothing while a finding blocks."""

    accounts: tuple[NewAccount, ...]
    findings: tuple[Finding, ...]

    @property
    def is_blocked(self) -> bool:
        """True when nothing may be made of it."""
        return is_blocking(self.findings) or not self.accounts


def template(desk: Desk) -> bytes:
    """An empty workbook to list accounts in, with the units of today to choose from. Raises NotYours."""
    desk.require(Action.DECIDE_ACCOUNT)
    with desk.read() as connection:
        return account_book(desk.snapshot(connection).units.values())


def look(desk: Desk, name: str, sha: str, data: bytes) -> Seen:
    """Everything wrong with a workbook, or what it would make. Raises NotYours."""
    desk.require(Action.DECIDE_ACCOUNT)
    with desk.read() as connection:
        return _look(desk, connection, name, sha, data)


def _look(desk: Desk, connection: Connection, name: str, sha: str, data: bytes) -> Seen:
    before = next((one for one in accounts.imports(connection) if one.sha == sha), None)
    if before is not None:
        return Seen((), (finding("account-imported-before", workbook=name, expected=before.document),))
    rows, places, findings = read_accounts(data, name)
    made, found = checked(rows, places, _known(desk, connection))
    return Seen(made, (*findings, *found))


def _known(desk: Desk, connection: Connection) -> Known:
    snapshot = desk.snapshot(connection)
    named = {
        (fold(name), snapshot.units_by_id[unit_id].code): login
        for login, name, unit_id in accounts.names(connection, desk.day)
    }
    units = {code: unit.name for code, unit in snapshot.units.items()}
    return Known(units, accounts.logins(connection), named, OFFICE)


def apply(desk: Desk, name: str, sha: str, data: bytes, document: str) -> int:
    """Make every account of a workbook, without passwords; the number of the import.

    One transaction, an audit entry for each account. Raises NotYours, Refusal (a finding, no document).
    """
    desk.require(Action.DECIDE_ACCOUNT)
    document = document.strip()[:LONGEST_DOCUMENT]
    if not document:
        raise Refusal("account-document-needed")
    with desk.change("import-accounts", "") as change:
        seen = _look(desk, change.connection, name, sha, data)
        if seen.is_blocked:
            raise Refusal("accounts-blocked")
        number = _make(desk, change, seen.accounts, NewImport(name, sha, document))
        change.on = f"account import {number}"
        change.detail |= {"file": name, "sha256": sha, "document": document, "accounts": len(seen.accounts)}
    return number


def _make(desk: Desk, change: Change, rows: tuple[NewAccount, ...], new: NewImport) -> int:
    connection, unit_ids = change.connection, desk.snapshot(change.connection).unit_ids
    wanted = {row.login: (unit_ids[row.unit], _wanted(row)) for row in rows}
    keys = accounts.create(connection, [one for _, one in wanted.values()], desk.moment)
    given = [(keys[login], unit_id, role) for login, (unit_id, one) in wanted.items() for role in one.roles]
    accounts.give(connection, given, desk.day, desk.actor.signature)
    made = [(keys[login], unit_id, one) for login, (unit_id, one) in wanted.items()]
    import_id = accounts.put_import(connection, new, desk.actor.person_id, desk.moment, made)
    common = {"import": import_id, "document": new.document}
    notes = [
        desk.note(
            "create-account",
            f"person {person_id}",
            {"login": one.login, "roles": list(one.roles), **common},
            unit_id,
        )
        for person_id, unit_id, one in made
    ]
    audit.append_all(connection, notes)
    return import_id


def _wanted(row: NewAccount) -> Wanted:
    return Wanted(row.login, row.name, row.position, row.phone, row.email, row.roles)


def one(desk: Desk, connection: Connection, import_id: int) -> tuple[Imported, list[Request]]:
    """An import and what it made, in the order of the workbook. Raises NotYours."""
    desk.require(Action.DECIDE_ACCOUNT)
    found = next((one for one in accounts.imports(connection) if one.id == import_id), None)
    if found is None:
        raise NotYours
    return found, accounts.listing(connection, None, import_id=import_id, limit=100_000)[::-1]
