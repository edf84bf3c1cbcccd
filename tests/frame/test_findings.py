from registry.findings import finding, fix


def test_a_fix_names_the_nearest_name_only_when_there_is_one() -> None:
    place = {"workbook": "units.xlsx", "sheet": "Đơn vị", "cell": "B2", "kind": "đơn vị", "found": "SNX"}
    near = fix(finding("catalogue-reference-unknown", **place, expected="SNV"))
    bare = fix(finding("catalogue-reference-unknown", **place, expected=""))
    assert "SNV" in near
    assert "“”" not in bare
