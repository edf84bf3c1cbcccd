"""Findings as a person works through them: by what is to be done, the same words said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.findings import Finding, Severity, fix, message

MEND, EXPLAIN, NOTE = "mend", "explain", "note"
_GROUPS = (
    (MEND, (Severity.BLOCK, Severity.ERROR)),
    (EXPLAIN, (Severity.WARNING,)),
    (NOTE, (Severity.NOTE,)),
)
Placed = tuple[int, Finding]  # with its place in the verdict


@dataclass(frozen=True)
class Cluster:
    """Findings with the same words, said once."""

    message: str
    fix: str
    findings: tuple[Placed, ...]


@dataclass(frozen=True)
class Group:
    """Findings that ask for the same: to be mended, to be explained, to be noted."""

    name: str
    clusters: tuple[Cluster, ...]

    @property
    def count(self) -> int:
        """How many findings."""
        return sum(len(cluster.findings) for cluster in self.clusters)


def groups_of(findings: tuple[Finding, ...]) -> list[Group]:
    """What must be mended, what needs explaining, what is only noted."""
    placed = list(enumerate(findings))
    made = [Group(name, _clusters(one for one in placed if one[1].severity in grave)) for name, grave in _GROUPS]
    return [group for group in made if group.clusters]


def _clusters(placed: Iterable[Placed]) -> tuple[Cluster, ...]:
    """In the order of their first findings."""
    said: dict[tuple[str, str], list[Placed]] = {}
    for at, found in placed:
        said.setdefault((message(found), fix(found)), []).append((at, found))
    return tuple(Cluster(*words, tuple(items)) for words, items in said.items())
