"""Designing forms in a workbook: start from one, see what it would be, publish it (R10, R17; PRACTICE F4, F21)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import IO, BinaryIO, cast

from actions import catalogues, downloads, kept
from actions.catalogues import Loaded
from actions.desk import Changed, Desk, NotYours, Refusal
from actions.made import Made
from actions.receive import assert_pace
from actions.trial_book import trial_book
from ingest import definition
from ingest.limits import FORM_LIMITS
from registry.catalogue import burden as burdens
from registry.catalogue import merge
from registry.catalogue.affected import Affected, affected
from registry.catalogue.asked import Asking, Demand, Meeting, demands, newest
from registry.catalogue.burden import Burden
from registry.catalogue.chronicle import lasting
from registry.catalogue.diff import Change, Design, diff
from registry.catalogue.forms import Definitions, View, province_row_set
from registry.catalogue.model import PROVINCE, Catalogue, Form, Frequency, Regime, Rule, Unit
from registry.findings import Finding, is_blocking
from registry.periods import BadPeriodCode, Period, parse, periods_of, window
from registry.rules.background import Background
from registry.rules.context import Context
from registry.store import definitions, openings
from registry.store.definitions import FormVersion, Published, Snapshot
from registry.store.engine import Connection
from registry.store.files import FileTooLarge
from registry.store.openings import Pinned
from registry.workflow.policy import Action
from vietnamese.dates import HO_CHI_MINH
from workbook_templates import form_book
from workbook_templates.order import Order
from workbook_templates.token import TRIAL

WHOLE = "tinh"  # the audience that is no unit: the province's compiled table
_BURDEN, _DRAFTS = "burden", "drafts"  # what a snapshot remembers
_DRAFTS_KEPT = 16


@dataclass(frozen=True)
class FormReview:
    """One form of a reading beside what is in force."""

    form: Form
    rules: tuple[Rule, ...]  # those that will be in force, whether the workbook repeats them or not
    live: Form | None  # the newest version published; None for a new form
    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    starts_at_once: bool  # the day it holds from has come: every period opened from now on gets it
    pinned: tuple[Pinned, ...] = ()  # openings that keep the version they were opened with

    @property
    def is_changed(self) -> bool:
        """True when publishing would make a new version."""
        return self.live is None or bool(self.changes)


@dataclass(frozen=True)
class Review:
    """Everything to know before publishing: what was read, what is wrong with it, what it changes."""

    read: Catalogue
    whole: Catalogue  # the reading laid over the catalogue in force
    findings: tuple[Finding, ...]
    forms: tuple[FormReview, ...]

    @property
    def is_broken(self) -> bool:
        """True when something in it must be mended first."""
        return is_blocking(self.findings)

    @property
    def is_blocked(self) -> bool:
        """True when no form can be published from it."""
        return self.is_broken or not self.forms


# --- reviewing -------------------------------------------------------------------------------------------------------


def review(desk: Desk, files: Mapping[str, bytes]) -> Review:
    """A folder of workbooks beside the catalogue in force. Raises NotYours."""
    desk.require(Action.SEE_CATALOGUE)
    with desk.read() as connection:
        known = definitions.catalogue_of(connection)
        return _with_openings(connection, _reviewed(known, *definition.read_folder(files, known), desk.day))


def review_form(desk: Desk, name: str, data: bytes) -> Review:
    """One form's workbook beside the catalogue in force, worked out once while that stays. Raises NotYours."""
    desk.require(Action.DESIGN_FORM)
    key = (hashlib.sha256(data).hexdigest(), name, desk.day)
    with desk.read() as connection:
        drafts: dict[tuple[str, str, date], Review] = desk.snapshot(connection).memo.setdefault(_DRAFTS, {})
        seen = drafts.get(key)
        if seen is None:
            known = definitions.catalogue_of(connection)
            seen = drafts[key] = _reviewed(known, *definition.read_form(data, name, known), desk.day)
            for old in list(drafts)[:-_DRAFTS_KEPT]:
                drafts.pop(old, None)
        return _with_openings(connection, seen)


def _reviewed(known: Catalogue, read: Catalogue, findings: tuple[Finding, ...], day: date) -> Review:
    whole, live = merge.merged(known, read), newest(known.forms)
    forms = []
    for code, form in newest(read.forms).items():
        after = Design(form, _rules(whole, code))
        changes = diff(Design(live[code], _rules(known, code)), after) if code in live else ()
        starts_at_once = form.valid_from <= day
        forms.append(FormReview(form, after.rules, live.get(code), changes, affected(whole, code), starts_at_once))
    return Review(read, whole, findings, tuple(forms))


def _with_openings(connection: Connection, seen: Review) -> Review:
    forms = (replace(one, pinned=tuple(openings.pinned(connection, one.form.code))) for one in seen.forms)
    return replace(seen, forms=tuple(forms))


def _rules(catalogue: Catalogue, form: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in catalogue.rules if rule.form == form)


# --- drafts and publishing -------------------------------------------------------------------------------------------


def keep_draft(desk: Desk, stream: IO[bytes]) -> str:
    """Keep a workbook while its designer looks at it; its SHA-256. Raises NotYours, Refusal, DiskFull."""
    desk.require(Action.DESIGN_FORM)
    assert_pace(desk)
    limit = min(desk.instance.settings.upload_limit, FORM_LIMITS.file_bytes)
    try:
        return kept.keep(desk, Action.DESIGN_FORM, "draft", cast(BinaryIO, stream), limit)
    except FileTooLarge:
        raise Refusal("too-large", limit=limit >> 20) from None


def draft(desk: Desk, sha: str) -> bytes:
    """A kept workbook; raises NotYours, also when there is none."""
    return kept.read(desk, Action.DESIGN_FORM, sha)


def publish(desk: Desk, name: str, data: bytes, live_version: int) -> Loaded:
    """Make a form's workbook its next version, from the day it names; earlier versions and open periods stay.

    ``live_version`` is the number of the version it was compared with, 0 for a new form. Raises NotYours, Changed
    when another was published meanwhile.
    """
    desk.require(Action.CHANGE_CATALOGUE)
    seen = review_form(desk, name, data)
    if seen.is_blocked:
        return Loaded((), seen.findings)
    if any((one.live.version if one.live else 0) != live_version for one in seen.forms):
        raise Changed
    return Loaded(catalogues.put(desk, seen.read), seen.findings)


# --- previews and trials ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """A form as one unit will meet it in one period, without any figure."""

    view: View
    unit: Unit
    period: Period
    regime: Regime
    meetings: tuple[Meeting, ...]  # everybody's choices of unit: one for each different workbook
    periods: tuple[Period, ...]  # of one year


def preview(desk: Desk, whole: Catalogue, form: Form, audience: str = "", period_code: str = "") -> Preview:
    """A form of a catalogue as a unit meets it; unless told, as most communes meet it, about now.

    ``audience`` is a unit's code, ``xa``, ``so``, or WHOLE. Raises Refusal (unknown period, unit).
    """
    wanted = [one for one in demands(whole) if one.form.code == form.code]
    demand = wanted[0] if wanted else Demand(None, form, ())
    regime = demand.regime or _no_regime(whole, form)
    periods = periods_of(regime.frequency, desk.day.year) or (parse(f"{desk.day.year}DX001"),)
    period = _period(period_code) if period_code else min(periods, key=lambda one: abs(one.last - desk.day))
    asking = Asking(whole)
    met = asking.meetings(replace(demand, form=form), period.shape)
    asked = tuple(one for one in met if asking.inputs(one) or form.lists)
    view, unit = _chosen(whole, form, period, asked, audience)
    return Preview(view, unit, period, regime, asked, periods)


def _chosen(
    whole: Catalogue, form: Form, period: Period, asked: tuple[Meeting, ...], audience: str
) -> tuple[View, Unit]:
    for meeting in sorted(asked, key=lambda one: (not one.units[0].kind.is_commune, -len(one.units))):
        for unit in meeting.units:
            if audience in ("", unit.code, "xa" if unit.kind.is_commune else "so"):
                return meeting.view, unit
    today = lasting(whole.units)
    province = next((unit for unit in today if unit.code == PROVINCE), None)
    if province is None or audience not in ("", WHOLE, "xa", "so"):
        raise Refusal("unknown-unit", unit=audience)
    known = Definitions.of(replace(whole, units=today))
    return View(form, period.shape, province_row_set(form, period.shape), known), province


def _period(code: str) -> Period:
    try:
        return parse(code)
    except BadPeriodCode:
        raise Refusal("unknown-period", period=code) from None


def _no_regime(whole: Catalogue, form: Form) -> Regime:
    """What stands for the regime of a form that none asks yet."""
    lead = next((unit.code for unit in whole.units), "")
    return Regime(form.code, form.title, "", Frequency.MONTH, "15-14", (), (form.code,), (), (), lead)


def trial(desk: Desk, shown: Preview, rules: tuple[Rule, ...]) -> Made:
    """The workbook of a preview, empty and marked as a trial: it carries no token, so it is never taken for real."""
    first, last = window(shown.period, shown.regime.calendar)
    made = trial_book(
        Order(
            context=Context(shown.view, shown.period, shown.regime.frequency, Background(), shown.unit),
            unit=shown.unit,
            regime=shown.regime,
            receivers=(),
            due=datetime.combine(last + timedelta(days=1), time(), HO_CHI_MINH),
            window=(first, last),
            token=TRIAL,
            rules=rules,
        )
    )
    downloads.record(desk, f"trial {made.form}", made.sha256)
    return made


# --- workbooks to design in ------------------------------------------------------------------------------------------


def blank_book(desk: Desk) -> bytes:
    """An empty definition workbook with everything one needs to fill it. Raises NotYours."""
    desk.require(Action.DESIGN_FORM)
    with desk.read() as connection:
        return form_book.form_book(definitions.catalogue_of(connection))


def book_of(desk: Desk, code: str, n: int | None = None) -> bytes:
    """A published version of a form (the newest unless told) as the workbook it is changed in. Raises NotYours."""
    desk.require(Action.DESIGN_FORM)
    with desk.read() as connection:
        known = definitions.catalogue_of(connection)
        version = published_form(desk, desk.snapshot(connection), code, n)
    rules = _rules(known, code)
    return form_book.form_book(known, version.form, rules)


def published_form(desk: Desk, snapshot: Snapshot, code: str, n: int | None = None) -> FormVersion:
    """A version of a form by its number, the newest published unless told; raises NotYours."""
    with desk.read() as connection:
        found = next((one for one in definitions.published(connection, code) if n in (None, one.n)), None)
        if found is None:
            raise NotYours
        return definitions.form_version(connection, snapshot, found.id)


def versions(desk: Desk) -> dict[str, list[Published]]:
    """Every published version by form, newest first. Raises NotYours."""
    desk.require(Action.SEE_CATALOGUE)
    grouped: dict[str, list[Published]] = {}
    with desk.read() as connection:
        for one in definitions.published(connection):
            grouped.setdefault(one.code, []).append(one)
    return grouped


def burden(desk: Desk) -> Burden:
    """What the catalogue in force asks of everybody in a year, worked out once for each catalogue. Raises NotYours."""
    desk.require(Action.DESIGN_FORM)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    key = (_BURDEN, desk.day)
    if key not in snapshot.memo:
        in_force = tuple(regime for regime in snapshot.catalogue.regimes if regime.holds_on(desk.day))
        snapshot.memo[key] = burdens.burden(replace(snapshot.catalogue, regimes=in_force))
    kept: Burden = snapshot.memo[key]
    return kept
