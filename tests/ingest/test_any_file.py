"""Good files damaged at random: each is answered with its cause, in time; none without a code is judged."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import CarrierState, Case, Extraction, Status
from ingest.parcel import pack, unpack
from ingest.sandbox import ReadingPool
from registry.findings import fix, message
from tests.ingest import a_form, crafted
from tests.tools.mutations import mutated

FILES = 120


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool() as made:
        yield made


def judged(extraction: Extraction) -> Status:
    case = Case(a_form.EA_SUP, a_form.context(), a_form.RULES)
    identity = identify(extraction, a_form.KEYS)
    verdict = judge(extraction, identity, case)
    assert verdict.status is not Status.REFUSED or verdict.findings
    assert verdict.status is Status.REFUSED or identity.state is CarrierState.VALID
    for one in verdict.findings:
        assert message(one)
        assert fix(one)
    return verdict.status


@pytest.mark.parametrize("first", range(0, FILES, 40))
def test_a_damaged_file_is_answered(first: int, pool: ReadingPool) -> None:
    for number in range(first, first + 40):
        extraction = pool.read(mutated(number), f"{number}.xlsx")  # the pool ends what takes too long
        began = time.process_time()
        judged(extraction)
        assert unpack(pack(extraction)) == extraction, number
        assert time.process_time() - began < crafted.HANGING, number
