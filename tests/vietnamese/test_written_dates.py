from datetime import UTC, date, datetime, timedelta

import pytest

from vietnamese.dates import (
    HO_CHI_MINH,
    NaiveMoment,
    civil,
    days_left,
    format_date,
    format_due,
    format_moment,
)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HO_CHI_MINH)


def test_dates_are_written_day_month_year() -> None:
    assert format_date(date(2026, 2, 5)) == "05/02/2026"


def test_moments_are_shown_on_vietnamese_clocks() -> None:
    assert format_moment(datetime(2026, 2, 4, 17, 30, tzinfo=UTC)) == "00:30 ngày 05/02/2026"
    assert format_date(datetime(2026, 2, 4, 17, 30, tzinfo=UTC)) == "05/02/2026"


def test_a_deadline_at_midnight_is_24_hours_of_the_day_before() -> None:
    assert format_due(at(3)) == "24:00 ngày 02/11/2026"
    assert format_due(at(3, 17)) == "17:00 ngày 03/11/2026"


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        (at(1, 10), at(5), "còn 3 ngày"),  # due at 24:00 of the 4th
        (at(1, 18), at(4, 17), "còn 3 ngày"),
        (at(1, 23), at(3), "còn 1 ngày"),
        (at(4, 18, 30), at(5), "còn 5 giờ"),
        (at(4, 23, 48), at(5), "còn 12 phút"),
        (at(5), at(5), "đến hạn"),
        (at(5, 0, 20), at(5), "quá hạn 20 phút"),
        (at(5, 8), at(5), "quá hạn 8 giờ"),
        (at(6, 8), at(5), "quá hạn 2 ngày"),
        (at(6, 0), at(5), "quá hạn 2 ngày"),
    ],
)
def test_time_to_a_deadline_is_told_in_words(now: datetime, due: datetime, words: str) -> None:
    assert days_left(now, due) == words
    assert days_left(now.astimezone(UTC), due.astimezone(UTC)) == words


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        civil(datetime(2026, 1, 1) + timedelta(hours=1))  # noqa: DTZ001
