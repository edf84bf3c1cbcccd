"""What was typed as the name of a unit."""

from __future__ import annotations

from collections.abc import Iterable

from actions.desk import Refusal
from registry.store.definitions import Snapshot


def unit_ids(snapshot: Snapshot, codes: Iterable[str]) -> frozenset[int]:
    """The keys of units; raises Refusal at a code no unit bears."""
    wanted = list(codes)
    for code in wanted:
        if code not in snapshot.unit_ids:
            raise Refusal("unknown-unit", unit=code)
    return frozenset(snapshot.unit_ids[code] for code in wanted)
