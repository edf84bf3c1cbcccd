"""Pictures of narratives: what is shown, what is left behind, what is refused."""

from __future__ import annotations

import struct

import pytest

from compile.pictures import LARGEST, Picture, checked
from tests.compile.stories import a_jpeg, a_png


def test_a_picture_keeps_what_draws_it() -> None:
    assert checked(a_png()) == Picture("png", a_png())
    assert checked(a_jpeg()) == Picture("jpeg", a_jpeg())


def test_what_a_camera_or_a_program_wrote_beside_the_picture_is_left_behind() -> None:
    place = (b"eXIf", b"12.6 N 108.0 E")
    assert checked(a_png(place, (b"tEXt", b"Author\0Hoa"))) == Picture("png", a_png())
    assert checked(a_jpeg((0xE1, b"Exif\0\0 12.6 N"), (0xFE, b"Hoa"))) == Picture("jpeg", a_jpeg())
    assert checked(a_png() + b"<script>") == Picture("png", a_png())
    assert checked(a_jpeg() + b"PK\x03\x04") == Picture("jpeg", a_jpeg())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload='x'/>",
        b"\xd7\xcd\xc6\x9a a Windows metafile",
        a_png()[:-4],
        a_png().replace(b"IDATx\x9c", b"IDATx\x9d"),
        a_png().replace(b"IHDR", b"IHDX"),
        a_jpeg()[:-2],
        a_jpeg()[:30],
        a_jpeg().replace(b"\xff\xc0", b"\xff\xe5"),
        a_png() + b"\0" * LARGEST,
    ],
    ids=["empty", "svg", "metafile", "cut", "sum", "head", "end", "cut-jpeg", "frame", "heavy"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    assert checked(data) is None


def test_a_picture_of_too_many_points_is_refused() -> None:
    assert checked(a_png(size=(8_000, 5_000))) is not None
    assert checked(a_png(size=(8_000, 5_001))) is None
    assert checked(a_png(size=(0, 2))) is None
    assert checked(a_jpeg().replace(struct.pack(">HH", 8, 16), struct.pack(">HH", 65_000, 65_000))) is None
