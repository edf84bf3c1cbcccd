import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.fold import fold, nearest, slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Thuận", "HÒA  THUẬN"),
        ("M'Drắk", "M’drắk"),
        ("Thuỷ", "Thủy"),
        ("Đắk Lắk", "dak lak"),
        ("Ðắk Lắk", "Đắk Lắk"),  # the first with eth
        ("Buôn Ma\u00a0Thuột", "buon ma thuot"),
        ("m²", "m2"),
        ("Việt", "Việt"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_letters_of_the_ede_and_mnong_lose_their_marks() -> None:
    assert fold("ƀuôn Čư Ĭ Ñ ŏ̆ ŭ ơ̆") == "buon cu i n o u o"


def test_a_key_keeps_apostrophe_and_dash_of_one_kind() -> None:
    assert fold("Cư M`gar – Ea H´leo") == "cu m'gar - ea h'leo"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_a_slug_is_made_of_letters_digits_and_single_hyphens(text: str) -> None:
    piece = slug(text)
    assert all(part.isalnum() and part.isascii() for part in piece.split("-")) or piece == ""


@pytest.mark.parametrize(
    ("name", "piece"), [("Ea Súp", "ea-sup"), ("M'Drắk", "mdrak"), ("Sở Y tế (ĐL)", "so-y-te-dl"), ("…", "")]
)
def test_a_slug_is_a_file_name_piece(name: str, piece: str) -> None:
    assert slug(name) == piece


COMMUNES = ["Ea Súp", "Ea Rốk", "Ea Bung", "Ia Lốp", "Buôn Đôn", "Ea Wer", "Buôn Hồ", "Krông Búk"]


def test_a_misspelt_name_finds_the_one_meant() -> None:
    assert nearest("Ea Sup", COMMUNES, 1) == ["Ea Súp"]
    assert nearest("Xã Buôn Đôn", COMMUNES)[0] == "Buôn Đôn"
    assert nearest("Krong Puk", COMMUNES)[0] == "Krông Búk"


def test_nothing_is_suggested_for_what_resembles_nothing() -> None:
    assert nearest("Thành phố Hải Phòng", COMMUNES) == []
    assert nearest("", COMMUNES) == []
    assert nearest("Ea Súp", COMMUNES, 0) == []
