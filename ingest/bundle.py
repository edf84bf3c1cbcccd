"""A zip of workbooks, taken apart within the limits of any file sent; what is in it is judged file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.container import Container, open_container
from ingest.kind import Kind, kind_of_package, sniff, workbooks_in
from ingest.limits import LIMITS, Limits

MOST_WORKBOOKS = 60


@dataclass(frozen=True)
class Bundle:
    """The workbooks of a zip by their names in it, and what else it holds: nothing else is taken out of it."""

    container: Container
    workbooks: tuple[str, ...]
    others: tuple[str, ...]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each workbook's own name, without folders, and its bytes, one at a time. Raises Refused."""
        for member in self.workbooks:
            yield member.replace("\\", "/").rsplit("/", 1)[-1], self.container.read(member)


def bundle_of(data: bytes, limits: Limits = LIMITS) -> Bundle | None:
    """The bundle a file is; None for any other file. Raises Refused (not safe to open, damaged)."""
    if len(data) > limits.file_bytes or sniff(data) is not Kind.ZIP:
        return None
    container = open_container(data, limits)
    if kind_of_package(container) is not Kind.BUNDLE:
        return None
    names = [name for name in workbooks_in(container) if not _is_litter(name)]
    others = (name for name in container if name not in names and not name.endswith("/") and not _is_litter(name))
    return Bundle(container, tuple(names), tuple(others))


def _is_litter(name: str) -> bool:
    """What systems leave in a zip: ``__MACOSX/._a.xlsx``, ``~$a.xlsx``."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(("._", "~$", "."))
