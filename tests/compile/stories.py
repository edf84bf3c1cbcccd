"""Narratives as units write them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "http://schemas.openxmlformats.org"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{OPEN}/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{OPEN}/drawingml/2006/main"'
    f' xmlns:pic="{OPEN}/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml"'
    f' xmlns:mc="{OPEN}/markup-compatibility/2006" xmlns:m="{OPEN}/officeDocument/2006/math"'
)


def a_story(*paragraphs: str) -> bytes:
    """A docx with these paragraphs."""
    held = docx.Document()
    for text in paragraphs:
        held.add_paragraph(text)
    return saved(held)


def saved(held: object) -> bytes:
    buffer = BytesIO()
    held.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


# --- written by hand -------------------------------------------------------------------------------------------------


def packed(body: str, media: Mapping[str, bytes] | None = None, **parts: str) -> bytes:
    """A docx of WordprocessingML; ``parts`` are the inside of footnotes, numbering, styles, comments.

    Pictures of ``media`` have their file's name as the id of their relationship.
    """
    held = {"word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>".encode()}
    relations = []
    for name, inside in parts.items():
        held[f"word/{name}.xml"] = f"<w:{name} {SPACES}>{inside}</w:{name}>".encode()
        relations.append((name, name, f"{name}.xml"))
    for name, data in (media or {}).items():
        held[f"word/media/{name}"] = data
        relations.append((name, "image", f"media/{name}"))
    held["word/_rels/document.xml.rels"] = _relations(relations)
    held["_rels/.rels"] = _relations([("rId1", "officeDocument", "word/document.xml")])
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{types}.{kind}+xml"/>'
        for name, kind in (("document", "document.main"), *((name, name) for name in parts))
    )
    held["[Content_Types].xml"] = (
        f'<Types xmlns="{OPEN}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    ).encode()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in held.items():
            package.writestr(name, data)
    return buffer.getvalue()


def _relations(held: list[tuple[str, str, str]]) -> bytes:
    inside = "".join(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>' for key, kind, target in held)
    return f'<Relationships xmlns="{OPEN}/package/2006/relationships">{inside}</Relationships>'.encode()


def p(text: str = "", setting: str = "", inside: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{setting}</w:pPr>{r(text) if text else ''}{inside}</w:p>"


def r(text: str, look: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def in_list(identity: int, level: int = 0) -> str:
    """A place in a list, as a paragraph's setting."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>'


def drawn(relation: str, width: int = 1_800_000, height: int = 900_000, more: str = "") -> str:
    """A run with an inline picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="1" name="x" descr="Biểu đồ"/>'
        '<a:graphic><a:graphicData uri="x"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/>{more}</pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def controlled(tag: str, inside: str) -> str:
    """A content control."""
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'


def a_png(*more: tuple[bytes, bytes], size: tuple[int, int] = (4, 2)) -> bytes:
    """A grey picture of 4 × 2 points that says it is of ``size``; ``more`` are further pieces before its data."""
    width, height = 4, 2
    rows = zlib.compress(b"".join(b"\0" + b"\x99" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    pieces = ((b"IHDR", head), *more, (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in pieces
    )


def a_jpeg(*more: tuple[int, bytes]) -> bytes:
    """The frame of a JPEG of 16 × 8 points with a scan; ``more`` are further segments."""

    def segment(kind: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data

    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, 16, 1) + b"\x01\x11\x00")
    held = b"".join(segment(kind, data) for kind, data in more)
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + held + frame + scan + b"\xff\xd9"
