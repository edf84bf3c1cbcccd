"""A trial workbook lies with one unit before the period is opened; its clerk says what is wrong with it (R17)."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from actions import openings, trials
from actions.desk import NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.store import audit
from registry.store import trials as stored
from registry.store.tables import trial
from registry.store.trials import Trial
from registry.workflow.policy import Action
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import BMT, EASUP, sit

PERIOD = ("KTXH", "202612")
LOOK = "/ky-bao-cao/KTXH/202612/xem-truoc"
SEND = "/ky-bao-cao/KTXH/202612/ban-thu"


def lying(instance: Instance, login: str) -> list[Trial]:
    """The trials a person finds on the first page."""
    desk = sit(instance, login)
    with desk.read() as connection:
        return stored.lying(connection, desk.scope(Action.SEE_WORK))


def test_a_trial_goes_to_one_unit_and_its_remark_comes_back(instance: Instance, signed_in: SignIn) -> None:
    office = signed_in("vpub")
    assert f'value="{EASUP} KTXH-01"' in office.get(LOOK).text
    assert office.post(SEND, data={"trial": f"{EASUP} KTXH-01"}).location == f"{LOOK}#ban-thu"

    clerk = signed_in("easup")
    page = clerk.get("/").text
    assert "BẢN THỬ" in page
    (address,) = re.findall(r'href="(/ban-thu/\d+\.xlsx)"', page)
    answer = clerk.get(address, buffered=True)
    assert "BAN-THU_" in answer.headers["Content-Disposition"]
    texts = [str(cell.value) for row in load_workbook(io.BytesIO(answer.data))["KTXH-01"].iter_rows() for cell in row]
    assert any(text.startswith("BẢN THỬ – ") for text in texts)
    remark = address.replace(".xlsx", "/nhan-xet")
    assert f'action="{remark}"' in page
    assert clerk.post(remark, data={"text": " Dòng 5 chưa rõ <đơn vị tính> "}).location == "/#ban-thu"
    for login, address_of in (("easup", "/"), ("vpub", LOOK)):
        seen = signed_in(login).get(address_of).text
        assert "Dòng 5 chưa rõ &lt;đơn vị tính&gt;" in seen, login
    leader = signed_in("ld.easup").get("/").text
    assert ("BẢN THỬ" in leader, f'action="{remark}"' in leader) == (True, False)
    assert "BẢN THỬ" not in signed_in("bmt").get("/").text
    with instance.store.read() as connection:
        noted = [(one.actor, one.action, one.object) for one in audit.latest(connection)]
    key = remark.split("/")[2]
    assert ("easup", "download", f"trial {key}") in noted
    assert ("easup", "remark", f"trial {key}") in noted


def test_a_trial_is_gone_when_it_is_taken_back_sent_anew_or_the_period_is_opened(instance: Instance) -> None:
    office, clerk = sit(instance, "vpub"), sit(instance, "easup")
    trials.send(office, *PERIOD, EASUP, "KTXH-01")
    (first,) = lying(instance, "easup")
    trials.send(office, *PERIOD, EASUP, "KTXH-01")
    (second,) = lying(instance, "easup")
    assert second.id != first.id
    trials.withdraw(office, second.id)
    assert lying(instance, "easup") == []
    for act in (trials.fetch, lambda desk, key: trials.remark(desk, key, "Rõ")):
        with pytest.raises(NotYours):
            act(clerk, second.id)  # type: ignore[no-untyped-call]
    with pytest.raises(NotYours):
        trials.withdraw(office, second.id)

    trials.send(office, *PERIOD, EASUP, "KTXH-01")
    trials.send(office, *PERIOD, BMT, "KTXH-01")
    trials.remark(clerk, lying(instance, "easup")[0].id, "Rõ, đủ.")
    openings.open_period(office, *PERIOD)
    assert lying(instance, "easup") == lying(instance, "bmt") == []
    with pytest.raises(NotNow):
        trials.send(office, *PERIOD, EASUP, "KTXH-01")
    with instance.store.read() as connection:
        every = stored.of_period(connection, *PERIOD)
    assert [len(one.remarks) for one in every] == [0, 0, 1, 0]  # what was said stays with the office


@ON_SQLITE
def test_only_the_office_sends_and_only_the_units_clerk_speaks(instance: Instance) -> None:
    for login in ("qt.easup", "easup", "ioc"):
        with pytest.raises(NotYours):
            trials.send(sit(instance, login), *PERIOD, EASUP, "KTXH-01")
    with pytest.raises(NotYours):
        trials.send(sit(instance, "vpub"), *PERIOD, EASUP, "KHONG-CO")
    trials.send(sit(instance, "vpub"), *PERIOD, EASUP, "KTXH-01")
    (one,) = lying(instance, "easup")
    for login in ("bmt", "ld.easup", "vpub"):
        with pytest.raises(NotYours):
            trials.remark(sit(instance, login), one.id, "Rõ")
    for text in ("   ", "x" * 1001):
        with pytest.raises(Refusal) as caught:
            trials.remark(sit(instance, "easup"), one.id, text)
        assert caught.value.code == "remark-needed"


def test_a_trial_of_a_regime_that_is_no_more_hides(instance: Instance, signed_in: SignIn) -> None:
    trials.send(sit(instance, "vpub"), *PERIOD, EASUP, "KTXH-01")
    with instance.store.write() as connection:
        connection.execute(update(trial).values(regime="DA-BO"))
    page = signed_in("easup").get("/")
    assert (page.status_code, "BẢN THỬ" in page.text) == (200, False)
