from pathlib import Path

from openpyxl import load_workbook

from tests.commands.conftest import Console
from tests.ingest.plain_forms import Head, Layout, Printed, dx, workbook


def repairs() -> Layout:
    """A form nobody knows, with a measure nobody knows."""
    return Layout(
        "05-KP",
        ("Kèm theo Công văn số 9/UBND-NN",),
        ("BÁO CÁO KHẮC PHỤC HẬU QUẢ MƯA BÃO",),
        (Head(("TT",), "A"), Head(("Việc đã làm",), "B"), Head(("Đơn vị tính",), "C")),
        (Head(("Thực hiện trong tháng",), "1"), Head(("Ghi chú",), "2")),
        (Printed("1", "Kè sông đã đắp lại", "m"), Printed("2", "Bao cát đã xếp", "rọ")),
    )


def test_an_official_form_is_proposed_checked_and_loaded(baocao: Console, tmp_path: Path) -> None:
    """What is proposed for a new form, uncorrected, is a sound catalogue folder."""
    (tmp_path / "bao lũ.xlsx").write_bytes(workbook(repairs()))
    out = tmp_path / "de-xuat"

    proposed = baocao.run("catalogue", "propose", tmp_path / "bao lũ.xlsx", "--out", out)

    assert proposed.exit_code == 0, proposed.output
    assert "official-measure-unknown" in proposed.output
    written = sorted(str(path.relative_to(out)) for path in out.rglob("*.xlsx"))
    assert written == ["forms/05-KP.xlsx", "indicators.xlsx", "measures.xlsx"]
    checked = baocao.run("catalogue", "check", out)
    assert checked.exit_code == 0
    assert "catalogue-sheet-unknown" not in checked.output  # the sheet of remarks is passed over
    loaded = baocao.run("catalogue", "load", out)
    assert loaded.exit_code == 0, loaded.output


def test_a_form_in_force_is_proposed_as_its_next_version(baocao: Console, tmp_path: Path) -> None:
    (tmp_path / "dx.xlsx").write_bytes(workbook(dx()))

    proposed = baocao.run("catalogue", "propose", tmp_path / "dx.xlsx", "--out", tmp_path / "out")

    assert proposed.exit_code == 0, proposed.output
    assert "official-known-form" in proposed.output
    book = load_workbook(tmp_path / "out" / "forms" / "DX.xlsx")
    assert book["Biểu"]["B5"].value == 2


def test_a_file_without_a_form_is_said_and_nothing_written(baocao: Console, tmp_path: Path) -> None:
    (tmp_path / "anh.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    refused = baocao.run("catalogue", "propose", tmp_path / "anh.xlsx", "--out", tmp_path / "out")

    assert refused.exit_code == 1
    assert "guard-image" in refused.output
    assert not (tmp_path / "out").exists()


def test_the_proposal_marks_its_doubtful_cells_and_lists_them(baocao: Console, tmp_path: Path) -> None:
    (tmp_path / "kp.xlsx").write_bytes(workbook(repairs()))
    baocao.run("catalogue", "propose", tmp_path / "kp.xlsx", "--out", tmp_path / "out")

    book = load_workbook(tmp_path / "out" / "forms" / "05-KP.xlsx")

    listed = {row[5].value: row for row in book["Cần xem lại"].iter_rows(min_row=5)}
    rows = book["Chỉ tiêu"]
    measure = listed["Chỉ tiêu, H3"]
    assert (measure[1].value, measure[2].value) == ("Kiểm tra", "Biểu B7")
    assert measure[5].hyperlink.location == "'Chỉ tiêu'!H3"
    assert rows["H3"].value == "rọ"
    assert "chưa có trong danh mục" in rows["H3"].comment.text
    assert "H3" in {str(area.sqref) for area in rows.conditional_formatting}
