"""Text written into a workbook stays text, whatever it begins with: nobody's words become a formula or a link."""

from __future__ import annotations

PLAIN_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Options every workbook made here is begun with; a formula is written by ``write_formula`` alone."""
