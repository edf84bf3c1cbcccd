"""What the program itself writes to stderr: whatever somebody typed stays inside its own line."""

from __future__ import annotations

import logging
import time
import unicodedata

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_BREAKING = ("Cc", "Cf", "Zl", "Zp")  # controls, marks that turn text around, separators of lines and paragraphs


class OneLine(logging.Formatter):
    """A record is one line; the lines of its traceback follow, each behind a bar no record begins with."""

    def __init__(self) -> None:
        super().__init__(_FORMAT, "%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """The record's line, without its traceback."""
        return visible(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's own name)
        """The traceback."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(f"| {visible(line)}" for line in lines)


def visible(text: str) -> str:
    """Text whose control characters are written out, as ``\\n``; bytes that are no text too."""
    shown = "".join(
        letter.encode("unicode_escape").decode() if unicodedata.category(letter) in _BREAKING else letter
        for letter in text
    )
    return shown.encode("utf-8", "backslashreplace").decode()


def install() -> None:
    """Let every logger of the process write so."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
