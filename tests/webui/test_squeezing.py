"""Answers made of words travel compressed, files as they are, and lengths tell nothing."""

import gzip

from flask import Flask
from flask.testing import FlaskClient

from tests.webui.conftest import ON_SQLITE, SignIn
from webui.squeezing import squeezed

UNDERSTANDS = {"Accept-Encoding": "gzip, br"}


@ON_SQLITE
def test_pages_and_styles_travel_compressed_for_whoever_understands_it(signed_in: SignIn) -> None:
    browser = signed_in("easup")
    for address in ("/", "/bieu-tuong.svg", "/static/baocao.css", "/static/baocao.js"):
        with browser.get(address) as plain, browser.get(address, headers=UNDERSTANDS) as small:
            assert small.headers["Content-Encoding"] == "gzip", address
            assert "Content-Encoding" not in plain.headers
            assert "Accept-Encoding" in plain.vary
            assert "Accept-Encoding" in small.vary
            assert len(small.data) < len(plain.data) / 2
            if address != "/":  # a page bears a token of the moment
                assert gzip.decompress(small.data) == plain.data


@ON_SQLITE
def test_a_compressed_style_sheet_is_still_asked_for_by_its_mark(app: Flask) -> None:
    browser: FlaskClient = app.test_client()
    with browser.get("/static/baocao.css", headers=UNDERSTANDS) as first:
        known = {**UNDERSTANDS, "If-None-Match": first.headers["ETag"]}
    with browser.get("/static/baocao.css", headers=known) as again:
        assert again.status_code == 304
        assert again.data == b""


def test_the_same_words_have_many_lengths() -> None:
    body = "không phát sinh".encode() * 200
    made = [squeezed(body) for _ in range(60)]
    assert len({len(one) for one in made}) > 10
    assert {gzip.decompress(one) for one in made} == {body}
