"""What a kept base follows from: nothing a workbook leans on may change without its key changing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from workbook_templates import foundry

ROOT = Path(foundry.__file__).parents[1]
OURS = """
import sys, workbook_templates.foundry
for module in list(sys.modules.values()):
    print(getattr(module, "__file__", None) or "")
"""


def test_every_module_a_workbook_is_made_by_is_in_the_key_of_its_base() -> None:
    told = subprocess.run([sys.executable, "-c", OURS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ours = [ROOT / room for room in ("vietnamese", "registry", "workbook_templates", "ingest", "compile", "actions")]
    loaded = {path for path in map(Path, told.splitlines()) if any(path.is_relative_to(room) for room in ours)}
    packages = {ROOT / "registry" / "__init__.py"}
    assert len(loaded) > 40
    assert loaded - packages <= set(foundry.sources())


def test_words_and_findings_are_in_the_key_too() -> None:
    names = {str(path.relative_to(ROOT)) for path in foundry.sources()}
    assert {"registry/periods/copy.toml", "workbook_templates/copy.toml", "registry/findings/__init__.py"} <= names
    assert any(name.startswith("registry/findings/catalogue/") for name in names)
    assert not any(name.endswith(".pyc") for name in names)
