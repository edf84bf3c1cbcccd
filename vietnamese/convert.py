"""Text of cells and paragraphs in any Vietnamese encoding, made Unicode NFC; what was there is never guessed away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from vietnamese import viqr
from vietnamese.charsets import FREQUENT, FontVoice, charsets, font_voice
from vietnamese.copydeck import deck
from vietnamese.evidence import Evidence, Word, is_suspicious
from vietnamese.hygiene import Repair, mend, resolve_references, unmangle_utf8
from vietnamese.legacy import (
    AS_IT_STANDS,
    NO_COLUMN,
    Basis,
    ColumnVerdict,
    Decision,
    Hint,
    column_verdict,
    decide,
    word_by_word,
)
from vietnamese.syllables import PROOFS, is_spelt

Runs = Sequence[tuple[str, str | None]]


class Reason(StrEnum):
    """Why a text was changed, or why it was not although something spoke for it; sentences in ``copy.toml``."""

    UNCHANGED = "unchanged"
    FONT = "font"
    CONTENT = "content"
    COLUMN = "column"
    MIXED = "mixed"
    DOUBTFUL = "doubtful"  # one word only: ask
    UTF8 = "utf8"
    REFERENCE = "reference"
    VIQR = "viqr"
    COMPOSED = "composed"
    ORDER = "order"
    HOMOGLYPH = "homoglyph"
    INVISIBLE = "invisible"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Converted:
    """A text after conversion. ``charset`` names what it was written in (None when unchanged or plain Unicode).

    A DOUBTFUL text stays as it is; ``proposal`` is what it would say in the charset that something speaks for.
    """

    unicode: str
    charset: str | None
    changed: bool
    reason: Reason
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring runs whose fonts announce the same charset."""

    text: str
    hint: Hint
    capitals: tuple[tuple[int, int], ...]  # from–to positions drawn in capitals
    drawing: bool = False


_copy = deck(Path(__file__).parent / "copy.toml")
_BASIS = {
    Basis.FONT: Reason.FONT,
    Basis.CONTENT: Reason.CONTENT,
    Basis.COLUMN: Reason.COLUMN,
    Basis.MIXED: Reason.MIXED,
}
_REPAIRED = (
    (Repair.ORDER, Reason.ORDER, "WRONG-ORDER"),
    (Repair.COMPOSED, Reason.COMPOSED, None),
    (Repair.HOMOGLYPH, Reason.HOMOGLYPH, "HOMOGLYPH"),
    (Repair.INVISIBLE, Reason.INVISIBLE, None),
    (Repair.CONTROL, Reason.CONTROL, None),
)
_BEYOND_PLAIN = re.compile("[^\x00-\x7f\u00a0–—“”…•]")  # what VIQR has not, nor a program puts into it by itself
_ADDRESS = re.compile(r"@|://|\\\\")
_SIGNS = re.compile(
    r"\d\s?[×÷](?=\s?\d)|\d[½¼¾](?![^\W\d_]|[\u00a1-\u00bf])|(?<!\S)[½¼¾](?!\S)"
    r"|\d\s?[µμ](?:[mglLsFAVM]|mol)(?![^\W\d_]|[\u00a1-\u00bf×÷])"
)
_CAPITAL_WORD = re.compile(r"[A-Z][^a-z\s]*[A-Z]")


def convert_text(text: str, font: str | None = None, context: ColumnVerdict | None = None) -> Converted:
    """Convert a text in one font; without a font its content alone decides."""
    return convert_runs(((text, font),), context)


def convert_runs(runs: Runs, context: ColumnVerdict | None = None) -> Converted:
    """Convert rich text, (text, font) per run; letters may be split over runs of one family."""
    original = "".join(text for text, _ in runs)
    if original.isascii():
        return _convert_ascii(original)
    stretches = _stretches(runs)
    if not _BEYOND_PLAIN.search(original) and not any(stretch.hint.charset for stretch in stretches):
        return _convert_ascii(original)
    repaired = _repair_transport(original, stretches)
    if repaired:
        return repaired
    decisions = [_decide(stretch, context or NO_COLUMN) for stretch in stretches]
    legacy = any(decision.evidence for decision in decisions)
    decoded = "".join(_read(stretch, decision, legacy) for stretch, decision in zip(stretches, decisions, strict=True))
    unicode, repairs = mend(decoded)
    if unicode == original:
        return _unchanged(original, stretches, decisions)
    if decoded == original:
        return _mended(original, unicode, repairs)
    charset, reason = _account(stretches, decisions)
    return Converted(unicode, charset, True, reason)


def readings(text: str) -> tuple[str, ...]:
    """What a text may say: as it stands and in each frequent charset, Unicode NFC, no two alike.

    For a text that must be one of a few known ones: there even one word is enough.
    """
    decoded = (text, *(charsets()[name].decode(text) for name in FREQUENT))
    return tuple(dict.fromkeys(mend(reading)[0] for reading in decoded))


def says(text: str, expected: str) -> bool:
    """Whether some reading of a text is the expected one, whatever the case of its letters."""
    return any(reading.casefold() == expected.casefold() for reading in readings(text))


def context_of(cells: Iterable[Runs]) -> ColumnVerdict:
    """What the cells of one column, or of one sheet, show together; hand it to the conversion of each."""
    return column_verdict(
        [(stretch.text, stretch.hint) for stretch in _stretches(runs) if not stretch.drawing] for runs in cells
    )


def explain(reason: Reason) -> str:
    """The reason in a sentence for the clerk."""
    return _copy(f"conversion.{reason}")


def charset_name(charset: str) -> str:
    """What people call a charset that a conversion names: ``TCVN3-H`` and ``TCVN3-MIXED`` are "TCVN3 (ABC)"."""
    family = re.sub(r"-H$|-MIXED$|[+]UNICODE$", "", charset)
    return _copy(f"charset.{family}")


def convert_lines(objects: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, object]]:
    """The contract of ``baocao text convert --jsonl``: one answer per object, in order.

    An object holds ``text`` with optional ``font``, or ``runs`` ([[text, font], ...]), and optional ``column``;
    objects of one column are judged together, so from the first column on all are read before any is answered.
    """
    waiting: list[tuple[Runs, str | None]] = []
    for item in objects:
        runs = _runs_of(item)
        column = None if item.get("column") is None else repr(item["column"])
        if column is None and not waiting:
            yield _answer(convert_runs(runs))
        else:
            waiting.append((runs, column))
    columns: dict[str, list[Runs]] = {}
    for runs, column in waiting:
        if column is not None:
            columns.setdefault(column, []).append(runs)
    verdicts = {column: context_of(cells) for column, cells in columns.items()}
    for runs, column in waiting:
        yield _answer(convert_runs(runs, verdicts[column] if column else None))


def _runs_of(item: Mapping[str, Any]) -> Runs:
    if item.get("runs") is not None:
        return [(str(text), font) for text, font in item["runs"]]
    return [(str(item.get("text") or ""), item.get("font"))]


def _answer(converted: Converted) -> dict[str, object]:
    return {
        "unicode": converted.unicode,
        "charset": converted.charset,
        "changed": converted.changed,
        "reason": str(converted.reason),
    }


def _unchanged(text: str, stretches: Sequence[_Stretch], decisions: Sequence[Decision]) -> Converted:
    if not any(decision.wanting for decision in decisions):
        return Converted(text, None, False, Reason.UNCHANGED)
    believed = (Decision(_basis(text), one.evidence or one.wanting) for one in decisions)
    read = "".join(_read(stretch, one, among_legacy=True) for stretch, one in zip(stretches, believed, strict=True))
    return Converted(text, None, False, Reason.DOUBTFUL, mend(read)[0])


def _basis(text: str) -> Basis:
    return Basis.CONTENT if PROOFS.isdisjoint(text) else Basis.MIXED


def _convert_ascii(text: str) -> Converted:
    if "&#" in text:
        resolved = resolve_references(text)
        if resolved != text:
            name = "NCR-HEX" if "&#x" in text.lower() else "NCR-DEC"
            return Converted(mend(resolved)[0], name, True, Reason.REFERENCE)
    read = viqr.decode(text)
    if read is not None and read != text:
        return Converted(read, "VIQR", True, Reason.VIQR)
    mended, repairs = mend(text)
    return _mended(text, mended, repairs)


def _repair_transport(text: str, stretches: Sequence[_Stretch]) -> Converted | None:
    """UTF-8 read as Windows-1252, and character references; a legacy font makes the first improbable."""
    unmangled = unmangle_utf8(text)
    if unmangled is not None:
        believed = not any(stretch.hint.charset for stretch in stretches) or _is_surely_vietnamese(unmangled)
        if believed:
            return Converted(mend(unmangled)[0], "UTF8-AS-1252", True, Reason.UTF8)
    if "&#" in text:
        resolved = resolve_references(text)
        if resolved != text:
            return Converted(mend(resolved)[0], "NCR-DEC", True, Reason.REFERENCE)
    return None


def _is_surely_vietnamese(text: str) -> bool:
    return not PROOFS.isdisjoint(text) and not is_suspicious(text)


def _mended(original: str, mended: str, repairs: frozenset[Repair]) -> Converted:
    for repair, reason, charset in _REPAIRED:
        if repair in repairs:
            name = _form(original) if repair is Repair.COMPOSED else charset
            return Converted(mended, name, True, reason)
    return Converted(original, None, False, Reason.UNCHANGED)


def _form(text: str) -> str:
    """Fully decomposed, or tones only as Windows-1258 and "Unicode tổ hợp" write (the two look alike)."""
    return "NFD" if any(mark in text for mark in "\u0302\u0306\u031b") else "UNI-COMP"


def _stretches(runs: Runs) -> list[_Stretch]:
    """Join neighbouring runs of one family; a run without letters follows the run before it."""
    found: list[_Stretch] = []
    for text, font in runs:
        if not text:
            continue
        voice = font_voice(font)
        last = found[-1] if found else None
        start = len(last.text) if last and _belongs(text, voice, last) else 0
        capitals = ((start, start + len(text)),) if voice.capitals else ()
        if last and start:
            found[-1] = _Stretch(last.text + text, last.hint, last.capitals + capitals)
        else:
            found.append(_Stretch(text, Hint(voice.charset, voice.legacy), capitals, voice.drawing))
    return found


def _belongs(text: str, voice: FontVoice, last: _Stretch) -> bool:
    if voice.drawing or last.drawing:
        return False
    return Hint(voice.charset, voice.legacy) == last.hint or (voice.charset is None and text.isspace())


def _decide(stretch: _Stretch, column: ColumnVerdict) -> Decision:
    return AS_IT_STANDS if stretch.drawing else decide(stretch.text, stretch.hint, column)


def _read(stretch: _Stretch, decision: Decision, among_legacy: bool) -> str:
    if decision.evidence is None:
        is_plain = among_legacy and stretch.hint.charset is not None and stretch.text.isascii()
        return _in_capitals(stretch.text, stretch.capitals) if is_plain else stretch.text
    charset = decision.evidence.charset
    capitals = stretch.capitals if charset.is_single else ()
    if decision.basis is Basis.MIXED:
        return word_by_word(decision.evidence, lambda word: _read_word(word, capitals), mixed=True)
    if charset.name in FREQUENT:
        decoded = _in_capitals(_with_signs(charset.decode(stretch.text), stretch.text), capitals)
    else:
        decoded = word_by_word(decision.evidence, lambda word: word.decoded, mixed=False)
        decoded = _in_capitals(decoded, capitals)
    without_its_font = charset.has_capitals_font and decision.basis is not Basis.FONT
    if not charset.shared_capitals or without_its_font or not _CAPITAL_WORD.search(stretch.text):
        return decoded
    return _capitals_restored(decoded, decision.evidence)


def _with_signs(decoded: str, stored: str) -> str:
    """Signs of figures stay what they are: "5 × 3", "2½", "10 µm" are no letters in any font."""
    if len(decoded) == len(stored):
        for sign in _SIGNS.finditer(stored):
            decoded = decoded[: sign.start()] + sign[0] + decoded[sign.end() :]
    return decoded


def _read_word(word: Word, capitals: Sequence[tuple[int, int]]) -> str:
    shifted = [(start - word.start, end - word.start) for start, end in capitals]
    return _in_capitals(word.decoded, [(max(start, 0), max(end, 0)) for start, end in shifted])


def _in_capitals(text: str, parts: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(parts):
        part = text[start:end]
        text = text[:start] + (part if _ADDRESS.search(part) else part.upper()) + text[end:]
    return text


def _capitals_restored(decoded: str, evidence: Evidence) -> str:
    """Words typed in capitals whose accented letters the font could not make capital: "TæNG HîP" -> "TỔNG HỢP"."""
    restored = 0
    for word in evidence.words():
        start = word.start
        now = decoded[start : start + len(word.text)]
        if _wants_capitals(word.text, now):
            decoded = decoded[:start] + now.upper() + decoded[start + len(now) :]
            restored += 1
    if restored >= 2 and not any(letter.isascii() and letter.islower() for letter in decoded):
        return decoded.upper()
    return decoded


def _wants_capitals(stored: str, word: str) -> bool:
    plain = [letter for letter in stored if letter.isascii() and letter.isalpha()]
    return len(plain) >= 2 and all(letter.isupper() for letter in plain) and not word.isupper() and is_spelt(word)


def _account(stretches: Sequence[_Stretch], decisions: Sequence[Decision]) -> tuple[str | None, Reason]:
    """The name of what was found, and on what grounds; the first legacy stretch speaks for all."""
    spoken = [(stretch, decision) for stretch, decision in zip(stretches, decisions, strict=True) if decision.evidence]
    if not spoken:
        return None, Reason.CONTROL
    stretch, decision = spoken[0]
    assert decision.evidence is not None
    name = decision.evidence.charset.name
    if decision.basis is Basis.MIXED:
        name = f"{name}-MIXED"
    elif any(not other.text.isascii() and other.hint.charset is None and not other.drawing for other in stretches[1:]):
        name = f"{name}+UNICODE"
    elif stretch.capitals == ((0, len(stretch.text)),) and len(stretches) == 1:
        name = f"{name}-H"
    return name, _BASIS[decision.basis]
