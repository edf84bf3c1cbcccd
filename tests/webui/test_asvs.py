"""What docs/security/asvs.md points at is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security" / "asvs.md"


def test_every_file_named_exists_and_what_is_met_has_a_test() -> None:
    text = PAGE.read_text("utf-8")
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.\w+)`", text))
    assert len(named) > 60
    assert [one for one in sorted(named) if not (ROOT / one).is_file()] == []
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| V")]
    assert len(rows) > 40
    assert [row[0] for row in rows if row[2].startswith("met") and "tests/" not in row[4]] == []
    assert {number for row in rows for number in re.findall(r"V(\d+)", row[0])} == {str(n) for n in range(1, 18)}
