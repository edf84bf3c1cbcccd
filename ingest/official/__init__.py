"""A form as a ministry published it, read from its plain workbook into a proposed definition (PRACTICE F31)."""

from __future__ import annotations

from ingest.official.doubts import Doubt
from ingest.official.form import Proposal, propose

__all__ = ["Doubt", "Proposal", "propose"]
