"""Figures of places without accounts are added up exactly, and what is no number is told by place."""

from decimal import Decimal

import pytest

from ingest.collected import Sheet, Told, Total, total
from registry.catalogue.values import CellKey

COWS = CellKey("NN14", "c06")


def sheet(*texts: str) -> Sheet:
    return Sheet((COWS,), tuple(Told(f"Buôn {at}", "", (text,)) for at, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("texts", "decimals", "amount", "given"),
    [
        (("12", "1.234", ""), 0, Decimal(1246), 2),
        (("0,1", "0,2"), 1, Decimal("0.3"), 2),
        (("-", "kps", "…"), 0, Decimal(0), 2),
        (("", "…"), 0, None, 0),
    ],
)
def test_numbers_as_people_write_them_are_added_up(
    texts: tuple[str, ...], decimals: int, amount: Decimal | None, given: int
) -> None:
    assert total(sheet(*texts), COWS, decimals) == Total(amount, given)


@pytest.mark.parametrize(("text", "decimals"), [("mười", 0), ("1,5", 0), ("5 con", 0), ("1.234", 3), ("x", 0)])
def test_what_is_no_number_of_the_cell_is_not_added(text: str, decimals: int) -> None:
    found = total(sheet("3", text), COWS, decimals)
    assert (found.amount, [one.name for one in found.unread]) == (Decimal(3), ["Buôn 1"])
