"""The small report's workbook as text; ``python -m tests.compile.dumped`` writes the golden file anew."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl

from compile import workbook
from tests.compile.small_report import a_full_report

GOLDEN = Path(__file__).parent / "golden" / "workbook.txt"


def dump() -> str:
    """Sheet by sheet every cell with its formula or text, its result where it has a formula, its format."""
    data = workbook.build(a_full_report().having(public_url="https://bao-cao.example").compiled)
    live, stored = openpyxl.load_workbook(BytesIO(data)), openpyxl.load_workbook(BytesIO(data), data_only=True)
    lines = []
    for sheet in live:
        setup = (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows, sheet.freeze_panes)
        lines.append(f"== {sheet.title} {setup}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    result = f" = {stored[sheet.title][cell.coordinate].value}" if cell.data_type == "f" else ""
                    form = "" if cell.number_format == "General" else f" [{cell.number_format}]"
                    lines.append(f"{cell.coordinate} {cell.value}{result}{form}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(dump(), encoding="utf-8")
