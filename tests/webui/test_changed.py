"""What changed in the catalogue is said in words, and told to the units whose forms it touches (R18)."""

from dataclasses import replace

from sqlalchemy import select

from actions import catalogues, changed
from actions.instance import Instance
from registry.catalogue.model import Catalogue
from registry.store.tables import notice
from tests.webui import asking, rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.small_province import sit


def told(instance: Instance, login: str) -> list[tuple[str, dict[str, str]]]:
    mine = (notice.c.person_id == rights.key_of(instance, login), notice.c.kind == changed.CHANGED)
    with instance.store.read() as connection:
        return [(row.object, row._mapping["values"]) for row in connection.execute(select(notice).where(*mine))]


def test_a_renamed_indicator_is_told_to_whoever_fills_its_form(instance: Instance, signed_in: SignIn) -> None:
    first = changed.listing(sit(instance, "vpub"))
    assert told(instance, "easup") == []  # a first load is no change
    pigs = next(one for one in province.small_catalogue().indicators if one.code == "NN15")
    renamed = replace(pigs, name="Đàn lợn (không kể lợn con)")
    catalogues.put(sit(instance, "vpub"), Catalogue(indicators=(renamed,)))
    ((on, values),) = told(instance, "easup")
    assert values == {"forms": "GCT-01, KTXH-01"}
    assert told(instance, "qt.easup")
    assert told(instance, "ld.easup") == []
    number = on.rpartition(" ")[2]
    browser = signed_in("easup")
    assert "Danh mục đã thay đổi ở biểu GCT-01, KTXH-01" in browser.get("/").text
    page = browser.get(f"/danh-muc/da-thay-doi?nap={number}").text
    assert f"tên “{pigs.name}” thành “{renamed.name}”" in page
    assert len(changed.listing(sit(instance, "vpub"))) == len(first) + 1


@ON_SQLITE
def test_rules_on_trial_and_what_is_asked_of_others_once_are_nobody_s_news(instance: Instance) -> None:
    before = len(changed.listing(sit(instance, "easup")))
    rule = next(one for one in province.small_catalogue().rules if one.code == "K08")
    catalogues.put(sit(instance, "vpub"), Catalogue(rules=(replace(rule, code="K99", shadow=True),)))
    asking.put_admins(instance)
    asking.asked(instance)
    assert len(changed.listing(sit(instance, "easup"))) == before
    catalogues.put(sit(instance, "vpub"), Catalogue(rules=(replace(rule, code="K99"),)))
    (newest, *_) = changed.listing(sit(instance, "easup"))
    assert any("K99" in change.code for change, _ in newest.changes)
