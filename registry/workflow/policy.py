"""The one policy: which units an actor may touch with an action (Điều 10 of the regulation)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

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
    TAKE_BACK = "take-back"  # an approval, before anybody counted it
    REOPEN = "reopen"
    REMARK = "remark-cell"  # words on a cell, without returning it
    ASK_REOPEN = "ask-reopen"  # of those who receive the report: approved figures are wrong
    TELL = "tell"  # everybody: announcements, when units are reminded, the log of what was sent
    DIVIDE_WORK = "divide-work"  # say which division of the unit supplies which rows of a form
    SEE_PARTS = "see-parts"  # who of the unit's divisions has given what
    CONFIRM_PART = "confirm-part"  # as head of the division that gave it
    ASSEMBLE = "assemble"  # the parts into the unit's own figures
    ATTACH_NARRATIVE = "attach-narrative"
    SEND_REPORT = "send-report"
    RECEIVE_REPORT = "receive-report"
    SEE_BOARD = "see-board"
    OPEN_PERIOD = "open-period"
    RUN_PERIOD = "run-period"  # more time, reception, closing and locking of one that is open (R28, R47)
    LOCK_YEAR = "lock-year"  # of a regime
    CREDIT_OUTAGE = "credit-outage"  # give the minutes the server was not ready back to deadlines (R48)
    PLEAD = "plead"  # ask for more time, dispute a recorded lateness (R48)
    REQUEST = "request"  # ask units for an ad hoc or thematic report, in the name of one's own unit (R19)
    COMPILE = "compile"
    SEE_REPORT = "see-report"
    CHECK_RELEASE = "check-release"  # sign what stands open before a compiled report leaves (Điều 20.1, R54)
    SEE_CATALOGUE = "see-catalogue"
    CHANGE_CATALOGUE = "change-catalogue"
    DESIGN_FORM = "design-form"  # try a form's design, see the burden of reporting; publishing is CHANGE_CATALOGUE
    SEE_UNITS = "see-units"  # the tree at any date, a unit's history, its groups
    SEE_TOTALS = "see-totals"  # flows of every unit over time
    CHANGE_UNITS = "change-units"  # reorganise units, put them into groups
    RULE_ACCOUNTS = "rule-accounts"  # lengths of passwords, idle times, second factors; accounts that lay unused
    SEE_AUDIT = "see-audit"
    SEE_SECURITY = "see-security"  # sign-ins, lockouts, refusals, checkpoints: of no unit's figures (R55)
    SEE_DESTRUCTION = "see-destruction"
    PROPOSE_DESTRUCTION = "propose-destruction"  # of the content of an upload that should never have been sent
    CONFIRM_DESTRUCTION = "confirm-destruction"  # by a second person (PRACTICE F21)
    MANAGE_PEOPLE = "manage-people"  # who may what in a unit: grants, signing capacities, handing over (R10-R12)
    DELEGATE_ROLES = "delegate-roles"  # say which roles administrators of units may give
    DELEGATE = "delegate"  # lend the approval of figures for a time (R16)
    SEE_UNIT_CATALOGUE = "see-unit-catalogue"  # the unit's own indicators, forms, regimes (R09-R11)
    SEE_SHORTAGES = "see-shortages"  # units without enough people (F24)
    SEE_MATRIX = "see-matrix"  # of this very table
    SEE_ACCOUNTS = "see-accounts"  # of a unit: their states, and what was proposed about them
    PROPOSE_ACCOUNT = "propose-account"  # making, changing, withdrawing one, a new password for one (R05)
    AGREE_ACCOUNT = "agree-account"  # as the head of the unit (PRACTICE F24)
    DECIDE_ACCOUNT = "decide-account"
    GIVE_FEEDBACK = "give-feedback"  # write of trouble, follow one's own, read answers meant for all (PRACTICE F25)
    SEE_FEEDBACK = "see-feedback"  # what others wrote
    HANDLE_FEEDBACK = "handle-feedback"  # as the administrator of the writer's unit
    SETTLE_FEEDBACK = "settle-feedback"  # as the office: answer, share answers, list difficulties
    ENTER_ON_BEHALF = "enter-on-behalf"  # a form of a unit that has nobody, by its document (nhập thay, F23)
    ENTER_FOR_ABSENT = "enter-for-absent"  # the same for a unit whose people are away, with the reason
    APPROVE_ON_BEHALF = "approve-on-behalf"  # what was so entered
    PROPOSE_INDICATOR = "propose-indicator"  # a new one, a change, an end (R18)
    SEE_PROPOSALS = "see-proposals"  # of changes of indicators
    DRAFT_INDICATORS = "draft-indicators"  # take proposals into the draft, or not, as who leads the regime
    SEE_CHANGES = "see-changes"  # what changed in the indicators, forms, rules and regimes units report by (R18)
    SEE_WAIVERS = "see-waivers"  # the register of rules waived (miễn áp dụng quy tắc)
    WAIVE = "waive"  # let units explain an error of a form instead of mending it
    SEE_REVIEW = "see-review"  # how far the review (rà soát) of what units approved is, for a reviewing unit
    REVIEW = "review"  # accept what units approved, or have cells checked again, for a reviewing unit (PRACTICE F13)
    SEE_TIMELINESS = "see-timeliness"  # how deadlines were kept (R29)
    SEE_USAGE = "see-usage"  # how much the system is used, and the report on it (R29)
    CHASE = "chase"  # label units, list the late with their telephone numbers (PRACTICE F18)
    REMIND = "remind"  # everybody on that list at once
    SEE_DRAFT = "see-draft"  # of a report, at the editing desk (bàn biên tập, R42)
    WRITE_DRAFT = "write-draft"  # the text of a heading, as its owner or the chief editor
    RUN_DRAFT = "run-draft"  # begin one, name owners, ask for opinions, submit it
    ANSWER_DRAFT = "answer-draft"  # give the opinion of a unit that was asked
    APPROVE_DRAFT = "approve-draft"  # on, or back, as with whom it is
    SEE_PETITIONS = "see-petitions"  # what units ask of others with their reports (kiến nghị, F12)
    PETITION = "petition"  # ask something with the unit's report, take it back
    ANSWER_PETITION = "answer-petition"  # as whom it is addressed to
    HOLD_TRAINING = "hold-training"  # invite units to a training copy, see who tried, end it (PRACTICE F25)
    SEE_DASHBOARD = "see-dashboard"  # of a unit, with the figures of the units in its scope (R13, R34)
    BUILD_DASHBOARD = "build-dashboard"  # choose what it shows
    SEE_COMPONENTS = "see-components"  # what pages are made of, for who writes pages
    OPERATE = "operate"  # the person at the server's own console


class Reach(StrEnum):
    """How far a role's right goes."""

    OWN = "own"  # the granted unit, and those below it when the grant says so
    HOUSE = "house"  # the same, and always their own divisions (phòng, ban)
    LEAVE = "leave"  # the granted unit, where its administrator lets them
    LED = "led"  # every unit, in the regimes the granted unit leads (chủ trì)
    ALL = "all"


_EVERYONE = dict.fromkeys(Role, Reach.OWN)
_READERS = {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL, Role.MONITOR: Reach.ALL}
_OVERSEERS = (Role.OFFICE, Role.MONITOR, Role.SECURITY)
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
    Action.TAKE_BACK: {Role.LEADER: Reach.OWN},
    Action.REOPEN: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.REMARK: {Role.LEADER: Reach.OWN, Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.ASK_REOPEN: {Role.LEADER: Reach.OWN, Role.CLERK: Reach.OWN},
    Action.DIVIDE_WORK: {Role.UNIT_ADMIN: Reach.OWN, Role.CLERK: Reach.LEAVE},
    Action.SEE_PARTS: _UNIT,
    Action.CONFIRM_PART: {Role.LEADER: Reach.OWN},
    Action.ASSEMBLE: {Role.CLERK: Reach.OWN},
    Action.ATTACH_NARRATIVE: {Role.CLERK: Reach.OWN},
    Action.SEND_REPORT: {Role.LEADER: Reach.OWN},
    Action.RECEIVE_REPORT: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.SEE_BOARD: _READERS,
    Action.OPEN_PERIOD: {Role.OFFICE: Reach.ALL},
    Action.RUN_PERIOD: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.LED},
    Action.LOCK_YEAR: {Role.OFFICE: Reach.ALL},
    Action.CREDIT_OUTAGE: {Role.OFFICE: Reach.ALL},
    Action.PLEAD: {Role.CLERK: Reach.OWN, Role.LEADER: Reach.OWN},
    Action.REQUEST: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.OWN},
    Action.COMPILE: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.ALL},
    Action.SEE_REPORT: _READERS,
    Action.CHECK_RELEASE: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL},
    Action.SEE_CATALOGUE: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.ALL, Role.MONITOR: Reach.ALL},
    Action.CHANGE_CATALOGUE: {Role.OFFICE: Reach.ALL},
    Action.TELL: {Role.OFFICE: Reach.ALL},
    Action.DESIGN_FORM: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.ALL},
    Action.SEE_UNITS: dict.fromkeys(Role, Reach.ALL),
    Action.SEE_TOTALS: _READERS,
    Action.CHANGE_UNITS: {Role.OFFICE: Reach.ALL},
    Action.RULE_ACCOUNTS: {Role.OFFICE: Reach.ALL},
    Action.SEE_AUDIT: {Role.UNIT_ADMIN: Reach.OWN} | dict.fromkeys(_OVERSEERS, Reach.ALL),
    Action.SEE_SECURITY: dict.fromkeys((Role.WATCH, *_OVERSEERS), Reach.ALL),
    Action.SEE_DESTRUCTION: {Role.OFFICE: Reach.ALL, Role.SECURITY: Reach.ALL},
    Action.PROPOSE_DESTRUCTION: {Role.OFFICE: Reach.ALL},
    Action.CONFIRM_DESTRUCTION: {Role.SECURITY: Reach.ALL},
    Action.MANAGE_PEOPLE: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE},
    Action.DELEGATE_ROLES: {Role.OFFICE: Reach.ALL},
    Action.DELEGATE: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE, Role.LEADER: Reach.OWN},
    Action.SEE_UNIT_CATALOGUE: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE},
    Action.SEE_SHORTAGES: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE},
    Action.SEE_MATRIX: _EVERYONE,
    Action.SEE_ACCOUNTS: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE, Role.LEADER: Reach.HOUSE},
    Action.PROPOSE_ACCOUNT: {Role.UNIT_ADMIN: Reach.HOUSE},
    Action.AGREE_ACCOUNT: {Role.LEADER: Reach.HOUSE},
    Action.DECIDE_ACCOUNT: {Role.OFFICE: Reach.ALL},
    Action.GIVE_FEEDBACK: _EVERYONE,
    Action.SEE_FEEDBACK: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE},
    Action.HANDLE_FEEDBACK: {Role.UNIT_ADMIN: Reach.HOUSE},
    Action.SETTLE_FEEDBACK: {Role.OFFICE: Reach.ALL},
    Action.ENTER_ON_BEHALF: {Role.OFFICE: Reach.ALL, Role.CLERK: Reach.LED},
    Action.ENTER_FOR_ABSENT: {Role.OFFICE: Reach.ALL},
    Action.APPROVE_ON_BEHALF: {Role.LEADER: Reach.LED},
    Action.PROPOSE_INDICATOR: {Role.UNIT_ADMIN: Reach.OWN},
    Action.SEE_PROPOSALS: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL, Role.UNIT_ADMIN: Reach.OWN}
    | dict.fromkeys((Role.LEADER, Role.CLERK), Reach.LED),
    Action.DRAFT_INDICATORS: {Role.OFFICE: Reach.ALL} | dict.fromkeys((Role.LEADER, Role.CLERK), Reach.LED),
    Action.SEE_CHANGES: dict.fromkeys(Role, Reach.ALL),
    Action.SEE_WAIVERS: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL, Role.RECEIVER: Reach.ALL}
    | {Role.LEADER: Reach.LED},
    Action.WAIVE: {Role.OFFICE: Reach.ALL, Role.LEADER: Reach.LED},
    Action.SEE_REVIEW: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL}
    | dict.fromkeys((Role.RECEIVER, Role.LEADER, Role.CLERK), Reach.OWN),
    Action.REVIEW: {Role.RECEIVER: Reach.OWN, Role.LEADER: Reach.OWN},
    Action.SEE_DRAFT: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL}
    | dict.fromkeys((Role.RECEIVER, Role.LEADER, Role.CLERK), Reach.HOUSE),
    Action.WRITE_DRAFT: {Role.OFFICE: Reach.ALL} | dict.fromkeys((Role.RECEIVER, Role.LEADER, Role.CLERK), Reach.HOUSE),
    Action.RUN_DRAFT: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.OWN},
    Action.ANSWER_DRAFT: dict.fromkeys((Role.RECEIVER, Role.LEADER, Role.CLERK), Reach.OWN),
    Action.APPROVE_DRAFT: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.OWN, Role.LEADER: Reach.OWN},
    Action.SEE_PETITIONS: _READERS | dict.fromkeys((Role.LEADER, Role.CLERK), Reach.OWN),
    Action.PETITION: dict.fromkeys((Role.LEADER, Role.CLERK), Reach.OWN),
    Action.ANSWER_PETITION: {Role.OFFICE: Reach.ALL}
    | dict.fromkeys((Role.RECEIVER, Role.LEADER, Role.CLERK), Reach.OWN),
    Action.HOLD_TRAINING: {Role.OFFICE: Reach.ALL},
    Action.SEE_TIMELINESS: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL, Role.RECEIVER: Reach.LED} | _UNIT,
    Action.SEE_USAGE: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL} | _UNIT,
    Action.CHASE: {Role.OFFICE: Reach.ALL, Role.MONITOR: Reach.ALL, Role.RECEIVER: Reach.LED},
    Action.REMIND: {Role.OFFICE: Reach.ALL, Role.RECEIVER: Reach.LED},
    Action.SEE_DASHBOARD: _READERS | _UNIT,
    Action.BUILD_DASHBOARD: {Role.OFFICE: Reach.ALL, Role.UNIT_ADMIN: Reach.HOUSE},
    Action.SEE_COMPONENTS: dict.fromkeys(_OVERSEERS, Reach.ALL),
    Action.OPERATE: {},
}


# What a unit's administrator may grant inside the unit; the office may take some of it back (a setting).
GRANTED_BY_UNIT_ADMINS = (Role.CLERK, Role.LEADER, Role.RECEIVER)
# What signing is; a signing capacity limits it, a delegation lends it.
SIGNING = frozenset({Action.APPROVE, Action.RETURN, Action.TAKE_BACK, Action.SEND_REPORT, Action.APPROVE_ON_BEHALF})
# What a delegate needs to see to sign. Nothing else is lent: he neither lends on nor speaks for the unit.
LENT = SIGNING | {
    Action.OWN_ACCOUNT,
    Action.GIVE_FEEDBACK,
    Action.SEE_WORK,
    Action.DOWNLOAD_TEMPLATE,
    Action.SEE_UPLOAD,
    Action.SEE_SUBMISSION,
    Action.REMARK,
}
# Done with a report as a whole: whoever holds a grant for some forms only does not.
OF_WHOLE_REPORTS = frozenset(
    {
        Action.ATTACH_NARRATIVE,
        Action.SEND_REPORT,
        Action.RECEIVE_REPORT,
        Action.COMPILE,
        Action.CHECK_RELEASE,
    },
)
_AT_A_UNIT = (Role.CLERK, Role.LEADER, Role.UNIT_ADMIN)


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant in force, its units resolved (the unit itself and, where granted, those below it).

    One lent by a delegation (ủy quyền) names it; ``signs`` holds the forms its holder's signing capacity covers.
    """

    role: Role
    unit_id: int
    units: frozenset[int]
    regime: str | None = None
    form: str | None = None
    delegation: int | None = None
    signs: frozenset[str] | None = None  # None: every form
    divisions: frozenset[int] = frozenset()  # of its units, whether it reaches below or not
    has_leave: bool = False  # of the unit's administrator, for what needs it
    leads: frozenset[str] = frozenset()  # codes of the regimes its units lead

    def gives(self, action: Action) -> bool:
        """True when the grant lets its holder do this somewhere."""
        if self.role not in MATRIX[action] or (self.delegation is not None and action not in LENT):
            return False
        if MATRIX[action][self.role] is Reach.LEAVE and not self.has_leave:
            return False
        return self.form is None or action not in OF_WHOLE_REPORTS

    def places(self, action: Action) -> Iterator[Where]:
        """Where it lets him."""
        if not self.gives(action):
            return
        forms: Iterable[str | None] = (self.form,)
        if self.signs is not None and action in SIGNING:
            signs = () if action in OF_WHOLE_REPORTS else self.signs
            forms = [form for form in signs if self.form in (None, form)]
        reach = MATRIX[action][self.role]
        if reach is Reach.LED:
            regimes = self.leads if self.regime is None else self.leads & {self.regime}
            yield from (Where(None, regime, form) for regime, form in product(regimes, forms))
            return
        reached = {
            Reach.ALL: None,
            Reach.OWN: self.units,
            Reach.HOUSE: self.units | self.divisions,
            Reach.LEAVE: frozenset({self.unit_id}),
        }
        yield from (Where(reached[reach], self.regime, form) for form in forms)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the grants in force, or the operator at the console for that person."""

    person_id: int
    login: str
    name: str
    grants: tuple[Grant, ...]
    operator: bool = False
    acting_unit: int | None = None  # of several: the one whose work the person looks at now

    def has(self, role: Role) -> bool:
        """True when any grant in force carries the role."""
        return any(grant.role is role for grant in self.grants)

    @property
    def home(self) -> int | None:
        """The unit the person chose to act in, else that of the first grant."""
        return self.acting_unit or (self.grants[0].unit_id if self.grants else None)

    @property
    def signature(self) -> str:
        """How the audit log names the actor."""
        return f"operator for {self.login}" if self.operator else self.login


@dataclass(frozen=True, slots=True)
class Where:
    """Units (None: every one), narrowed to a regime and a form where they are named."""

    units: frozenset[int] | None
    regime: str | None = None
    form: str | None = None

    def allows(self, unit_id: int, regime: str | None, form: str | None) -> bool:
        """Membership; a regime or form not asked about is not looked at."""
        return (
            (self.units is None or unit_id in self.units)
            and (regime is None or self.regime in (None, regime))
            and (form is None or self.form in (None, form))
        )

    def covers(self, other: Where) -> bool:
        """True when nothing of the other is outside."""
        return (
            (self.units is None or (other.units is not None and other.units <= self.units))
            and self.regime in (None, other.regime)
            and self.form in (None, other.form)
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an action is allowed: wherever one of the places is. `registry.store.within` says it in SQL."""

    places: frozenset[Where]

    @classmethod
    def of(cls, places: Iterable[Where]) -> Scope:
        """The union, said as shortly as it can be: what another place covers is left out."""
        together: dict[tuple[str | None, str | None], frozenset[int] | None] = {}
        for place in places:
            key = (place.regime, place.form)
            known = together.get(key, frozenset())
            together[key] = None if known is None or place.units is None else known | place.units
        merged = {key: Where(units, *key) for key, units in together.items() if units is None or units}

        def is_covered(one: Where) -> bool:
            wider = (merged.get(key) for key in ((None, one.form), (one.regime, None), (None, None)))
            return any(two is not None and two is not one and two.covers(one) for two in wider)

        return cls(frozenset(one for one in merged.values() if not is_covered(one)))

    @property
    def is_empty(self) -> bool:
        """True when nothing at all is allowed."""
        return not self.places

    @property
    def units(self) -> frozenset[int] | None:
        """The units in which anything is allowed; None when it is every one."""
        units = frozenset[int]()
        for place in self.places:
            if place.units is None:
                return None
            units |= place.units
        return units

    def allows(self, unit_id: int, regime: str | None = None, form: str | None = None) -> bool:
        """Membership: the unit, and the regime and form when given."""
        return any(place.allows(unit_id, regime, form) for place in self.places)


NOTHING = Scope(frozenset())
EVERYWHERE = Scope(frozenset({Where(None)}))


def scope(actor: Actor, action: Action) -> Scope:
    """Where ``actor`` may do ``action``: the union of what each grant allows; NOTHING when nowhere."""
    return Scope.of(place for grant in actor.grants for place in grant.places(action))


@dataclass(frozen=True, slots=True)
class StandIn:
    """An entry on behalf of a unit (nhập thay): for one of its forms the actor may also do these (`actions.behalf`)."""

    behalf: int  # key of the document it rests on
    place: Where
    actions: frozenset[Action]
    said: str  # of the document, to the audit log


def own_work(actor: Actor) -> Scope:
    """The work of the unit the person acts in, of all their units when none was chosen."""
    chosen = actor.acting_unit
    return Scope.of(
        place
        for grant in actor.grants
        if grant.role in _AT_A_UNIT and chosen in (None, grant.unit_id)
        for place in grant.places(Action.SEE_WORK)
    )


def lent_by(actor: Actor, action: Action, unit_id: int, regime: str, form: str | None) -> int | None:
    """The delegation an action rests on; None when the person's own grants allow it."""
    allowing = [
        grant for grant in actor.grants if any(place.allows(unit_id, regime, form) for place in grant.places(action))
    ]
    if not allowing or any(grant.delegation is None for grant in allowing):
        return None
    return allowing[0].delegation


def sees_everywhere(allowed: Scope, lead: int | None) -> bool:
    """True where figures of an indicator may be seen of every unit: by readers, and by the unit that leads it (R13).

    Who may read some forms or regimes only reads no unit's figures whole.
    """
    whole = (place for place in allowed.places if place.regime is None and place.form is None)
    return any(place.units is None or lead in place.units for place in whole)


def receives(actor: Actor, receiver_id: int, regime: str) -> bool:
    """True when the person may decide on reports for a receiving unit: the office for any, a receiver for its own."""
    return any(
        grant.gives(Action.RECEIVE_REPORT)
        and grant.regime in (None, regime)
        and (grant.role is Role.OFFICE or receiver_id in grant.units)
        for grant in actor.grants
    )


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
