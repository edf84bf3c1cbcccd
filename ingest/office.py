"""LibreOffice as a converter of old workbooks: one run at a time, in a profile of its own, confined, then forgotten."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.kind import OLE2, Kind
from ingest.limits import OFFICE_LIMITS, OfficeLimits

CONVERTED = {Kind.XLS.value: "xls", Kind.ODS.value: "ods"}  # finding that refuses the kind -> how such a file is called
_FILTER = "xlsx:Calc MS Excel 2007 XML"
_LOCK = "baocao-office-{user}.lock"
_PAUSE = 0.05  # seconds between two looks at the lock
_SETTINGS = (  # path, property, value: no macro runs, no link is followed
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
)


class NotConverted(Exception):
    """LibreOffice gave no workbook in time; nothing of the run is left."""


@dataclass
class Office:
    """The LibreOffice of this machine, if there is one that can be confined."""

    limits: OfficeLimits = OFFICE_LIMITS

    @cached_property
    def is_there(self) -> bool:
        """True when LibreOffice and the means to confine it are installed."""
        return self._program is not None and shutil.which("prlimit") is not None

    @cached_property
    def _program(self) -> str | None:
        return shutil.which("soffice") or shutil.which("libreoffice")

    @cached_property
    def _without_network(self) -> tuple[str, ...]:
        """The words that give a process a network of its own with nothing in it, where the machine allows that."""
        for words in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                tried = subprocess.run([*words, "true"], capture_output=True, timeout=5, check=False)  # noqa: S603
                if tried.returncode == 0:
                    return words
        return ()

    def convert(self, data: bytes, kind: str) -> bytes:
        """A guarded "xls" or "ods" file as xlsx. Raises NotConverted.

        Waits for another run to end, and ends with everything it started, within ``limits.wall_seconds``.
        """
        if not self.is_there or (kind == "xls" and not data.startswith(OLE2)):
            raise NotConverted
        deadline = time.monotonic() + self.limits.wall_seconds
        with _alone(deadline), tempfile.TemporaryDirectory(prefix="baocao-office-", ignore_cleanup_errors=True) as at:
            folder = Path(at)
            source = folder / f"bieu.{kind}"
            source.write_bytes(data)
            _write_settings(folder)
            self._run(folder, source, deadline)
            return self._result(folder / "out" / "bieu.xlsx")

    def _run(self, folder: Path, source: Path, deadline: float) -> None:
        running = subprocess.Popen(  # noqa: S603  (words of ours, a path of ours)
            self._command(folder, source),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
            start_new_session=True,
        )
        try:
            running.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise NotConverted from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()

    def _command(self, folder: Path, source: Path) -> list[str]:
        limits = self.limits
        confined = (
            *("prlimit", f"--as={limits.address_bytes}", f"--cpu={limits.cpu_seconds}"),
            *(f"--fsize={limits.result_bytes}", "--core=0"),
        )
        quiet = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        convert = ("--convert-to", _FILTER, "--outdir", str(folder / "out"), str(source))
        return [*confined, *self._without_network, str(self._program), profile, *quiet, *convert]

    def _result(self, path: Path) -> bytes:
        """What stands there now that nothing of the run lives any more."""
        if path.is_symlink() or not path.is_file() or not 0 < path.stat().st_size <= self.limits.result_bytes:
            raise NotConverted
        return path.read_bytes()


@contextlib.contextmanager
def _alone(deadline: float) -> Iterator[None]:
    """Nobody else on this machine converts meanwhile. Raises NotConverted when the other run lasts too long."""
    path = Path(tempfile.gettempdir()) / _LOCK.format(user=os.getuid())
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise NotConverted from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def _write_settings(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )
