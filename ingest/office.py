"""LibreOffice as a converter of old workbooks and as a printer: one run at a time, in a profile of its own, confined,
then forgotten.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from ingest.kind import OLE2, Kind
from ingest.limits import OFFICE_LIMITS, PRINT_LIMITS, OfficeLimits

CONVERTED = {Kind.XLS.value: "xls", Kind.ODS.value: "ods"}  # finding that refuses the kind -> how such a file is called
_WORKBOOK = "xlsx:Calc MS Excel 2007 XML"
_PDF_OPTIONS = (  # of the writer_pdf_Export filter: PDF/A-2b, headings as bookmarks, tags for screen readers
    '"SelectPdfVersion":{"type":"long","value":"2"}',
    '"ExportBookmarks":{"type":"boolean","value":"true"}',
    '"UseTaggedPDF":{"type":"boolean","value":"true"}',
)
_PDF = f"pdf:writer_pdf_Export:{{{','.join(_PDF_OPTIONS)}}}"
_LOCK = "baocao-{work}-{user}.lock"
_PAUSE = 0.05  # seconds between two looks at the lock
_BEAT = 1.0  # seconds between two looks at whether the result is still wanted
_SETTINGS = (  # path, property, value: no macro runs, no link is followed
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


class Failing(StrEnum):
    """Why LibreOffice gave nothing."""

    ABSENT = "absent"  # it is not installed, or cannot be confined
    LATE = "late"
    NOTHING = "nothing"  # it ended without a result


class NotConverted(Exception):
    """LibreOffice gave no file in time; nothing of the run is left."""

    def __init__(self, why: Failing = Failing.NOTHING) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class _Task:
    """One conversion: what comes in, what is to come out, and what it may use."""

    source: str  # suffix
    filter: str
    result: str  # suffix
    limits: OfficeLimits
    lock: str  # whoever holds it works alone: printing a long report keeps no clerk waiting


def _always() -> None:
    """The result is wanted whatever happens."""


@dataclass
class Office:
    """The LibreOffice of this machine, if there is one that can be confined."""

    limits: OfficeLimits = OFFICE_LIMITS
    print_limits: OfficeLimits = PRINT_LIMITS

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
        if kind == "xls" and not data.startswith(OLE2):
            raise NotConverted
        return self._done(_Task(kind, _WORKBOOK, "xlsx", self.limits, "office"), data, _always)

    def pdf(self, document: bytes, wanted: Callable[[], None] = _always) -> bytes:
        """A docx of ours as PDF/A-2b with its fonts, bookmarks and tags. Raises NotConverted.

        ``wanted`` is called about every second and ends the run by raising.
        """
        return self._done(_Task("docx", _PDF, "pdf", self.print_limits, "print"), document, wanted)

    def _done(self, task: _Task, data: bytes, wanted: Callable[[], None]) -> bytes:
        if not self.is_there:
            raise NotConverted(Failing.ABSENT)
        deadline = time.monotonic() + task.limits.wall_seconds
        with (
            _alone(task.lock, deadline, wanted),
            tempfile.TemporaryDirectory(prefix="baocao-office-", ignore_cleanup_errors=True) as at,
        ):
            folder = Path(at)
            source = folder / f"bieu.{task.source}"
            source.write_bytes(data)
            _write_settings(folder)
            self._run(folder, source, task, deadline, wanted)
            return _result(folder / "out" / f"bieu.{task.result}", task.limits)

    def _run(self, folder: Path, source: Path, task: _Task, deadline: float, wanted: Callable[[], None]) -> None:
        running = subprocess.Popen(  # noqa: S603  (words of ours, a path of ours)
            self._command(folder, source, task),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
            start_new_session=True,
        )
        try:
            while not _has_ended(running, min(_BEAT, deadline - time.monotonic())):
                if time.monotonic() >= deadline:
                    raise NotConverted(Failing.LATE)
                wanted()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()

    def _command(self, folder: Path, source: Path, task: _Task) -> list[str]:
        limits = task.limits
        confined = (
            *("prlimit", f"--as={limits.address_bytes}", f"--cpu={limits.cpu_seconds}"),
            *(f"--fsize={limits.result_bytes}", "--core=0"),
        )
        quiet = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        convert = ("--convert-to", task.filter, "--outdir", str(folder / "out"), str(source))
        return [*confined, *self._without_network, str(self._program), profile, *quiet, *convert]


def _has_ended(running: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        running.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


def _result(path: Path, limits: OfficeLimits) -> bytes:
    """What stands there now that nothing of the run lives any more."""
    if path.is_symlink() or not path.is_file() or not 0 < path.stat().st_size <= limits.result_bytes:
        raise NotConverted
    return path.read_bytes()


@contextlib.contextmanager
def _alone(work: str, deadline: float, wanted: Callable[[], None]) -> Iterator[None]:
    """Nobody else on this machine does such work meanwhile. Raises NotConverted when the other run lasts too long."""
    path = Path(tempfile.gettempdir()) / _LOCK.format(work=work, user=os.getuid())
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    asked = time.monotonic()
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise NotConverted(Failing.LATE) from None
                if time.monotonic() > asked + _BEAT:
                    asked = time.monotonic()
                    wanted()
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
