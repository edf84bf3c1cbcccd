from pathlib import Path

from openpyxl import load_workbook

from tests.commands.conftest import Console
from tests.ingest.plain_forms import dx, workbook


def test_an_official_form_is_proposed_checked_and_loaded(baocao: Console, tmp_path: Path) -> None:
    """What is proposed for the storm report, uncorrected, is a sound catalogue folder."""
    (tmp_path / "bao lũ.xlsx").write_bytes(workbook(dx()))
    out = tmp_path / "de-xuat"

    proposed = baocao.run("catalogue", "propose", tmp_path / "bao lũ.xlsx", "--out", out)

    assert proposed.exit_code == 0, proposed.output
    assert "official-measure-unknown" in proposed.output
    written = sorted(str(path.relative_to(out)) for path in out.rglob("*.xlsx"))
    assert written == ["forms/DX.xlsx", "indicators.xlsx", "measures.xlsx"]
    checked = baocao.run("catalogue", "check", out)
    assert checked.exit_code == 0
    assert "catalogue-sheet-unknown" not in checked.output  # the sheet of remarks is passed over
    loaded = baocao.run("catalogue", "load", out)
    assert loaded.exit_code == 0, loaded.output


def test_a_file_without_a_form_is_said_and_nothing_written(baocao: Console, tmp_path: Path) -> None:
    (tmp_path / "anh.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    refused = baocao.run("catalogue", "propose", tmp_path / "anh.xlsx", "--out", tmp_path / "out")

    assert refused.exit_code == 1
    assert "guard-image" in refused.output
    assert not (tmp_path / "out").exists()


def test_the_proposal_marks_its_doubtful_cells_and_lists_them(baocao: Console, tmp_path: Path) -> None:
    (tmp_path / "dx.xlsx").write_bytes(workbook(dx()))
    baocao.run("catalogue", "propose", tmp_path / "dx.xlsx", "--out", tmp_path / "out")

    book = load_workbook(tmp_path / "out" / "forms" / "DX.xlsx")

    listed = {row[5].value: row for row in book["Cần xem lại"].iter_rows(min_row=5)}
    rows = book["Chỉ tiêu"]
    measure = listed["Chỉ tiêu, H18"]
    assert (measure[1].value, measure[2].value) == ("Kiểm tra", "Biểu B22")
    assert measure[5].hyperlink.location == "'Chỉ tiêu'!H18"
    assert rows["H18"].value == "m"
    assert "chưa có trong danh mục" in rows["H18"].comment.text
    assert "H18" in {str(area.sqref) for area in rows.conditional_formatting}
