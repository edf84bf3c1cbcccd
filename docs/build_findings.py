"""Write docs/findings/README.md from the catalogue of findings: ``python -m docs.build_findings [--check]``."""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from registry.findings import message
from tests.tripped import tripped

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "registry" / "findings" / "catalogue"
PAGE = ROOT / "docs" / "findings" / "README.md"

EFFECT = {
    "block": "cannot be submitted",
    "error": "must be mended",
    "warning": "needs an explanation",
    "note": "for information",
}

HEAD = """\
# Findings

What the system says about a file, a cell or a catalogue row, and what it tells the person to do. A code never
changes its meaning; words in braces are filled in. Findings of a form's own rules are called `rule-…` and speak in the
words of the rule's author.

This page is written by `make docs` from `registry/findings/catalogue/*.toml`. The examples are what the workbook, one
for each code, that trips it in the tests is told; beside it stands one that nearly does (`tests/tripped.py`).
"""


def page() -> str:
    """The whole page as it should stand."""
    examples = {code: message(one) for code, one in tripped().items()}
    rooms = (_room(path, examples) for path in sorted(CATALOGUE.glob("*.toml")))
    return "\n".join([HEAD, *(line for room in rooms for line in room)])


def _room(path: Path, examples: Mapping[str, str]) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield f"## {path.stem}\n"
    introduction = text.splitlines()[0]
    if introduction.startswith("#"):
        yield f"{introduction.lstrip('# ')}\n"
    codes = tomllib.loads(text)
    has_examples = not examples.keys().isdisjoint(codes)
    yield f"| code | effect | says |{' for example |' if has_examples else ''} advises |"
    yield f"|---|---|---|---|{'---|' if has_examples else ''}"
    for code, said in sorted(codes.items()):
        said_for_example = examples.get(code, "")
        example = (said_for_example if said_for_example != said["message"] else "",) if has_examples else ()
        effect = "needs a waiver in force" if said.get("waivable") else EFFECT[said["severity"]]
        effect += ", the receiver only" if said.get("audience") == "receiver" else ""
        cells = (f"`{code}`", effect, said["message"], *example, said["fix"])
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
    yield ""


def main() -> int:
    """Write the page, or with ``--check`` only say whether it is current."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the page is not current")
    wanted = page()
    if parser.parse_args().check:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
            return 0
        sys.stderr.write(f"{PAGE.relative_to(ROOT)} is not current; run: make docs\n")
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
