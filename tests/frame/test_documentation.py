"""The documentation keeps up with the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs import build_findings
from registry import findings
from webui import commands

ROOT = Path(__file__).parents[2]
PAGES = [path for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")] if path.exists()]


def test_the_page_of_findings_is_current() -> None:
    assert build_findings.PAGE.read_text(encoding="utf-8") == build_findings.page(), "run: make docs"


def test_the_page_of_findings_names_every_code() -> None:
    assert set(re.findall(r"^\| `([^`]+)`", build_findings.page(), re.MULTILINE)) == set(findings.codes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)|src=\"([^\"]+)\"", page.read_text(encoding="utf-8"))
    for target in (link or picture for link, picture in targets):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_guide_for_operators_explains_every_setting() -> None:
    settings = (ROOT / "actions" / "settings.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"BAOCAO_[A-Z_]+[A-Z]", settings)) <= set(re.findall(r"`(BAOCAO_[A-Z_]+)`", guide))


def test_the_guide_for_operators_names_every_command() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `baocao ([^`]+)` \|", guide, re.MULTILINE)
    documented = {word for line in named for word in _spelled_out(line)}
    assert documented == set(_commands(commands.baocao))


def _spelled_out(line: str) -> list[str]:
    *group, last = line.split()
    return [" ".join([*group, name]) for name in last.split("\\|")]


def _commands(command: click.Command, above: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(above)
        return
    for name, child in command.commands.items():
        yield from _commands(child, (*above, name))
