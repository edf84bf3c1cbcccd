"""The rule laboratory (thử quy tắc): write a rule, read it, run it over what is stored, publish it from a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from actions import changed
from actions.desk import Desk, NotYours, Refusal
from actions.rule_runs import SHORT, Hit, PeriodRun, Source, over_history, over_submissions, rate_of
from registry.catalogue import sheets
from registry.catalogue.check_references import RULE_ROWS, Known, unknown_names
from registry.catalogue.model import Catalogue, Form, Rule, RuleLevel
from registry.catalogue.places import Places
from registry.catalogue.table import Reader, Table, key_of_record, letters
from registry.findings import Finding, finding, is_blocking
from registry.periods import parse
from registry.rules import bind, catalogue_check
from registry.rules.explain import explain
from registry.rules.parse import RuleSyntaxError
from registry.store import definitions, openings, submissions
from registry.store.definitions import FormVersion, RuleVersion, Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.policy import Action
from vietnamese.dates import format_date
from vietnamese.fold import fold
from vietnamese.numbers import format_number
from vietnamese.numbers import places as decimals_of

CRYING_WOLF = Decimal(5)  # units hit in a hundred asked, above which a rule wants confirming (PRACTICE F29)
JUDGED_BY = 3  # periods the hit rate is taken over
_WATCHED = 6  # periods of a rule in shadow mode that are shown
EDITED = tuple(one for one in sheets.FORM_RULES.fields if one.name not in ("valid_from", "valid_to", "shadow"))
_EXAMPLES = ("passing", "failing")
_NEW, _OLD = "new", "old"


class Mode(StrEnum):
    """How a rule stands from a date on; what a clerk meets grows from nothing to a block."""

    SHADOW = "shadow"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"
    BLOCK = "block"
    OFF = "off"

    @classmethod
    def of(cls, rule: Rule) -> Mode:
        """The mode a version was published in."""
        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            return cls.OFF
        return cls.SHADOW if rule.shadow else _MODES[rule.level]

    def applied(self, rule: Rule, valid_from: date) -> Rule:
        """The version of a rule that takes effect in this mode; a rule switched off ends the day before it begins."""
        dated = replace(rule, valid_from=valid_from, valid_to=None, shadow=self is Mode.SHADOW)
        if self is Mode.OFF:
            return replace(dated, valid_to=valid_from - timedelta(days=1))
        return replace(dated, level=_LEVELS.get(self, rule.level))

    @property
    def following(self) -> Mode:
        """The next step of the usual path: chạy thử, cảnh báo, lỗi."""
        return {Mode.SHADOW: Mode.WARNING, Mode.WARNING: Mode.ERROR}.get(self, self)

    @property
    def is_felt(self) -> bool:
        """True where a clerk must explain or mend."""
        return self in (Mode.WARNING, Mode.ERROR, Mode.BLOCK)


_LEVELS = {
    Mode.NOTE: RuleLevel.NOTE,
    Mode.WARNING: RuleLevel.WARNING,
    Mode.ERROR: RuleLevel.ERROR,
    Mode.BLOCK: RuleLevel.BLOCK,
}
_MODES = {level: mode for mode, level in _LEVELS.items()}


@dataclass(frozen=True)
class Draft:
    """A rule as somebody is writing it: the texts of its fields, as a row of a workbook would hold them."""

    form: str
    texts: Mapping[str, str]
    code: str | None = None  # of the rule being changed; None for a new one

    @classmethod
    def of(cls, rule: Rule) -> Draft:
        """A stored rule, ready to be changed."""
        return cls(rule.form, {one.name: one.codec.show(getattr(rule, one.name)) for one in EDITED}, rule.code)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a draft, at the field it is in and, inside a formula, the character counted from 1."""

    finding: Finding
    field: str
    position: int | None


@dataclass(frozen=True)
class Trial:
    """What a draft says, and what it would have found."""

    form: Form
    rule: Rule | None = None
    problems: tuple[Problem, ...] = ()
    explanation: str = ""
    source: Source | None = None
    periods: tuple[PeriodRun, ...] = ()  # newest first
    compared: Rule | None = None  # the version in force
    newly: tuple[tuple[str, Hit], ...] = ()  # (period, hit) that the version in force has not
    no_longer: tuple[tuple[str, Hit], ...] = ()

    @property
    def is_runnable(self) -> bool:
        """False while the rule cannot be read or bound; an example that does not fit keeps nobody from trying."""
        serious = (one.finding for one in self.problems if one.field not in _EXAMPLES)
        return self.rule is not None and not is_blocking(serious)

    @property
    def is_publishable(self) -> bool:
        """False while any fault must be mended first."""
        return self.rule is not None and not is_blocking(one.finding for one in self.problems)

    @property
    def judged(self) -> tuple[PeriodRun, ...]:
        """The last periods in which anybody was asked."""
        return tuple(run for run in self.periods if run.asked)[:JUDGED_BY]

    @property
    def rate(self) -> Decimal:
        """Units hit in a hundred asked, over those periods."""
        return rate_of(self.judged)

    @property
    def cries_wolf(self) -> bool:
        """True when the rule would bother too many."""
        return self.rate > CRYING_WOLF


class NotReady(Refusal):
    """The draft has faults; ``trial`` holds them."""

    def __init__(self, trial: Trial, code: str = "rule-has-faults", **values: object) -> None:
        super().__init__(code, **values)
        self.trial = trial


class CriesWolf(NotReady):
    """The rule hits too many units to be felt by clerks without somebody saying so."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(
            trial, "rule-cries-wolf", rate=format_number(trial.rate, decimals_of(trial.rate)), periods=len(trial.judged)
        )


# --- trying ----------------------------------------------------------------------------------------------------------


def try_rule(desk: Desk, draft: Draft, most: int = SHORT) -> Trial:
    """Read, check, tell and run a draft over the last ``most`` stored periods, beside the version in force.

    Raises NotYours.
    """
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        return _tried(desk, connection, draft, most)


def _tried(desk: Desk, connection: Connection, draft: Draft, most: int) -> Trial:
    snapshot = desk.snapshot(connection)
    version = version_of(snapshot, draft.form)
    form = version.form
    rule, problems = _understood(draft, form, snapshot)
    trial = Trial(form, rule, problems)
    if rule is None or not trial.is_runnable:
        return trial
    current = in_force(snapshot, draft.form, rule.code, desk.day)
    is_other = current is not None and not _judges_alike(rule, current)
    rules = {_NEW: rule} | ({_OLD: current} if current and is_other else {})
    source, found = over_history(connection, snapshot, desk.scope(Action.SEE_SUBMISSION), version, rules, most)
    mine, theirs = _by_period(found[_NEW]), _by_period(found.get(_OLD, []))
    return replace(
        trial,
        explanation=explain(rule, form, snapshot.definitions),
        source=source,
        periods=tuple(found[_NEW]),
        compared=current,
        newly=_without(mine, theirs) if is_other else (),
        no_longer=_without(theirs, mine),
    )


def _judges_alike(one: Rule, other: Rule) -> bool:
    """True when two versions differ in words, level or dates alone."""
    return _judging(one) == _judging(other)


def _judging(rule: Rule) -> tuple[object, ...]:
    return rule.formula, rule.condition, rule.rows, rule.natures, rule.blanks, rule.scope, rule.table


_Hits = Mapping[str, Mapping[object, Hit]]


def _by_period(runs: list[PeriodRun]) -> _Hits:
    return {run.period: {hit.place: hit for hit in run.hits} for run in runs}


def _without(some: _Hits, others: _Hits) -> tuple[tuple[str, Hit], ...]:
    return tuple(
        (period, hit)
        for period, hits in some.items()
        for place, hit in hits.items()
        if place not in others.get(period, {})
    )


def version_of(snapshot: Snapshot, code: str) -> FormVersion:
    """The form in force; raises NotYours."""
    version = snapshot.form_versions.get(code)
    if version is None:
        raise NotYours
    return version


def in_force(snapshot: Snapshot, form: str, code: str, day: date) -> Rule | None:
    """The version of a rule that holds on a day; before the first one's date, the first."""
    versions = snapshot.rule_versions.get(f"{form}|{code}", ())
    return next((rule for rule in reversed(versions) if rule.valid_from <= day), next(iter(versions), None))


# --- what is wrong with a draft --------------------------------------------------------------------------------------


def _understood(draft: Draft, form: Form, snapshot: Snapshot) -> tuple[Rule | None, tuple[Problem, ...]]:
    """The rule of a draft as a row of the form's workbook, by the same reading and the same checks."""
    texts = {name: text.strip() for name, text in draft.texts.items()} | ({"code": draft.code} if draft.code else {})
    reader = Reader(fold)
    rows = [[one.header for one in EDITED], [texts.get(one.name, "") for one in EDITED]]
    entries = reader.read(sheets.FORM_RULES, Table("", rows), "", (form.code,))
    found = list(reader.findings)
    rule = Rule(**entries[0].values, form=form.code) if entries else None
    if rule is not None:
        found += _unknown_rows(rule, form, snapshot, reader.places)
        found += catalogue_check.check(replace(snapshot.catalogue, rules=(rule,)), reader.places, form.code)
        if draft.code is None and f"{form.code}|{rule.code}" in snapshot.rule_versions:
            found.append(finding("catalogue-rule-known", cell=_cell("code"), rule=rule.code))
    problems = (_problem(one, texts) for one in found)
    return rule, tuple(problem for problem in problems if problem is not None)


def _unknown_rows(rule: Rule, form: Form, snapshot: Snapshot, places: Places) -> list[Finding]:
    """Rows the draft is limited to that the form does not have."""
    known = Known.of(snapshot.catalogue, Places()).within(form, Places())
    return list(
        unknown_names((RULE_ROWS,), rule, "rules", (form.code, *key_of_record(sheets.FORM_RULES, rule)), known, places)
    )


def _cell(name: str) -> str:
    """Where a field of the draft stands in its row."""
    return f"{letters([one.name for one in EDITED].index(name))}2"


def _problem(found: Finding, texts: Mapping[str, str]) -> Problem | None:
    """A finding at its field; None for one about another part of the form."""
    name = next((one.name for one in EDITED if _cell(one.name) == found.cell), None)
    if name is None:
        return None
    said = dict(found.values).get("position")
    if said is not None:
        return Problem(found, name, int(said))
    at = texts.get(name, "").find(found.found) if found.found else -1
    return Problem(found, name, at + 1 if at >= 0 and name in ("formula", "condition") else None)


# --- publishing ------------------------------------------------------------------------------------------------------


def publish(
    desk: Desk, draft: Draft, mode: Mode, valid_from: date, *, despite_rate: bool = False, most: int = SHORT
) -> Rule:
    """Write a draft as a new version in a mode from a date; earlier periods keep the versions of their time.

    Its rate is that over the last ``most`` stored periods, those the person saw.

    Raises NotYours, NotReady, CriesWolf unless ``despite_rate``, Refusal (a date gone by or before the newest
    version's, or nothing new).
    """
    desk.require(Action.CHANGE_CATALOGUE)
    trial = try_rule(desk, draft, most)
    if trial.rule is None or not trial.is_publishable:
        raise NotReady(trial)
    if mode.is_felt and trial.cries_wolf and not despite_rate:
        raise CriesWolf(trial)
    if valid_from < desk.day:
        raise NotReady(trial, "rule-date-past", day=format_date(desk.day))
    rule = mode.applied(trial.rule, valid_from)
    with desk.change(Action.CHANGE_CATALOGUE, f"rule {rule.form} {rule.code}") as change:
        versions = definitions.rule_history(change.connection, rule.form, rule.code)
        latest = max((version.rule.valid_from for version in versions), default=valid_from)
        if valid_from < latest:
            raise NotReady(trial, "rule-date-before-newest", day=format_date(latest))
        changes = definitions.load(change.connection, Catalogue(rules=(rule,)), desk.actor.signature, desk.moment)
        if not changes:
            raise NotReady(trial, "rule-unchanged")
        if mode.is_felt:
            changed.tell(desk, change.connection, changes)
        change.detail |= {"mode": mode, "version": changes[0].n, "valid_from": valid_from.isoformat()}
        change.detail |= {"formula": rule.formula, "rate": str(trial.rate), "despite_rate": despite_rate}
    return rule


# --- looking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A rule in the list: as it stands today, what comes next, and how it did in the newest period."""

    rule: Rule
    mode: Mode
    explanation: str
    upcoming: Rule | None
    run: PeriodRun | None
    watched: tuple[PeriodRun, ...] = ()  # of a rule in shadow mode, since it was published


@dataclass(frozen=True)
class Listed:
    """The rules of a form."""

    form: Form
    lines: tuple[Line, ...]


def listing(desk: Desk) -> tuple[Listed, ...]:
    """Every rule of every form with its hit rate in the newest period handed in, reckoned again only when something
    new came in. Raises NotYours.
    """
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        key = ("lab", desk.scope(Action.SEE_SUBMISSION))
        holds_for = (desk.day, *submissions.newest_keys(connection))
        kept: tuple[object, tuple[Listed, ...]] | None = snapshot.memo.get(key)
        if kept is None or kept[0] != holds_for:
            forms = (version.form for version in snapshot.form_versions.values())
            kept = holds_for, tuple(_listed(desk, connection, snapshot, form) for form in forms)
            snapshot.memo[key] = kept
        return kept[1]


def _listed(desk: Desk, connection: Connection, snapshot: Snapshot, form: Form) -> Listed:
    codes = [key.removeprefix(f"{form.code}|") for key in snapshot.rule_versions if key.startswith(f"{form.code}|")]
    current = {code: rule for code in codes if (rule := in_force(snapshot, form.code, code, desk.day))}
    works = openings.work(connection, desk.scope(Action.SEE_SUBMISSION), form=form.code)
    newest = next((work.period for work in works if work.version), None)
    latest = over_submissions(connection, snapshot, [work for work in works if work.period == newest], current)
    watched = _watched(connection, snapshot, works, current)
    lines = []
    for code, rule in current.items():
        told, run = _told(rule, form, snapshot), next(iter(latest[code]), None)
        lines.append(Line(rule, Mode.of(rule), told, _upcoming(snapshot, rule), run, watched.get(code, ())))
    return Listed(form, tuple(lines))


def _told(rule: Rule, form: Form, snapshot: Snapshot) -> str:
    """A rule of the form's last version may name what this one has not: then its own words must do."""
    try:
        return explain(rule, form, snapshot.definitions)
    except (RuleSyntaxError, bind.UnknownName):
        return rule.message


def _upcoming(snapshot: Snapshot, rule: Rule) -> Rule | None:
    later = (one for one in snapshot.rule_versions[f"{rule.form}|{rule.code}"] if one.valid_from > rule.valid_from)
    return next(later, None)


def _watched(
    connection: Connection, snapshot: Snapshot, works: list[Work], rules: Mapping[str, Rule]
) -> dict[str, tuple[PeriodRun, ...]]:
    """Those in shadow mode over what came in for the periods they were published for: the office's eyes only."""
    shadows = {code: rule for code, rule in rules.items() if Mode.of(rule) is Mode.SHADOW}
    if not shadows:
        return {}
    since = min(rule.valid_from for rule in shadows.values())
    came = [work for work in works if work.version and parse(work.period).last >= since]
    periods = list(dict.fromkeys(work.period for work in came))[:_WATCHED]
    found = over_submissions(connection, snapshot, [work for work in came if work.period in periods], shadows)
    return {
        code: tuple(run for run in runs if parse(run.period).last >= shadows[code].valid_from)
        for code, runs in found.items()
    }


@dataclass(frozen=True)
class Sheet:
    """A rule opened to be read or changed."""

    form: Form
    draft: Draft
    current: Rule | None = None
    mode: Mode = Mode.SHADOW
    explanation: str = ""
    history: tuple[RuleVersion, ...] = field(default_factory=tuple)
    watched: tuple[PeriodRun, ...] = ()


def opened(desk: Desk, form_code: str, code: str | None) -> Sheet:
    """A rule of a form with its history, or an empty sheet for a new one. Raises NotYours."""
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        form = version_of(snapshot, form_code).form
        if code is None:
            return Sheet(form, Draft(form.code, {"level": RuleLevel.WARNING, "blanks": "", "scope": ""}))
        history = definitions.rule_history(connection, form.code, code)
        current = in_force(snapshot, form.code, code, desk.day)
        if current is None:
            raise NotYours
        works = openings.work(connection, desk.scope(Action.SEE_SUBMISSION), form=form.code)
        watched = _watched(connection, snapshot, works, {code: current}).get(code, ())
        told = _told(current, form, snapshot)
        return Sheet(form, Draft.of(history[0].rule), current, Mode.of(current), told, tuple(history), watched)
