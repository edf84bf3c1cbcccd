"""A unit's tables on the report's sheet: also one it drew across the sheet can be read."""

from __future__ import annotations

import re

from compile.attaching import Attaching
from compile.story import Grid, Text
from compile.story_blocks import ROOM, story_block
from workbook_templates.official.letterhead import width_in_points
from workbook_templates.official.wordml import Run


def written(*words: str) -> tuple[set[float], list[int]]:
    """Sizes of letters in points, and widths of columns in twips, of a table of two equal rows."""
    row = tuple(((Text((Run(word),)),), 1, False) for word in words)
    xml = story_block(Grid((row, row)), Attaching(), 0)
    sizes = {int(size) / 2 for size in re.findall(r'<w:szCs w:val="(\d+)"', xml)}
    return sizes, [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"', xml)]


def test_a_table_with_room_keeps_its_letters_and_its_columns() -> None:
    assert written("Phường", *["112.648"] * 7) == ({12.0}, [ROOM // 8] * 8)


def test_a_wide_one_is_set_smaller_so_that_no_number_is_broken() -> None:
    words = ["Phường Buôn Ma Thuột", *["1.112.648"] * 11]
    (size,), widths = written(*words)
    assert 8 <= size < 12
    assert sum(widths) == ROOM
    longest = [max(word.split(), key=len) for word in words]
    assert all(width > 20 * width_in_points(word, size) for width, word in zip(widths, longest, strict=True))


def test_one_long_word_gets_its_room_from_the_others() -> None:
    (size,), widths = written("1", "2", "3", "4", "5", "6", "7", "8", "Nông-lâm-ngư-nghiệp")
    assert (size, sum(widths)) == (12.0, ROOM)
    assert widths[-1] > ROOM // 9


def test_of_what_cannot_be_read_at_any_size_the_columns_stay_as_drawn() -> None:
    assert written(*["9" * 60] * 8) == ({6.5}, [ROOM // 8] * 8)
