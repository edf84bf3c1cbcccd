import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vietnamese.charsets import charsets
from vietnamese.convert import (
    Converted,
    Reason,
    context_of,
    convert_lines,
    convert_runs,
    convert_text,
    explain,
)
from vietnamese.evidence import is_suspicious
from vietnamese.syllables import _syllables

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "encoding_vectors.json").read_text(encoding="utf-8")
)
SENTENCES = sorted({vector["unicode"] for vector in VECTORS["vectors"]})
BY_CONTENT_ONLY = {"BKHCM1", "BKHCM2", "VIETWARE-F", "VIETWARE-X"}


def convert(vector: dict[str, Any]) -> Converted:
    if "runs" in vector:
        return convert_runs([(text, font) for text, font in vector["runs"]])
    return convert_text(vector["legacy"], vector["font"])


def allowed(vector: dict[str, Any]) -> set[str]:
    return {vector["unicode"], vector["bytewise"]} if vector.get("lossy") else {vector["unicode"]}


def wrong(vectors: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (str(vector.get("legacy") or vector["runs"]), result.unicode)
        for vector in vectors
        if (result := convert(vector)).unicode not in allowed(vector)
    ]


CHARSETS = sorted({vector["charset"] for vector in VECTORS["vectors"]} - BY_CONTENT_ONLY)


@pytest.mark.parametrize("charset", CHARSETS)
def test_every_vector_with_a_known_font_or_a_repairable_form_is_right(charset: str) -> None:
    assert wrong([vector for vector in VECTORS["vectors"] if vector["charset"] == charset]) == []


@pytest.mark.parametrize("group", ["runs", "wrong_font", "tolerant", "hygiene", "mixed"])
def test_every_vector_of_a_group_is_right(group: str) -> None:
    assert wrong(VECTORS[group]) == []


def test_nothing_that_is_right_is_changed() -> None:
    for vector in VECTORS["negatives"]:
        result = convert(vector)
        assert result.unicode == vector["legacy"]
        assert not result.changed
        assert result.charset is None


@pytest.mark.parametrize("charset", sorted(BY_CONTENT_ONLY))
def test_rare_charsets_are_known_by_three_words_and_never_taken_for_another(charset: str) -> None:
    vectors = [vector for vector in VECTORS["vectors"] if vector["charset"] == charset]
    results = [convert(vector) for vector in vectors]
    assert {result.charset for result in results} <= {charset, None}
    right = [result.unicode in allowed(vector) for vector, result in zip(vectors, results, strict=True)]
    assert sum(right) >= len(right) - 1


@pytest.mark.parametrize("charset", ["TCVN3", "VNI-WIN"])
def test_frequent_charsets_are_known_without_a_font(charset: str) -> None:
    for vector in VECTORS["vectors"]:
        if vector["charset"] == charset:
            assert convert_text(vector["legacy"]).unicode in allowed(vector)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_converted_text_is_left_alone_the_second_time(sentence: str) -> None:
    for font in (None, "Times New Roman", ".VnTime", "VNI-Times"):
        assert convert_text(sentence, font) == Converted(sentence, None, False, Reason.UNCHANGED)


# --- laws ---------------------------------------------------------------------------------------------------------

ACCENTED = sorted(syllable for syllable in _syllables() if not syllable.isascii())
PLAIN = ["ban", "cho", "hai", "kinh", "lao", "theo", "trong", "xem"]
sentences = st.lists(st.sampled_from(ACCENTED) | st.sampled_from(PLAIN), min_size=1, max_size=8).map(" ".join)


@given(sentences, st.sampled_from([str, str.upper, str.title]))
def test_vietnamese_unicode_is_never_changed_without_a_legacy_font(sentence: str, cased: Any) -> None:
    text = cased(sentence)
    assert convert_text(text).unicode == text


@given(sentences, st.sampled_from(["NFD", "NFC"]))
def test_decomposed_text_is_composed(sentence: str, form: Any) -> None:
    assert convert_text(unicodedata.normalize(form, sentence), "Arial").unicode == sentence


def stored_in(charset: str, sentence: str) -> str:
    letters: dict[str, str] = {}
    for stored, letter in charsets()[charset].table.items():
        letters.setdefault(letter, stored)
    return "".join(letters.get(letter, letter) for letter in sentence)


@given(sentences, st.sampled_from([("TCVN3", ".VnTime"), ("VNI-WIN", "VNI-Times"), ("VPS", "VPS Times")]))
def test_what_a_legacy_font_shows_is_what_is_read(sentence: str, kind: tuple[str, str]) -> None:
    charset, font = kind
    stored = stored_in(charset, sentence)
    assume(is_suspicious(stored))  # else it is good Vietnamese as it stands
    assert convert_text(stored, font).unicode == sentence


@given(sentences)
def test_a_capitals_font_shows_capitals(sentence: str) -> None:
    stored = stored_in("TCVN3", sentence)
    assume(is_suspicious(stored))
    assert convert_text(stored, ".VnArialH").unicode == sentence.upper()


@given(st.text(max_size=60), st.sampled_from([None, ".VnTime", ".VnTimeH", "VNI-Times", "VI Times", "Wingdings"]))
def test_any_text_is_answered_in_nfc(text: str, font: str | None) -> None:
    result = convert_text(text, font)
    assert unicodedata.is_normalized("NFC", result.unicode)
    assert result.changed == (result.unicode != text)


FONTS = (None, "Arial", ".VnTime", ".VnTimeH", "VNI-Times", "VPS Times", "VI Times", "Wingdings")
anything = st.text(max_size=40) | st.text("".join(charsets()["TCVN3"].table) + "abc &#;1x\u00ad", max_size=40)
untouchable = st.sampled_from([
    r"[0-9]{1,3}(\.[0-9]{3}){0,3}(,[0-9]{1,2})?", r"-?[0-9]{1,6}(\.[0-9]{1,3})?%?", r"[0-9]{2}/[0-9]{2}/20[0-9]{2}",
    r"[a-z]{1,8}\.[a-z]{1,8}@daklak\.gov\.vn", r"[A-Z]{2,5}-[0-9]{2}(/[A-Z]{2,6})?", r"[0-9]{1,4}/[A-Z]{2,4}-UBND",
    r"https?://[a-z]{2,8}\.vn/[a-z]{0,5}\?x=[0-9]", r"[A-Z]{1,2}\.[0-9]{2}[a-z]?", r"\([0-9]\)=\([0-9]\)",
])  # fmt: skip


@given(st.lists(st.tuples(anything, st.sampled_from(FONTS)), max_size=4), st.lists(anything, max_size=6))
def test_whatever_stands_in_a_cell_is_answered(runs: list[tuple[str, str | None]], column: list[str]) -> None:
    context = context_of([[(cell, None)] for cell in column])
    result = convert_runs(runs, context)
    assert unicodedata.is_normalized("NFC", result.unicode)
    assert result.changed == (result.unicode != "".join(text for text, _ in runs))
    assert result.changed or result.charset is None


@given(anything.map(lambda text: re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text)))
def test_what_was_converted_is_left_alone_the_second_time(text: str) -> None:
    once = convert_text(text).unicode
    assert convert_text(once).unicode == once


@given(untouchable.flatmap(lambda pattern: st.from_regex(pattern, fullmatch=True)), st.sampled_from(FONTS))
def test_figures_days_addresses_and_codes_are_never_changed(text: str, font: str | None) -> None:
    column = context_of([[("HuyÖn Cñ Chi", None)], [("T×nh h×nh s¶n xuÊt", None)]])
    assert convert_text(text, font, column) == Converted(text, None, False, Reason.UNCHANGED)


@given(sentences, st.sampled_from(["", " x", "; 5 × 3 = 15", " – 2½ ha"]), st.sampled_from(FONTS))
def test_unicode_with_letters_only_it_has_is_never_changed_in_any_font(words: str, end: str, font: str | None) -> None:
    text = f"Đắk Lắk được {words}{end}"
    assert convert_text(text, font).unicode == text


# --- single traps ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "font", "expected"),
    [
        ("TæNG HîP B¸O C¸O", ".VnTime", "TỔNG HỢP BÁO CÁO"),
        ("UBND tØnh", ".VnTime", "UBND tỉnh"),
        ("Q§-UBND", ".VnTime", "QĐ-UBND"),
        ("®", ".VnTime", "đ"),
        ("®", "Times New Roman", "®"),
        ("§¬n vÞ tÝnh: TriÖu ®ång", "VNI-Times", "Đơn vị tính: Triệu đồng"),
        ("Ban QLDA đÇu t\u00ad c«ng tr×nh", ".VnTime", "Ban QLDA đầu tư công trình"),
        ("ñaààu tö, khoâng löïïc löôïng", "VNI-Times", "đầu tư, không lực lượng"),
        ("10 µm; 25 °C", "Times New Roman", "10 µm; 25 °C"),
        ("10 μm", "Times New Roman", "10 μm"),
        ("X\u00b7 Xu\u00a9n B¾c", ".VNTIME ", "Xã Xuân Bắc"),
        ("ngμy", ".VnTime", "ngày"),
        ("\u00bfQu\u00e9?", "Arial", "\u00bfQu\u00e9?"),
        ("Sè ng\u00adêi", None, "Sè ng\u00adêi"),
        ("Ngu\u00adyễn Văn An", None, "Nguyễn Văn An"),
        ("LÐTBXH, QÐ, HÐND", "Arial", "LĐTBXH, QĐ, HĐND"),
        ("Borgarfjörður, Ð", "Arial", "Borgarfjörður, Ð"),
        ("Вà Rịa", "Arial", "Bà Rịa"),
        ("a\u200bb", None, "ab"),
        ("ចូល\u200bមើល", None, "ចូល\u200bមើល"),
        ("xóm\x07 A\x96B", None, "xóm A–B"),
        ("&#272;&#7897;c l&#7853;p &amp; t&#7921; do", None, "Độc lập &amp; tự do"),
        ("&#234; là một ví dụ", None, "&#234; là một ví dụ"),
        ("'DDE-I', 'ENDDO'; </dd><dd>|ADDR| Todd's", None, "'DDE-I', 'ENDDO'; </dd><dd>|ADDR| Todd's"),
        ("Kho ba.c: thay ddo^?i QDD. Xong.", None, "Kho bạc: thay đổi QĐ. Xong."),
        ("nga`y.....tha'ng.....na(m.....to^?", None, "ngày.....tháng.....năm.....tổ"),
        ("don't e-mail a^2+b^2", None, "don't e-mail a^2+b^2"),
        ("Čư Mgar, ƀuôn Ñul, Ea H'leo, Kŏ Siêr", ".VnTime", "Čư Mgar, ƀuôn Ñul, Ea H'leo, Kŏ Siêr"),
        ("\uf0a7 qu¶n lý", "Wingdings", "\uf0a7 qu¶n lý"),
        ("Các S\u00b0 theo dõi \u00c7i\u0160u hành – l\u00dcu", "VPS Times", "Các Sổ theo dõi điều hành – lưu"),
        ("V\u00d0 c\u00ad\u00edc", None, "V\u00d0 c\u00ad\u00edc"),
        ("a@b.vn b¸o c¸o", ".VnTimeH", "a@b.vn báo cáo"),
        ("5 × 3 = 15; 2½ ha ®Êt; 10 µm", ".VnTime", "5 × 3 = 15; 2½ ha đất; 10 µm"),
        ("1.500 ®/kg, 3 µ 4", ".VnTime", "1.500 đ/kg, 3 à 4"),
        ("Société Générale, Crédit Agricole", ".VnTime", "Société Générale, Crédit Agricole"),
        ("Siduppdelare är på för lång utdata.", None, "Siduppdelare är på för lång utdata."),
        ("Chi cục tiêu chuẩn ®o l­êng chÊt l­îng", "Arial", "Chi cục tiêu chuẩn đo lường chất lượng"),
        ("neàn kinh teá môùi và sự tăng trưởng", None, "nền kinh tế mới và sự tăng trưởng"),
        ("Thá»\x9di gian khá»\x9fi cÃ´ng", None, "Thời gian khởi công"),
        ("Thá»\x9di gian khá»\u0178i cÃ´ng", ".VnTime", "Thời gian khởi công"),
        ("Kinh te^' – xa~ ho^.i", "Arial", "Kinh tế – xã hội"),
        ("dda`n bo` ca'i", None, "đàn bò cái"),
        ("từ 01/9&#8211;14/12", None, "từ 01/9–14/12"),
    ],
)
def test_traps_seen_in_real_files(text: str, font: str | None, expected: str) -> None:
    assert convert_text(text, font).unicode == expected


def test_a_single_doubtful_word_is_asked_about_and_not_changed() -> None:
    assert convert_text("QuËn 5") == Converted("QuËn 5", None, False, Reason.DOUBTFUL, "Quận 5")


def test_a_column_of_another_language_is_left_alone() -> None:
    cells = ["på norsk", "å bruke", "Skriv inn passord for å", "kjøring av", "øverst", "høyre", "språk"]
    column = context_of([[(cell, None)] for cell in cells])
    assert [convert_text(cell, None, column).unicode for cell in cells] == cells


def test_a_column_settles_its_single_words() -> None:
    cells = ["QuËn 5", "HuyÖn Cñ Chi", "QuËn 7", "22 bé"]
    column = context_of([[(cell, None)] for cell in cells])
    assert [convert_text(cell, None, column).unicode for cell in cells] == ["Quận 5", "Huyện Củ Chi", "Quận 7", "22 bộ"]


def test_a_unicode_column_protects_ambiguous_words_in_a_legacy_font() -> None:
    column = context_of([[(cell, ".VnTime")] for cell in ("Số tiền", "Đơn vị", "Hỗ trợ", "Tổng số")])
    assert column.is_unicode
    assert convert_text("bé", ".VnTime", column).unicode == "bé"
    assert convert_text("bé", ".VnTime").unicode == "bộ"


def test_a_letter_in_a_capitals_run_begins_a_word() -> None:
    assert convert_runs([("¸", ".VnTimeH"), ("p dông", ".VnTime")]).unicode == "Áp dụng"


def test_plain_letters_of_a_capitals_font_follow_their_neighbours() -> None:
    runs = [("b¸o c¸o", ".VnTimeH"), (" – Độc lập – ", "Arial"), ("cao su", ".VnTimeH")]
    assert convert_runs(runs).unicode == "BÁO CÁO – Độc lập – CAO SU"
    assert not convert_text("Cao su", ".VnTimeH").changed


@pytest.mark.parametrize(
    ("runs", "charset", "reason"),
    [
        ([("Hµ Néi", ".VnTime")], "TCVN3", Reason.FONT),
        ([("Hµ Néi", ".VnTimeH")], "TCVN3-H", Reason.FONT),
        ([("ngµy th¸ng n¨m", "Arial")], "TCVN3", Reason.CONTENT),
        ([("Hµ Néi, ngµy Nơi nhận", ".VnTime")], "TCVN3-MIXED", Reason.MIXED),
        ([("§Æng ", ".VnTime"), ("Ủy", "Arial")], "TCVN3+UNICODE", Reason.FONT),
        ([("Tiê\u0301ng", None)], "UNI-COMP", Reason.COMPOSED),
        ([("Vie^.t Nam ddo^.c la^.p", None)], "VIQR", Reason.VIQR),
        ([("Viá»‡t", None)], "UTF8-AS-1252", Reason.UTF8),
        ([("Vi&#x1EC7;t", None)], "NCR-HEX", Reason.REFERENCE),
    ],
)
def test_the_charset_and_the_reason_are_named(runs: list[tuple[str, str | None]], charset: str, reason: Reason) -> None:
    result = convert_runs(runs)
    assert (result.charset, result.reason) == (charset, reason)


def test_every_reason_has_a_sentence() -> None:
    assert all(explain(reason) for reason in Reason)


# --- lines ------------------------------------------------------------------------------------------------------------


def test_lines_are_answered_in_order_and_columns_together() -> None:
    objects: list[dict[str, Any]] = [
        {"text": "Hµ Néi", "font": ".VnTime"},
        {"text": "QuËn 5", "column": "A"},
        {"text": "10 µm", "column": "B"},
        {"runs": [["¸", ".VnTimeH"], ["p dông", ".VnTime"]]},
        {"text": "QuËn 8", "column": "A"},
        {"text": "Đơn vị", "column": "B"},
        {"text": ""},
    ]
    answers = list(convert_lines(objects))
    assert [answer["unicode"] for answer in answers] == [
        "Hà Nội",
        "Quận 5",
        "10 µm",
        "Áp dụng",
        "Quận 8",
        "Đơn vị",
        "",
    ]
    assert answers[0] == {"unicode": "Hà Nội", "charset": "TCVN3", "changed": True, "reason": "font"}
    assert answers[2] == {"unicode": "10 µm", "charset": None, "changed": False, "reason": "unchanged"}


def test_lines_without_columns_are_answered_as_they_come() -> None:
    def endless() -> Iterator[dict[str, Any]]:
        while True:
            yield {"text": "Hµ Néi", "font": ".VnTime"}

    assert next(convert_lines(endless()))["unicode"] == "Hà Nội"
