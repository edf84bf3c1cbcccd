"""What stands above and below the table: number and title of the form, the decision, the unit line, remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.official.paper import At, Paper, one_line
from ingest.official.table import Table
from ingest.official.words import ABOVE
from vietnamese.fold import fold, slug

_NUMBER = re.compile(
    r"(?:biểu|mẫu|phụ biểu)\s*(?:mẫu\s*)?(?:số\s*:\s*(?P<any>\S+)|(?:số)?\s*[:.]?\s*(?P<number>\S*\d\S*))",
    re.IGNORECASE,
)
_BASIS = re.compile(r"\(?\s*(?:(?:được )?ban hành )?(?:kèm )?theo\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_BASIS_GOES_ON = re.compile(
    r"\(?\s*(quyết định|thông tư|nghị định|công văn|số\b|ngày\b|của\b|[-\d/…. ]+$)", re.IGNORECASE
)
_UNIT_LINE = re.compile(r"\(?\s*(?P<line>(?:đơn vị tính|đvt|đơn vị)\s*[:：]\s*(?P<unit>[^()]+?))\s*\)?", re.IGNORECASE)
_CODE = re.compile(r"(?P<digits>\d{1,3}[a-zđ]?)/(?P<letters>[A-ZĐ][A-ZĐ-]{0,11})", re.IGNORECASE)
_ENTITY = str.maketrans({"Đ": "D", "đ": "d"})


@dataclass(frozen=True)
class Head:
    """The words around a table; ``at`` holds the cell each was read in."""

    title: str
    official_number: str
    legal_basis: str
    unit_line: str
    unit: str  # of the unit line: "Số hồ sơ TTHC"
    at: dict[str, At]


def head_of(table: Table) -> Head:
    """The words above the table; what is not there is empty."""
    paper = table.paper
    above = [(row, column) for row in paper.rows if row < table.top for column in paper.columns_of(row)]
    number, number_at = _official_number(paper, above)
    basis, basis_at = _legal_basis(paper, above)
    title, title_at = _title(paper, above)
    line, unit, line_at = _unit_line(paper, above)
    at = {"official_number": number_at, "legal_basis": basis_at, "title": title_at, "unit_line": line_at}
    return Head(title, number, basis, line, unit, {name: place for name, place in at.items() if place})


def _lines(paper: Paper, at: At) -> list[str]:
    return [one_line(line) for line in paper.inks[at].text.split("\n") if line.strip()]


def _official_number(paper: Paper, above: list[At]) -> tuple[str, At | None]:
    for at in above:
        for line in _lines(paper, at):
            if found := _NUMBER.match(line):
                return (found["any"] or found["number"]).strip(".,;"), at
    return "", None


def _legal_basis(paper: Paper, above: list[At]) -> tuple[str, At | None]:
    for at in above:
        lines = _lines(paper, at)
        for place, line in enumerate(lines):
            if found := _BASIS.match(line):
                more = [*lines[place + 1 :], *(text for below in _below(at, above) for text in _lines(paper, below))]
                parts = [found["rest"], *_while_going_on(more)]
                whole = " ".join(part for part in parts if part)
                return (whole.rstrip(") ") if line.startswith("(") else whole).strip(), at
    return "", None


def _below(at: At, above: list[At]) -> list[At]:
    return [one for one in above if one[1] == at[1] and one[0] > at[0]]


def _while_going_on(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if not _BASIS_GOES_ON.match(line):
            break
        kept.append(line)
    return kept


def _title(paper: Paper, above: list[At]) -> tuple[str, At | None]:
    """The longest line in capitals that is no letterhead, with the lines that go on below it; else the longest bold."""
    lines = [(at, line) for at in above for line in _lines(paper, at) if not ABOVE.fullmatch(fold(line))]
    capital = [(at, line) for at, line in lines if line == line.upper() and len(line.split()) >= 3]
    bold = [(at, line) for at, line in lines if paper.inks[at].is_bold and len(line.split()) >= 3]
    if not capital and not bold:
        return "", None
    at, line = max(capital or bold, key=lambda one: len(one[1]))
    if not capital:
        return line, at
    return _whole_title(capital, at, line), at


def _whole_title(capital: list[tuple[At, str]], at: At, line: str) -> str:
    """Neighbouring lines in capitals in one column, within a cell or below each other, are one title."""
    place = capital.index((at, line))
    first = last = place
    while first and _adjoin(capital[first - 1][0], capital[first][0]):
        first -= 1
    while last + 1 < len(capital) and _adjoin(capital[last][0], capital[last + 1][0]):
        last += 1
    return " ".join(text for _, text in capital[first : last + 1])


def _adjoin(upper: At, lower: At) -> bool:
    return upper[1] == lower[1] and 0 <= lower[0] - upper[0] <= 1


def _unit_line(paper: Paper, above: list[At]) -> tuple[str, str, At | None]:
    for at in reversed(above):
        for line in _lines(paper, at):
            found = _UNIT_LINE.fullmatch(line)
            if found and ("tính" in line or not fold(found["unit"]).startswith(("ubnd", "uy ban", "so "))):
                return one_line(found["line"]), found["unit"].strip(" ."), at
    return "", "", None


def remarks_of(table: Table) -> list[tuple[At, str]]:
    """The lines below the table, each with its cell."""
    paper = table.paper
    if table.foot is None:
        return []
    below = [(row, column) for row in paper.rows if row >= table.foot for column in paper.columns_of(row)]
    return [(at, line) for at in below[:200] for line in _lines(paper, at)]


def code_of(head: Head, name: str) -> str:
    """A code for the form: ``01/KTXH`` -> ``KTXH-01``, ``II.06a/VPCP/KSTT`` -> ``II.06a``, else from its title."""
    number = head.official_number.translate(_ENTITY)
    if found := _CODE.fullmatch(number.split("/Q")[0]):
        return f"{found['letters'].upper()}-{found['digits']}"
    first = re.sub(r"[^A-Za-z0-9.\-]", "", number.partition("/")[0] if not number[:1].isdigit() else number)
    if any(letter.isalpha() for letter in first):
        return first.strip(".-")
    words = slug(head.title or name).split("-")
    initials = "".join(word[0] for word in words if word)[:5].upper() or "B"
    return f"{initials}-{first}" if first else f"{initials}-01"
