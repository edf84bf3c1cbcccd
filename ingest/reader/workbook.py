"""The workbook part and the custom properties: sheets, defined names, the date system."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.container import Container
from ingest.reader.package import Attributes, first_target, is_true, local, parse, relationships


class SheetEntry(NamedTuple):
    """A worksheet as the workbook lists it; ``part`` is the member its relationship leads to."""

    name: str
    state: str  # visible | hidden | veryHidden
    part: str


@dataclass
class Workbook:
    """Contents of the workbook part; ``strings`` and ``styles`` are members, empty when the file has none."""

    sheets: list[SheetEntry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # defined name -> reference; the first of a name wins
    date1904: bool = False
    strings: str = ""
    styles: str = ""


def read_workbook(container: Container, part: str) -> Workbook:
    """The workbook part with its relationships. Raises Refused."""
    found = relationships(container, part)
    targets = {one.id: one for one in found}
    book = Workbook(strings=first_target(found, "sharedStrings"), styles=first_target(found, "styles"))
    name = ""
    text: list[str] = []

    def opens(tag: str, attributes: Attributes) -> None:
        nonlocal name
        kind = local(tag)
        if kind == "sheet":
            target = targets.get(_relationship_id(attributes))
            if target is None or target.kind == "worksheet":
                member = target.target if target else ""
                book.sheets.append(SheetEntry(attributes.get("name", ""), attributes.get("state", "visible"), member))
        elif kind == "workbookPr":
            book.date1904 = is_true(attributes.get("date1904"))
        elif kind == "definedName":
            name = attributes.get("name", "")
            text.clear()

    def closes(tag: str) -> None:
        nonlocal name
        if local(tag) == "definedName":
            book.names.setdefault(name, "".join(text))
            name = ""

    def adds(more: str) -> None:
        if name:
            text.append(more)

    parse(container.read(part), part, opens, closes, adds)
    return book


def _relationship_id(attributes: Attributes) -> str:
    return next((value for key, value in attributes.items() if local(key) == "id"), "")


def read_properties(container: Container) -> dict[str, str]:
    """Custom document properties as text. Raises Refused."""
    part = first_target(relationships(container, ""), "custom-properties") or first_target(
        relationships(container, ""), "customProperties", "docProps/custom.xml"
    )
    properties: dict[str, str] = {}
    if part not in container:
        return properties
    name = ""

    def opens(tag: str, attributes: Attributes) -> None:
        nonlocal name
        if local(tag) == "property":
            name = attributes.get("name", "")
            properties.setdefault(name, "")

    def text(more: str) -> None:
        if name:
            properties[name] += more

    def closes(tag: str) -> None:
        nonlocal name
        if local(tag) == "property":
            properties[name] = properties[name].strip()
            name = ""

    parse(container.read(part), part, opens, closes, text)
    return properties
