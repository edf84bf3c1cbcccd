"""A file somebody sent as an extraction: read in a child; an old workbook converted first, where that is possible."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from actions.instance import Instance
from ingest.model import Extraction
from ingest.office import CONVERTED, NotConverted
from ingest.secrecy import MARK
from registry.findings import finding
from registry.store.files import Stored


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read, and the conversion it was read from where the file itself is no xlsx."""

    extraction: Extraction
    conversion: Stored | None = None


def read(instance: Instance, data: bytes, name: str, *, keep: bool, converted: str | None = None) -> ReadFile:
    """Guard and read a file. Never raises for what the file is.

    With ``keep`` a conversion is stored beside the file, unless it bears a secrecy mark; ``converted`` names one made
    before.
    """
    extraction = instance.pool.read(data, name)
    kind = next((CONVERTED[one.code] for one in extraction.findings if one.code in CONVERTED), None)
    if kind is None or not instance.office.is_there:
        return ReadFile(extraction)
    try:
        if converted and instance.files.exists(converted):
            workbook = instance.files.read(converted)
        else:
            workbook = instance.office.convert(data, kind)
    except NotConverted:
        limit = int(instance.office.limits.wall_seconds)
        return ReadFile(Extraction(sheets=(), findings=(finding("kind-not-converted", name=name, limit=limit),)))
    extraction = instance.pool.read(workbook, name)
    is_kept = keep and not any(one.code == MARK for one in extraction.findings)
    note = finding("kind-converted", name=name, found=f".{kind}")
    return ReadFile(
        replace(extraction, findings=(note, *extraction.findings)),
        instance.files.put(io.BytesIO(workbook)) if is_kept else None,
    )
