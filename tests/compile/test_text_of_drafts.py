"""Marks an editor types, and what changed between two texts."""

from compile.differences import Kind, differences
from compile.marked import marked, paragraphs
from workbook_templates.official.wordml import Run


def test_marks_are_read_and_written_back_the_same() -> None:
    text = "Thu ngân sách **đạt 85%** dự toán, *cao hơn* cùng kỳ.\n- 2*3 là phép nhân"
    first, second = paragraphs(text)
    assert first.runs == (
        Run("Thu ngân sách "),
        Run("đạt 85%", bold=True),
        Run(" dự toán, "),
        Run("cao hơn", italic=True),
        Run(" cùng kỳ."),
    )
    assert (second.is_item, second.text) == (True, "- 2*3 là phép nhân")
    assert "\n".join(marked(one.runs) for one in (first, second)) == text


def test_bold_spaces_around_words_stay_outside_the_marks() -> None:
    assert marked([Run("a"), Run(" b ", bold=True), Run("c")]) == "a **b** c"


def test_a_changed_paragraph_shows_its_words_and_a_new_one_stands_whole() -> None:
    old = "Tháng 9, đàn lợn tăng 2%.\n\nThủy sản ổn định."
    new = "Tháng 10, đàn lợn tăng 2%.\n\nChăn nuôi gà phát triển mạnh ở các xã phía đông."
    changed, added, removed = differences(old, new)
    assert changed.kind is Kind.CHANGED
    assert [(one.kind, one.text) for one in changed.words[:4]] == [
        (Kind.SAME, "Tháng "),
        (Kind.REMOVED, "9,"),
        (Kind.ADDED, "10,"),
        (Kind.SAME, " đàn lợn tăng 2%."),
    ]
    assert (added.kind, removed.kind) == (Kind.ADDED, Kind.REMOVED)


def test_a_placeholder_is_changed_as_a_whole() -> None:
    (changed,) = differences("Đàn bò {{ [Đàn bò] }}, ổn định.", "Đàn bò 410.000 con, ổn định.")
    assert [one.text for one in changed.words if one.kind is Kind.REMOVED] == ["{{ [Đàn bò] }},"]
    assert [one.text for one in changed.words if one.kind is Kind.ADDED] == ["410.000 con,"]


def test_blank_lines_are_no_difference() -> None:
    assert differences("a\n\nb", "a\nb\n") == ()
