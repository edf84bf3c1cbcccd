"""LibreOffice as an outside witness: converts a file in a profile of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


def convert(data: bytes, name: str, kind: str, folder: Path) -> bytes:
    """The file saved by LibreOffice as another kind: "pdf", "xlsx:Calc MS Excel 2007 XML"."""
    (made,) = convert_all({name: data}, kind, folder)
    return made


def convert_all(files: Mapping[str, bytes], kind: str, folder: Path) -> list[bytes]:
    """The same of several files in one start of LibreOffice, in their order."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    sources = [str(folder / name) for name in files]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), *sources],
        check=True,
        capture_output=True,
        timeout=170,
    )
    return [(out / f"{Path(name).stem}.{kind.partition(':')[0]}").read_bytes() for name in files]
