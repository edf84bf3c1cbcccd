"""Files in one zip: the same for the same files, checked by one command, a file that changed since is not passed on."""

import hashlib
import json
import subprocess
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from compile.bundle import MANIFEST, SUMS, Part, Tampered, path_of, write

DAY = date(2026, 10, 18)
ABOUT = {"Kỳ": "202610"}


def a_part(path: str, data: bytes, kept: bytes | None = None) -> Part:
    return Part(path, "Văn bản", lambda: data, hashlib.sha256(data if kept is None else kept).hexdigest(), "Xã Ea Súp")


def zipped(*parts: Part) -> bytes:
    out = BytesIO()
    assert list(write(out, DAY, ABOUT, parts)) == list(range(1, len(parts) + 1))
    return out.getvalue()


def test_everything_in_it_is_checked_by_one_command(tmp_path: Path) -> None:
    data = zipped(a_part("bao-cao/a.docx", b"a"), a_part(path_of("nguon", "24211", "Tệp 7", suffix="xlsx"), b"b" * 999))
    with zipfile.ZipFile(BytesIO(data)) as held:
        assert held.testzip() is None
        assert held.namelist() == ["bao-cao/a.docx", "nguon/24211-tep-7.xlsx", "DANH-MUC.txt", MANIFEST, SUMS]
        told = json.loads(held.read(MANIFEST))
        assert "sha256sum -c" in held.read("DANH-MUC.txt").decode()
        held.extractall(tmp_path)
    assert told["about"] == ABOUT
    assert told["files"][0]["sha256"] == hashlib.sha256(b"a").hexdigest()
    check = ["sha256sum", "-c", "--strict", SUMS]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "bao-cao/a.docx").write_bytes(b"A")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode != 0


def test_equal_files_give_equal_bytes() -> None:
    assert zipped(a_part("a", b"1")) == zipped(a_part("a", b"1"))
    assert zipped(a_part("a", b"1")) != zipped(a_part("a", b"2"))


def test_bytes_that_are_not_those_kept_stop_the_zip() -> None:
    with pytest.raises(Tampered):
        zipped(a_part("a", b"1", kept=b"2"))
