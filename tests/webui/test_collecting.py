"""A division collects figures of places without accounts on one sheet and puts the sums into its part (F16)."""

import pytest

from actions import collecting, dividing
from actions.instance import Instance
from registry.catalogue.values import CellKey
from registry.store import uploads
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import EASUP, FARM, NOW, sit, work_of

COWS, PIGS = CellKey("NN14", "c06"), CellKey("NN15", "c06")
SHEET = {
    "chi_tieu": ["NN14:c06", "NN15:c06"],
    "noi": "Buôn A1\nBuôn B1\nThôn 3\n",
    "ten:1": "Buôn A1",
    "nguon:1": "Y Thinh, trưởng buôn, 14/10",
    "o:1:NN14:c06": "1.200",
    "o:1:NN15:c06": "7",
    "ten:2": "Buôn B1",
    "nguon:2": "H Bia, điện thoại",
    "o:2:NN14:c06": "34",
    "o:2:NN15:c06": "-",
}


@pytest.fixture
def divided(instance: Instance) -> Instance:
    province.add_divisions(instance)
    unit, farm = (rights.unit_key(instance, code) for code in (EASUP, FARM))
    dividing.divide(sit(instance, "qt.easup"), unit, "KTXH-01", {"NN14": farm, "NN15": farm}, NOW.date())
    return instance


def test_what_places_told_is_added_up_named_and_put_into_the_part(divided: Instance, signed_in: SignIn) -> None:
    assignment, farm = work_of(sit(divided, "easup")).assignment_id, rights.unit_key(divided, FARM)
    address, clerk = f"/viec/{assignment}/phieu", signed_in("kt.easup")
    assert "Đàn bò" in clerk.get(address).text
    assert clerk.post(address, data=SHEET).status_code == 302
    page = clerk.get(address).text
    assert ("1.234" in page, "2/3 nơi" in page) == (True, True)
    answer = clerk.post(address, data=SHEET | {"do": "carry"})
    number = int(answer.location.rpartition("/")[2])
    with divided.store.read() as connection:
        sent, verdict = uploads.get(connection, number), uploads.newest_verdict(connection, number)
    assert sent is not None
    assert verdict is not None
    assert (sent.unit_id, verdict.values[COWS].number, verdict.values[PIGS].number) == (farm, 1234, 7)
    again = clerk.post(address, data=SHEET | {"o:2:NN14:c06": "40", "do": "carry"})
    with divided.store.read() as connection:
        corrected = uploads.get(connection, int(again.location.rpartition("/")[2]))
    assert corrected is not None
    assert (corrected.kind, corrected.base_id) == ("correction", number)
    hub = signed_in("easup")
    assert f"/viec/{assignment}/phieu/{farm}" in hub.get(f"/viec/{assignment}/phan-viec").text
    told = hub.get(f"/viec/{assignment}/phieu/{farm}").text
    assert ("Y Thinh, trưởng buôn, 14/10" in told, "1.240" in told, 'name="o:' in told) == (True, True, False)


@ON_SQLITE
def test_a_sheet_is_only_of_what_the_division_gives_and_refused_as_a_whole(
    divided: Instance, signed_in: SignIn
) -> None:
    assignment = work_of(sit(divided, "easup")).assignment_id
    address, clerk = f"/viec/{assignment}/phieu", signed_in("kt.easup")
    assert "Số lao động được tạo việc làm" not in clerk.get(address).text
    assert clerk.post(address, data=SHEET | {"chi_tieu": ["XH01:c06"]}).status_code == 404
    wrong = clerk.post(address, data=SHEET | {"o:2:NN15:c06": "bảy"})
    assert (wrong.status_code, "Buôn B1, Đàn lợn: “bảy” không phải là số nguyên" in wrong.text) == (400, True)
    assert "Y Thinh, trưởng buôn, 14/10" in wrong.text  # nothing typed is lost
    assert clerk.post(address, data=SHEET | {"noi": "Buôn A1\nbuôn a1"}).status_code == 400
    assert collecting.look(sit(divided, "kt.easup"), assignment).kept is None
    nothing = {"chi_tieu": ["NN14:c06"], "noi": "Buôn A1", "do": "carry"}
    assert clerk.post(address, data=nothing).status_code == 409
    for login in ("vhxh.easup", "ld.kt.easup", "bmt", "vpub"):
        assert signed_in(login).get(address).status_code == 404, login
    farm = rights.unit_key(divided, FARM)
    for login in ("vhxh.easup", "kt.easup", "bmt"):
        assert signed_in(login).get(f"{address}/{farm}").status_code == 404, login
