"""What axe-core finds wrong with a page as Chromium shows it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""axe's names of WCAG 2.2's levels A and AA."""
_RUN = """levels => axe.run({runOnly: {type: "tag", values: levels}, resultTypes: ["violations"]}).then(found =>
    found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`)))"""


def violations(page: Page) -> list[str]:
    """Each violation of WCAG 2.2 AA: the rule and the element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, LEVELS)
    return found
