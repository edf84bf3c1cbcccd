"""docs/security/asvs.md has every requirement once, and what it points at is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security" / "asvs.md"
# Of each section of ASVS 5.0.0 the levels of its requirements, one after the other.
LEVELS = """
    V1.1 22  V1.2 1111122223  V1.3 112222222223  V1.4 222  V1.5 123  V2.1 122
    V2.2 112  V2.3 12223  V2.4 23  V3.1 3  V3.2 113  V3.3 12223
    V3.4 11222233  V3.5 11122333  V3.6 3  V3.7 22333  V4.1 12233  V4.2 23333
    V4.3 22  V4.4 1222  V5.1 2  V5.2 112333  V5.3 113  V5.4 222
    V6.1 122  V6.2 111111112222  V6.3 11223333  V6.4 112233  V6.5 22222333  V6.6 2223
    V6.7 33  V6.8 2222  V7.1 222  V7.2 1111  V7.3 22  V7.4 11222
    V7.5 223  V7.6 22  V8.1 1233  V8.2 1123  V8.3 133  V8.4 23
    V9.1 111  V9.2 1222  V10.1 22  V10.2 223  V10.3 22223  V10.4 1111122222233333
    V10.5 22222  V10.6 22  V10.7 222  V11.1 2233  V11.2 22233  V11.3 11233
    V11.4 1222  V11.5 23  V11.6 23  V11.7 33  V12.1 12233  V12.2 11
    V12.3 22223  V13.1 2333  V13.2 222223  V13.3 2233  V13.4 1222233  V14.1 22
    V14.2 12223333  V14.3 122  V15.1 12233  V15.2 12233  V15.3 1222222  V15.4 3333
    V16.1 2  V16.2 22222  V16.3 2222  V16.4 222  V16.5 2223  V17.1 23
    V17.2 22223333  V17.3 22
"""
STATES = ("met", "absent", "written", "partly", "not done", "proxy", "does not apply")
PROVEN = ("met", "absent")


def levels() -> dict[str, int]:
    """The level of each requirement by its number."""
    sections = re.findall(r"(V\d+\.\d+) (\d+)", LEVELS)
    return {f"{name}.{n}": int(level) for name, each in sections for n, level in enumerate(each, start=1)}


def rows() -> list[list[str]]:
    """The cells of every row: requirements, about, state, where, test."""
    lines = PAGE.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| V")]


def test_the_levels_are_those_of_the_standard() -> None:
    found = list(levels().values())
    assert [found.count(level) for level in (1, 2, 3)] == [70, 183, 92]


def test_every_requirement_of_levels_one_and_two_stands_there_once() -> None:
    listed = [one for row in rows() for one in row[0].split(", ")]
    assert sorted(listed) == sorted(one for one, level in levels().items() if level <= 2)


def test_what_is_called_met_has_code_and_a_test_and_every_file_is_there() -> None:
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.\w+)`", PAGE.read_text("utf-8")))
    assert len(named) > 100
    assert [one for one in sorted(named) if not (ROOT / one).is_file()] == []
    for requirements, _, state, where, tests in rows():
        kind = re.match(r"\*\*([a-z ]+)\*\*", state)
        assert kind, requirements
        assert kind[1] in STATES, requirements
        assert kind[1] not in PROVEN or ("`" in where and "`tests/" in tests), requirements
        assert kind[1] not in ("partly", "not done") or len(state) > 20, requirements  # it says what is missing


def test_every_key_and_algorithm_of_the_code_is_in_the_inventory() -> None:
    inventory = (ROOT / "docs" / "security" / "keys-and-data.md").read_text("utf-8")
    made = re.findall(r'"([a-z]+)(?:-1)?\.key"', (ROOT / "actions" / "instance.py").read_text("utf-8"))
    assert len(set(made)) == 4
    assert [one for one in set(made) if f"`{one}-N.key`" not in inventory and f"`{one}.key`" not in inventory] == []
    for algorithm in ("argon2id", "Ed25519", "Fernet", "HMAC-SHA256", "SHA-256"):
        assert algorithm in inventory
