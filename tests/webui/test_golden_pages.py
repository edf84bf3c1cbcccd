"""The key pages say what they said when somebody last looked at them."""

from difflib import unified_diff

import pytest

from actions.instance import Instance
from tests.webui import golden_pages
from tests.webui.conftest import ON_SQLITE

ANEW = "python -m tests.webui.golden_pages"


@pytest.mark.usefixtures("told", "clock")
@ON_SQLITE
def test_the_key_pages_are_read_as_they_were(instance: Instance) -> None:
    differing: list[str] = []
    for name, text in golden_pages.shown(instance).items():
        before = golden_pages.golden(name).read_text(encoding="utf-8").splitlines()
        differing += unified_diff(before, text.splitlines(), name, f"{name} now", lineterm="", n=1)
    assert not differing, "\n".join([f"If this is as it should be: {ANEW}", *differing])
