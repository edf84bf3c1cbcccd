"""Decks say what they have in the language spoken, and the rest in Vietnamese."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vietnamese.copydeck import VIETNAMESE, MissingCopy, deck, speak, spoken

ROOT = Path(__file__).parents[2]
ROOMS = ("actions", "compile", "ingest", "registry", "vietnamese", "webui", "workbook_templates")
TRANSLATED = sorted(one for room in ROOMS for one in (ROOT / room).rglob("*.??.toml"))


@pytest.fixture
def two_tongues(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "copy.toml").write_text('[a]\nhello = "Chào {name}"\nonly = "Chỉ có"\n', encoding="utf-8")
    (tmp_path / "copy.en.toml").write_text('[a]\nhello = "Hello {name}"\n', encoding="utf-8")
    yield tmp_path / "copy.toml"
    speak(VIETNAMESE)


def test_what_is_not_translated_is_said_in_vietnamese(two_tongues: Path) -> None:
    say = deck(two_tongues)
    assert (spoken(), say("a.hello", name="An")) == ("vi", "Chào An")
    speak("en")
    assert (say("a.hello", name="An"), say("a.only")) == ("Hello An", "Chỉ có")
    speak("fr")
    assert say("a.hello", name="An") == "Chào An"
    with pytest.raises(MissingCopy):
        say("a.nothing")


def test_only_pages_are_translated() -> None:
    assert TRANSLATED
    assert {one.parent for one in TRANSLATED} == {ROOT / "webui"}


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.name)
def test_a_translation_has_the_keys_and_the_gaps_of_its_deck(path: Path) -> None:
    original = deck(path.with_name(path.name.split(".")[0] + ".toml"))
    translated = original.translations[path.suffixes[0].lstrip(".")]
    assert not translated.keys() - original.sentences.keys()
    for key, sentence in translated.items():
        gaps = set(re.findall(r"\{\w*\}", sentence))
        assert gaps == set(re.findall(r"\{\w*\}", original.sentences[key])), key
