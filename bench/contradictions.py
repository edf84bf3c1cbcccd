"""Holding narratives against their tables, beside a search for numbers alone; and how often the remarks are right."""

import random
import re
from collections import Counter
from collections.abc import Iterator

from bench.harness import Effort, Measurement, compare, main
from compile.contradictions import contradictions
from compile.remarks import Paragraph
from compile.rows_in_text import Named
from tests.compile.test_contradictions import PERIOD, labelled, measured, tables

PARAGRAPHS = 200
PERCENT = "%"


def measure(effort: Effort) -> Iterator[Measurement]:
    """Narratives of 200 paragraphs in an order never met; precision and recall of each part of the labelled set."""
    own, definitions = tables()
    yield compare(
        f"{PARAGRAPHS} paragraphs",
        lambda story: contradictions(story, Named(own), PERIOD, definitions, "Xã Ea Súp"),
        {"re.findall": lambda story: [re.findall(r"\d[\d.,]*", one.text) for one in story]},
        (_story(number) for number in range(effort.rounds(15) + 1)),
    )
    for part, name in ((1, "first part"), (2, "second part")):
        count = measured(part)
        yield Measurement(f"precision, {name}", _share(count, "wrong"), PERCENT)
        yield Measurement(f"recall, {name}", _share(count, "missed"), PERCENT)


def _share(count: Counter[str], beside: str) -> float:
    return round(100 * count["right"] / (count["right"] + count[beside]), 1)


def _story(number: int) -> list[Paragraph]:
    sentences = [one.text for one in labelled()]
    chance = random.Random(number)
    return [Paragraph(at, " ".join(chance.sample(sentences, 2))) for at in range(1, PARAGRAPHS + 1)]


if __name__ == "__main__":
    main(measure)
