"""The empty document every administrative document begins as: Times New Roman, black, and nothing of another font."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from workbook_templates.official.wordml import FONT
from workbook_templates.official.zipping import added_to, empty

BODY_SIZE = 14  # points
NOTE_SIZE = 11
HEADINGS = 5
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN = "http://schemas.openxmlformats.org"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPACES = (
    f'xmlns:w="{_MAIN}" xmlns:r="{_RELATIONS}" xmlns:wp="{_OPEN}/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{_OPEN}/drawingml/2006/main" xmlns:pic="{_OPEN}/drawingml/2006/picture"'
)
PICTURES = {"png": "image/png", "jpeg": "image/jpeg"}  # what may be attached, by the end of its name
_PARTS = ("document.main", "styles", "settings", "fontTable", "footnotes")


@cache
def plain() -> bytes:
    """The package; its footnotes hold the two separators alone."""
    return added_to(empty(), {name: f"{_XML}\n{text}".encode() for name, text in _members()})


def _members() -> Iterator[tuple[str, str]]:
    yield "[Content_Types].xml", _content_types()
    yield "_rels/.rels", _relations((("officeDocument", "word/document.xml"), ("extended-properties", _APP)))
    yield _APP, f'<Properties xmlns="{_OPEN}/officeDocument/2006/extended-properties"/>'
    yield "word/document.xml", f"<w:document {_SPACES}><w:body>{_SECTION}</w:body></w:document>"
    yield "word/styles.xml", f"<w:styles {_SPACES}>{''.join(_styles())}</w:styles>"
    yield "word/settings.xml", f"<w:settings {_SPACES}>{_SETTINGS}</w:settings>"
    yield (
        "word/fontTable.xml",
        f'<w:fonts {_SPACES}><w:font w:name="{FONT}"><w:family w:val="roman"/></w:font></w:fonts>',
    )
    yield "word/footnotes.xml", f"<w:footnotes {_SPACES}>{_SEPARATORS}</w:footnotes>"
    named = (part.removesuffix(".main") for part in _PARTS[1:])
    yield "word/_rels/document.xml.rels", _relations(tuple((name, f"{name}.xml") for name in named))


_APP = "docProps/app.xml"
_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)
_FONTS = f'<w:font w:name="{FONT}"><w:family w:val="roman"/></w:font>'
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
    "<w:compat>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
)
_TIGHT = '<w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
_SEPARATORS = (
    f'<w:footnote w:type="separator" w:id="-1"><w:p>{_TIGHT}<w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:type="continuationSeparator" w:id="0"><w:p>{_TIGHT}<w:r><w:continuationSeparator/></w:r></w:p>'
    "</w:footnote>"
)


def _content_types() -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **PICTURES,
    }
    overrides = {f"/word/{part.removesuffix('.main')}.xml": f"{_TYPES}.{part}+xml" for part in _PARTS}
    overrides[f"/{_APP}"] = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    return (
        f'<Types xmlns="{_OPEN}/package/2006/content-types">'
        + "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items())
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
        + "</Types>"
    )


def _relations(targets: tuple[tuple[str, str], ...]) -> str:
    held = "".join(
        f'<Relationship Id="rId{place}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{held}</Relationships>'


# --- named styles ----------------------------------------------------------------------------------------------------


def _styles() -> Iterator[str]:
    fonts = "".join(f' w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    look = f'<w:rFonts{fonts}/>{_size(BODY_SIZE)}<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>'
    yield f"<w:docDefaults><w:rPrDefault><w:rPr>{look}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    yield _style("paragraph", "Normal", "Normal", f"{_TIGHT}<w:rPr><w:rFonts{fonts}/>{_size(BODY_SIZE)}</w:rPr>", True)
    yield _style("character", "DefaultParagraphFont", "Default Paragraph Font", '<w:uiPriority w:val="1"/>', True)
    yield _style("table", "TableNormal", "Normal Table", _BARE_TABLE, True)
    yield _style("numbering", "NoList", "No List", "", True)
    for level in range(1, HEADINGS + 1):
        slant = "<w:i/>" if level == HEADINGS else "<w:b/><w:bCs/>"
        look = f"<w:rPr><w:rFonts{fonts}/>{slant}{_size(BODY_SIZE)}</w:rPr>"
        setting = f'<w:pPr><w:keepNext/><w:outlineLvl w:val="{level - 1}"/></w:pPr>{look}'
        yield _style("paragraph", f"Heading{level}", f"heading {level}", f"{_ON_NORMAL}<w:qFormat/>{setting}")
    for name in ("Header", "Footer"):
        yield _style("paragraph", name, name.lower(), _ON_NORMAL)
    yield _style("paragraph", "FootnoteText", "footnote text", f"{_ON_NORMAL}<w:rPr>{_size(NOTE_SIZE)}</w:rPr>")
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    yield _style("character", "FootnoteReference", "footnote reference", raised)


_ON_NORMAL = '<w:basedOn w:val="Normal"/>'
_BARE_TABLE = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def _style(kind: str, identity: str, name: str, rest: str, is_default: bool = False) -> str:
    default = ' w:default="1"' if is_default else ""
    return f'<w:style w:type="{kind}"{default} w:styleId="{identity}"><w:name w:val="{name}"/>{rest}</w:style>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'
