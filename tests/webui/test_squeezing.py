"""Answers made of words travel compressed, files as they are, and lengths tell little."""

import gzip

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

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


@ON_SQLITE
def test_a_token_is_another_in_another_second(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = set()
    with app.test_request_context():
        for second in (1_000_000_000, 1_000_000_001):
            monkeypatch.setattr("itsdangerous.timed.time.time", lambda second=second: second)
            g.pop("csrf_token", None)
            tokens.add(tuple(generate_csrf().split(".")))
    (one, other) = tokens
    assert one[0] == other[0]
    assert one[2] != other[2]
