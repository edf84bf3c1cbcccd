"""Converting cells beside translating the same cells with a plain table, which decides nothing."""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache, partial

from bench.harness import Effort, Measurement, compare, main
from registry import findings
from registry.findings import Finding
from vietnamese.charsets import charsets
from vietnamese.convert import context_of, convert_text

CELLS = 2000
LEGACY_FONT = ".VnTime"
Cells = list[str]


def measure(effort: Effort) -> Iterator[Measurement]:
    """Pages of 2,000 cells of two to twelve words, in an order never met before."""
    legacy = {letter: stored for stored, letter in charsets()["TCVN3"].table.items()}
    cases: list[tuple[str, dict[str, str], Callable[[Cells], object]]] = [
        ("Unicode", {}, partial(_convert, font=None)),
        ("Unicode, Times New Roman", {}, partial(_convert, font="Times New Roman")),
        ("TCVN3 by its font", legacy, partial(_convert, font=LEGACY_FONT)),
        ("TCVN3 by its content, as one column", legacy, _convert_column),
    ]
    to_unicode = str.maketrans({stored: letter for letter, stored in legacy.items()})
    for case, stored_as, ours in cases:
        yield compare(
            case,
            ours,
            {"str.translate": lambda cells: [cell.translate(to_unicode) for cell in cells]},
            (_page(number, str.maketrans(stored_as)) for number in range(effort.rounds(15) + 1)),
        )


def _convert(cells: Cells, font: str | None) -> object:
    return [convert_text(cell, font) for cell in cells]


def _convert_column(cells: Cells) -> object:
    context = context_of([((cell, None),) for cell in cells])
    return [convert_text(cell, None, context) for cell in cells]


def _page(number: int, stored_as: dict[int, str]) -> Cells:
    chance = random.Random(number)
    return [" ".join(chance.choices(_words(), k=chance.randrange(2, 13))).translate(stored_as) for _ in range(CELLS)]


@cache
def _words() -> list[str]:
    """The words of our own sentences, in the order of the alphabet."""
    sentences = [_sentence(code) for code in findings.codes()]
    return sorted({word for sentence in sentences for word in re.findall(r"[^\W\d_]+", sentence)})


def _sentence(code: str) -> str:
    try:
        return findings.fix(Finding(code, findings.Severity.NOTE))
    except KeyError:  # this sentence wants to be told more
        return ""


if __name__ == "__main__":
    main(measure)
