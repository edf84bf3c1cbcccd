"""File names of compiled reports."""

from __future__ import annotations

import pytest

from compile.file_names import report_name


@pytest.mark.parametrize(
    ("regime", "period", "version", "suffix", "name"),
    [
        ("KTXH", "202610", 1, "xlsx", "BC_KTXH_202610_tong-hop_v1.xlsx"),
        ("KSTT", "20263", 3, "docx", "BC_KSTT_20263_tong-hop_v3.docx"),
        ("ĐX", "2026DX003", 2, "docx", "BC_DX_2026DX003_tong-hop_v2.docx"),
        ("../a b", "202610", 1, "xlsx", "BC_A-B_202610_tong-hop_v1.xlsx"),
    ],
)
def test_names_are_ascii_with_the_code_first(regime: str, period: str, version: int, suffix: str, name: str) -> None:
    assert report_name(regime, period, version, suffix) == name
    assert name.isascii()
