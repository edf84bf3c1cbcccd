"""A folder sent as one zip: its files by path, within limits."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import IO

from actions.desk import Refusal
from webui.wording import say

MOST_FILES = 200
MOST_BYTES = 64 << 20


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    RuntimeError,  # encrypted
    NotImplementedError,
    EOFError,
    ValueError,
)


class NotAFolder(Refusal):
    """The file is not a sound zip of a reasonable folder of the catalogue's workbooks."""

    def __init__(self) -> None:
        Exception.__init__(self, say("catalogue.not-a-folder", files=MOST_FILES, megabytes=MOST_BYTES >> 20))


def unfolded(stream: IO[bytes]) -> dict[str, bytes]:
    """Files by their path below the one top folder, if there is one; raises NotAFolder."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return _files(archive)
    except _BROKEN:
        raise NotAFolder from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
        raise NotAFolder
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for one in members:
        with archive.open(one) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise NotAFolder
        files[one.filename.replace("\\", "/")] = data
    return _without_top(files)


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) != 1 or any("/" not in name for name in files) or tops == {"forms"}:
        return files
    return {name.split("/", 1)[1]: data for name, data in files.items()}
