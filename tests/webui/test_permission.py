"""Every route, every role, one's own unit and another's: what is not yours is not there."""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from actions import account_imports, checkpoints, dashboards, destroy, feedback, pleas, reopening, trainings, trials
from actions.instance import Instance
from actions.letters import keep
from registry.catalogue.model import Role
from registry.catalogue.new_accounts import NewAccount
from registry.store import accounts, behalf, letters, openings, uploads
from registry.store import feedback as stored_feedback
from registry.store import trainings as practised
from registry.store import trials as lying
from registry.workflow.accounts import RequestKind, RequestState, RequestStep
from registry.workflow.feedback import About, FeedbackKind
from registry.workflow.policy import EVERYWHERE, Action, scope
from tests.webui import asking, rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn, app_of, sign_in
from tests.webui.small_province import NOW, PEOPLE, Things, sit
from webui import tickets
from webui.pages import designer
from webui.permission import UnmarkedPage, action_of, page
from workbook_templates.account_book import account_book
from workbook_templates.definition_book import write_acts
from workbook_templates.form_book import form_book

LATER = NOW + timedelta(days=9)
PERIOD = {"regime": "KTXH", "period": "202610"}
DECEMBER = {"regime": "KTXH", "period": "202612"}  # not open yet
REQUEST = {"regime": "DX-2026-001", "period": "2026DX001"}  # asked by Ea Súp of its own office
# What these examples name is not there, whoever asks.
DEAD = {"due_calendar.feed", "links.one", "links.set_password", "account.end_session", "account_rules.enable"}
DEAD |= {
    "waivers.withdraw",
    "outages.decide",
    "draft_asks.look",
    "draft_asks.ask",
    "draft_asks.rule",
    "draft_asks.asked",
    "draft_asks.answer",
    "petitions.ask",
    "petitions.settle",
    "draft_files.take_away",
    "draft_files.look",
    "draft_files.apply",
    "draft_files.fetch",
    "drafting.begin",
    "drafting.one",
    "drafting.name_people",
    "drafting.step",
    "drafting.heading",
    "drafting.write",
    "drafting.versions",
    "drafting.gathered_texts",
    "proposals.one",
    "proposals.withdraw",
    "proposals.decide",
    "proposals.apply",
    "trainings.end",
    "feedback.one",
    "feedback.step",
    "feedback.file",
}  # each sees what he wrote himself
DEAD |= {
    "reports.paper",
    "report_files.take",
    "own_reports.pdf",
    "report_files.official_copy",
}  # no report came back signed, or was printed
DEAD |= {"tracing.figure"}  # the report was made of nothing
NOT_OURS = {"static", "bootstrap.static"}
Example = Callable[[Things, int], dict[str, object]]


def _of_period(things: Things, report: int) -> dict[str, object]:
    return dict(PERIOD)


def _of_request(things: Things, report: int) -> dict[str, object]:
    return dict(REQUEST)


def _of_answer(things: Things, report: int) -> dict[str, object]:
    return REQUEST | {"reception_id": things.request_reception}


def _of_asked(things: Things, report: int) -> dict[str, object]:
    return {"assignment_id": things.request_assignment}


def _of_assignment(things: Things, report: int) -> dict[str, object]:
    return {"assignment_id": things.assignment_id}


def _of_upload(things: Things, report: int) -> dict[str, object]:
    return {"number": things.upload}


def _of_receipt(things: Things, report: int) -> dict[str, object]:
    return {"number": things.receipt}


def _of_divided(things: Things, report: int) -> dict[str, object]:
    return {"unit_id": things.unit_id, "form": "KTXH-01"}


def _of_report(things: Things, report: int) -> dict[str, object]:
    return {"opening_id": things.opening_id, "unit_id": things.unit_id}


def _of_own_version(things: Things, report: int) -> dict[str, object]:
    return {"version_id": things.own_version}


def _of_package(things: Things, report: int) -> dict[str, object]:
    return {"version_id": things.own_version, "package": "ho-so"}


def _of_nothing(things: Things, report: int) -> dict[str, object]:
    return {"proposal_id": 9999}


def _of_review(things: Things, report: int) -> dict[str, object]:
    return PERIOD | {"unit_id": things.unit_id, "form": "KTXH-01"}


def _of_rule(things: Things, report: int) -> dict[str, object]:
    return {"form": "KTXH-01", "ma": "K01a"}


def _of_proposal(things: Things, report: int) -> dict[str, object]:
    return {"token": "x"}


def _of_unit(things: Things, report: int) -> dict[str, object]:
    return {"unit_id": things.unit_id}


def _nothing(things: Things, report: int) -> dict[str, object]:
    return {}


def _of_form(things: Things, report: int) -> dict[str, object]:
    return {"code": "KTXH-01"}


def _of_draft(things: Things, report: int) -> dict[str, object]:
    return {"ticket": designer.ticket(hashlib.sha256(a_draft()).hexdigest(), "bieu.xlsx")}


def _of_reorganisation(things: Things, report: int) -> dict[str, object]:
    return {"ticket": tickets.sign("reorganisation", hashlib.sha256(write_acts(())).hexdigest(), "x.xlsx")}


def _of_proposed_account(things: Things, report: int) -> dict[str, object]:
    return {"request_id": things.account_request}


def _of_written_draft(things: Things, report: int) -> dict[str, object]:
    return {"draft_id": 9999}


def _of_draft_copy(things: Things, report: int) -> dict[str, object]:
    return {"draft_id": 9999, "copy_id": 1}


def _of_draft_heading(things: Things, report: int) -> dict[str, object]:
    return {"draft_id": 9999, "n": 2}


def _of_plea(things: Things, report: int) -> dict[str, object]:
    return {"plea_id": things.plea}


def _of_practice(things: Things, report: int) -> dict[str, object]:
    return {"practice_id": things.practice}


def _of_feedback(things: Things, report: int) -> dict[str, object]:
    return {"feedback_id": things.feedback}


def _of_dashboard(things: Things, report: int) -> dict[str, object]:
    return {"key": things.dashboard}


def _of_account_list(things: Things, report: int) -> dict[str, object]:
    return {"ticket": tickets.sign("account import", hashlib.sha256(a_list()).hexdigest(), "tai-khoan.xlsx")}


@cache
def a_list() -> bytes:
    """A workbook of accounts that could be made."""
    return account_book(province.small_catalogue().units, [NewAccount("An", province.EASUP, (Role.CLERK,))])


@cache
def a_draft() -> bytes:
    """A form's workbook that could be published."""
    form = next(one for one in province.small_catalogue().forms if one.code == "KTXH-01")
    return form_book(province.small_catalogue(), replace(form, title="BIỂU MỚI"))


RENAMED = {"don_vi": "24211", "ten": "Xã Mới", "tu_ngay": "2027-01-01", "van_ban": "NQ 1"}
# endpoint: (its address, what is posted, whether it is about one unit)
EXAMPLES: dict[str, tuple[Example, dict[str, str], bool]] = {
    "demo.put_away": (_nothing, {"vai-tro": "clerk"}, False),
    "languages.choose": (_nothing, {"ngon-ngu": "en"}, False),
    "components.every": (_nothing, {}, False),
    "guides.home": (_nothing, {}, False),
    "guides.fast": (lambda things, report: {"name": "lanh-dao"}, {}, False),
    "guides.glossary": (_nothing, {}, False),
    "guides.findings": (_nothing, {}, False),
    "guides.finding": (lambda things, report: {"code": "rule-K08"}, {}, False),
    "guides.picture": (lambda things, report: {"name": "work"}, {}, False),
    "guides.one": (lambda things, report: {"name": "van-phong"}, {}, False),
    "account.sign_in": (_nothing, {}, False),
    "account.enter": (_nothing, {"login": "x", "password": "y"}, False),
    "account.own": (_nothing, {}, False),
    "account.change_password": (_nothing, {"old": "x", "new": "y", "again": "y"}, False),
    "account.end_session": (lambda things, report: {"mark": "0123456789abcdef"}, {}, False),
    "account.end_other_sessions": (_nothing, {}, False),
    "account.alive": (_nothing, {}, False),
    "account_rules.look": (_nothing, {}, False),
    "account_rules.change": (_nothing, {"history": "9"}, False),
    "account_rules.enable": (lambda things, report: {"person_id": 1}, {}, False),
    "account_rules.drop_factor": (_nothing, {"login": "easup"}, False),
    "factor.ask": (_nothing, {}, False),
    "factor.answer": (_nothing, {"code": "123456"}, False),
    "factor.own": (_nothing, {}, False),
    "factor.confirm": (_nothing, {"code": "123456", "password": "x"}, False),
    "factor.renew_codes": (_nothing, {"password": "x"}, False),
    "factor.drop": (_nothing, {"password": "x"}, False),
    "links.ask": (_nothing, {}, False),
    "links.one": (lambda things, report: {"token": "abcd-efgh"}, {}, False),
    "links.set_password": (lambda things, report: {"token": "abcd-efgh"}, {"new": "x", "again": "x"}, False),
    "health.healthz": (_nothing, {}, False),
    "health.readyz": (_nothing, {}, False),
    "icons.icons": (_nothing, {}, False),
    "work.home": (_nothing, {}, False),
    "templates.workbook": (_of_assignment, {}, True),
    "templates.listing": (_of_period, {}, False),
    "templates.prepare": (_of_period, {}, False),
    "templates.mail": (_of_period, {}, False),
    "templates.progress": (_of_period, {}, False),
    "templates.outline": (_of_report, {}, True),
    "templates.workbooks": (_of_period, {}, False),
    "templates.due": (_nothing, {}, False),
    "holding.look": (_nothing, {}, False),
    "holding.send": (_nothing, {}, False),
    "uploads.take": (_nothing, {"don_vi": "{unit_id}"}, True),
    "uploads.verdict": (_of_upload, {}, True),
    "uploads.progress": (_of_upload, {}, True),
    "uploads.original": (_of_upload, {}, True),
    "returned.marked": (_of_upload, {}, True),
    "returned.tidied": (_of_upload, {}, True),
    "uploads.judge_again": (_of_upload, {}, True),
    "uploads.put_forward": (_of_upload, {}, True),
    "uploads.send_as": (_of_upload, {"viec": "1"}, True),
    "corrections.choose": (_of_upload, {}, True),
    "corrections.keep": (_of_upload, {"o:NN14:c06": "1"}, True),
    "submissions.one": (_of_assignment, {}, True),
    "submissions.nil": (_of_assignment, {}, True),
    "submissions.withdraw": (_of_assignment, {}, True),
    "submissions.approve": (_of_assignment, {"version": "1"}, True),
    "submissions.send_back": (_of_assignment, {"version": "1", "reason": "sai"}, True),
    "submissions.take_back": (_of_assignment, {"version": "1", "reason": "sai"}, True),
    "amending.begin": (_of_assignment, {"document": "1/CV", "reason": "sai"}, False),
    "amending.listing": (_of_period, {}, False),
    "reopening.ask": (_of_assignment, {"reason": "sai"}, True),
    "reopening.listing": (_nothing, {}, False),
    "reopening.answer": (lambda things, report: {"request_id": things.reopening}, {"reason": "không"}, False),
    "submissions.reopen": (_of_assignment, {"reason": "sai"}, True),
    "many.listing": (_nothing, {}, False),
    "many.submit_all": (_nothing, {"tep": "1"}, False),
    "comparing.look": (_of_assignment, {}, True),
    "sources.one": (lambda things, report: {"version_id": things.version}, {}, True),
    "tracing.report": (lambda things, report: {"version_id": report}, {}, False),
    "releasing.look": (lambda things, report: {"version_id": report}, {}, False),
    "releasing.sign": (lambda things, report: {"version_id": report}, {"seen": "x"}, False),
    "tracing.figure": (lambda things, report: {"version_id": report, "bieu": "KTXH-01", "o": "NN01.c06"}, {}, False),
    "approving.listing": (_nothing, {}, False),
    "approving.approve": (_nothing, {"viec": "1:1"}, False),
    "remarks.choose": (_of_assignment, {}, True),
    "remarks.keep": (_of_assignment, {"version": "1", "o": "NN14:c06", "o:NN14:c06": "sai", "do": "remark"}, True),
    "parts.look": (_of_assignment, {}, True),
    "parts.book": (_of_assignment, {}, True),
    "parts.assemble": (_of_assignment, {}, True),
    "parts.confirm": (_of_upload, {}, True),
    "collecting.look": (_of_assignment, {}, True),
    "collecting.keep": (_of_assignment, {"chi_tieu": "NN14:c06", "noi": "Buôn A"}, True),
    "collecting.of_answerer": (lambda things, report: _of_assignment(things, 0) | _of_unit(things, 0), {}, True),
    "dividing.listing": (_nothing, {}, False),
    "dividing.one": (_of_divided, {}, True),
    "dividing.put": (_of_divided, {"tu_ngay": "2026-11-01", "m:MV": "0"}, True),
    "dividing.name": (_of_divided, {}, True),
    "dividing.let_clerks": (_of_unit, {"cho_phep": "1"}, True),
    "receipts.one": (_of_receipt, {}, True),
    "receipts.picture": (_of_receipt, {}, True),
    "reports.one": (_of_report, {}, True),
    "reports.forward": (_of_report, {}, True),
    "reports.decide": (_of_report, {"lock": "9"}, True),
    "reports.record_paper": (_of_report, {"number": "1/BC", "dated": "2026-10-15", "capacity": "1"}, True),
    "reports.paper": (lambda things, report: _of_report(things, report) | {"paper_id": 0}, {}, True),
    "reports.attach": (_of_report, {"thuyet_minh": "document"}, True),
    "reports.narrative": (_of_report, {}, True),
    "reports.conversion": (_of_report, {}, True),
    "reports.in_unicode": (_of_report, {}, True),
    "reports.send": (_of_report, {}, True),
    "own_reports.document": (_of_report, {}, True),
    "own_reports.make_pdf": (_of_report, {}, True),
    "own_reports.progress": (_of_report, {}, True),
    "own_reports.pdf": (_of_report, {}, True),
    "report_files.look": (_of_own_version, {}, True),
    "report_files.package_progress": (_of_package, {}, True),
    "report_files.make_package": (_of_package, {}, True),
    "report_files.take_package": (_of_package, {}, True),
    "report_files.record_paper": (lambda things, report: {"version_id": report}, {"number": "1/BC"}, False),
    "report_files.official_copy": (
        lambda things, report: _of_own_version(things, report) | {"paper_id": 0},
        {},
        True,
    ),
    "unit_exports.look": (_of_unit, {}, True),
    "unit_exports.make": (_of_unit, {}, True),
    "unit_exports.progress": (_of_unit, {}, True),
    "unit_exports.take": (_of_unit, {}, True),
    "report_files.pdf_progress": (_of_own_version, {}, True),
    "report_files.make_pdf": (_of_own_version, {}, True),
    "report_files.take": (lambda things, report: _of_own_version(things, report) | {"kind": "pdf"}, {}, True),
    "periods.listing": (_nothing, {}, False),
    "periods.open_one": (_nothing, {"regime": "KTXH", "period": "202611"}, False),
    "instants.extend": (_of_period, {"due": "2026-10-20T17:00", "reason": "mưa lũ"}, False),
    "instants.reception": (_of_period, {"open": "1", "reason": "gửi bổ sung"}, False),
    "pleas.look": (_of_report, {}, True),
    "pleas.ask": (_of_report, {"reason": "mưa lũ", "wanted": "2026-10-30T17:00"}, True),
    "outages.listing": (_nothing, {}, False),
    "outages.enter": (_nothing, {"began": "2026-10-14T08:00", "ended": "2026-10-14T09:00", "cause": "x"}, False),
    "outages.decide": (lambda things, report: {"outage_id": 999999}, {"cause": "x"}, False),
    "pleas.queue": (_nothing, {}, False),
    "pleas.one": (_of_plea, {}, True),
    "pleas.decide": (_of_plea, {"do": "agree"}, True),
    "pleas.withdraw": (_of_plea, {}, True),
    "instants.look": (_of_period, {}, False),
    "instants.move": (_of_period, {"do": "period-close"}, False),
    "instants.set_year": (_of_period, {"do": "unlock", "document": "1/CV"}, False),
    "periods.take": (lambda things, report: PERIOD | {"reception_id": things.reception_id}, {"do": "receive"}, False),
    "periods.take_all": (_of_period, {}, False),
    "compiling.look": (_of_period, {}, False),
    "compiling.make": (_of_period, {}, False),
    "compiling.progress": (_of_period, {}, False),
    "compiling.freeze": (_of_period, {"ten": "Họp UBND tỉnh"}, False),
    "board.board": (_of_period, {}, False),
    "board.live": (_of_period, {}, False),
    "proposals.listing": (_nothing, {}, False),
    "proposals.propose": (_nothing, {"loai": "name", "don_vi": "{unit_id}"}, False),
    "proposals.one": (_of_nothing, {}, False),
    "proposals.withdraw": (_of_nothing, {"version": "1"}, False),
    "proposals.decide": (_of_nothing, {"version": "1", "do": "accept"}, False),
    "proposals.apply": (
        _of_nothing,
        {"version": "1", "so": "1", "ngay": "2026-10-14", "tu_ngay": "2026-11-01"},
        False,
    ),
    "draft_files.take_away": (_of_written_draft, {}, False),
    "draft_files.send_back": (_of_written_draft, {}, False),
    "draft_files.look": (_of_draft_copy, {}, False),
    "draft_files.apply": (_of_draft_copy, {}, False),
    "draft_files.fetch": (_of_draft_copy, {}, False),
    "draft_asks.look": (_of_written_draft, {}, False),
    "draft_asks.ask": (_of_written_draft, {"han": "2026-10-20T17:00"}, False),
    "draft_asks.rule": (lambda things, report: {"draft_id": 9999, "opinion_id": 1}, {"do": "accept"}, False),
    "draft_asks.asked": (lambda things, report: {"ask_id": 9999}, {}, False),
    "draft_asks.answer": (lambda things, report: {"ask_id": 9999}, {"muc-0": "x"}, False),
    "petitions.listing": (_nothing, {}, False),
    "petitions.one": (lambda things, report: {"petition_id": 9999}, {}, False),
    "petitions.ask": (_nothing, {"bao_cao": "9999 1"}, False),
    "petitions.settle": (lambda things, report: {"petition_id": 9999}, {"do": "done", "loi": "x"}, False),
    "drafting.listing": (_nothing, {}, False),
    "drafting.begin": (_nothing, {"ky": "1 {unit_id}"}, False),
    "drafting.one": (_of_written_draft, {}, False),
    "drafting.name_people": (_of_written_draft, {}, False),
    "drafting.step": (_of_written_draft, {"do": "comment", "loi": "sai"}, False),
    "drafting.heading": (_of_draft_heading, {}, False),
    "drafting.write": (_of_draft_heading, {"noi_dung": "x"}, False),
    "drafting.versions": (_of_draft_heading, {}, False),
    "drafting.gathered_texts": (_of_written_draft, {}, False),
    "changed.listing": (_nothing, {}, False),
    "waivers.register": (_nothing, {}, False),
    "waivers.grant": (_nothing, {"ma": "K08"}, False),
    "waivers.withdraw": (lambda things, report: {"waiver_id": 9999}, {}, False),
    "reviewing.listing": (_nothing, {}, False),
    "reviewing.sheet": (_of_review, {}, True),
    "reviewing.totals": (_of_review, {}, True),
    "reviewing.decide": (_of_review, {}, True),
    "chasing.listing": (_of_period, {}, False),
    "chasing.take": (lambda things, report: PERIOD | {"paper": "xlsx"}, {}, False),
    "chasing.remind": (_of_period, {}, False),
    "history.look": (_nothing, {}, False),
    "history.take": (_nothing, {}, False),
    "usage.look": (_nothing, {}, False),
    "usage.take": (lambda things, report: {"period": "202610", "paper": "xlsx"}, {}, False),
    "board.label": (_of_period, {"unit": "{unit_id}", "label": "đã gọi"}, False),
    "behalf.listing": (_nothing, {}, False),
    "behalf.waiting": (_nothing, {}, False),
    "behalf.one": (_of_asked, {}, False),
    "behalf.lay_down": (_of_asked, {"number": "1/CV"}, False),
    "behalf.take": (_of_asked, {}, False),
    "behalf.document": (lambda things, report: _of_assignment(things, report) | {"key": things.behalf}, {}, True),
    "previews.choose": (_nothing, {}, False),
    "previews.look": (lambda things, report: {"regime": "KTXH", "period": "202611"}, {}, False),
    "previews.trial": (
        lambda things, report: DECEMBER | {"unit": "24211", "form": "KTXH-01"},
        {},
        False,
    ),
    "previews.send": (lambda things, report: DECEMBER, {"trial": "22015 KTXH-01"}, False),
    "previews.lying": (lambda things, report: {"trial_id": things.trial}, {}, True),
    "previews.remark": (lambda things, report: {"trial_id": things.trial}, {"text": "Rõ"}, True),
    "previews.withdraw": (lambda things, report: DECEMBER | {"trial_id": things.trial}, {}, False),
    "copies.copy": (lambda things, report: {"regime": "KSTT"}, {}, False),
    "copies.save": (lambda things, report: {"regime": "KSTT"}, {"code": "KSTT-2027", "year": "2027"}, False),
    "entry.fill": (_of_assignment, {}, True),
    "entry.keep": (_of_assignment, {"o:NN14:c06": "1"}, True),
    "attainments.look": (_of_period, {}, False),
    "attainments.export": (_of_period, {}, False),
    "asking.blank": (_nothing, {}, False),
    "asking.take": (_nothing, {"asker": "24211", "do": "more"}, False),
    "answers.listing": (_nothing, {}, False),
    "answers.board": (_of_request, {}, False),
    "answers.once_more": (_of_request, {"due": "2026-10-20T07:00"}, False),
    "answers.plan_rounds": (
        _of_request,
        {"first": "2026-10-19T07:00", "due": "2026-10-19T16:00", "every": "7", "until": "2026-11-02"},
        False,
    ),
    "answers.cancel_round": (lambda things, report: REQUEST | {"round_id": 1}, {}, False),
    "answers.extend": (_of_request, {"due": "2026-10-20T17:00", "reason": "mưa lũ"}, False),
    "answers.reception": (_of_request, {"open": "1"}, False),
    "answers.take": (_of_answer, {"do": "receive"}, False),
    "answers.compile_now": (_of_request, {}, False),
    "answers.compile_progress": (_of_request, {}, False),
    "letters.fetch": (lambda things, report: {"regime": "KTXH"}, {}, False),
    "letters.attach": (_of_request, {"van_ban": "letter"}, False),
    "catalogue.overview": (_nothing, {}, False),
    "catalogue.export": (_nothing, {}, False),
    "catalogue.load": (_nothing, {}, False),
    "plausibility.listing": (_nothing, {}, False),
    "plausibility.renew": (_nothing, {}, False),
    "rule_lab.listing": (_nothing, {}, False),
    "rule_lab.one": (_of_rule, {}, False),
    "rule_lab.try_it": (_of_rule, {"formula": "[NN02] <= [NN01]"}, False),
    "rule_lab.publish": (_of_rule, {"hinh_thuc": "shadow", "tu_ngay": "2026-12-01"}, False),
    "designer.forms": (_nothing, {}, False),
    "designer.blank": (_nothing, {}, False),
    "designer.published": (_of_form, {}, False),
    "designer.to_edit": (_of_form, {}, False),
    "designer.upload": (_nothing, {"tep": "draft"}, False),
    "designer.draft": (_of_draft, {}, False),
    "designer.trial": (_of_draft, {}, False),
    "designer.publish": (_of_draft, {"live": "1"}, False),
    "designer.burden": (_nothing, {}, False),
    "official.ask": (_nothing, {}, False),
    "official.read": (_nothing, {}, False),
    "official.bundle": (_of_proposal, {}, False),
    "units.tree": (_nothing, {}, False),
    "units.one": (lambda things, report: {"unit_id": things.unit_id}, {}, False),
    "unit_groups.listing": (_nothing, {}, False),
    "unit_groups.put": (_nothing, {"bo": "phia", "tu_ngay": "2027-01-01", "van_ban": "QĐ 1"}, False),
    "unit_totals.look": (_nothing, {}, False),
    "dashboards.listing": (_nothing, {}, False),
    "dashboards.look": (_of_dashboard, {}, True),
    "dashboards.panel": (lambda things, report: {"key": things.dashboard, "place": 0}, {}, True),
    "dashboards.take": (lambda things, report: {"key": things.dashboard, "place": 0, "form": "csv"}, {}, True),
    "dashboards.explore": (lambda things, report: {"ma": "NN13"}, {}, False),
    "dashboards.take_explored": (lambda things, report: {"ma": "NN13", "place": 0, "form": "csv"}, {}, False),
    "dashboards.make": (_nothing, {"don_vi": "{unit_id}", "ten": "Bảng mới"}, True),
    "dashboards.edit": (_of_dashboard, {}, True),
    "dashboards.change": (_of_dashboard, {"do": "rename", "ten": "Tên khác", "version": "1"}, True),
    "reorganising.form": (lambda things, report: {"viec": "doi-ten"}, {}, False),
    "reorganising.take": (lambda things, report: {"viec": "doi-ten"}, RENAMED, False),
    "reorganising.workbook": (_nothing, {}, False),
    "reorganising.template": (_nothing, {}, False),
    "reorganising.look": (_nothing, {}, False),
    "reorganising.apply": (_of_reorganisation, {}, False),
    "reorganising.decide": (_nothing, {"do": "move"}, False),
    "reorganising.cancel": (_nothing, {}, False),
    "account.act_in": (_nothing, {"unit": ""}, False),
    "staff.choose": (_nothing, {}, False),
    "staff.delegate_roles": (_nothing, {"role": "clerk"}, False),
    "staff.one": (_of_unit, {}, True),
    "staff.give": (_of_unit, {"person": "{leaver}", "role": "clerk"}, True),
    "staff.revoke": (lambda things, report: _of_unit(things, report) | {"grant_id": 999}, {}, True),
    "staff.own_approval": (_of_unit, {"allowed": "1"}, True),
    "capacities.one": (_of_unit, {}, True),
    "capacities.record": (_of_unit, {"standing": "x"}, True),
    "capacities.end": (lambda things, report: _of_unit(things, report) | {"capacity_id": things.capacity}, {}, True),
    "lending.own": (lambda things, report: {"unit": things.unit_id}, {}, True),
    "lending.lend": (_nothing, {"unit": "{unit_id}"}, True),
    "lending.revoke": (lambda things, report: {"delegation_id": things.delegation}, {}, True),
    "handing_over.look": (lambda things, report: _of_unit(things, report) | {"person_id": things.leaver}, {}, True),
    "handing_over.move": (lambda things, report: _of_unit(things, report) | {"person_id": things.leaver}, {}, True),
    "shortages.listing": (_nothing, {}, False),
    "matrix.table": (_nothing, {}, False),
    "unit_catalogue.one": (_of_unit, {}, True),
    "unit_accounts.listing": (_nothing, {}, False),
    "unit_accounts.ask": (_nothing, {}, False),
    "unit_accounts.propose": (_nothing, {"viec": "create", "ho_ten": "An", "vai_tro": "clerk"}, False),
    "unit_accounts.one": (_of_proposed_account, {}, True),
    "unit_accounts.by_unit": (_of_proposed_account, {"do": "cancel", "version": "9"}, True),
    "unit_accounts.by_head": (_of_proposed_account, {"do": "agree", "version": "1"}, True),
    "unit_accounts.to_agree": (_nothing, {}, False),
    "account_desk.queue": (_nothing, {}, False),
    "account_desk.issue_many": (_nothing, {}, False),
    "account_desk.decide": (_of_proposed_account, {"do": "issue", "version": "2"}, True),
    "account_desk.ask": (_nothing, {}, False),
    "account_desk.act": (_nothing, {"don_vi": "24133", "viec": "create", "ho_ten": "An", "vai_tro": "clerk"}, False),
    "account_import.choose": (_nothing, {}, False),
    "account_import.template": (_nothing, {}, False),
    "account_import.look": (_nothing, {}, False),
    "account_import.apply": (_of_account_list, {}, False),
    "account_import.one": (lambda things, report: {"import_id": things.account_import}, {}, False),
    "account_slips.show": (_nothing, {"lan_nhap": "{account_import}"}, False),
    "notices.put_away": (_nothing, {}, False),
    "notices.listing": (_nothing, {}, False),
    "notices.mail": (_nothing, {}, False),
    "notices.choose_mail": (_nothing, {"cach": "off", "gio": "7"}, False),
    "telling.announced": (_nothing, {}, False),
    "telling.announce": (_nothing, {}, False),
    "telling.withdraw": (lambda things, report: {"key": 1}, {}, False),
    "telling.put_away": (lambda things, report: {"key": 1}, {}, False),
    "telling.schedule": (_nothing, {}, False),
    "telling.set_schedule": (_nothing, {"gio": "8"}, False),
    "telling.log": (_nothing, {}, False),
    "regimes.listing": (_nothing, {}, False),
    "regimes.one": (lambda things, report: {"code": "KTXH"}, {}, False),
    "regimes.blank": (_nothing, {}, False),
    "regimes.change": (lambda things, report: {"code": "KTXH"}, {}, False),
    "regimes.save": (_nothing, {"code": "MOI"}, False),
    "due_calendar.own": (_nothing, {}, False),
    "due_calendar.everything": (_nothing, {}, False),
    "due_calendar.take_own": (lambda things, report: {"year": 2026}, {}, False),
    "due_calendar.take": (lambda things, report: {"year": 2026}, {}, False),
    "due_calendar.renew": (_nothing, {}, False),
    "due_calendar.feed": (lambda things, report: {"token": "x"}, {}, False),
    "working_days.look": (_nothing, {}, False),
    "working_days.put": (
        _nothing,
        {"ngay": "2028-02-29", "loai": "off", "ten": "Nghỉ", "van_ban": "1/TB", "chac_chan": "1"},
        False,
    ),
    "working_days.remove": (_nothing, {"ngay": "2026-11-24", "chac_chan": "1"}, False),
    "trainings.own": (_nothing, {}, False),
    "trainings.one": (_of_practice, {}, True),
    "trainings.workbook": (_of_practice, {}, True),
    "trainings.send": (_of_practice, {}, True),
    "trainings.submit": (_of_practice, {"version": "9"}, True),
    "trainings.withdraw": (_of_practice, {"version": "9"}, True),
    "trainings.approve": (_of_practice, {"version": "9"}, True),
    "trainings.send_back": (_of_practice, {"version": "9", "ly_do": "sai"}, True),
    "trainings.manage": (_nothing, {}, False),
    "trainings.hold": (_nothing, {"ky": "KTXH 202612", "bieu": "KTXH-01", "don_vi": "{unit_id}"}, False),
    "trainings.end": (lambda things, report: {"training_id": 9999}, {}, False),
    "feedback.blank": (_nothing, {}, False),
    "feedback.take": (_nothing, {"do": "find", "noi_dung": "Tệp không mở được"}, False),
    "feedback.mine": (_nothing, {}, False),
    "feedback.one": (lambda things, report: {"feedback_id": 0}, {}, False),
    "feedback.step": (lambda things, report: {"feedback_id": 0}, {"do": "close"}, False),
    "feedback.file": (lambda things, report: {"feedback_id": 0, "number": things.enclosure}, {}, False),
    "feedback.shared": (_nothing, {}, False),
    "feedback_desk.listing": (_nothing, {}, False),
    "feedback_desk.one": (_of_feedback, {}, True),
    "feedback_desk.step": (_of_feedback, {"do": "take", "version": "9"}, True),
    "feedback_desk.file": (
        lambda things, report: _of_feedback(things, report) | {"number": things.enclosure},
        {},
        True,
    ),
    "feedback_desk.share": (_of_feedback, {"cau_hoi": "Vì sao?", "tra_loi": "Vì thế."}, True),
    "feedback_desk.difficulties": (_nothing, {}, False),
    "feedback_desk.take_difficulties": (lambda things, report: {"period": "2026H2", "paper": "docx"}, {}, False),
    "feedback_desk.put_rules": (_nothing, {"answer_days": "3"}, False),
    "log.latest": (_nothing, {}, False),
    "log.export": (_nothing, {}, False),
    "watch.overview": (_nothing, {}, False),
    "watch.export": (_nothing, {}, False),
    "watch.chain": (_nothing, {}, False),
    "watch.checkpoint": (lambda things, report: {"n": 1}, {}, False),
    "destroying.acts": (_nothing, {}, False),
    "destroying.propose": (_nothing, {"number": "1", "record": "12/BB-VP", "reason": "mật"}, False),
    "destroying.decide": (_of_upload, {"reason": "không mật"}, False),
    "account.sign_out": (_nothing, {}, False),  # last: it ends the session
}


def make_both(instance: Instance) -> tuple[Things, Things, int]:
    """Ea Súp's things, Buôn Ma Thuột's, and a compiled report; a draft and a document behind the period are kept,
    destroying proposed.
    """
    instance.files.put(io.BytesIO(a_draft()))
    instance.files.put(io.BytesIO(write_acts(())))
    sender = letters.Sender(1, sit(instance, "easup").actor.home or 0)
    with instance.store.write() as connection:
        letters.put(connection, "KTXH", instance.files.put(province.narrative()), "cv.docx", sender, NOW)
    own = province.carry_through(instance, "easup", "ld.easup")
    other = province.carry_through(instance, "bmt", "ld.bmt")
    reception, report = asking.a_request_within_easup(instance)
    with instance.store.read() as connection:
        (asked_of_office,) = openings.work(connection, EVERYWHERE, regime=REQUEST["regime"])
    own, other = (replace(one, behalf=a_document(instance, one)) for one in (own, other))
    own = replace(own, request_assignment=asked_of_office.assignment_id)
    destroy.propose(sit(instance, "vpub"), own.upload, "12/BB-VP", "mật")
    checkpoints.make(instance, NOW, checkpoints.INTERVAL)
    instance.files.put(io.BytesIO(a_list()))
    made = account_imports.apply(sit(instance, "vpub"), "truoc.xlsx", "0" * 64, a_list(), "1/UBND")
    own, other = (
        replace(one, account_import=made, account_request=an_account_asked(instance, one)) for one in (own, other)
    )
    own = replace(own, request_reception=reception, request_report=report)
    asked = reopening.ask(sit(instance, "easup"), own.assignment_id, "sai")
    own, other = replace(own, reopening=asked), replace(other, reopening=asked)
    for unit in (province.EASUP, province.BMT):
        trials.send(sit(instance, "vpub"), "KTXH", "202612", unit, "KTXH-01")
    with instance.store.read() as connection:
        mine, theirs = (one.id for one in lying.of_period(connection, "KTXH", "202612"))
    own, other = replace(own, trial=mine), replace(other, trial=theirs)
    own, other = (
        replace(
            things,
            capacity=rights.sign(instance, f"ld.{login}", "direct", unit),
            delegation=rights.lend(instance, f"ld.{login}", login, unit),
            leaver=rights.key_of(instance, login),
        )
        for things, login, unit in ((own, "easup", province.EASUP), (other, "bmt", province.BMT))
    )
    trainings.hold(sit(instance, "vpub"), "KTXH", "202612", "KTXH-01", {own.unit_id, other.unit_id})
    with instance.store.read() as connection:
        parts = {one.unit_id: one.id for one in practised.practices(connection, EVERYWHERE)}
    own, other = (replace(things, practice=parts[things.unit_id]) for things in (own, other))
    own, other = (
        replace(things, plea=pleas.ask_time(sit(instance, login), things.opening_id, things.unit_id, "mưa lũ", LATER))
        for things, login in ((own, "easup"), (other, "bmt"))
    )
    own, other = (replace(things, **a_feedback(instance, login)) for things, login in ((own, "easup"), (other, "bmt")))
    office = sit(instance, "vpub")
    own, other = (
        replace(things, dashboard=dashboards.make(office, things.unit_id, "Điều hành", from_default=True))
        for things in (own, other)
    )
    return own, other, province.a_compiled_report(instance, own.opening_id)


@pytest.fixture
def both(told: tuple[Things, Things, int]) -> tuple[Things, Things, int]:
    """What ``make_both`` tells; whoever asks for it gets an instance in which all that is already there."""
    return told


def a_feedback(instance: Instance, login: str) -> dict[str, int]:
    """What somebody wrote of trouble, with a document beside it."""
    desk = sit(instance, login)
    file = keep(
        desk, province.narrative(), "man-hinh.docx", is_open=True, action=Action.GIVE_FEEDBACK, what="enclosure"
    )
    number = feedback.send(desk, FeedbackKind.TROUBLE, "Tệp không mở được.", About(), file)
    with instance.store.read() as connection:
        (taken,) = stored_feedback.steps(connection, [number])[number]
    assert taken.enclosure is not None
    return {"feedback": number, "enclosure": taken.enclosure.number}


def a_document(instance: Instance, things: Things) -> int:
    """By which a unit's form was to be entered on its behalf; its key."""
    told = behalf.NewBehalf(things.assignment_id, things.unit_id, "1/CV", NOW.date(), "", "")
    letter = instance.files.put(province.narrative())
    with instance.store.write() as connection:
        key = behalf.put(connection, told, 1, NOW)
        uploads.receive(connection, letter, uploads.LETTER, "cv.docx", 1, things.unit_id, "web", NOW, behalf_id=key)
    return key


def an_account_asked(instance: Instance, things: Things) -> int:
    """A proposal about an account that waits for the head of the unit; its number."""
    clerk = sit(instance, "easup").actor
    with instance.store.write() as connection:
        wanted = accounts.Wanted(f"moi.{things.unit_id}", "Người Mới", roles=(Role.CLERK,))
        number = accounts.put(connection, RequestKind.CREATE, things.unit_id, wanted, None)
        taken = accounts.Taken(number, RequestStep.PROPOSE, "", "", clerk.person_id, clerk.name, NOW)
        accounts.advance(connection, taken, RequestState.PROPOSED, 0)
    return number


def method_of(app: Flask, endpoint: str) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def asked(app: Flask, browser: FlaskClient, endpoint: str, things: Things, report: int) -> TestResponse:
    address, posted, _ = EXAMPLES[endpoint]
    with app.test_request_context():
        url = app.url_for(endpoint, **address(things, report))
    known = {"unit_id": things.unit_id, "leaver": things.leaver, "account_import": things.account_import}
    data: dict[str, object] = {name: value.format(**known) for name, value in posted.items()}
    if "tep" in data:
        data["tep"] = (io.BytesIO(a_draft()), "bieu.xlsx")
    if "thuyet_minh" in data:
        data["thuyet_minh"] = (province.narrative(), "thuyet-minh.docx")
    if "van_ban" in data:
        data["file"] = (province.narrative(), "cong-van.docx")
    method = method_of(app, endpoint)
    return browser.open(url, method=method, data=data if method == "POST" else None, buffered=True)


@ON_SQLITE
def test_every_route_names_a_policy_action_and_has_an_example_here(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    for endpoint in endpoints:
        assert isinstance(action_of(app, endpoint), Action), endpoint
    assert endpoints - NOT_OURS == EXAMPLES.keys()


@ON_SQLITE
def test_a_route_without_a_policy_is_never_served(instance: Instance) -> None:
    app = app_of(instance)
    app.add_url_rule("/quen", "forgotten", lambda: "secret")
    with pytest.raises(UnmarkedPage):
        app.test_client().get("/quen")


@pytest.mark.usefixtures("clock")
@ON_SQLITE
def test_a_mark_is_what_the_guard_asks_for(instance: Instance) -> None:
    app = app_of(instance)
    app.add_url_rule("/nhat-ky-khac", "another_log", page(Action.SEE_AUDIT)(lambda: "entries"))
    assert sign_in(app, "easup").get("/nhat-ky-khac").status_code == 404
    assert sign_in(app, "vpub").get("/nhat-ky-khac").text == "entries"


@ON_SQLITE
@pytest.mark.parametrize("role", list(PEOPLE))
def test_a_role_reaches_exactly_what_the_policy_gives(
    role: Role,
    instance: Instance,
    app: Flask,
    signed_in: SignIn,
    both: tuple[Things, Things, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flask.templating._render", lambda *_: "")  # whose pages look well is asked elsewhere
    own, other, report = both
    actor = sit(instance, PEOPLE[role]).actor
    browser = signed_in(PEOPLE[role])
    wrong = []
    for endpoint, (_, _, about_a_unit) in EXAMPLES.items():
        allowed = scope(actor, action_of(app, endpoint)) if action_of(app, endpoint) is not Action.SIGN_IN else None
        for things in (own, other) if about_a_unit else (own,):
            may = allowed is None or (allowed.allows(things.unit_id) if about_a_unit else not allowed.is_empty)
            answer = asked(app, browser, endpoint, things, report)
            expected = {200, 302, 400, 401, 409} if may and endpoint not in DEAD else {404}
            if answer.status_code not in expected:
                wrong.append((endpoint, "own" if things is own else "other", may, answer.status_code))
    assert wrong == []


@ON_SQLITE
def test_a_stranger_is_asked_to_sign_in_everywhere(
    app: Flask, client: FlaskClient, both: tuple[Things, Things, int]
) -> None:
    own, _, report = both
    for endpoint in EXAMPLES:
        answer = asked(app, client, endpoint, own, report)
        if action_of(app, endpoint) is Action.SIGN_IN:
            assert answer.status_code in ({404} if endpoint in DEAD else {200, 302, 401}), endpoint
        elif vars(app.view_functions[endpoint])["keeps"]:  # what was typed is handed back on the page that asks
            assert answer.status_code == 401, endpoint
            assert 'href="/dang-nhap"' in answer.text, endpoint
        else:
            assert answer.status_code == 302, endpoint
            assert answer.location.startswith("/dang-nhap"), endpoint


@ON_SQLITE
def test_what_does_not_exist_and_what_is_not_yours_look_alike(
    signed_in: SignIn, both: tuple[Things, Things, int]
) -> None:
    browser = signed_in("easup")
    not_yours = browser.get(f"/viec/{both[1].assignment_id}")
    not_there = browser.get("/viec/999999")
    assert not_yours.status_code == not_there.status_code == 404
    assert _without_tokens(not_yours.text) == _without_tokens(not_there.text)


def _without_tokens(html: str) -> str:
    """A page without its CSRF tokens, which carry the second they were made in."""
    return re.sub(r'(?:value|content)="[\w.-]{60,}"', "", html)


@ON_SQLITE
def test_a_role_for_one_form_opens_no_file_of_another(instance: Instance, signed_in: SignIn) -> None:
    upload = province.sent(sit(instance, "easup"))
    rights.give(instance, "nl.vp", Role.CLERK, form="II.06a")
    assert signed_in("nl.vp").get(f"/tep/{upload}").status_code == 404
    rights.give(instance, "nl.vp", Role.CLERK, form="KTXH-01")
    assert signed_in("nl.vp").get(f"/tep/{upload}").status_code == 200


def test_the_matrix_holds_on_both_databases_for_the_front_page(signed_in: SignIn) -> None:
    for login in PEOPLE.values():
        assert signed_in(login).get("/", follow_redirects=True).status_code == 200, login
    office = signed_in("vpub")
    for path in ("/ky-bao-cao", "/ky-bao-cao/KTXH/202610", "/danh-muc", "/nhat-ky?kiem-tra=1", "/tai-khoan"):
        assert office.get(path).status_code == 200, path
