"""A draft goes out as docx, is edited by whatever program, and comes back with its numbers linked."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest

from compile.draft_back import Back, HandChanged, Sent, came_back
from compile.draft_document import DraftOrder, DraftText, build, linked
from ingest.edited import read_edited
from tests.compile.office import convert
from tests.compile.small_report import PROVINCE, UNITS
from tests.compile.test_placeholders import filler, whole
from vietnamese.dates import HO_CHI_MINH
from workbook_templates.official.letterhead import letterhead
from workbook_templates.outline import Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PART, TRADE, PRICES = "Phần thứ nhất. TÌNH HÌNH", "1.1. Thương mại", "1.2. Giá cả"
BODY = "Bán lẻ **đạt {{ [SAID] }}**, {{ so sánh([SAID]; kỳ trước) }}.\n\n- Chợ phiên *đông* hơn trước."
PLACES = (
    Place("BC:T:00", PART, 1, "", False),
    Place("BC:T:01", TRADE, 4, "", True),
    Place("BC:T:02", PRICES, 4, "", True),
)
TEXTS = (
    DraftText(1, "BC:T:00", PART, 1, is_written=False),
    DraftText(2, "BC:T:01", TRADE, 4, is_written=True, body=BODY),
    DraftText(3, "BC:T:02", PRICES, 4, is_written=True, body="CPI {{ tăng_giảm([INDEX]; tháng trước) }}."),
)
FILL = filler(whole())


def draft() -> bytes:
    issuer = letterhead(UNITS[1], PROVINCE)
    order = DraftOrder(issuer, "Tình hình", 2026, TEXTS, datetime(2026, 10, 20, tzinfo=HO_CHI_MINH))
    return build(order, FILL)


def sent() -> list[Sent]:
    written = [one for one in TEXTS if one.is_written]
    return [Sent(one.n, one.tag, one.title, one.body, linked(one.body, FILL)[1]) for one in written]


def back(data: bytes) -> Back:
    return came_back(sent(), read_edited(data, PLACES))


def edited(change: dict[str, str], more: str = "") -> bytes:
    """The draft with words of its runs replaced, as in Word; ``more`` is a heading put before the last one."""
    document = docx.Document(BytesIO(draft()))
    for text in document.element.body.iter(f"{W}t"):
        for old, new in change.items():
            text.text = text.text.replace(old, new)
    for paragraph in document.paragraphs:
        if more and "".join(text.text for text in paragraph._p.iter(f"{W}t")) == PRICES:
            paragraph.insert_paragraph_before(more, "Heading 4")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_untouched_draft_comes_back_as_it_went() -> None:
    came = back(draft())
    assert [(one.body, one.is_changed, one.numbers) for one in came.texts] == [
        (BODY, False, ()),
        (TEXTS[2].body, False, ()),
    ]
    assert (came.missing, came.added) == ((), ())


def test_a_number_typed_over_is_told_and_the_others_stay_linked() -> None:
    came = back(edited({"1.260,5": "1.300", "đông": "vắng"}))
    trade = came.texts[0]
    assert trade.numbers == (HandChanged("{{ [SAID] }}", "1.260,5 tỷ đồng", "1.300 tỷ đồng"),)
    assert trade.body == (
        "Bán lẻ **đạt 1.300 tỷ đồng**, {{ so sánh([SAID]; kỳ trước) }}.\n\n- Chợ phiên *vắng* hơn trước."
    )
    assert trade.is_changed
    assert not came.texts[1].is_changed


def test_headings_taken_out_and_put_in_are_told() -> None:
    came = back(edited({}, more="1.3. Việc khác"))
    assert came.added == ("1.3. Việc khác",)
    renamed = back(edited({PRICES: "1.2. Vật giá"}))
    assert (renamed.missing, renamed.added) == ((), ("1.2. Vật giá",))  # its control tells where it belongs


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_libreoffice_keeps_headings_and_linked_numbers(kind: str, tmp_path: Path) -> None:
    data = edited({"1.260,5": "1.300"})
    saved = convert(data, "ban.docx", kind, tmp_path)
    if kind == "odt":
        saved = convert(saved, "ban-2.odt", "docx", tmp_path)
    came = back(saved)
    assert came.missing == ()
    assert came.texts[0].numbers == (HandChanged("{{ [SAID] }}", "1.260,5 tỷ đồng", "1.300 tỷ đồng"),)
    assert came.texts[0].body.startswith("Bán lẻ **đạt 1.300 tỷ đồng**, {{ so sánh([SAID]; kỳ trước) }}.")
    assert not came.texts[1].is_changed


def test_what_is_typed_before_the_first_heading_or_behind_the_end_is_named() -> None:
    document = docx.Document(BytesIO(draft()))
    first = next(one for one in document.element.body if next(one.iter(f"{W}sdt"), None) is not None)
    first.addprevious(document.add_paragraph("Tháng 10 giữ đà tăng trưởng.")._p)
    document.element.body.insert(len(document.element.body) - 1, document.add_paragraph("Gửi kèm phụ lục.")._p)
    edited = BytesIO()
    document.save(edited)
    around = read_edited(draft(), PLACES).outside
    found = came_back(sent(), read_edited(edited.getvalue(), PLACES), around)
    assert found.outside == ("Tháng 10 giữ đà tăng trưởng.", "Gửi kèm phụ lục.")
    assert came_back(sent(), read_edited(draft(), PLACES), around).outside == ()
