"""Small workbooks written by hand, honest and otherwise."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504

TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
HANGING = 20  # seconds: what takes longer hangs; how long anything takes is for the benches to say
_FREE = 0xFFFFFFFF  # no sector
CELL = '<c r="A1"><v>1</v></c>'


def types_of(ending: str) -> str:
    """Content types that call parts whose names end so workbooks with macros."""
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    return TYPES.replace("</Types>", f'<Default Extension="{ending}" ContentType="{kind}"/></Types>')


def relationships(*items: tuple[str, str, str], external: bool = False) -> str:
    """(id, last word of the type, target) each."""
    mode = ' TargetMode="External"' if external else ""
    rows = "".join(f'<Relationship Id="{i}" Type="{RELS}/{kind}" Target="{to}"{mode}/>' for i, kind, to in items)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def sheet(rows: str = f'<row r="1">{CELL}</row>', after: str = "", namespace: str = MAIN) -> str:
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(
    sheet_xml: str | bytes | None = None,
    strings: str | None = None,
    styles: str | None = None,
    names: tuple[str, ...] = ("Biểu",),
    more: Mapping[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """Members of a minimal workbook; ``more`` adds or replaces."""
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
    content = sheet_xml if sheet_xml is not None else sheet()
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(
            *((f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)),
            ("rIdS", "sharedStrings", "sharedStrings.xml"),
            ("rIdF", "styles", "styles.xml"),
        ),
        **{f"xl/worksheets/sheet{i}.xml": content for i in range(1, len(names) + 1)},
        **({"xl/sharedStrings.xml": strings} if strings is not None else {}),
        **({"xl/styles.xml": styles} if styles is not None else {}),
        **(more or {}),
    }


def zipped(members: Mapping[str, str | bytes], level: int = 6) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, level)
    return buffer.getvalue()


def book(*args: object, **more: object) -> bytes:
    return zipped(parts(*args, **more))  # type: ignore[arg-type]


def strings(*texts: str) -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'


def styles(formats: int) -> str:
    return f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * formats}</cellXfs></styleSheet>'


def duplicated(first: str, second: str) -> bytes:
    """A workbook with one member more, under a name (same length) patched to another."""
    assert len(first) == len(second)
    return book(more={first: "x"}).replace(first.encode(), second.encode())


def directory(data: bytes) -> int:
    """Offset of the central directory."""
    (offset,) = struct.unpack_from("<L", data, data.rfind(b"PK\x05\x06") + 16)
    return int(offset)


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    return data[:offset] + value + data[offset + len(value) :]


def with_flag(data: bytes, flag: int) -> bytes:
    """Sets a general purpose flag in the first local header and the first directory entry."""
    return patched(patched(data, 6, struct.pack("<H", flag)), directory(data) + 8, struct.pack("<H", flag))


def with_method(data: bytes, method: int) -> bytes:
    return patched(patched(data, 8, struct.pack("<H", method)), directory(data) + 10, struct.pack("<H", method))


def with_declared_size(data: bytes, size: int) -> bytes:
    """The first member says it is of this size when inflated, in both places."""
    return patched(patched(data, 22, struct.pack("<L", size)), directory(data) + 24, struct.pack("<L", size))


def overlapped(data: bytes) -> bytes:
    """The second directory entry points at the first member, both named alike in their headers."""
    at = directory(data)
    name, extra, comment = struct.unpack_from("<3H", data, at + 28)
    length = 46 + name + extra + comment
    entry = data[at : at + length]
    end = data.rfind(b"PK\x05\x06")
    _, _, _, _, count, size, offset, _ = struct.unpack_from("<4s4H2LH", data, end)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, size + length, offset, 0)
    return data[:end] + entry + tail


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def biff(*records: tuple[int, bytes]) -> bytes:
    """The globals of an Excel 97 workbook: its beginning, these records, its end."""
    return b"".join((_record(0x809, b"\0\x06\x05\0"), *(_record(*one) for one in records), _record(0x0A)))


def compound(streams: Mapping[str, bytes], *, storages: tuple[str, ...] = ()) -> bytes:
    """An OLE2 file of streams, each padded to 4,096 bytes (nothing goes into the small-stream store)."""
    last = 0xFFFFFFFE
    padded = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    count = 1 + len(padded) + len(storages)
    directory_sectors = -(-count // 4)
    chains = [directory_sectors, *(-(-len(body) // 512) for body in padded.values())]
    fat, starts, at = [0xFFFFFFFD], [], 1
    for length in chains:
        starts.append(at)
        fat += [*range(at + 1, at + length), last]
        at += length
    assert len(fat) <= 128
    entries = [_entry("Root Entry", 5, last, 0)]
    entries += [_entry(name, 2, start, len(padded[name])) for name, start in zip(padded, starts[1:], strict=True)]
    entries += [_entry(name, 1, 0, 0) for name in storages]
    header = struct.pack(
        "<8s16s5H6s9L", OLE2[:8], b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, starts[0], 0, 4096, last, 0, last, 0
    )
    sectors = [struct.pack("<128L", *fat, *[_FREE] * (128 - len(fat)))]
    sectors.append(b"".join(entries).ljust(directory_sectors * 512, b"\0"))
    sectors += [body.ljust(-(-len(body) // 512) * 512, b"\0") for body in padded.values()]
    return (header + struct.pack("<L", 0) + struct.pack("<L", _FREE) * 108).ljust(512, b"\0") + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB3L16sL16sLQ", text, len(text), kind, 1, _FREE, _FREE, _FREE, b"", 0, b"", start, size)


def ods(content: str = "<table:table-cell office:value='1'/>", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument spreadsheet of one row."""
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "table", "script", "form", "text", "calcext"))
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}><table:table-row>{content}</table:table-row>"
            "</office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
            **(more or {}),
        }
    )
