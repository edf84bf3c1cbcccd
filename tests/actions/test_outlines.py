"""Outlines beside the workbooks, what of them was written, and the form of the period before."""

import io
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from actions import catalogues, distribute, openings, outlines, reports
from actions.console import open_desk
from actions.desk import NotYours
from actions.instance import Instance
from registry.catalogue.model import Catalogue
from registry.sample import catalogue
from registry.store import openings as stored
from registry.store.openings import Work
from registry.workflow.policy import Action
from tests.actions.conftest import As
from tests.webui.conftest import ON_SQLITE


def of_october(at_desk: As, login: str) -> Work:
    desk = at_desk(login)
    with desk.read() as connection:
        works = stored.work(connection, desk.scope(Action.SEE_WORK), regime="KTXH", period_code="202610")
    return works[0]


def written_under(data: bytes, heading: str) -> bytes:
    """The outline with a sentence under one heading only."""
    held = docx.Document(io.BytesIO(data))
    control = next(
        one for one in held.element.iter(qn("w:sdt")) if next(one.iter(qn("w:alias"))).get(qn("w:val")) == heading
    )
    line = list(control.find(qn("w:sdtContent")).iterchildren(qn("w:p")))[-1]
    Paragraph(line, held).add_run("Xã đã chỉ đạo sát sao.")
    saved = io.BytesIO()
    held.save(saved)
    return saved.getvalue()


@ON_SQLITE
def test_a_units_outline_is_its_own_and_what_is_attached_says_what_it_left_empty(at_desk: As) -> None:
    opening = openings.open_period(at_desk("vpub"), "KTXH", "202610")
    clerk, own, other = at_desk("easup"), of_october(at_desk, "easup"), of_october(at_desk, "bmt")
    made = outlines.outline(clerk, opening, own.unit_id)
    assert made.name == "KTXH-XA_202610_24211_ea-sup_v1.docx"
    assert "XÃ EA SÚP" in "".join(
        node.text or "" for node in docx.Document(io.BytesIO(made.data)).element.iter(qn("w:t"))
    )
    with pytest.raises(NotYours):
        outlines.outline(clerk, opening, other.unit_id)

    assert outlines.unwritten(clerk, opening, own.unit_id) == ()  # nothing attached
    narrative = written_under(made.data, "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH")
    reports.attach_narrative(clerk, opening, own.unit_id, io.BytesIO(narrative), "bao-cao.docx")
    empty = outlines.unwritten(clerk, opening, own.unit_id)
    assert "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH" not in empty
    assert "III. ĐÁNH GIÁ CHUNG" in empty


def test_the_office_gets_an_outline_for_every_unit_the_regime_gives_one(at_desk: As) -> None:
    openings.open_period(at_desk("vpub"), "KTXH", "202610")
    office = at_desk("vpub")
    some = list(outlines.outlines(office, "KTXH", "202610", ["24211", "SNNMT"]))
    assert [(one.unit, one.form) for one in some] == [("24211", "KTXH-XA"), ("SNNMT", "KTXH-SO")]
    assert list(outlines.outlines(office, "KTXH", "202611")) == []  # never opened


@ON_SQLITE
def test_the_workbook_says_what_changed_since_the_form_of_the_period_before(at_desk: As, instance: Instance) -> None:
    openings.open_period(at_desk("vpub"), "KTXH", "202609")
    form = next(form for form in catalogue().forms if form.code == "KTXH-01")
    rows = tuple(replace(row, label="Sắn đang trồng") if row.code == "NN07" else row for row in form.rows)
    catalogues.put(open_desk(instance, None), Catalogue(forms=(replace(form, rows=rows),)))
    openings.open_period(at_desk("vpub"), "KTXH", "202610")
    made = distribute.workbook(at_desk("easup"), of_october(at_desk, "easup").assignment_id)
    guide = openpyxl.load_workbook(io.BytesIO(made.data))["Hướng dẫn"]
    said = [cell.value for row in guide.iter_rows() for cell in row]
    assert "Đổi tên chỉ tiêu “Sắn: diện tích hiện có” thành “Sắn đang trồng”." in said
