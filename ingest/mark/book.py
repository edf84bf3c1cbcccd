"""The workbook part: which sheets there are, one put before them or taken away."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from ingest.mark.package import Package, relationship_type
from ingest.mark.xml import Element, child, dumped, like, parsed
from ingest.reader.package import first_target

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OF_A_SHEET = ("comments", "vmlDrawing", "drawing", "printerSettings")  # parts that belong to one sheet alone


class Listed(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    kind: str  # worksheet | chartsheet | dialogsheet


class Book:
    """The workbook part and its relationships."""

    def __init__(self, package: Package, part: str) -> None:
        self.package, self.part = package, part
        self.root = parsed(package.read(part))
        sheets = child(self.root, "sheets")
        self._sheets: Element = sheets if sheets is not None else etree.SubElement(self.root, like(self.root, "sheets"))

    @property
    def namespace(self) -> str:
        """Of the part: strict or transitional."""
        return etree.QName(self.root).namespace or ""

    @property
    def sheets(self) -> list[Listed]:
        """All sheets in order whose part is there."""
        targets = {one.id: one for one in self.package.related(self.part)}
        found = ((one.get("name", ""), targets.get(_id(one))) for one in self._sheets)
        return [Listed(name, to.target, to.kind) for name, to in found if to and to.target in self.package]

    def target(self, word: str) -> str:
        """The part the first relationship of a kind leads to."""
        return first_target(self.package.related(self.part), word)

    def relate(self, word: str, target: str) -> str:
        """A new relationship in the workbook's own dialect; its id."""
        return self.package.relate(self.part, relationship_type(self.root, word), target)

    def remove(self, name: str) -> None:
        """Take a sheet out, with what belongs to it alone."""
        at = next(i for i, one in enumerate(self._sheets) if one.get("name") == name)
        id_ = _id(self._sheets[at])
        part = next(one.target for one in self.package.related(self.part) if one.id == id_)
        for own in self.package.related(part):
            if own.kind in _OF_A_SHEET and own.target in self.package:
                self.package.drop(own.target)
        self.package.drop(part)
        self.package.unrelate(self.part, id_)
        self._sheets.remove(self._sheets[at])
        self._renumber(at, -1)

    def put_first(self, name: str, part: str) -> None:
        """A sheet before all others, the one that is seen when the file is opened."""
        ids = [int(one.get("sheetId", "0")) for one in self._sheets if one.get("sheetId", "").isdecimal()]
        space = relationship_type(self.root, "id").rpartition("/")[0]
        number = str(max(ids, default=0) + 1)
        made = etree.Element(like(self.root, "sheet"), nsmap={"r": space}, name=name, sheetId=number)
        made.set(f"{{{space}}}id", self.relate("worksheet", part))
        self._sheets.insert(0, made)
        self._renumber(0, 1)
        for view in self.root.iter(like(self.root, "workbookView")):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", "")

    def _renumber(self, first: int, by: int) -> None:
        """Names that hold on one sheet count sheets: of those from ``first`` on the number moves."""
        names = child(self.root, "definedNames")
        for one in list(names) if names is not None else ():
            local = one.get("localSheetId", "")
            if not local.isdecimal() or names is None:
                continue
            if by < 0 and int(local) == first:
                names.remove(one)
            elif int(local) >= first:
                one.set("localSheetId", str(int(local) + by))
        if names is not None and not len(names):
            self.root.remove(names)

    def save(self) -> None:
        """Put the part back."""
        self.package.write(self.part, dumped(self.root))


def _id(sheet: Element) -> str:
    return next(
        (str(v) for k, v in sheet.attrib.items() if str(k).startswith("{") and etree.QName(k).localname == "id"), ""
    )
