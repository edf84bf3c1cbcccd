"""The rule laboratory: a rule read, tried over what is stored, published from a date, and who may do which."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions import catalogues, decide, rule_lab, submit
from actions.cases import situation
from actions.console import open_desk
from actions.desk import Desk, NotYours
from actions.instance import Instance
from actions.rule_lab import CriesWolf, Draft, Mode, NotReady
from actions.rule_runs import Source, percent
from registry.catalogue.model import Catalogue, Rule, RuleLevel
from registry.findings import codes
from registry.periods import parse
from registry.store import audit, definitions
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import NOW, sit
from webui.wording import say

OCTOBER, NOVEMBER = parse("202610"), parse("202611")
TODAY = NOW.date()
CATTLE = "[NN14].(c06) > 0"  # every commune and ward keeps the row; a nil report breaks it


def draft(formula: str = CATTLE, code: str = "Z1", **texts: str) -> Draft:
    words = {"code": code, "formula": formula, "level": "cảnh báo", "message": "Không có đàn bò."}
    return Draft("KTXH-01", words | texts)


def changed(desk: Desk, code: str, **texts: str) -> Draft:
    known = rule_lab.opened(desk, "KTXH-01", code).draft
    return replace(known, texts={**known.texts, **texts})


def nil_from(instance: Instance, login: str) -> int:
    """A unit's form handed in as "không phát sinh"; the assignment's key."""
    clerk = sit(instance, login)
    assignment = province.work_of(clerk).assignment_id
    submit.nil(clerk, assignment)
    return assignment


def rules_of(desk: Desk, period: date, code: str) -> list[Rule]:
    with desk.read() as connection:
        return [rule for rule in desk.snapshot(connection).rules("KTXH-01", period) if rule.code == code]


# --- trying ----------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_draft_is_told_and_run_over_what_units_handed_in(instance: Instance) -> None:
    nil_from(instance, "easup")
    trial = rule_lab.try_rule(sit(instance, "vpub"), draft())
    assert trial.problems == ()
    assert trial.explanation == "“Đàn bò” (cột 6) phải lớn hơn 0; bỏ qua khi còn ô trống."
    assert trial.source is Source.SUBMISSIONS
    [run] = trial.periods
    assert (run.period, run.asked, run.units_hit, run.rate) == ("202610", 1, 1, 100)
    assert (run.hits[0].row, run.hits[0].column, run.hits[0].found, run.hits[0].expected) == ("NN14", "c06", "0", "> 0")
    assert trial.compared is None


@ON_SQLITE
def test_approved_figures_are_asked_in_the_warehouse(instance: Instance) -> None:
    assignment = nil_from(instance, "easup")
    decide.approve(sit(instance, "ld.easup"), assignment, 1)
    nil_from(instance, "bmt")
    trial = rule_lab.try_rule(sit(instance, "vpub"), draft())
    assert trial.source is Source.WAREHOUSE
    assert [(run.period, run.asked, run.units_hit) for run in trial.periods if run.asked] == [("202610", 1, 1)]


@ON_SQLITE
def test_a_changed_rule_is_compared_with_the_version_in_force(instance: Instance) -> None:
    nil_from(instance, "easup")
    office = sit(instance, "vpub")
    rule_lab.publish(office, draft(), Mode.SHADOW, TODAY)
    other = rule_lab.try_rule(office, changed(office, "Z1", formula="[NN13].(c06) > 0"))
    assert [hit.row for _, hit in other.newly] == ["NN13"]
    assert [hit.row for _, hit in other.no_longer] == ["NN14"]
    same = rule_lab.try_rule(office, changed(office, "Z1", message="Lời khác."))
    assert (same.newly, same.no_longer) == ((), ())
    assert same.periods[0].units_hit == 1


FAULTS = [
    ({"formula": "[NN14] >= (c06"}, "formula", "catalogue-formula-bad", 12),
    ({"formula": "[NN1x].(c06) > 0"}, "formula", "catalogue-formula-reference", 2),
    ({"formula": "[NN14] + 1"}, "formula", "catalogue-formula-kind", 1),
    ({"condition": "(c99) = 1"}, "condition", "catalogue-formula-reference", 2),
    ({"rows": "NN14; NN1x"}, "rows", "catalogue-reference-unknown", None),
    ({"passing": "[NN14].(c06)=0"}, "passing", "catalogue-rule-example", None),
    ({"message": " "}, "message", "catalogue-value-missing", None),
    ({"natures": "XX"}, "natures", "catalogue-value-bad", None),
    ({"code": "K08"}, "code", "catalogue-rule-known", None),
]


@ON_SQLITE
def test_every_fault_is_told_at_its_field_and_keeps_a_rule_from_being_published(instance: Instance) -> None:
    office = sit(instance, "vpub")
    for texts, field, code, position in FAULTS:
        trial = rule_lab.try_rule(office, draft(**texts))
        told = [(problem.field, problem.finding.code, problem.position) for problem in trial.problems]
        assert told == [(field, code, position)]
        assert trial.is_runnable is (field == "passing")
        assert not trial.is_publishable
    with pytest.raises(NotReady):
        rule_lab.publish(office, draft(passing="[NN14].(c06)=0"), Mode.SHADOW, TODAY)


@ON_SQLITE
def test_a_new_code_beside_known_ones_is_no_fault(instance: Instance) -> None:
    assert rule_lab.try_rule(sit(instance, "vpub"), draft(code="K8")).problems == ()


@ON_SQLITE
def test_somebody_of_one_unit_tries_a_rule_on_that_unit_alone(instance: Instance) -> None:
    for clerk, leader in (("easup", "ld.easup"), ("bmt", "ld.bmt")):
        decide.approve(sit(instance, leader), nil_from(instance, clerk), 1)
    own = rule_lab.try_rule(sit(instance, "qt.easup"), draft())
    assert own.source is Source.SUBMISSIONS
    assert [run.asked for run in own.periods] == [1]
    with sit(instance, "qt.easup").read() as connection:
        mine = sit(instance, "qt.easup").snapshot(connection).unit_ids[province.EASUP]
    assert {hit.unit_id for run in own.periods for hit in run.hits} == {mine}
    assert [run.asked for run in rule_lab.try_rule(sit(instance, "vpub"), draft()).periods if run.asked] == [2]


def test_a_share_of_nobody_is_nothing() -> None:
    assert (percent(0, 0), percent(1, 3)) == (0, percent(333, 1000))


# --- publishing ------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_period_is_judged_by_the_version_in_force_on_its_last_day(instance: Instance) -> None:
    office = sit(instance, "vpub")
    rule_lab.publish(office, changed(office, "K08", message="Lời mới."), Mode.WARNING, date(2026, 11, 1))
    later = sit(instance, "vpub", NOW + timedelta(days=60))
    for desk in (office, later):
        assert [rule.level for rule in rules_of(desk, OCTOBER.last, "K08")] == [RuleLevel.ERROR]
        assert [rule.message for rule in rules_of(desk, NOVEMBER.last, "K08")] == ["Lời mới."]
    clerk = sit(instance, "easup", NOW + timedelta(days=60))
    with clerk.read() as connection:
        judged = situation(connection, clerk.snapshot(connection), province.work_of(clerk)).rules
    assert [rule.level for rule in judged if rule.code == "K08"] == [RuleLevel.ERROR]


@ON_SQLITE
def test_a_rule_before_its_first_day_and_after_it_was_switched_off_judges_nothing(instance: Instance) -> None:
    office = sit(instance, "vpub")
    rule_lab.publish(office, draft(), Mode.WARNING, date(2026, 11, 1))
    rule_lab.publish(office, changed(office, "Z1"), Mode.OFF, date(2026, 12, 1))
    assert rules_of(office, OCTOBER.last, "Z1") == []
    assert [Mode.of(rule) for rule in rules_of(office, NOVEMBER.last, "Z1")] == [Mode.WARNING]
    [off] = rules_of(office, date(2026, 12, 31), "Z1")
    assert Mode.of(off) is Mode.OFF
    assert off.valid_to == date(2026, 11, 30)


@ON_SQLITE
def test_the_path_from_shadow_to_error_keeps_its_history_and_is_audited(instance: Instance) -> None:
    office = sit(instance, "vpub")
    steps = [(Mode.SHADOW, TODAY), (Mode.WARNING, date(2026, 11, 1)), (Mode.ERROR, date(2027, 1, 1))]
    for mode, day in steps:
        known = rule_lab.opened(office, "KTXH-01", "Z1").draft if mode is not Mode.SHADOW else draft()
        rule_lab.publish(office, known, mode, day)
    history = rule_lab.opened(office, "KTXH-01", "Z1").history
    assert [(one.n, Mode.of(one.rule), one.rule.valid_from, one.by) for one in history] == [
        (n, mode, day, "vpub") for n, (mode, day) in reversed([*enumerate(steps, 1)])
    ]
    with office.read() as connection:
        told = [one for one in audit.latest(connection, 20) if one.object == "rule KTXH-01 Z1"]
        assert audit.verify(connection)[1] is None
    assert [json.loads(one.detail)["mode"] for one in told] == ["error", "warning", "shadow"]


def test_clerks_never_meet_a_shadow_rule_but_the_office_sees_what_it_finds(instance: Instance) -> None:
    nil_from(instance, "easup")
    office, clerk = sit(instance, "vpub"), sit(instance, "easup")
    with clerk.read() as connection:
        before = situation(connection, clerk.snapshot(connection), province.work_of(clerk))
    rule_lab.publish(office, draft("[NN14].(c06) > KỲ_TRƯỚC([NN14].(c06)) * 0 + 1"), Mode.SHADOW, TODAY)
    rule_lab.publish(office, draft("[NN13].(c06) > 0", code="Z2"), Mode.SHADOW, TODAY)
    with clerk.read() as connection:
        after = situation(connection, clerk.snapshot(connection), province.work_of(clerk))
    assert (after.definition_sha, after.background_sha) == (before.definition_sha, before.background_sha)
    [run] = rule_lab.opened(office, "KTXH-01", "Z2").watched
    assert (run.period, run.asked, run.units_hit) == ("202610", 1, 1)
    lines = next(one.lines for one in rule_lab.listing(office) if one.form.code == "KTXH-01")
    line = next(one for one in lines if one.rule.code == "Z2")
    assert (line.mode, line.watched, line.run) == (Mode.SHADOW, (run,), run)


@ON_SQLITE
def test_the_list_is_reckoned_again_only_when_something_new_came_in(instance: Instance) -> None:
    nil_from(instance, "easup")
    office = sit(instance, "vpub")
    rule_lab.publish(office, draft(), Mode.SHADOW, TODAY)

    def asked() -> int:
        lines = next(one.lines for one in rule_lab.listing(office) if one.form.code == "KTXH-01")
        run = next(one.run for one in lines if one.rule.code == "Z1")
        return run.asked if run else 0

    assert asked() == 1
    assert rule_lab.listing(office) is rule_lab.listing(sit(instance, "vpub"))
    nil_from(instance, "bmt")
    assert asked() == 2


@ON_SQLITE
def test_a_rule_that_hits_too_many_is_felt_only_after_a_word(instance: Instance) -> None:
    nil_from(instance, "easup")
    office = sit(instance, "vpub")
    with pytest.raises(CriesWolf, match="100%"):
        rule_lab.publish(office, draft(), Mode.WARNING, TODAY)
    rule_lab.publish(office, draft(), Mode.NOTE, TODAY)
    rule = rule_lab.publish(office, changed(office, "Z1"), Mode.WARNING, TODAY, despite_rate=True)
    assert (rule.level, rule.shadow) == (RuleLevel.WARNING, False)


@ON_SQLITE
def test_what_was_judged_and_what_was_planned_cannot_be_published_over(instance: Instance) -> None:
    office = sit(instance, "vpub")
    with pytest.raises(NotReady, match="15/10/2026"):
        rule_lab.publish(office, draft(), Mode.SHADOW, TODAY - timedelta(days=1))
    rule_lab.publish(office, draft(), Mode.SHADOW, date(2026, 12, 1))
    with pytest.raises(NotReady, match="01/12/2026"):
        rule_lab.publish(office, changed(office, "Z1"), Mode.WARNING, date(2026, 11, 1))
    with pytest.raises(NotReady, match="giống hệt"):
        rule_lab.publish(office, changed(office, "Z1"), Mode.SHADOW, date(2026, 12, 1))
    for login in ("qt.easup", "ioc", "easup"):
        with pytest.raises(NotYours):
            rule_lab.publish(sit(instance, login), draft(code="Z3"), Mode.SHADOW, TODAY)


@ON_SQLITE
def test_loading_an_older_row_again_does_not_bring_it_back(instance: Instance) -> None:
    desk = open_desk(instance, None)
    with desk.read() as connection:
        old = next(rule for rule in definitions.catalogue_of(connection, ["rule"]).rules if rule.code == "K08")
    new = replace(old, level=RuleLevel.WARNING, valid_from=date(2027, 1, 1))
    newest = replace(new, level=RuleLevel.NOTE, valid_from=date(2028, 1, 1))
    assert [change.n for change in catalogues.put(desk, Catalogue(rules=(new, newest)))] == [2, 3]
    assert catalogues.put(desk, Catalogue(rules=(old, newest))) == ()
    assert rules_of(desk, date(2028, 1, 1), "K08") == [newest]


# --- pages -----------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_the_office_writes_tries_and_publishes_without_a_script(instance: Instance, signed_in: SignIn) -> None:
    nil_from(instance, "easup")
    office = signed_in("vpub")
    assert "Viết quy tắc mới" in office.get("/danh-muc/quy-tac").text
    assert "Quy tắc mới của biểu KTXH-01" in office.get("/danh-muc/quy-tac/KTXH-01").text
    tried = office.post("/danh-muc/quy-tac/KTXH-01", data=draft().texts)
    assert tried.status_code == 200
    assert "“Đàn bò” (cột 6) phải lớn hơn 0" in tried.text
    assert "Xã Ea Súp" in tried.text
    publish = {**draft().texts, "hinh_thuc": "warning", "tu_ngay": "2026-11-01"}
    asked = office.post("/danh-muc/quy-tac/KTXH-01/ban-hanh", data=publish)
    assert asked.status_code == 409
    assert 'name="xac_nhan"' in asked.text
    done = office.post("/danh-muc/quy-tac/KTXH-01/ban-hanh", data={**publish, "xac_nhan": "1"}, follow_redirects=True)
    assert "Đã ban hành quy tắc Z1: Cảnh báo, áp dụng từ ngày 01/11/2026." in done.text
    assert "Lịch sử quy tắc" in done.text
    assert "Z1" in office.get("/danh-muc/quy-tac").text


@ON_SQLITE
def test_a_fault_is_pointed_at_with_a_caret_below_its_character(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    answer = office.post("/danh-muc/quy-tac/KTXH-01", data={**draft().texts, "formula": "[NN14].(c06) > [NN1x].(c06)"})
    assert answer.status_code == 422
    found = re.search(r"<pre[^>]*>(.*)\n(.*)</pre>", answer.text)
    assert found
    assert found[2].index("▲") == found[1].replace("&gt;", ">").index("NN1x")
    assert "có phải là “NN" in answer.text


@ON_SQLITE
def test_a_bad_day_or_mode_is_answered_with_the_sheet_kept(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    for more in ({"tu_ngay": "hôm nay", "hinh_thuc": "shadow"}, {"tu_ngay": "2026-11-01", "hinh_thuc": "x"}):
        answer = office.post("/danh-muc/quy-tac/KTXH-01/ban-hanh", data={**draft().texts, **more})
        assert answer.status_code == 422
        assert "[NN14].(c06) &gt; 0" in answer.text


@ON_SQLITE
def test_who_may_only_look_finds_no_way_to_publish(signed_in: SignIn) -> None:
    for login in ("qt.easup", "ioc"):
        text = signed_in(login).get("/danh-muc/quy-tac/KTXH-01?ma=K08").text
        assert "Chạy thử" in text
        assert "/KTXH-01/ban-hanh" not in text
        assert "việc ban hành do Văn phòng UBND tỉnh thực hiện" in text


@ON_SQLITE
def test_a_form_or_rule_that_does_not_exist_is_not_there(signed_in: SignIn) -> None:
    office = signed_in("vpub")
    for path in ("/danh-muc/quy-tac/KTXH-99", "/danh-muc/quy-tac/KTXH-01?ma=K99"):
        assert office.get(path).status_code == 404


def test_the_page_has_words_of_its_own_only_for_findings_there_are() -> None:
    told = {key.removeprefix("lab.problem.") for key in say.sentences if key.startswith("lab.problem.")}
    assert told <= set(codes())
