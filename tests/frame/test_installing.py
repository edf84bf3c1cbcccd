"""The two commands of the README rest on the lock files and the Makefile."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["run", "test"]


def _locked(name: str) -> dict[str, str]:
    """Requirement line -> its block of hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {block.split()[0]: block for block in re.split(r"\n(?=\S)", text)}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_library_has_one_version_and_its_hashes_and_no_address(name: str) -> None:
    for requirement, block in _locked(name).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^=]+", requirement), requirement
        assert "--hash=sha256:" in block, requirement
        assert "/" not in block, f"{requirement} names an address or a folder"


def test_the_tests_run_on_the_versions_that_serve() -> None:
    assert set(_locked("run")) <= set(_locked("test"))


def test_every_library_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, named in [("run", project["dependencies"]), ("test", project["optional-dependencies"]["dev"])]:
        locked = {requirement.partition("==")[0] for requirement in _locked(lock)}
        assert {re.match(r"[a-z0-9-]+", name.lower())[0] for name in named} <= locked


def test_make_alone_lists_every_command_a_person_may_give() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    help_text = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\S+)", help_text, re.MULTILINE)) == set(phony) - {"test-install"}
