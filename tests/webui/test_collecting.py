"""A division collects figures of places without accounts on one sheet and puts the sums into its part (F16)."""

import re
from datetime import timedelta

import pytest

from actions import collecting, dividing, reorganising
from actions.desk import Changed, NotYours, Refusal
from actions.instance import Instance
from ingest.collected import Sheet, Told
from registry.catalogue.reorganise import Act, ActKind
from registry.catalogue.values import CellKey
from registry.store import uploads
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import EASUP, FARM, NOW, SOCIETY, sit, work_of

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
WHOLE = SHEET | {"ten:3": "Thôn 3", "nguon:3": "H Nga, 15/10", "o:3:NN14:c06": "…", "o:3:NN15:c06": "…"}


@pytest.fixture
def divided(instance: Instance) -> Instance:
    province.add_divisions(instance)
    unit, farm = (rights.unit_key(instance, code) for code in (EASUP, FARM))
    dividing.divide(sit(instance, "qt.easup"), unit, "KTXH-01", {"NN14": farm, "NN15": farm}, NOW.date())
    return instance


def seen_in(page: str) -> str:
    """The number of the sheet a page shows."""
    found = re.search(r'name="so_phieu" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_what_places_told_is_added_up_named_and_put_into_the_part(divided: Instance, signed_in: SignIn) -> None:
    assignment, farm = work_of(sit(divided, "easup")).assignment_id, rights.unit_key(divided, FARM)
    address, clerk = f"/viec/{assignment}/phieu", signed_in("kt.easup")
    assert "Đàn bò" in clerk.get(address).text
    assert clerk.post(address, data=SHEET).status_code == 302
    page = clerk.get(address).text
    assert ("1.234" in page, "2/3 nơi" in page) == (True, True)
    answer = clerk.post(address, data=WHOLE | {"do": "carry", "so_phieu": seen_in(page)})
    number = int(answer.location.rpartition("/")[2])
    with divided.store.read() as connection:
        sent, verdict = uploads.get(connection, number), uploads.newest_verdict(connection, number)
    assert sent is not None
    assert verdict is not None
    assert (sent.unit_id, verdict.values[COWS].number, verdict.values[PIGS].number) == (farm, 1234, 7)
    seen = seen_in(clerk.get(address).text)
    again = clerk.post(address, data=WHOLE | {"o:2:NN14:c06": "40", "do": "carry", "so_phieu": seen})
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


@ON_SQLITE
def test_who_saves_second_from_the_same_sheet_erases_nothing(divided: Instance, signed_in: SignIn) -> None:
    assignment = work_of(sit(divided, "easup")).assignment_id
    address, one, two = f"/viec/{assignment}/phieu", signed_in("kt.easup"), signed_in("kt.easup")
    assert seen_in(one.get(address).text) == seen_in(two.get(address).text) == "0"
    assert one.post(address, data=SHEET | {"so_phieu": "0"}).status_code == 302
    assert one.post(address, data=SHEET | {"so_phieu": "0"}).status_code == 302  # the same once more is no other
    other = SHEET | {"noi": "Buôn C1", "ten:1": "Buôn C1", "so_phieu": "0"}
    for _ in range(2):
        late = two.post(address, data=other)
        assert (late.status_code, "vừa được người khác thay đổi" in late.text) == (409, True)
        assert ("Y Thinh, trưởng buôn, 14/10" in late.text, seen_in(late.text)) == (True, "0")
    kept = collecting.look(sit(divided, "kt.easup"), assignment)
    assert [one.name for one in kept.sheet.places] == ["Buôn A1", "Buôn B1", "Thôn 3"]
    assert two.post(address, data=other | {"so_phieu": seen_in(two.get(address).text)}).status_code == 302
    assert kept.kept is not None
    with pytest.raises(Changed):
        collecting.carry(sit(divided, "kt.easup"), assignment, kept.kept.id)


@ON_SQLITE
def test_a_sheet_names_sources_and_counts_only_once_every_place_has_told(divided: Instance, signed_in: SignIn) -> None:
    desk, assignment = sit(divided, "kt.easup"), work_of(sit(divided, "easup")).assignment_id
    address, clerk = f"/viec/{assignment}/phieu", signed_in("kt.easup")

    def saved(*told: Told) -> int:
        return collecting.keep(desk, assignment, Sheet((COWS,), told), 0)

    for wrong, code in (
        (Told("Thôn 1", "", ("5",)), "sheet-no-source"),
        (Told("Thôn 1", " ", ("…",)), "sheet-no-source"),
        (Told(" ", "H Bia", ("5",)), "sheet-place-unnamed"),
    ):
        with pytest.raises(Refusal) as refused:
            saved(wrong)
        assert refused.value.code == code
    unnamed = clerk.post(address, data=SHEET | {"ten:9": " ", "o:9:NN14:c06": "5", "nguon:9": "H Bia"})
    assert (unnamed.status_code, "chưa có tên" in unnamed.text) == (400, True)
    number = saved(Told("Thôn 1", "H Bia", ("5",)), Told("Thôn 2", "", ("",)))
    with pytest.raises(Refusal, match="Thôn 2"):
        collecting.carry(desk, assignment, number)
    early = clerk.post(address, data=SHEET | {"do": "carry", "so_phieu": str(number)})
    assert (early.status_code, "còn 1 nơi chưa có đủ số (Thôn 3)" in early.text) == (400, True)
    done = clerk.post(address, data=WHOLE | {"do": "carry", "so_phieu": seen_in(early.text)})  # the sheet was saved
    assert (done.status_code, "/tep/" in done.location) == (302, True)


@ON_SQLITE
def test_the_sheet_of_a_division_that_ended_stays_to_be_read(divided: Instance) -> None:
    later, farm = NOW + timedelta(days=1), rights.unit_key(divided, FARM)
    assignment = work_of(sit(divided, "easup")).assignment_id
    sheet = Sheet((COWS,), (Told("Thôn 1", "H Bia", ("5",)),))
    collecting.keep(sit(divided, "kt.easup"), assignment, sheet, 0)
    reorganising.apply(sit(divided, "vpub", later), [Act(ActKind.END, FARM, later.date(), "QĐ 1")])
    hub = sit(divided, "easup", later)
    assert collecting.of_answerer(hub, assignment, farm).sheet == sheet
    with pytest.raises(NotYours):
        collecting.of_answerer(hub, assignment, rights.unit_key(divided, SOCIETY))
