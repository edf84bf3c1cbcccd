"""Everything a unit sent, in one zip: for its people and the office, for a day, on record."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from actions import unit_exports
from actions.desk import NotNow, NotYours
from actions.instance import Instance
from actions.work import run_one
from registry.store import audit
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import sit


def test_it_holds_what_was_sent_found_approved_and_done(instance: Instance, signed_in: SignIn, clock: Clock) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    province.carry_through(instance, "bmt", "ld.bmt")
    browser, address = signed_in("easup"), f"/don-vi/{own.unit_id}/da-gui"
    browser.post(address)
    assert "Đang chờ đến lượt" in browser.get(address).text
    assert run_one(instance, (unit_exports.EXPORT,))
    page = browser.get(address).text
    assert "Tải được đến" in page
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{address}.zip", buffered=True).data)) as held:
        folders = {name.partition("/")[0] for name in held.namelist()}
        history = held.read("lich-su.txt").decode()
        (result,) = [held.read(name).decode() for name in held.namelist() if name.startswith("ket-qua/")]
    assert {"tep-da-gui", "ket-qua", "thuyet-minh", "so-lieu-da-duyet", "lich-su.txt", "SHA256SUMS"} <= folders
    assert f"phiếu xác nhận số {own.receipt}" in history
    assert "duyệt và gửi báo cáo" in history
    assert result.startswith(f"Tệp số {own.upload}: đạt")
    with instance.store.read() as connection:
        actions = [one.action for one in audit.latest(connection)]
    assert {"export unit", "take unit export"} <= set(actions)


@ON_SQLITE
def test_after_a_day_it_is_gone(instance: Instance, clock: Clock) -> None:
    own = province.carry_through(instance, "easup", "ld.easup")
    made = unit_exports.make_now(sit(instance, "vpub"), own.unit_id, lambda _: None)
    assert made["count"] > 3
    unit_exports.prepare(sit(instance, "easup"), own.unit_id)
    assert run_one(instance, (unit_exports.EXPORT,))
    later = replace(sit(instance, "easup"), moment=sit(instance, "easup").moment + timedelta(days=400))
    with pytest.raises(NotNow, match="24 giờ"):
        unit_exports.fetch(later, own.unit_id)


@ON_SQLITE
def test_another_unit_has_no_part_in_it(instance: Instance) -> None:
    own = province.work_of(sit(instance, "easup")).unit_id
    for login in ("bmt", "ioc", "nhan.stc"):
        with pytest.raises(NotYours):
            unit_exports.prepare(sit(instance, login), own)
