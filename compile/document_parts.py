"""What the compiled document puts into the fixed parts of an administrative document."""

from __future__ import annotations

from compile.compiled import Compiled
from compile.coverage import copy
from vietnamese.letters import first_upper
from workbook_templates.official import blocks
from workbook_templates.official.letterhead import Letterhead


def opening_blocks(report: Compiled, issuer: Letterhead) -> list[str]:
    """Letterhead, kind and subject of the document, addressees."""
    order = report.order
    return blocks.opening_blocks(issuer, first_upper(subject_of(report)), order.year, order.addressees)


def attached_line(report: Compiled, issuer: Letterhead) -> str:
    """``(Kèm theo Báo cáo số      /BC-UBND ngày …)``."""
    return copy("document.attached", symbol=issuer.symbol, year=report.order.year, issuer=issuer.name)


def subject_of(report: Compiled) -> str:
    """The trích yếu of the report, with its months and years."""
    return filled(report.order.regime.report_title or report.order.regime.name, report)


def filled(pattern: str, report: Compiled) -> str:
    """A title of the catalogue with the words of the report's period put in."""
    return blocks.filled(pattern, report.order.period)


def signature_blocks(report: Compiled, issuer: Letterhead) -> list[str]:
    """Recipients at the left, the signer at the right; the name stays blank unless it is known."""
    return blocks.signature_blocks(issuer, report.order.recipients)
