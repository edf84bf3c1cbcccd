"""The benches answer in the agreed shape, and each contender meets an input once."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from bench import harness


def test_a_bench_prints_a_list_of_case_value_unit_and_ratios(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(effort: harness.Effort) -> Iterator[harness.Measurement]:
        yield harness.compare("counting", range, {"half": range}, range(10**6, 10**6 + effort.rounds(9)))

    monkeypatch.setattr("sys.argv", ["bench", "--quick", "--json"])
    monkeypatch.setattr(harness, "cpu_seconds", lambda work, one: 0.002 if work is range else 0)
    harness.main(measure)
    expected = {"case": "counting", "value": 2.0, "unit": "ms", "ratios": {"half": 1.0}}
    assert json.loads(capsys.readouterr().out) == [expected]


def test_each_contender_meets_each_input_once_and_they_take_turns_at_being_first() -> None:
    met: list[tuple[str, int]] = []
    contenders = {name: lambda one, name=name: met.append((name, one)) for name in ("ours", "theirs")}
    harness.compare("a case", contenders["ours"], {"theirs": contenders["theirs"]}, range(4))
    assert set(Counter(met).values()) == {1}
    assert [name for name, _ in met[::2]] == ["ours", "theirs", "ours", "theirs"]
