"""The page that reads an official form: what was recognised, what is doubtful, the workbooks to correct."""

import io
import re
import zipfile

from tests.ingest.plain_forms import dx, workbook
from tests.webui.conftest import ON_SQLITE, SignIn

ADDRESS = "/danh-muc/bieu/tu-van-ban"


def test_a_form_is_read_shown_and_taken_home_as_workbooks(signed_in: SignIn) -> None:
    office = signed_in("vpub")

    shown = office.post(ADDRESS, data={"bieu": (io.BytesIO(workbook(dx())), "DX.xlsx")})

    text = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "Nhà sập đổ hoàn toàn" in text
    assert "(c01) + (c02)" in text
    assert "điểm" in text
    link = re.search(rf'href="({ADDRESS}/[^"]+\.zip)"', text)
    assert link is not None
    taken = office.get(link[1])
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        assert archive.namelist() == ["indicators.xlsx", "forms/DX.xlsx"]  # every measure is known


@ON_SQLITE
def test_a_file_that_is_no_form_is_said_to_be_none(signed_in: SignIn) -> None:
    answer = signed_in("vpub").post(ADDRESS, data={"bieu": (io.BytesIO(b"%PDF-1.7"), "bieu.pdf")})

    assert answer.status_code == 422
    assert "bieu.pdf" in answer.get_data(as_text=True)


@ON_SQLITE
def test_an_address_nobody_gave_out_leads_back_to_the_question(signed_in: SignIn) -> None:
    answer = signed_in("vpub").get(f"{ADDRESS}/0000.zip")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(ADDRESS)
