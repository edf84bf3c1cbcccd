"""A text that leaders passed is printed as they passed it; what its tables say otherwise by now is told."""

from compile.body import Words, body_blocks
from compile.compiled import Compiled
from compile.model import PassedText
from compile.passed import Outdated, outdated
from registry.catalogue.model import Heading, Outline
from tests.compile.small_report import a_full_report
from workbook_templates.official.letterhead import letterhead

SAID, SUM = "{{ [SAID] | tỷ đồng }}", "{{ [SUM] }}"
PASSED = PassedText(
    "1. Bán lẻ",
    "Bán lẻ **1.234,5 tỷ đồng**.",
    ((SAID, "1.234,5 tỷ đồng"), (SUM, "10,5 ha (số liệu của 2/3 xã, phường)"), (SAID, "1.234,5 tỷ đồng")),
)


def a_report() -> Compiled:
    outline = Outline("BC", "Báo cáo", "tỉnh", (Heading("1.", "Bán lẻ", 2),))
    return a_full_report().having(outline=outline, passed={0: PASSED}).compiled


def test_the_document_prints_the_number_that_was_passed_and_the_new_one_is_listed_once() -> None:
    report = a_report()
    assert list(outdated(report)) == [Outdated("1. Bán lẻ", SAID, "1.234,5 tỷ đồng", "1.260,5 tỷ đồng")]
    issuer = letterhead(report.order.issuer, report.order.province, report.order.signature)
    printed = "".join(body_blocks(report, issuer, Words()))
    assert "1.234,5 tỷ đồng" in printed
    assert "1.260,5" not in printed


def test_nothing_is_out_of_date_where_no_text_was_passed() -> None:
    assert list(outdated(a_full_report().compiled)) == []
