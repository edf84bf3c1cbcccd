"""How much of a file of encoded texts the converter reads right: ``python -m bench.encodings PATH ...``.

A file is a JSON object of lists. An item holds ``legacy`` with ``font``, or ``runs``; ``unicode`` or ``expected`` is
what it says (and ``bytewise`` where ``lossy``); an item of ``negatives`` says what stands there. Items with ``file``
are cells or paragraphs of real documents: they are read a second time without their fonts, each with those of its file,
where letter case counts as right either way, for no content tells a capitals font.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vietnamese.convert import Runs, context_of, convert_runs
from vietnamese.legacy import NO_COLUMN, ColumnVerdict

Item = Mapping[str, Any]


def main() -> None:
    """Print a line for every list of every file, by charset where items name one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    for path in parser.parse_args().paths:
        for group, items in json.loads(path.read_text(encoding="utf-8")).items():
            for line in _lines(group, items):
                print(line)


def _lines(group: str, items: list[Item]) -> Iterator[str]:
    by_charset = defaultdict(list)
    for item in items:
        by_charset[item.get("charset", "")].append(item)
    for charset, those in by_charset.items():
        answers, speed = _answers([_runs(item) for item in those], [NO_COLUMN] * len(those))
        wrong = sum(answer not in _right(item) for item, answer in zip(those, answers, strict=True))
        yield _line(f"{group} {charset}", len(those), wrong, speed)
    if all("file" in item for item in items):
        bare: list[Runs] = [[("".join(text for text, _ in item["runs"]), None)] for item in items]
        files = defaultdict(list)
        for item, runs in zip(items, bare, strict=True):
            files[item["file"]].append(runs)
        contexts = {file: context_of(cells) for file, cells in files.items()}
        answers, speed = _answers(bare, [contexts[item["file"]] for item in items])
        wrong = sum(one.lower() != item["expected"].lower() for item, one in zip(items, answers, strict=True))
        yield _line(f"{group} without fonts", len(items), wrong, speed)


def _answers(cells: list[Runs], contexts: list[ColumnVerdict]) -> tuple[list[str], float]:
    """What the cells say, and how many a second of CPU time were read."""
    before = time.process_time()
    answers = [convert_runs(runs, context).unicode for runs, context in zip(cells, contexts, strict=True)]
    return answers, len(cells) / (time.process_time() - before)


def _runs(item: Item) -> Runs:
    if "runs" in item:
        return [(text, font) for text, font in item["runs"]]
    return [(item["legacy"], item["font"])]


def _right(item: Item) -> set[str]:
    said = item.get("unicode", item.get("expected", item.get("legacy")))
    return {said, item["bytewise"]} if item.get("lossy") else {said}


def _line(name: str, count: int, wrong: int, speed: float) -> str:
    return (
        f"{name:<34} {count - wrong:>5} of {count:<5} {100 * (count - wrong) / count:6.2f} %  {speed:10,.0f} a second"
    )


if __name__ == "__main__":
    main()
