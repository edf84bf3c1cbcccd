"""Blocks put at the end of an administrative document: what stands there, and that many do not take long."""

import time
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from workbook_templates.official import document as official
from workbook_templates.official.wordml import Run, paragraph

AT = datetime(2026, 10, 15, tzinfo=UTC)
ROW = "<w:tr><w:tc><w:p><w:r><w:t>Ea Súp</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
BLOCKS = [paragraph([Run("PHỤ LỤC", bold=True)]), f"<w:tbl>{ROW * 3}</w:tbl><w:p/>", paragraph([Run("Nơi nhận:")])]


def blank() -> docx.document.Document:
    return official.blank("Báo cáo", "Sở Tài chính", AT)


def test_blocks_stand_where_they_would_be_moved_one_by_one() -> None:
    plain = blank()
    end = plain.element.body.find(qn("w:sectPr"))
    for block in list(parse_xml(f"<w:body {nsdecls('w')}>{''.join(BLOCKS)}</w:body>")):
        end.addprevious(block)
    made = docx.Document(BytesIO(official.finished(blank(), BLOCKS)))
    assert made.element.xml == docx.Document(BytesIO(official.saved(plain))).element.xml
    assert made.paragraphs[-1].text == "Nơi nhận:"


def test_a_table_of_thousands_of_rows_takes_no_quadratic_time() -> None:
    document = blank()
    started = time.process_time()
    made = official.finished(document, [f"<w:tbl>{ROW * 8000}</w:tbl>"])
    assert len(docx.Document(BytesIO(made)).tables[0]._tbl.tr_lst) == 8000
    assert time.process_time() - started < 4
