"""Write docs/findings/README.md from the catalogue of findings: ``python -m docs.build_findings [--check]``."""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "registry" / "findings" / "catalogue"
PAGE = ROOT / "docs" / "findings" / "README.md"

EFFECT = {
    "block": "cannot be submitted",
    "error": "needs a waiver in force",
    "warning": "needs an explanation",
    "note": "for information",
}

HEAD = """\
# Findings

What the system says about a file, a cell or a catalogue row, and what it tells the person to do. A code never
changes its meaning; words in braces are filled in. Findings of a form's own rules are called `rule-…` and speak in the
words of the rule's author.

This page is written by `make docs` from `registry/findings/catalogue/*.toml`.
"""


def page() -> str:
    """The whole page as it should stand."""
    return "\n".join([HEAD, *(line for path in sorted(CATALOGUE.glob("*.toml")) for line in _room(path))])


def _room(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield f"## {path.stem}\n"
    introduction = text.splitlines()[0]
    if introduction.startswith("#"):
        yield f"{introduction.lstrip('# ')}\n"
    yield "| code | effect | says | advises |"
    yield "|---|---|---|---|"
    for code, said in sorted(tomllib.loads(text).items()):
        effect = EFFECT[said["severity"]] + (", the receiver only" if said.get("audience") == "receiver" else "")
        cells = (f"`{code}`", effect, said["message"], said["fix"])
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
