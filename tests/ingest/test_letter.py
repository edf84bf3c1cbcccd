"""The document behind a request: what is refused, what nearly is."""

import time
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.letter import check_letter, kind_of
from ingest.limits import LIMITS, Limits
from registry.findings import Severity, fix, message
from tests.ingest import a_document, crafted
from tests.ingest.test_narrative import NAME, OLE2, document, members, zipped


def codes(data: bytes, limits: Limits = LIMITS) -> list[str]:
    return [one.code for one in check_letter(data, "cv.pdf", limits)]


def pdf(*objects: bytes) -> bytes:
    """A pdf of some objects; nobody draws it."""
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, one) for n, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def packed(inside: bytes) -> bytes:
    """An object stream, in which a pdf since 1.5 hides most of its objects."""
    return b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\r\n%b\nendstream" % zlib.compress(inside)


OLD_MARK = a_document.run("mËt", ".VnTimeH")
RUNS = b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
TRIPS = {
    "a program in the open": pdf(RUNS),
    "a program with its name disguised": pdf(RUNS.replace(b"/JavaScript", b"/J#61va#53cript")),
    "a program among packed objects": pdf(packed(RUNS)),
    "a command": pdf(b"<< /S /Launch /F (calc.exe) >>"),
}
PASSES = {
    "an ordinary one": pdf(b"<< /Type /Catalog /OpenAction [2 0 R /Fit] >>"),
    "a signed one": pdf(b"<< /Type /Catalog /AcroForm << /SigFlags 3 >> >>", b"<< /Type /Sig >>"),
    "a name that only begins alike": pdf(b"<< /JavaScripts 1 /Launcher 2 >>"),
    "the word in its text": pdf(b"(JavaScript, Launch)"),
    "packed objects without one": pdf(packed(b"<< /Type /Page >>")),
    "a damaged stream": pdf(b"<< /Type /ObjStm >>\nstream\nkhong phai zlib\nendstream"),
    "the word for locking in its text": pdf(b"(/Encrypt)"),
    "metadata not to be locked": pdf(b"<< /EncryptMetadata false >>"),
}


@pytest.mark.parametrize("data", TRIPS.values(), ids=TRIPS)
def test_a_pdf_that_runs_something_is_refused(data: bytes) -> None:
    (found,) = check_letter(data, "cv.pdf")
    assert found.code == "letter-active"
    assert "cv.pdf" in message(found)


@pytest.mark.parametrize("data", PASSES.values(), ids=PASSES)
def test_a_pdf_that_only_looks_so_passes_with_a_word_on_what_cannot_be_seen(data: bytes) -> None:
    (found,) = check_letter(data, "cv.pdf")
    assert (found.code, found.severity) == ("letter-unseen", Severity.NOTE)
    assert "cv.pdf" in message(found)


@pytest.mark.parametrize("how", [b"/Encrypt 5 0 R", b"/#45ncrypt << /Filter /Standard >>", b"/Encrypt\r\n5 0 R"])
def test_a_locked_pdf_is_refused(how: bytes) -> None:
    assert codes(pdf() + b"trailer << %b >>" % how) == ["letter-locked"]


def test_a_pdf_that_cannot_be_looked_through_to_its_end_is_refused() -> None:
    large = pdf(packed(b" " * 2_000), packed(RUNS))
    for bytes_allowed, code in ((1_999, "letter-too-much"), (20_000, "letter-active")):
        assert codes(large, replace(LIMITS, part_bytes=bytes_allowed)) == [code]
    several = pdf(packed(b" " * 2_000), packed(b" " * 2_000), packed(RUNS))
    for bytes_allowed, code in ((4_000, "letter-too-much"), (20_000, "letter-active")):
        assert codes(several, replace(LIMITS, total_bytes=bytes_allowed)) == [code]
    last = pdf(packed(b" " * 2_000))
    for bytes_allowed, code in ((2_000, "letter-too-much"), (20_000, "letter-unseen")):
        assert codes(last, replace(LIMITS, total_bytes=bytes_allowed)) == [code]


OTHERS = {
    "text": ("letter-kind", "Công văn".encode()),
    "picture": ("letter-kind", b"\x89PNG\r\n\x1a\n"),
    "page": ("letter-kind", b"<html></html>"),
    "workbook": ("guard-workbook", crafted.book()),
    "old Word": ("guard-doc", OLE2 + "WordDocument".encode("utf-16-le")),
    "macros": ("guard-macros", zipped(members(**{"word/vbaProject.bin": OLE2}))),
    "secret": ("narrative-secret", document("TỐI MẬT", "CÔNG VĂN")),
    "secret in an old font": ("narrative-secret", a_document.document(a_document.paragraph(OLD_MARK))),
    "nothing": ("guard-empty-file", b""),
}


@pytest.mark.parametrize(("code", "data"), OTHERS.values(), ids=OTHERS)
def test_anything_but_a_pdf_or_an_honest_docx_is_refused(code: str, data: bytes) -> None:
    (found,) = check_letter(data, NAME)
    assert found.code == code
    assert "{" not in message(found) + fix(found)


def test_a_docx_passes_whatever_its_name() -> None:
    assert check_letter(document("CÔNG VĂN", "Mật độ dân số"), "cong-van.pdf") == ()
    assert (kind_of(document("x")), kind_of(pdf()), kind_of(b"abc")) == ("docx", "pdf", None)


@pytest.mark.parametrize("body", [b"", zlib.compress(b"")], ids=["none is one", "all are empty"])
def test_a_hundred_thousand_streams_cost_no_more_than_their_bytes(body: bytes) -> None:
    before = time.process_time()

    assert codes(b"%PDF-1.7\n" + (b"/ObjStm stream\n" + body) * 100_000) == ["letter-too-much"]
    assert time.process_time() - before < crafted.HANGING


@given(data=st.binary(max_size=300))
def test_whatever_follows_the_head_of_a_pdf_is_answered(data: bytes) -> None:
    assert isinstance(check_letter(b"%PDF-1.7 /ObjStm stream\n" + data, NAME), tuple)


def test_packed_objects_announced_and_never_there_cost_nothing() -> None:
    before = time.process_time()
    assert codes(b"%PDF-1.7\n" + b"/ObjStm" * 2_000_000) == ["letter-unseen"]
    assert time.process_time() - before < crafted.HANGING
