"""Proposals about accounts with their steps, and the accounts of a unit as those who manage them see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, desc, func, insert, or_, select, update

from registry.catalogue.model import Role, UnitKind
from registry.store import people, rights
from registry.store.engine import inserted
from registry.store.people import Person
from registry.store.tables import (
    account_import,
    account_request,
    account_step,
    grant,
    password,
    person,
    session,
    unit_closure,
    unit_version,
)
from registry.workflow.accounts import OPEN, RequestKind, RequestState, RequestStep

NO_HASH = ""  # what stands where nobody knows a password: no word ever matches it


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as it should become."""

    login: str
    name: str
    position: str = ""
    phone: str = ""
    email: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A proposal as it stands."""

    id: int
    kind: RequestKind
    unit_id: int
    unit_name: str
    person_id: int | None
    import_id: int | None
    state: RequestState
    version: int
    wanted: Wanted

    @property
    def is_open(self) -> bool:
        """True while somebody has to decide."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Taken:
    """A step somebody took with a proposal."""

    request_id: int
    step: RequestStep
    reason: str
    document: str
    by_id: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a unit: what it holds there today, and whether its owner has a password."""

    person: Person
    roles: tuple[Role, ...]
    has_password: bool
    open_request: int | None


@dataclass(frozen=True, slots=True)
class NewImport:
    """A workbook accounts are made from, and the document behind it."""

    name: str
    sha: str
    document: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A workbook by which accounts were made."""

    id: int
    name: str
    sha: str
    document: str
    by_name: str
    at: datetime


# --- proposals -------------------------------------------------------------------------------------------------------


def put(connection: Connection, kind: RequestKind, unit_id: int, wanted: Wanted, person_id: int | None) -> int:
    """Begin a proposal; its number. Its first step is recorded with `advance`."""
    row = insert(account_request).values(
        kind=kind, unit_id=unit_id, person_id=person_id, state=RequestState.PROPOSED, version=0, wanted=_kept(wanted)
    )
    return inserted(connection, row)


def advance(connection: Connection, taken: Taken, state: RequestState, version: int) -> bool:
    """Record a step, unless somebody took another since ``version``: then nothing is done and the answer is False."""
    seen = (account_request.c.id == taken.request_id, account_request.c.version == version)
    moved = update(account_request).where(*seen).values(state=state, version=version + 1)
    if connection.execute(moved).rowcount != 1:
        return False
    connection.execute(insert(account_step).values(_step_values(taken)))
    return True


def _step_values(taken: Taken) -> dict[str, Any]:
    values = asdict(taken)
    del values["by_name"]
    return values


def made_for(connection: Connection, request_id: int, person_id: int) -> None:
    """The account a proposal made."""
    connection.execute(update(account_request).where(account_request.c.id == request_id).values(person_id=person_id))


def get(connection: Connection, request_id: int) -> Request | None:
    """One proposal."""
    return next(iter(_requests(connection, _all().where(account_request.c.id == request_id))), None)


def listing(
    connection: Connection,
    unit_ids: Collection[int] | None,
    *,
    states: Collection[RequestState] = (),
    import_id: int | None = None,
    limit: int = 1000,
) -> list[Request]:
    """Proposals of some units (None: of all), in some states (none named: in all), newest first."""
    query = _all().order_by(desc(account_request.c.id)).limit(limit)
    if unit_ids is not None:
        query = query.where(account_request.c.unit_id.in_(unit_ids))
    if states:
        query = query.where(account_request.c.state.in_(states))
    if import_id is not None:
        query = query.where(account_request.c.import_id == import_id)
    return _requests(connection, query)


def count(connection: Connection, unit_ids: Collection[int] | None, state: RequestState) -> int:
    """How many proposals of some units (None: of all) stand there."""
    query = select(func.count()).select_from(account_request).where(account_request.c.state == state)
    if unit_ids is not None:
        query = query.where(account_request.c.unit_id.in_(unit_ids))
    return int(connection.execute(query).scalar_one())


def steps(connection: Connection, request_ids: Collection[int]) -> dict[int, list[Taken]]:
    """The steps taken with some proposals, oldest first."""
    query = (
        select(account_step, person.c.name.label("by_name"))
        .join(person, person.c.id == account_step.c.by_id)
        .where(account_step.c.request_id.in_(request_ids))
        .order_by(account_step.c.id)
    )
    found: dict[int, list[Taken]] = {one: [] for one in request_ids}
    for row in connection.execute(query):
        taken = Taken(row.request_id, RequestStep(row.step), row.reason, row.document, row.by_id, row.by_name, row.at)
        found[row.request_id].append(taken)
    return found


def is_waited_for(connection: Connection, person_id: int) -> bool:
    """True when somebody is yet to decide about an account."""
    query = select(account_request.c.id).where(
        account_request.c.state.in_(OPEN), account_request.c.person_id == person_id
    )
    return connection.execute(query.limit(1)).first() is not None


def logins(connection: Connection) -> set[str]:
    """Every login there is or is asked for."""
    asked = select(account_request.c.wanted).where(account_request.c.state.in_(OPEN))
    taken = set(connection.execute(select(person.c.login)).scalars())
    return taken | {one["login"] for one in connection.execute(asked).scalars()}


def _all() -> Select[Any]:
    name = (
        select(unit_version.c.name)
        .where(unit_version.c.unit_id == account_request.c.unit_id)
        .order_by(desc(unit_version.c.valid_from))
        .limit(1)
        .scalar_subquery()
    )
    return select(account_request, name.label("unit_name"))


def _requests(connection: Connection, query: Select[Any]) -> list[Request]:
    return [
        Request(
            row.id,
            RequestKind(row.kind),
            row.unit_id,
            row.unit_name,
            row.person_id,
            row.import_id,
            RequestState(row.state),
            row.version,
            _wanted(row.wanted),
        )
        for row in connection.execute(query)
    ]


def _kept(wanted: Wanted) -> dict[str, Any]:
    return {**asdict(wanted), "roles": [role.value for role in wanted.roles]}


def _wanted(kept: Mapping[str, Any]) -> Wanted:
    return Wanted(**{**kept, "roles": tuple(map(Role, kept["roles"]))})


# --- accounts --------------------------------------------------------------------------------------------------------


def of_units(connection: Connection, unit_ids: Collection[int], day: date) -> dict[int, list[Account]]:
    """By unit: the accounts that hold something in it, and those that did and were withdrawn, by login."""
    ever = select(grant.c.unit_id, grant.c.person_id).where(grant.c.unit_id.in_(unit_ids)).distinct()
    belongs = connection.execute(ever).all()
    keys = {row.person_id for row in belongs}
    held: dict[tuple[int, int], list[Role]] = {}
    today = select(grant).where(grant.c.unit_id.in_(unit_ids), rights.in_force(grant, day)).order_by(grant.c.id)
    for row in connection.execute(today):
        roles = held.setdefault((row.unit_id, row.person_id), [])
        if Role(row.role) not in roles:
            roles.append(Role(row.role))
    known = {one.id: one for one in people.by_ids(connection, keys)}
    sure = with_password(connection, keys)
    waits = _open_about(connection, keys)
    found: dict[int, list[Account]] = {one: [] for one in unit_ids}
    for row in belongs:
        one = known[row.person_id]
        roles = held.get((row.unit_id, row.person_id), [])
        if roles or one.state != "active":
            account = Account(one, tuple(roles), one.id in sure, waits.get(one.id))
            found[row.unit_id].append(account)
    return {unit_id: sorted(some, key=lambda one: one.person.login) for unit_id, some in found.items()}


def _open_about(connection: Connection, person_ids: Collection[int]) -> dict[int, int]:
    open_ones = (account_request.c.state.in_(OPEN), account_request.c.person_id.in_(person_ids))
    query = select(account_request.c.person_id, account_request.c.id).where(*open_ones)
    return {row.person_id: row.id for row in connection.execute(query)}


def with_password(connection: Connection, person_ids: Collection[int]) -> set[int]:
    """Those of some people who have set a password that still counts."""
    newest = select(func.max(password.c.id)).where(password.c.person_id.in_(person_ids)).group_by(password.c.person_id)
    query = select(password.c.person_id).where(password.c.id.in_(newest), password.c.hash != NO_HASH)
    return set(connection.execute(query).scalars())


def names(connection: Connection, day: date) -> list[tuple[str, str, int]]:
    """Login, name and unit of everybody who holds something on a day."""
    query = (
        select(person.c.login, person.c.name, grant.c.unit_id)
        .join(grant, grant.c.person_id == person.c.id)
        .where(rights.in_force(grant, day))
    )
    return [(row.login, row.name, row.unit_id) for row in connection.execute(query)]


def holders(connection: Connection, role: Role, unit_id: int, day: date) -> set[int]:
    """Active people with a role that reaches a unit; a division's are also those of the unit it belongs to."""
    house = _house(connection, unit_id, day)
    query = (
        select(grant.c.person_id, grant.c.unit_id, grant.c.below)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.role == role, person.c.state == "active", rights.in_force(grant, day))
        .where(or_(grant.c.unit_id.in_(house), grant.c.below))
    )
    rows = connection.execute(query).all()
    reached = rights.houses_of(connection, {row.unit_id for row in rows if row.below}, day)
    return {
        row.person_id for row in rows if row.unit_id in house or (row.below and unit_id in reached[row.unit_id].units)
    }


def _house(connection: Connection, unit_id: int, day: date) -> set[int]:
    """A unit, and where it is a division (phòng, ban) the unit above it."""
    above = (
        select(unit_closure.c.ancestor_id)
        .join(unit_version, unit_version.c.unit_id == unit_closure.c.unit_id)
        .where(
            unit_closure.c.unit_id == unit_id,
            unit_closure.c.depth == 1,
            unit_closure.c.valid_from <= day,
            or_(unit_closure.c.valid_to.is_(None), unit_closure.c.valid_to >= day),
            unit_version.c.kind == UnitKind.DIVISION,
        )
    )
    return {unit_id, *connection.execute(above).scalars()}


def everybody(connection: Connection, role: Role, day: date) -> set[int]:
    """Active people with a role anywhere."""
    query = (
        select(grant.c.person_id)
        .join(person, person.c.id == grant.c.person_id)
        .where(grant.c.role == role, person.c.state == "active", rights.in_force(grant, day))
    )
    return set(connection.execute(query).scalars())


def roles_in(connection: Connection, person_id: int, day: date) -> dict[int, set[Role]]:
    """What somebody holds on a day, by unit."""
    held: dict[int, set[Role]] = {}
    for row in connection.execute(select(grant).where(grant.c.person_id == person_id, rights.in_force(grant, day))):
        held.setdefault(row.unit_id, set()).add(Role(row.role))
    return held


def create(connection: Connection, wanted: Iterable[Wanted], at: datetime) -> dict[str, int]:
    """Make accounts without a password; their keys by login."""
    rows = [
        {"login": one.login, "name": one.name, "position": one.position, "email": one.email, "phone": one.phone}
        for one in wanted
    ]
    connection.execute(insert(person), [row | {"state": "active", "since": at} for row in rows])
    known = select(person.c.login, person.c.id).where(person.c.login.in_([row["login"] for row in rows]))
    return {row.login: row.id for row in connection.execute(known)}


def give(connection: Connection, roles: Iterable[tuple[int, int, Role]], day: date, by: str) -> None:
    """Give roles from a day on: person, unit, role."""
    rows = [
        {"person_id": who, "unit_id": unit_id, "role": role, "below": False, "valid_from": day, "by": by}
        for who, unit_id, role in roles
    ]
    if rows:
        connection.execute(insert(grant), rows)


def take_back(connection: Connection, person_id: int, unit_id: int, roles: Collection[Role], at: datetime) -> None:
    """End somebody's roles in a unit, those to come too."""
    mine = (grant.c.person_id == person_id, grant.c.unit_id == unit_id, grant.c.role.in_(roles))
    connection.execute(update(grant).where(*mine, grant.c.revoked_at.is_(None)).values(revoked_at=at))


def describe(connection: Connection, person_id: int, wanted: Wanted) -> None:
    """Write an account's name, position, telephone and mail anew; the login stays."""
    said = {"name": wanted.name, "position": wanted.position, "phone": wanted.phone, "email": wanted.email}
    connection.execute(update(person).where(person.c.id == person_id).values(said))


def wake(connection: Connection, person_id: int, at: datetime) -> None:
    """An account disabled because nobody used it may be used again."""
    idle = (person.c.id == person_id, person.c.state == "idle")
    connection.execute(update(person).where(*idle).values(state="active", since=at))


def disable(connection: Connection, person_id: int) -> None:
    """Nobody signs in with the account any more."""
    connection.execute(update(person).where(person.c.id == person_id).values(state="disabled"))


def end_sessions(connection: Connection, person_id: int, at: datetime) -> int:
    """End every session of somebody; how many there were."""
    mine = (session.c.person_id == person_id, session.c.ended.is_(None))
    return connection.execute(update(session).where(*mine).values(ended=at)).rowcount


# --- from a workbook -------------------------------------------------------------------------------------------------


def put_import(
    connection: Connection, new: NewImport, by_id: int, at: datetime, made: Sequence[tuple[int, int, Wanted]]
) -> int:
    """Record accounts made from a workbook, each as a proposal carried out: person, unit, as wanted; the number."""
    row = insert(account_import).values(**asdict(new), by_id=by_id, at=at)
    import_id = inserted(connection, row)
    about = {"kind": RequestKind.CREATE, "state": RequestState.DONE, "version": 1, "import_id": import_id}
    connection.execute(
        insert(account_request),
        [about | {"unit_id": unit_id, "person_id": who, "wanted": _kept(wanted)} for who, unit_id, wanted in made],
    )
    numbers = connection.execute(select(account_request.c.id).where(account_request.c.import_id == import_id)).scalars()
    acted = {"step": RequestStep.ACT, "reason": "", "document": new.document, "by_id": by_id, "at": at}
    connection.execute(insert(account_step), [acted | {"request_id": number} for number in numbers])
    return import_id


def imports(connection: Connection) -> list[Imported]:
    """Workbooks by which accounts were made, newest first."""
    query = (
        select(account_import, person.c.name.label("by_name"))
        .join(person, person.c.id == account_import.c.by_id)
        .order_by(desc(account_import.c.id))
    )
    return [Imported(row.id, row.name, row.sha, row.document, row.by_name, row.at) for row in connection.execute(query)]
