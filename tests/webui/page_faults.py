"""What is wrong with a page as it left the server, whatever it is about."""

import re
from collections.abc import Iterator

from lxml import html

from vietnamese.syllables import is_acronym, is_name, is_syllable

FIELDS = "//input[not(@type='hidden')] | //select | //textarea"
ADDRESSES = "//@href | //@src | //@action | //@formaction | //@poster | //@srcset"
TAKEN_AWAY = "ancestor::*[contains(@class, 'table-box')]/*[1]//a[@href]"
NOT_TO_BE_TAKEN = (
    ".//input[not(@type='hidden')] | .//select | .//a[contains(@href, 'tai-khoan=')]"  # to be filled in, to be pressed
    " | self::*[contains(@class, 'month')]"  # the days of a list below it
    " | ancestor::article[@lang]"  # part of a text, a guide's
)
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "headers", "list", "form")
NOT_PROSE = frozenset(("script", "style", "title", "code", "pre", "kbd", "textarea", "option", "del"))
SAID = ("title", "aria-label", "placeholder", "alt")
_WORD = re.compile(r"(?<![\w./@'’:-])[^\W\d_]{3,}(?![\w/@'’-]|[.:]\w)")
BORROWED = frozenset(
    {"ana", "byte", "csv", "ctrl", "demo", "dengue", "docx", "email", "excel", "google", "html", "internet", "json"}
    | {"kwh", "libreoffice", "microsoft", "ods", "outlook", "png", "python", "sup", "svg", "unicode", "word", "xls"}
    | {"xlsx", "zalo", "zip"}
)


def faults(text: str) -> list[str]:
    """Each in a few words; none for a page that is as it should be."""
    page = html.document_fromstring(text)
    looks = (_head, _identifiers, _names, _fields, _addresses, _tables, _headings, _charts)
    return [one for look in looks for one in look(page)]


def foreign_words(text: str) -> set[str]:
    """Words of three letters or more that a page says to its reader and that are neither Vietnamese, nor a proper
    name or an acronym, nor known to be borrowed.
    """
    page = html.document_fromstring(text)
    found: set[str] = set()
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in NOT_PROSE:
            continue
        said = [element.text or "", *(element.get(name) or "" for name in SAID)]
        said += [child.tail or "" for child in element]
        found |= {word for one in said if one[:1] != "=" for word in _WORD.findall(one) if _is_foreign(word)}
    return found


def _is_foreign(word: str) -> bool:
    if is_syllable(word) or is_acronym(word) or word.lower() in BORROWED:
        return False
    return not (word[0].isupper() and is_name(word))


def _head(page: html.HtmlElement) -> Iterator[str]:
    if page.get("lang") != "vi":
        yield f"language {page.get('lang')}"
    if not re.match(r"\S.* – \S", (page.findtext(".//title") or "").strip()):
        yield "no title"
    headings = page.xpath("//h1")
    if len(headings) != 1 or not _name(headings[0]):
        yield f"{len(headings)} main headings"


def _identifiers(page: html.HtmlElement) -> Iterator[str]:
    identifiers = page.xpath("//@id")
    known = set(identifiers)
    yield from (f"identifier used twice: {one}" for one in known if identifiers.count(one) > 1)
    for where in REFERENCES:
        named = {one for told in page.xpath(f"//@{where}") for one in told.split()}
        yield from (f"{where} names nothing: {one}" for one in named - known)
    yield from (
        f"leads nowhere: #{one}"
        for one in {one[1:] for one in page.xpath("//a/@href[. != '#']") if one[:1] == "#"} - known
    )


def _names(page: html.HtmlElement) -> Iterator[str]:
    for element in page.xpath("//a | //button | //summary | //label | //legend | //th | //caption | //h2 | //h3"):
        if not _name(element):
            yield f"says nothing: {_shown(element)}"
    yield from (f"a link without address: {_shown(one)}" for one in page.xpath("//a[not(@href) and not(@hidden)]"))
    yield from (f"a picture without words: {_shown(one)}" for one in page.xpath("//img[not(@alt)]"))
    pressed = "self::a or self::button or self::summary"
    yield from (
        f"two in one to press: {_shown(one)}" for one in page.xpath(f"//*[{pressed}]//*[{pressed} or self::input]")
    )


def _fields(page: html.HtmlElement) -> Iterator[str]:
    labelled = set(page.xpath("//label/@for"))
    for field in page.xpath(FIELDS):
        if field.get("hidden") is not None or field.get("aria-hidden"):
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
        if not named and not field.xpath("ancestor::label"):
            yield f"a field without label: {_shown(field)}"


def _addresses(page: html.HtmlElement) -> Iterator[str]:
    yield from (f"an address outside: {one}" for one in page.xpath(ADDRESSES) if not re.match(r"/(?!/)|#|\?|$", one))
    yield from (f"style in the page: {_shown(one)}" for one in page.xpath("//*[@style] | //style"))
    yield from (f"script in the page: {_shown(one)}" for one in page.xpath("//script[not(@src)]"))
    yield from (f"script in the page: {_shown(one)}" for one in page.xpath("//*[@*[starts-with(name(), 'on')]]"))


def _tables(page: html.HtmlElement) -> Iterator[str]:
    for table in page.xpath("//table"):
        if not table.xpath("caption"):
            yield f"a table without caption: {_shown(table)}"
        if not table.xpath(".//th"):
            yield f"a table without headings: {_shown(table)}"
        yield from (f"a heading without scope: {_shown(one)}" for one in table.xpath(".//th[not(@scope)]"))
        if not table.xpath(TAKEN_AWAY) and not table.xpath(NOT_TO_BE_TAKEN):
            yield f"a table that cannot be taken away: {_shown(table)}"


def _headings(page: html.HtmlElement) -> Iterator[str]:
    before = 1
    for one in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]"):
        level = int(one.tag[1])
        if level > before + 1:
            yield f"a heading skips a level: {_shown(one)}"
        before = level


def _charts(page: html.HtmlElement) -> Iterator[str]:
    """A chart says the same in a table beside it."""
    for chart in page.xpath("//figure//svg[@role='img' or @role='group']"):
        if not chart.xpath("ancestor::*[self::figure or self::section or self::article][.//table]"):
            yield f"a chart without its table: {_shown(chart)}"


def _name(element: html.HtmlElement) -> str:
    pictures = element.xpath("descendant-or-self::*/@aria-label | .//img/@alt | .//title/text()")
    return " ".join([*element.text_content().split(), *pictures])


def _shown(element: html.HtmlElement) -> str:
    return " ".join(html.tostring(element, encoding="unicode", with_tail=False).split())[:120]
