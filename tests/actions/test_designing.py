"""Publishing a form: a new version from its day on, old periods keep theirs, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from actions import catalogues, designing, distribute, official, openings
from actions.cases import rules_of, situation
from actions.desk import Changed, Desk, NotYours, Refusal
from registry.catalogue.model import Catalogue, Form, RowKind, Rule, RuleLevel
from registry.findings import is_blocking, message
from registry.periods import parse
from registry.store import audit, definitions
from registry.store import openings as stored
from registry.workflow.policy import Action
from tests.actions.conftest import SAMPLE, As
from tests.ingest.plain_forms import dx, workbook
from tests.webui.conftest import ON_SQLITE
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.form_book import form_book

KTXH = next(form for form in SAMPLE.forms if form.code == "KTXH-01")
RULES = tuple(rule for rule in SAMPLE.rules if rule.form == KTXH.code)
EASUP = "24211"


def at(day: str) -> datetime:
    return datetime.strptime(f"{day} 09:00", "%d/%m/%Y %H:%M").replace(tzinfo=HO_CHI_MINH)


def renamed(label: str, valid_from: date) -> Form:
    rows = tuple(replace(row, label=label) if row.code == "NN15" else row for row in KTXH.rows)
    return replace(KTXH, rows=rows, valid_from=valid_from)


def publish(desk: Desk, form: Form, live: int = 1) -> catalogues.Loaded:
    return designing.publish(desk, "bieu.xlsx", form_book(SAMPLE, form, RULES), live)


def put(desk: Desk, form: Form, *rules: Rule) -> None:
    """What publishing comes to in the store, without the review."""
    catalogues.put(desk, Catalogue(forms=(form,), rules=rules))


def asked_label(desk: Desk, period: str) -> str:
    """What Ea Súp's workbook of a period calls row NN15."""
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = stored.work(connection, desk.scope(Action.SEE_BOARD), regime="KTXH", period_code=period)
        work = next(one for one in works if snapshot.units_by_id[one.unit_id].code == EASUP)
        view = situation(connection, snapshot, work).view
    return next(row.label for row in view.form.rows if row.code == "NN15")


@ON_SQLITE
def test_periods_keep_the_version_they_were_opened_with_and_later_ones_get_the_next(at_desk: As) -> None:
    before = at_desk("vpub", at("15/10/2026"))
    openings.open_period(before, "KTXH", "202610")
    loaded = publish(before, renamed("Đàn lợn (kể cả lợn con)", date(2026, 11, 1)))
    assert [(one.kind, one.code, one.n) for one in loaded.changes] == [("form", "KTXH-01", 2)]
    openings.open_period(at_desk("vpub", at("31/10/2026")), "KTXH", "202611")
    after = at_desk("vpub", at("01/11/2026"))
    openings.open_period(after, "KTXH", "202612")
    labels = {period: asked_label(after, period) for period in ("202610", "202611", "202612")}
    assert labels == {"202610": "Đàn lợn", "202611": "Đàn lợn", "202612": "Đàn lợn (kể cả lợn con)"}


@ON_SQLITE
def test_a_date_in_the_past_changes_no_open_period_and_every_later_one(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    openings.open_period(office, "KTXH", "202610")
    form = renamed("Đàn lợn thịt", date(2026, 9, 1))
    seen = designing.review_form(office, "bieu.xlsx", form_book(SAMPLE, form, RULES))
    (one,) = seen.forms
    assert one.starts_at_once
    assert [(each.opening.period, each.units) for each in one.pinned] == [("202610", 118)]
    publish(office, form)
    openings.open_period(office, "KTXH", "202611")
    assert [asked_label(office, period) for period in ("202610", "202611")] == ["Đàn lợn", "Đàn lợn thịt"]


def test_every_version_stays_with_its_date_and_who_published_it(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    put(office, renamed("Hai", date(2026, 11, 1)))
    put(office, renamed("Ba", date(2026, 12, 1)))
    listed = designing.versions(office)["KTXH-01"]
    assert [(one.n, one.valid_from, one.by) for one in listed] == [
        (3, date(2026, 12, 1), "vpub"),
        (2, date(2026, 11, 1), "vpub"),
        (1, KTXH.valid_from, "operator"),
    ]
    with office.read() as connection:
        days = (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 1))
        numbers = [definitions.snapshot(connection, day).form_versions["KTXH-01"].n for day in days]
        snapshot = office.snapshot(connection)
    assert numbers == [1, 2, 3]
    assert designing.published_form(office, snapshot, "KTXH-01", 1).form == KTXH


@ON_SQLITE
def test_the_live_form_taken_out_and_sent_back_is_no_new_version(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    put(office, renamed("Hai", date(2026, 11, 1)))
    again = designing.book_of(office, "KTXH-01")
    seen = designing.review_form(office, "x.xlsx", again)
    assert (seen.findings, [one.is_changed for one in seen.forms]) == ((), [False])
    assert designing.publish(office, "x.xlsx", again, 2).changes == ()


@ON_SQLITE
def test_a_draft_compared_with_another_version_than_the_newest_is_not_published(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    put(office, renamed("Hai", date(2026, 11, 1)))
    with pytest.raises(Changed):
        publish(office, renamed("Ba", date(2026, 11, 1)), live=1)


@ON_SQLITE
def test_a_draft_that_would_never_hold_is_refused_and_publishes_nothing(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    put(office, renamed("Hai", date(2026, 11, 1)))
    refused = publish(office, renamed("Ba", date(2026, 10, 1)), live=2)
    assert is_blocking(refused.findings)
    assert refused.changes == ()
    assert [one.n for one in designing.versions(office)["KTXH-01"]] == [2, 1]


def test_a_rule_on_a_new_row_leaves_open_periods_of_the_old_form_judged_as_before(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    openings.open_period(office, "KTXH", "202610")
    pig = next(row for row in KTXH.rows if row.code == "NN15")
    extra = replace(pig, code="NN15A", number="10.1", label="– Lợn nái", indicator="NN15A", kind=RowKind.DATA, indent=1)
    indicator = replace(
        next(one for one in SAMPLE.indicators if one.code == "NN15"), code="NN15A", name="Đàn lợn nái", concept=""
    )
    catalogues.put(office, Catalogue(indicators=(indicator,)))
    at_row = KTXH.rows.index(pig) + 1
    form = replace(KTXH, rows=(*KTXH.rows[:at_row], extra, *KTXH.rows[at_row:]), valid_from=date(2026, 11, 1))
    rule = Rule("K99", "KTXH-01", "[NN15A] <= [NN15]", RuleLevel.ERROR, "Lợn nái nhiều hơn đàn lợn.")
    put(office, form, rule)
    made = next(distribute.workbooks(office, "KTXH", "202610", [EASUP]).made)
    assert made.form == "KTXH-01"
    with office.read() as connection:
        snapshot = office.snapshot(connection)
        old, new = (designing.published_form(office, snapshot, "KTXH-01", n) for n in (1, 2))
    period = parse("202610")
    before, after = ({one.code for one in rules_of(snapshot, version, period)} for version in (old, new))
    assert after - before == {"K99"}


def test_units_by_kind_are_counted_for_each_regime(at_desk: As) -> None:
    seen = designing.review_form(at_desk("vpub"), "x.xlsx", form_book(SAMPLE, KTXH, RULES))
    (affected,) = seen.forms[0].affected
    assert affected.regime is not None
    kinds = {kind.value: count for kind, count in affected.kinds.items()}
    assert (affected.regime.code, kinds["xã"], kinds["phường"]) == ("KTXH", 88, 14)
    assert affected.units == 118


@ON_SQLITE
def test_who_may_not_design_sees_nothing(at_desk: As) -> None:
    clerk = at_desk("easup")
    for step in (designing.blank_book, designing.burden, lambda desk: designing.book_of(desk, "KTXH-01")):
        with pytest.raises(NotYours):
            step(clerk)
    with pytest.raises(NotYours):
        publish(at_desk("qt.easup"), renamed("Hai", date(2026, 11, 1)))


def entries(desk: Desk, on: str) -> list[str]:
    """The audit details of what was done about ``on``."""
    with desk.read() as connection:
        return [str(one.detail) for one in audit.latest(connection, 50) if one.object == on]


@ON_SQLITE
def test_a_kept_draft_is_in_the_audit_log_and_drafts_have_a_pace(at_desk: As) -> None:
    admin = at_desk("qt.easup")
    sha = designing.keep_draft(admin, BytesIO(b"a draft"))
    assert [sha in text for text in entries(at_desk("vpub"), "draft")] == [True]
    for n in range(1, admin.instance.settings.uploads_a_minute):
        designing.keep_draft(admin, BytesIO(b"%d" % n))
    with pytest.raises(Refusal, match="một phút"):
        designing.keep_draft(admin, BytesIO(b"one more"))


@ON_SQLITE
def test_a_kept_proposal_is_in_the_audit_log_and_a_lost_one_is_not_there(at_desk: As) -> None:
    office = at_desk("vpub")
    proposed = official.propose(office, "bieu.xlsx", workbook(dx()))
    sha = official.keep(office, proposed)
    assert official.bundle(office, sha) == proposed.bundle()
    assert [sha in text for text in entries(office, "proposal")] == [True]
    with pytest.raises(NotYours):
        official.bundle(office, "0" * 64)
    with pytest.raises(Refusal, match="MB"):
        official.propose(office, "bieu.xlsx", b"x" * (office.instance.settings.upload_limit + 1))


@ON_SQLITE
def test_a_definition_larger_than_any_form_is_refused_before_it_is_parsed(at_desk: As) -> None:
    book = Workbook()
    for _ in range(1_000):
        book.active.append([1] * 120)
    target = BytesIO()
    book.save(target)
    seen = designing.review_form(at_desk("qt.easup"), "x.xlsx", target.getvalue())
    assert [one.code for one in seen.findings] == ["guard-too-many-tags"]


@ON_SQLITE
def test_the_same_draft_under_another_name_or_on_another_day_is_looked_at_anew(at_desk: As) -> None:
    office = at_desk("vpub", at("15/10/2026"))
    data = form_book(SAMPLE, renamed("Hai", date(2026, 11, 1)), RULES)
    (before,) = designing.review_form(office, "x.xlsx", data).forms
    (after,) = designing.review_form(at_desk("vpub", at("01/11/2026")), "x.xlsx", data).forms
    assert (before.starts_at_once, after.starts_at_once) == (False, True)
    for name in ("một.xlsx", "hai.xlsx"):
        (found,) = designing.review_form(office, name, b"no workbook").findings
        assert name in message(found)
