"""Words of the last report that stand in this one are told, and what is rightly said of earlier periods is not."""

from __future__ import annotations

import pytest

from compile.remarks import Paragraph
from compile.stale import stale_words
from registry.findings import fix, message
from registry.periods import parse

OCTOBER, SEPTEMBER = parse("202610"), parse("202609")
PERIOD, DEADLINE, SAME = "narrative-stale-period", "narrative-stale-deadline", "narrative-unchanged"
LONG = "Công tác an sinh xã hội được quan tâm; thực hiện đầy đủ chế độ cho các đối tượng chính sách trên địa bàn."


def codes(text: str, *, heading: bool = False, before: tuple[str, ...] = ()) -> list[str]:
    last = [Paragraph(n, one) for n, one in enumerate(before, 1)]
    return [one.finding.code for one in stale_words([Paragraph(1, text, heading)], OCTOBER, SEPTEMBER, last)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BÁO CÁO TÌNH HÌNH KINH TẾ - XÃ HỘI THÁNG 9 NĂM 2026", PERIOD),
        ("BÁO CÁO TÌNH HÌNH KINH TẾ - XÃ HỘI THÁNG 10 NĂM 2026", None),
        ("TÌNH HÌNH THÁNG 9 NĂM 2025", None),
        ("Trong tháng 9, xã đã tổ chức 02 cuộc họp.", PERIOD),
        ("Trong tháng 10, xã đã tổ chức 02 cuộc họp.", None),
        ("Trong tháng 09/2026, xã đã tổ chức 02 cuộc họp.", PERIOD),
        ("9 tháng đầu năm, thu ngân sách đạt khá.", PERIOD),
        ("Đàn bò tăng so với tháng 9.", None),
        ("So với tháng 9, đàn bò tăng.", None),
        ("Trong tháng 9 có 5 vụ, tháng 10 có 3 vụ.", None),
        ("Thực hiện kết luận tại phiên họp tháng 9, xã đã rà soát quy hoạch.", None),
        ("NHIỆM VỤ TRỌNG TÂM THÁNG 10", PERIOD),
        ("NHIỆM VỤ TRỌNG TÂM THÁNG 11", None),
        ("Hoàn thành trước ngày 25/9/2026.", DEADLINE),
        ("Hoàn thành trước ngày 25/11/2026.", None),
        ("Báo cáo chậm nhất ngày 20 tháng 9 năm 2026.", DEADLINE),
        ("Nghị quyết ban hành ngày 25/9/2026.", None),
        ("Hoàn thành trước ngày 31/9.", None),  # no day at all
    ],
)
def test_a_period_or_day_of_the_last_report_is_told(text: str, code: str | None) -> None:
    assert codes(text) == ([code] if code else [])


def test_a_sentence_that_stood_in_the_last_report_keeps_its_old_month_wherever_it_is() -> None:
    text = "Xã đã hoàn thành kế hoạch của tháng 9."
    assert codes(text) == []
    assert codes("Đã tổng kết, kết quả tháng 9 đạt tốt.", before=("Đã tổng kết, kết quả tháng 9 đạt tốt.",)) == [PERIOD]


def test_a_paragraph_left_as_it_was_is_told_unless_it_is_a_set_phrase() -> None:
    assert codes(LONG, before=(LONG,)) == [SAME]
    assert codes(LONG.replace("quan tâm", "chú trọng"), before=(LONG,)) == []
    assert codes("Tình hình ổn định.", before=("Tình hình ổn định.",)) == []
    assert codes(LONG, heading=True, before=(LONG,)) == []


def test_of_a_report_that_is_the_first_only_deadlines_are_told() -> None:
    told = stale_words([Paragraph(4, "Trong tháng 9, xong trước ngày 1/9.")], OCTOBER, None)
    assert [one.finding.code for one in told] == [DEADLINE]
    assert "Đoạn 4" in message(told[0].finding) + fix(told[0].finding)


@pytest.mark.parametrize(
    ("text", "now", "last", "stale"),
    [
        ("Trong quý II, xã đã", "20263", "20262", True),
        ("Trong quý III, xã đã", "20263", "20262", False),
        ("KẾT QUẢ NĂM 2025", "2026", "2025", True),
        ("KẾT QUẢ NĂM 2026", "2026", "2025", False),
        ("BÁO CÁO THÁNG 12 NĂM 2025", "202601", "202512", True),
    ],
)
def test_quarters_and_years_grow_old_as_months_do(text: str, now: str, last: str, stale: bool) -> None:
    assert bool(stale_words([Paragraph(1, text)], parse(now), parse(last))) is stale
