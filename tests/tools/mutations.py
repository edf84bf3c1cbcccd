"""Files nobody meant to send: good ones damaged at random, always the same for the same number.

``python -m tests.tools.mutations FOLDER COUNT [WORKBOOK]`` writes that many, of a workbook of your own if you like,
to be given to ``baocao ingest --dry-run --jsonl``.
"""

from __future__ import annotations

import random
import re
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from tests.ingest import a_form, crafted

Members = dict[str, bytes]
_NUMBERS = (b"-1", b"0", b"4294967295", b"1e308", b"NaN", b"99999999999999999999", b"", b"\xd9\xa3", b"XFD1048576")
_TEXTS = (b"&#0;", b"&amp;", b"]]>", b"<c/>", b"<row r='1'>", b"\xff\xfe", b"_x0000_", b"</sheetData>", b"<!DOCTYPE a>")
_DIGITS = re.compile(rb'(?<=")\d+(?=")|(?<=>)\d+(?=<)')
_TAG = re.compile(rb"<[^<>]{1,200}>")


@cache
def seeds() -> tuple[bytes, ...]:
    """Good files of several kinds: a unit's workbook first."""
    xls = crafted.compound({"Workbook": crafted.biff((0x85, b"\0" * 6 + b"\x04\0Bieu"))})
    return (a_form.workbook(), crafted.book(strings=crafted.strings("a", "b")), xls, crafted.ods())


def mutated(number: int, good: bytes | None = None) -> bytes:
    """The damaged file of this number; most are made of ``good``, or of the tests' own workbook."""
    chance = random.Random(number)
    data = good or seeds()[0]
    if chance.random() > 0.7:
        data = chance.choice(seeds())
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_WAYS)(data, chance)
    return data


# --- the bytes of any file -------------------------------------------------------------------------------------------


def _flip(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(data) + 1)
    return data[:begin] + data[begin : begin + 4096] * chance.randint(2, 4) + data[begin:]


def _splice(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(seeds())
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


# --- the members of a zip --------------------------------------------------------------------------------------------


def _zip(change: Callable[[Members, random.Random], Members]) -> Callable[[bytes, random.Random], bytes]:
    def mutate(data: bytes, chance: random.Random) -> bytes:
        try:
            with zipfile.ZipFile(BytesIO(data)) as file:
                members = {name: file.read(name) for name in file.namelist()}
        except Exception:
            return data
        return crafted.zipped(change(members, chance)) if members else data

    return mutate


def _drop(members: Members, chance: random.Random) -> Members:
    gone = chance.choice(list(members))
    return {name: data for name, data in members.items() if name != gone}


def _swap(members: Members, chance: random.Random) -> Members:
    one, other = chance.choice(list(members)), chance.choice(list(members))
    return {**members, one: members[other], other: members[one]}


def _rename(members: Members, chance: random.Random) -> Members:
    one = chance.choice(list(members))
    name = chance.choice((one.upper(), f"../{one}", f"{one}x", "xl/vbaProject.bin", "xl/workbook.bin", "\u202e" + one))
    return {name if key == one else key: data for key, data in members.items()}


def _edited(members: Members, chance: random.Random, edit: Callable[[bytes], bytes]) -> Members:
    one = chance.choice([name for name in members if name.endswith((".xml", ".rels"))] or list(members))
    return {**members, one: edit(members[one])}


def _number(members: Members, chance: random.Random) -> Members:
    def edit(data: bytes) -> bytes:
        found = list(_DIGITS.finditer(data))
        if not found:
            return data
        place = chance.choice(found)
        return data[: place.start()] + chance.choice(_NUMBERS) + data[place.end() :]

    return _edited(members, chance, edit)


def _tag(members: Members, chance: random.Random) -> Members:
    def edit(data: bytes) -> bytes:
        found = list(_TAG.finditer(data))
        if not found:
            return data
        place, other = chance.choice(found), chance.choice(found)
        return data[: place.start()] + chance.choice((b"", other[0], place[0] * 2)) + data[place.end() :]

    return _edited(members, chance, edit)


def _insert(members: Members, chance: random.Random) -> Members:
    def edit(data: bytes) -> bytes:
        place = chance.randrange(len(data) + 1)
        return data[:place] + chance.choice(_TEXTS) + data[place:]

    return _edited(members, chance, edit)


def _swell(members: Members, chance: random.Random) -> Members:
    def edit(data: bytes) -> bytes:
        found = list(_TAG.finditer(data))
        place = chance.choice(found).end() if found else 0
        return data[:place] + b"<a>" * chance.choice((10, 1_000, 100_000)) + data[place:]

    return _edited(members, chance, edit)


def _utf16(members: Members, chance: random.Random) -> Members:
    return _edited(members, chance, lambda data: data.decode("utf-8", "replace").encode("utf-16"))


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flip, _cut, _repeat, _splice),
    *map(_zip, (_drop, _swap, _rename, _number, _number, _tag, _tag, _insert, _swell, _utf16)),
)


if __name__ == "__main__":
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    own = Path(sys.argv[3]).read_bytes() if len(sys.argv) > 3 else None
    folder.mkdir(parents=True, exist_ok=True)
    for one in range(count):
        (folder / f"{one:06}.xlsx").write_bytes(mutated(one, own))
