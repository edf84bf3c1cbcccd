"""The one policy: which units an actor may touch with an action (Điều 10 of the regulation)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.catalogue.model import Role, Unit, UnitKind


class Action(StrEnum):
    """Everything a person may do; every route, command and action of ours names one."""

    SIGN_IN = "sign-in"  # open to all: the only one without an actor
    OWN_ACCOUNT = "own-account"
    SEE_WORK = "see-work"
    DOWNLOAD_TEMPLATE = "download-template"
    UPLOAD = "upload"
    SEE_UPLOAD = "see-upload"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    SEE_SUBMISSION = "see-submission"
    APPROVE = "approve"
    RETURN = "return"
    REOPEN = "reopen"
    ATTACH_NARRATIVE = "attach-narrative"
    SEND_REPORT = "send-report"
    RECEIVE_REPORT = "receive-report"
    SEE_BOARD = "see-board"
    OPEN_PERIOD = "open-period"
    REQUEST = "request"  # ask units for an ad hoc or thematic report, in the name of one's own unit (R19)
    COMPILE = "compile"
    SEE_REPORT = "see-report"
    SEE_CATALOGUE = "see-catalogue"
    CHANGE_CATALOGUE = "change-catalogue"
    DESIGN_FORM = "design-form"  # try a form's design, see the burden of reporting; publishing is CHANGE_CATALOGUE
    SEE_AUDIT = "see-audit"
    SEE_DESTRUCTION = "see-destruction"
    PROPOSE_DESTRUCTION = "propose-destruction"  # of the content of an upload that should never have been sent
    CONFIRM_DESTRUCTION = "confirm-destruction"  # by a second person (PRACTICE F21)
    OPERATE = "operate"  # the person at the server's own console


class Reach(StrEnum):
    """How far a role's right goes."""

    OWN = "own"  # the granted unit, and those below it when the grant says so
    ALL = "all"


_EVERYONE = dict.fromkeys(Role, Reach.OWN)
_READERS = {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL, Role.MONITOR: Reach.ALL}
_UNIT = {Role.UNIT_ADMIN: Reach.OWN, Role.LEADER: Reach.OWN, Role.CLERK: Reach.OWN}

MATRIX: dict[Action, dict[Role, Reach]] = {
    Action.OWN_ACCOUNT: _EVERYONE,
    Action.SEE_WORK: _EVERYONE,
    Action.DOWNLOAD_TEMPLATE: {Role.OFFICE: Reach.ALL} | _UNIT,
    Action.UPLOAD: {Role.CLERK: Reach.OWN},
    Action.SEE_UPLOAD: {Role.OFFICE: Reach.ALL} | _UNIT,
    Action.SUBMIT: {Role.CLERK: Reach.OWN},
    Action.WITHDRAW: {Role.CLERK: Reach.OWN},
    Action.SEE_SUBMISSION: _READERS | _UNIT,
    Action.APPROVE: {Role.LEADER: Reach.OWN},
    Action.RETURN: {Role.LEADER: Reach.OWN},
    Action.REOPEN: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.ATTACH_NARRATIVE: {Role.CLERK: Reach.OWN},
    Action.SEND_REPORT: {Role.LEADER: Reach.OWN},
    Action.RECEIVE_REPORT: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.SEE_BOARD: _READERS,
    Action.OPEN_PERIOD: {Role.OFFICE: Reach.ALL},
    Action.REQUEST: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.OWN},
    Action.COMPILE: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.SEE_REPORT: _READERS,
    Action.SEE_CATALOGUE: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.ALL, Role.MONITOR: Reach.ALL},
    Action.CHANGE_CATALOGUE: {Role.OFFICE: Reach.ALL},
    Action.DESIGN_FORM: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.ALL},
    Action.SEE_AUDIT: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL, Role.SECURITY: Reach.ALL},
    Action.SEE_DESTRUCTION: {Role.OFFICE: Reach.ALL, Role.SECURITY: Reach.ALL},
    Action.PROPOSE_DESTRUCTION: {Role.OFFICE: Reach.ALL},
    Action.CONFIRM_DESTRUCTION: {Role.SECURITY: Reach.ALL},
    Action.OPERATE: {},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant in force, its units resolved (the unit itself and, where granted, those below it)."""

    role: Role
    unit_id: int
    units: frozenset[int]
    regime: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the grants in force, or the operator at the console for that person."""

    person_id: int
    login: str
    name: str
    grants: tuple[Grant, ...]
    operator: bool = False

    def has(self, role: Role) -> bool:
        """True when any grant in force carries the role."""
        return any(grant.role is role for grant in self.grants)

    @property
    def home(self) -> int | None:
        """The unit of the first grant: where the person works."""
        return self.grants[0].unit_id if self.grants else None

    @property
    def signature(self) -> str:
        """How the audit log names the actor."""
        return f"operator for {self.login}" if self.operator else self.login


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an action is allowed; ``units`` None = every unit. Narrowings of regime and form travel with it."""

    units: frozenset[int] | None
    regimes: frozenset[str] | None = None
    forms: frozenset[str] | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing at all is allowed."""
        return self.units is not None and not self.units

    def allows(self, unit_id: int, regime: str | None = None, form: str | None = None) -> bool:
        """Membership: the unit, and the regime and form when given."""
        return (
            (self.units is None or unit_id in self.units)
            and (regime is None or self.regimes is None or regime in self.regimes)
            and (form is None or self.forms is None or form in self.forms)
        )


NOTHING = Scope(frozenset())


def scope(actor: Actor, action: Action) -> Scope:
    """Where ``actor`` may do ``action``; NOTHING when nowhere."""
    reaches = MATRIX[action]
    grants = [grant for grant in actor.grants if grant.role in reaches]
    if not grants:
        return NOTHING
    everywhere = any(reaches[grant.role] is Reach.ALL for grant in grants)
    units = None if everywhere else frozenset().union(*(grant.units for grant in grants))
    return Scope(units, _narrowed(grant.regime for grant in grants), _narrowed(grant.form for grant in grants))


def _narrowed(names: Iterable[str | None]) -> frozenset[str] | None:
    """None as soon as one grant is not narrowed."""
    given = list(names)
    return None if None in given else frozenset(name for name in given if name)


_ASK_COMMUNES = (UnitKind.DEPARTMENT, UnitKind.VERTICAL, UnitKind.ARMED)


def may_be_asked(asker: Unit, unit: Unit, above: Iterable[str], office: str) -> bool:
    """Whether ``asker`` may ask ``unit`` for a report outside the periodic ones (Điều 11.3, 11.4; R19).

    ``above`` holds the codes of the units above ``unit``. The office (``office``: its code) asks everybody; others
    those below them in the tree; agencies of the province also the communes, which answer to them in their field
    (docs/decisions/0008).
    """
    if unit.code == asker.code or unit.kind is UnitKind.PROVINCE:
        return False
    if asker.code == office or asker.code in above:
        return True
    return asker.kind in _ASK_COMMUNES and unit.kind.is_commune
