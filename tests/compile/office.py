"""LibreOffice as an outside witness: converts a file in a profile of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path


def convert(data: bytes, name: str, kind: str, folder: Path) -> bytes:
    """The file saved by LibreOffice as another kind: "pdf", "xlsx:Calc MS Excel 2007 XML"."""
    source = folder / name
    source.write_bytes(data)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (out / f"{source.stem}.{kind.partition(':')[0]}").read_bytes()
