"""The page of plans against what was done, and its workbook (F6)."""

import io

from openpyxl import load_workbook

from actions.instance import Instance
from tests.webui import small_province as province
from tests.webui.conftest import SignIn

PAGE = "/ky-bao-cao/KTXH/202610/ke-hoach"


def test_the_office_reads_the_province_then_any_unit_and_takes_it_along(instance: Instance, signed_in: SignIn) -> None:
    things = province.carry_through(instance, "easup", "ld.easup")
    office = signed_in("vpub")
    assert f'href="{PAGE}"' in office.get("/ky-bao-cao/KTXH/202610").text
    assert "Tỉnh Đắk Lắk" in office.get(PAGE).text
    one = office.get(f"{PAGE}?don-vi=24211").text
    assert "Xã Ea Súp" in one
    assert "Chưa đạt" in one
    assert f"{PAGE}.xlsx?don-vi=24211" in one
    clerk = signed_in("easup")
    assert f'href="{PAGE}?don-vi=24211"' in clerk.get(f"/viec/{things.assignment_id}").text
    own = clerk.get(PAGE).text
    assert "QĐ của UBND tỉnh" in own
    assert "Phường Buôn Ma Thuột" not in own
    made = clerk.get(f"{PAGE}.xlsx?don-vi=tat-ca", buffered=True)
    rows = list(load_workbook(io.BytesIO(made.data)).worksheets[0].iter_rows(min_row=5, values_only=True))
    assert {row[0] for row in rows} == {"Xã Ea Súp"}
    assert "Phường Buôn Ma Thuột" in str(office.get(f"{PAGE}?don-vi=24133").text)
    for address in (f"{PAGE}?don-vi=24133", f"{PAGE}.xlsx?don-vi=24133", f"{PAGE}?don-vi=66"):
        assert clerk.get(address).status_code == 404
    assert office.get(f"{PAGE}?don-vi=khong-co").status_code == 404
