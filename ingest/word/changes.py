"""What became of a narrative typed in old fonts, and what the person who sent it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.text import short
from registry.findings import Finding, finding
from vietnamese.convert import Reason, charset_name, explain


@dataclass(frozen=True, slots=True)
class TextChange:
    """A paragraph before and after; ``reason`` is a ``Reason``, ``charset`` is empty where none is named.

    A DOUBTFUL paragraph stays as it is; ``after`` is what it may say.
    """

    part: str
    before: str
    after: str
    charset: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The document as converted, empty when nothing was, and what was converted or is in doubt."""

    data: bytes = b""
    changes: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking through a document: BLOCK findings refuse it; in Unicode, where it was not."""

    findings: tuple[Finding, ...] = ()
    rewritten: Rewritten = Rewritten()


def told(changes: Sequence[TextChange], name: str) -> tuple[Finding, ...]:
    """One finding for all paragraphs that were converted, one for all that are in doubt."""
    return tuple(_told(changes, name))


def _told(changes: Sequence[TextChange], name: str) -> Iterator[Finding]:
    doubts = [one for one in changes if one.reason == Reason.DOUBTFUL]
    made = [one for one in changes if one.reason != Reason.DOUBTFUL]
    for code, those in (("narrative-converted", made), ("narrative-doubtful", doubts)):
        if those:
            first = next((one for one in those if one.charset), those[0])
            yield finding(
                code,
                name=name,
                count=len(those),
                how=how(first),
                found=short(first.before.strip()),
                expected=short(first.after.strip()),
            )


def how(change: TextChange) -> str:
    """What was done to a paragraph, and in which charset it stood where one is known."""
    done = explain(Reason(change.reason))
    return f"{done} ({charset_name(change.charset)})" if change.charset else done
