"""Word documents as old offices wrote them: fonts in runs, styles, defaults and theme, text in every kind of story."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from tests.ingest.crafted import zipped

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_KINDS = {"styles": "styles", "header1": "header", "footer1": "footer", "comments": "comments", "theme/theme1": "theme"}
_KINDS |= {"numbering": "numbering", "footnotes": "footnotes", "fontTable": "fontTable"}


_TYPE = "application/vnd.openxmlformats-officedocument."


def run(text: str, font: str = "", **more: str) -> str:
    """A run; ``font`` names all scripts, ``more`` are attributes of rFonts or ``rStyle``; U+00AD is a soft hyphen."""
    style = f'<w:rStyle w:val="{more.pop("rStyle")}"/>' if "rStyle" in more else ""
    names = {"ascii": font, "hAnsi": font} if font else {}
    fonts = "".join(f" w:{name}={quoteattr(value)}" for name, value in {**names, **more}.items())
    look = style + (f"<w:rFonts{fonts}/>" if fonts else "")
    words = escape(text).replace("\u00ad", '</w:t><w:softHyphen/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """A paragraph of runs, in a style if one is named by its id."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{''.join(runs)}</w:p>"


def story(kind: str, *content: str) -> str:
    """The XML of a part: "document", "hdr", "ftr", "styles" and so on."""
    return f'<w:{kind} xmlns:w="{WORD}">{"".join(content)}</w:{kind}>'


def document(*content: str, **parts: str) -> bytes:
    """A docx; ``parts`` are named within ``word/``, without ``.xml`` and with ``__`` for ``/``."""
    named = {name.replace("__", "/"): text for name, text in parts.items()}
    ids = {name: f"rId{n}" for n, name in enumerate(named, 1)}
    relations = (f'<Relationship Id="{ids[name]}" Type="{OFFICE}/{_KINDS[name]}" Target="{name}.xml"/>' for name in ids)
    used = (
        f'<w:{name[:-1]}Reference xmlns:r="{OFFICE}" w:type="default" r:id="{one}"/>'
        for name, one in ids.items()
        if name in ("header1", "footer1")
    )
    body = f"<w:body>{''.join(content)}<w:sectPr>{''.join(used)}</w:sectPr></w:body>"
    main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": _types(named),
            "_rels/.rels": _related(main),
            "word/document.xml": story("document", body),
            "word/_rels/document.xml.rels": _related(*relations),
            **{f"word/{name}.xml": text for name, text in named.items()},
        }
    )


def _related(*relations: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(relations)}</Relationships>'


def _types(named: Iterable[str]) -> str:
    kinds = {"document": "wordprocessingml.document.main"}
    kinds |= {name: _KINDS[name] if name.startswith("theme") else f"wordprocessingml.{_KINDS[name]}" for name in named}
    parts = (f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}{kind}+xml"/>' for name, kind in kinds.items())
    by_extension = {"rels": _RELATIONS, "xml": "application/xml"}
    defaults = (f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in by_extension.items())
    return f'<Types xmlns="{PACKAGE}/content-types">{"".join((*defaults, *parts))}</Types>'
