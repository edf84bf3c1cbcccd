"""Merging units' narratives into the compiled report beside docxcompose and python-docx copying their bodies.

Ours reads every file as a stranger's, deals its parts out to the outline's headings, counts lists anew and sets all in
the layout of administrative documents; both yardsticks only append one file to the next.
"""

from __future__ import annotations

import random
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import Any

import docx

from bench import paper
from bench.harness import Effort, Measurement, compare, main
from compile import document
from compile.compiled import compiled
from compile.model import CompileInput, Narrative
from registry.catalogue.model import Heading, Outline, Unit, UnitKind
from registry.rules.background import Background

NARRATIVES = 200
HEADINGS = 8
_AS_OF = datetime(2026, 10, 20, 9, tzinfo=paper.VIETNAM)
_SAID = """trong tháng đơn vị tập trung chỉ đạo triển khai đồng bộ các nhiệm vụ giải pháp sản xuất nông nghiệp cơ bản
thuận lợi diện tích gieo trồng vượt kế hoạch chăn nuôi ổn định dịch bệnh được kiểm soát thu ngân sách đạt dự toán"""


def measure(effort: Effort) -> Iterator[Measurement]:
    """Narratives of three to four pages: 200 and half as many (8 and 4 with ``--quick``), new ones every time."""
    most = 8 if effort.quick else NARRATIVES
    for count in (most // 2, most):
        yield compare(
            f"{count} narratives",
            lambda order: document.build(compiled(order)),
            {"docxcompose": _composed, "python-docx, bodies copied": _copied},
            (_order(1000 * count + number, count) for number in range(2)),
        )


def _composed(order: CompileInput) -> bytes:
    from docxcompose.composer import Composer

    first, *others = (narrative.data for narrative in order.narratives)
    composer = Composer(docx.Document(BytesIO(first)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for one in others:
            composer.append(docx.Document(BytesIO(one)))
    return _saved(composer.doc)


def _copied(order: CompileInput) -> bytes:
    first, *others = (narrative.data for narrative in order.narratives)
    whole: Any = docx.Document(BytesIO(first))
    for one in others:
        body = docx.Document(BytesIO(one)).element.body
        for element in body.iterchildren():
            whole.element.body.insert(-1, deepcopy(element))
    return _saved(whole)


# --- what units send -------------------------------------------------------------------------------------------------


def _order(seed: int, count: int) -> CompileInput:
    chance = random.Random(seed)
    units = [paper.unit(at) for at in range(1, count + 1)]
    province = Unit("66", "Tỉnh Đo Thử", UnitKind.PROVINCE, None, 0, units[0].born, units[0].born)
    headings = tuple(Heading(f"{at}.", f"Lĩnh vực {chr(96 + at)}", 1) for at in range(1, HEADINGS + 1))
    return CompileInput(
        paper.regime(),
        paper.PERIOD,
        province,
        province,
        _AS_OF,
        (),
        Background(),
        paper.catalogue()[1],
        (province, *units),
        narratives=tuple(Narrative(unit, "thuyet-minh.docx", _narrative(headings, chance), "") for unit in units),
        outline=Outline("TINH", "Đề cương", "tỉnh", headings),
        outlines={"xã": Outline("XA", "Đề cương", "xã", headings)},
        communes_under="*",
    )


def _narrative(headings: Sequence[Heading], chance: random.Random) -> bytes:
    """Eight headings, each with three paragraphs and a list, a table of twelve rows, a picture."""
    made: Any = docx.Document()
    for heading in headings:
        made.add_heading(f"{heading.number} {heading.title}", 1)
        for _ in range(3):
            paragraph = made.add_paragraph(f"{_said(chance, 30)} ")
            paragraph.add_run(_said(chance, 3)).bold = True
            paragraph.add_run(f" {_said(chance, 20)}.")
        for _ in range(2):
            made.add_paragraph(_said(chance, 12), style="List Number")
    table = made.add_table(12, 5)
    for cell in table._cells:
        cell.text = str(chance.randrange(10**5))
    made.add_picture(BytesIO(_picture(chance)), width=docx.shared.Cm(8))
    return _saved(made)


def _said(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_SAID.split(), k=count))


def _picture(chance: random.Random) -> bytes:
    rows = zlib.compress(b"".join(b"\0" + chance.randbytes(64) for _ in range(64)))
    pieces = ((b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in pieces
    )


def _saved(made: Any) -> bytes:
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    main(measure)
