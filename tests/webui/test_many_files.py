"""Many files at once, one zip of them, and all that is fit put before the leader (R16, F30)."""

import io
from dataclasses import replace
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from actions import many, receive
from actions.instance import Instance
from ingest.bundle import bundle_of
from ingest.container import Refused
from registry.catalogue.values import CellValue, State
from registry.workflow.submission import State as Standing
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit, work_of
from webui.file_names import arrived_as

NUMBER = CellValue(State.VALUE, province.Decimal(121))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_workbooks_are_taken_out_of_a_zip_and_nothing_else() -> None:
    inner = zipped({"a.xlsx": b"x"})
    data = zipped({"thang 10/KTXH.xlsx": b"1", "__MACOSX/._KTXH.xlsx": b"2", "trong.zip": inner, "ghi chu.txt": b"3"})
    found = bundle_of(data)
    assert found is not None
    assert list(found.files()) == [("KTXH.xlsx", b"1")]
    assert found.others == ("trong.zip", "ghi chu.txt")


def test_a_workbook_or_no_zip_is_no_bundle() -> None:
    assert bundle_of(zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})) is None
    assert bundle_of(b"a,b,c") is None


def test_a_hostile_zip_is_refused_before_anything_is_taken_out() -> None:
    bomb = zipped({"a.xlsx": bytes(60 << 20)})
    with pytest.raises(Refused, match="guard-zip-bomb"):
        bundle_of(bomb)
    many_members = zipped({f"{n}.xlsx": b"" for n in range(3001)})
    with pytest.raises(Refused, match="guard-too-many-members"):
        bundle_of(many_members)


@ON_SQLITE
def test_a_zip_is_judged_file_by_file_and_listed_with_its_place(instance: Instance, signed_in: SignIn) -> None:
    clerk, desk = signed_in("easup"), sit(instance, "easup")
    name, data = province.filled(desk)
    _, other = province.filled(desk, NN14_c06=NUMBER)
    sent = zipped({name: data, "khac/lan hai.xlsx": other, "nham.xlsx": b"no", "trong.zip": zipped({"a.xlsx": b"x"})})
    posted = {"don_vi": str(work_of(desk).unit_id), "tep": (io.BytesIO(sent), "thang-10.zip")}
    done = clerk.post("/tai-len", data=posted, content_type="multipart/form-data", follow_redirects=True)
    assert "trong.zip: Trong tệp nén" in done.text
    assert done.text.count("Đang kiểm tra") >= 3 or "Đang kiểm tra: đã xong 0/3 tệp" in done.text
    for number in (1, 2, 3):
        receive.judge_upload(desk, number)
    page = clerk.get(done.request.full_path).text
    assert "KTXH-01" in page
    assert "chưa xác định được biểu" in page
    assert "Xem lỗi, sửa" in page
    assert "Trình duyệt tất cả (2)" in page
    told = clerk.post("/tai-len/trinh-duyet", data={"tep": ["1", "2", "3"]}, follow_redirects=True).text
    assert "Đã trình duyệt 1 biểu" in told  # of two files of one form the later
    work = work_of(desk)
    assert (work.state, work.version) == (Standing.PENDING, 1)
    assert many.submit_all(desk, [1, 2, 3]) == {}


@ON_SQLITE
def test_all_that_is_fit_is_found_from_home_and_what_wants_explaining_is_not_submitted(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sit(instance, "easup")
    number = province.sent(desk)
    with desk.read() as connection:
        assert many.unsent(desk, connection) == [number]
        assert many.unsent(sit(instance, "ld.easup"), connection) == []
        assert many.look(sit(instance, "bmt"), connection, [number]) == []
    assert f'name="tep" value="{number}"' in signed_in("easup").get("/tai-len/ket-qua").text
    monkeypatch.setattr(many, "_step", lambda *_, **__: "explain")
    assert many.submit_all(desk, [number]) == {}
    page = signed_in("easup").get("/tai-len/ket-qua").text
    assert "Giải trình, trình duyệt" in page
    assert work_of(desk).state is Standing.DRAFT


@ON_SQLITE
def test_nothing_happened_is_said_in_one_click_from_home(instance: Instance, signed_in: SignIn) -> None:
    work = work_of(sit(instance, "easup"))
    clerk = signed_in("easup")
    assert f'action="/viec/{work.assignment_id}/khong-phat-sinh"' in clerk.get("/").text
    clerk.post(f"/viec/{work.assignment_id}/khong-phat-sinh")
    assert work_of(sit(instance, "easup")).state is Standing.PENDING
    clerk.post(f"/viec/{work.assignment_id}/thu-hoi")
    assert work_of(sit(instance, "easup")).state is Standing.DRAFT


@ON_SQLITE
def test_every_form_of_the_clerk_sent_twice_does_its_work_once(instance: Instance, signed_in: SignIn) -> None:
    clerk, desk = signed_in("easup"), sit(instance, "easup")
    name, data = province.filled(desk)
    unit = str(work_of(desk).unit_id)
    places = {clerk.post("/tai-len", data={"don_vi": unit, "tep": (io.BytesIO(data), name)}).location for _ in "ab"}
    assert places == {"/tep/1"}
    receive.judge_upload(desk, 1)
    first, again = (clerk.post("/tep/1/trinh-duyet") for _ in "ab")
    assert (first.status_code, again.status_code) == (302, 409)
    assert "told-danger" in again.text
    assert (
        "Không còn tệp nào trình duyệt"
        in clerk.post("/tai-len/trinh-duyet", data={"tep": ["1"]}, follow_redirects=True).text
    )
    assert clerk.post(f"/viec/{work_of(desk).assignment_id}/khong-phat-sinh").status_code == 409
    assert (work_of(desk).state, work_of(desk).version) == (Standing.PENDING, 1)


@ON_SQLITE
def test_a_file_sent_again_under_another_name_is_said_to_be_the_one_that_came(
    instance: Instance, signed_in: SignIn
) -> None:
    clerk, desk = signed_in("easup"), sit(instance, "easup")
    name, data = province.filled(desk)

    def send(called: str, **headers: str) -> TestResponse:
        posted = {"don_vi": str(work_of(desk).unit_id), "tep": (io.BytesIO(data), called)}
        return clerk.post("/tai-len", data=posted, content_type="multipart/form-data", headers=headers)

    assert "giống hệt" not in clerk.get(send(name).location).text
    page = clerk.get(send("<b>lần 2</b>.xlsx").location).text
    assert "&lt;b&gt;lần 2&lt;/b&gt;.xlsx: tệp này giống hệt tệp số 1 gửi lúc" in page
    assert "giống hệt" in clerk.get("/tep/1").text  # told until the verdict is there
    assert 'url=/tep/1"' in page  # it comes back to its own address while it is judged, without a script
    told = send("lần 3.xlsx", Accept="application/json").json
    assert told is not None
    assert "lần 3.xlsx: tệp này giống hệt tệp số 1" in told["same"]


@ON_SQLITE
def test_a_file_too_large_is_named_where_another_is_chosen(
    instance: Instance, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "settings", replace(instance.settings, upload_limit=1000))
    posted = {"don_vi": str(work_of(sit(instance, "easup")).unit_id), "tep": (io.BytesIO(bytes(1001)), "to.xlsx")}
    browser = signed_in("easup")
    assert browser.post("/tai-len", data=posted, content_type="multipart/form-data").location == "/#tai-len"
    assert "to.xlsx: Tệp lớn hơn" in browser.get("/").text
    asked = {"Accept": "application/json"}
    again = posted | {"tep": (io.BytesIO(bytes(1001)), "nua.xlsx")}
    assert browser.post("/tai-len", data=again, content_type="multipart/form-data", headers=asked).status_code == 400
    assert "nua.xlsx: Tệp lớn hơn" in browser.get("/tai-len/ket-qua").text


def test_folders_are_cut_off_a_name_and_nothing_else() -> None:
    names = ("a/b.xlsx", "C:\\thang 11\\b.xlsx", "<b>x</b>.xlsx", "a/<i>x</i>.xlsx")
    assert [arrived_as(FileStorage(filename=one)) for one in names] == [
        "b.xlsx",
        "b.xlsx",
        "<b>x</b>.xlsx",
        "<i>x</i>.xlsx",
    ]
