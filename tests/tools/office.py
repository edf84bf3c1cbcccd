"""LibreOffice as the clerk's own program, through `lo_client.py` (run by the interpreter python3-uno belongs to)."""

import json
import subprocess
from pathlib import Path
from typing import Any

from registry.catalogue.values import CellValue, State

CLIENT = Path(__file__).parent / "lo_client.py"
SIGNS = {State.NIL: "-", State.NOT_AVAILABLE: "…", State.ZERO: "0"}


def office(workbook: Path, *options: str) -> dict[str, Any]:
    command = ["/usr/bin/python3", str(CLIENT), str(workbook), "--timeout", "150", *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    answer: dict[str, Any] = json.loads(run.stdout)
    assert answer["ok"], answer
    return answer


def typed(value: CellValue) -> str:
    if value.state in SIGNS:
        return SIGNS[value.state]
    assert value.number is not None
    return f"{value.number:,f}".translate(str.maketrans(",.", ".,"))
