"""Narratives: what is refused, what is kept although nobody can read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import LIMITS, Limits
from ingest.narrative import check_docx
from registry.findings import Severity, fix, message
from tests.ingest import crafted
from tests.ingest.a_document import OFFICE
from tests.ingest.crafted import OLE2, zipped

NAME = "thuyet-minh.docx"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(*paragraphs: str, header: str = "") -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def members(body: str | bytes = "<w:p/>", **more: str | bytes) -> dict[str, str | bytes]:
    text = body if isinstance(body, bytes) else f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return {"[Content_Types].xml": crafted.TYPES, "word/document.xml": text, **more}


def good() -> bytes:
    return document("BÁO CÁO", "Tình hình tháng 10", "Nội dung này không bí mật, mật ong tăng giá.")


def stamped_in(kind: str) -> bytes:
    """A document with a mark in a part of an unusual name, which a relationship of a kind leads to."""
    leads = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="/word/x/dau.xml"/>'
    more = {"word/x/dau.xml": f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:hdr>'}
    return zipped(members(**more, **{"word/_rels/document.xml.rels": f"<Relationships>{leads}</Relationships>"}))


def main_part_elsewhere(text: str = "Mật") -> bytes:
    """A document whose main part is not where one usually is."""
    leads = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document2.xml"/>'
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    more = {"word/document2.xml": body, "_rels/.rels": f"<Relationships>{leads}</Relationships>"}
    return zipped(members(**more))


def nested(deep: int) -> str:
    return "<w:p>" * deep + "</w:p>" * deep


@dataclass(frozen=True)
class Pair:
    code: str
    trips: Callable[[], bytes]
    passes: Callable[[], bytes]
    limits: Limits = LIMITS


PAIRS = [
    Pair("narrative-not-docx", lambda: b"%PDF-1.7", good),
    Pair("narrative-not-docx", lambda: "Báo cáo".encode(), good),
    Pair("guard-workbook", crafted.book, good),
    Pair("guard-doc", lambda: crafted.compound({"WordDocument": b"x"}), good),
    Pair("guard-encrypted", lambda: crafted.compound({"EncryptedPackage": b"x"}), good),
    Pair("guard-macros", lambda: zipped(members(**{"word/vbaProject.bin": OLE2})), lambda: zipped(members())),
    Pair(
        "guard-macros",
        lambda: zipped({**members(), "[Content_Types].xml": "<Types><Default ContentType='x.macroEnabled'/></Types>"}),
        lambda: zipped(members()),
    ),
    Pair("guard-doctype", lambda: zipped(members(b"<!DOCTYPE a><a/>")), lambda: zipped(members())),
    Pair(
        "guard-zip-bomb",
        lambda: zipped(members("<w:p/>" * 2_000)),
        lambda: zipped(members()),
        replace(LIMITS, part_bytes=2_000),
    ),
    Pair("narrative-secret", lambda: document("MẬT", "BÁO CÁO"), lambda: document("Mật độ dân số", "BÁO CÁO")),
    Pair(
        "narrative-secret",
        lambda: document("BÁO CÁO", header="TỐI MẬT"),
        lambda: document("BÁO CÁO", header="Mật khẩu"),
    ),
    Pair("narrative-secret", lambda: document("UBND", "Độ mật: Tuyệt mật"), lambda: document(*["Đoạn"] * 50, "Mật")),
    Pair("narrative-secret", lambda: stamped_in("header"), lambda: stamped_in("customXml")),
    Pair("narrative-secret", lambda: stamped_in("footer"), lambda: stamped_in("comments")),
    Pair("narrative-secret", main_part_elsewhere, lambda: main_part_elsewhere("Mật ong")),
    Pair("narrative-too-deep", lambda: zipped(members(nested(LIMITS.depth))), lambda: zipped(members(nested(20)))),
    Pair("narrative-unreadable", lambda: zipped(members(b"<w:document><w:p></w:document>")), lambda: zipped(members())),
    Pair(
        "narrative-embedded",
        lambda: zipped(members(**{"word/embeddings/sheet1.xlsx": crafted.book()})),
        lambda: zipped(members(**{"word/media/image1.png": b"\x89PNG"})),
    ),
]
IDS = [f"{i}-{pair.code}" for i, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_narrative_that_trips_is_told_so(pair: Pair) -> None:
    found = check_docx(pair.trips(), NAME, pair.limits)

    assert [one.code for one in found] == [pair.code]
    assert "{" not in message(found[0]) + fix(found[0])


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_narrative_that_nearly_trips_passes(pair: Pair) -> None:
    assert check_docx(pair.passes(), NAME, pair.limits) == ()


def test_what_cannot_be_parsed_is_kept() -> None:
    (found,) = check_docx(zipped(members(b"<w:document><w:p></w:document>")), NAME)

    assert found.severity is Severity.NOTE


GOOD = good()


@given(at=st.integers(0, len(GOOD) - 1), bits=st.integers(1, 255))
def test_a_damaged_narrative_is_answered_never_an_exception(at: int, bits: int) -> None:
    damaged = bytearray(GOOD)
    damaged[at] ^= bits

    assert isinstance(check_docx(bytes(damaged), NAME), tuple)
