import pytest

from vietnamese.charsets import charsets, font_voice
from vietnamese.syllables import is_acronym, is_common, is_name, is_spelt, is_syllable


@pytest.mark.parametrize(
    "word",
    [
        "hòa",
        "hoà",
        "thủy",
        "thuỷ",
        "khuỷu",
        "giếng",
        "gì",
        "quốc",
        "quýt",
        "nghiêng",
        "Đắk",
        "Búk",
        "yêu",
        "huyện",
        "xoong",
        "khuya",
        "Tiếng",
        "THƯỜNG",
        "tưởng",
        "oái",
    ],
)
def test_vietnamese_syllables_are_accepted(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["cac", "tiéng", "Sociộtộ", "thĩt", "nghà", "céng", "tỔng", "wấp", "ngê", ""])
def test_what_is_not_spelt_so_is_refused(word: str) -> None:
    assert not is_syllable(word)


def test_case_is_judged_apart_from_spelling() -> None:
    assert is_spelt("tỔng")
    assert not is_syllable("tỔng")


def test_minority_names_are_recognised_loosely() -> None:
    assert all(is_name(word) for word in ["Blôm", "Niê", "Kđăm", "Krông", "Kuêh"])
    assert not any(is_name(word) for word in ["Sociộtộ", "bcd", "Brrrr", "iiii"])


def test_acronyms_hold_no_tone() -> None:
    assert [is_acronym(word) for word in ["QĐ", "GSĐT", "đ", "HẠ", "Đ1a"]] == [True, True, True, False, False]


def test_common_syllables_are_syllables() -> None:
    assert is_common("Huyện")
    assert not is_common("gồng")


@pytest.mark.parametrize(
    ("font", "charset", "capitals"),
    [
        (".VnTime", "TCVN3", False),
        (".vntimeh ", "TCVN3", True),
        (".VnArial NarrowH", "TCVN3", True),
        ("VNI-Helve", "VNI-WIN", False),
        ("VPS Times", "VPS", False),
        ("VI Times H", "VISCII", True),
        ("UVnTime", None, False),
        ("UVN Ai Cap", None, False),
        ("SVN-Gilroy", None, False),
        ("UTM Times", None, False),
        ("VNSTCVN3", None, False),
        ("Times New Roman", None, False),
        (None, None, False),
    ],
)
def test_fonts_announce_their_charset(font: str | None, charset: str | None, capitals: bool) -> None:
    voice = font_voice(font)
    assert (voice.charset, voice.capitals) == (charset, capitals)


def test_some_fonts_only_tell_that_the_text_is_legacy_or_a_drawing() -> None:
    assert font_voice("VNSTCVN3").legacy
    assert font_voice("Wingdings 2").drawing
    assert not font_voice(".VnTime").drawing


def test_tables_hold_every_vietnamese_letter() -> None:
    letters = {letter for charset in charsets().values() for letter in charset.table.values()}
    assert len(letters) == 134
    for charset in charsets().values():
        small = {letter for letter in charset.table.values() if letter.islower()}
        assert len(small) >= 66, charset.name
