"""Seasons and crop years (mùa vụ, niên vụ): figures that begin and end by the crop, not by the year (PRACTICE F7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")


class SeasonYear(StrEnum):
    """năm vụ: the year a season that crosses the New Year is counted in, by which its plan is found."""

    FIRST = "năm bắt đầu"
    LAST = "năm kết thúc"


@dataclass(frozen=True, slots=True)
class Season:
    """A season; ``last_month`` may stand before ``first_month``: 11 to 5 crosses the New Year.

    Out of its months a season is the one last run: what is still harvested in June belongs to the winter crop.
    """

    code: str
    name: str = ""  # "Đông Xuân", as the labels of rows write it
    first_month: int = 1
    last_month: int = 12
    counted: SeasonYear = SeasonYear.LAST
    area: tuple[str, str] | None = None  # group (set, group) of the communes that have it; None = all

    @property
    def months(self) -> frozenset[int]:
        """The months it runs in."""
        length = (self.last_month - self.first_month) % 12 + 1
        return frozenset((self.first_month - 1 + n) % 12 + 1 for n in range(length))

    @property
    def crosses_the_year(self) -> bool:
        """True when it ends in the year after the one it begins in."""
        return self.last_month < self.first_month

    def began(self, year: int, month: int) -> int:
        """The year in which the season running in a month, or last run before it, began."""
        return year if month >= self.first_month else year - 1

    def plan_year(self, year: int, month: int) -> int:
        """The year whose plan is this season's."""
        began = self.began(year, month)
        return began + (self.crosses_the_year and self.counted is SeasonYear.LAST)

    def dated(self, label: str, year: int, month: int) -> str:
        """A row's label with the season's year behind the season's name, or at the end where it is not named.

        >>> Season("DX", "Đông Xuân", 11, 5).dated("– Lúa Đông Xuân", 2026, 2)
        '– Lúa Đông Xuân 2025–2026'
        """
        began = self.began(year, month)
        words = _copy("season.two-years" if self.crosses_the_year else "season.one-year", first=began, last=began + 1)
        if self.name and self.name in label:
            return label.replace(self.name, f"{self.name} {words}", 1)
        return _copy("season.behind", label=label, years=words)
