"""What is printed under every page of a report: which version it is, and the workbook it goes with."""

from __future__ import annotations

from compile.coverage import copy

_DIGITS = 16


def version_code(inputs_sha: str) -> str:
    """A version's code as people read it out: two versions of the same figures and text have the same.

    >>> version_code("3f2a9c4107be55d0" + "0" * 48)
    '3f2a-9c41-07be-55d0'
    """
    digits = inputs_sha[:_DIGITS]
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def foot_of(inputs_sha: str, workbook_sha: str = "") -> tuple[str, ...]:
    """The lines under every page; the SHA-256 is of the workbook (xlsx) compiled with it, where there is one."""
    lines = (copy("print.code", code=version_code(inputs_sha)),)
    return (*lines, copy("print.workbook", sha=workbook_sha)) if workbook_sha else lines
