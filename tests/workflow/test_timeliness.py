"""The laws of being on time, whatever the moments (F18)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.model import Holiday
from registry.periods import WorkingCalendar
from registry.workflow.timeliness import Arrival, Sending, Standing, days_late, judged, measured
from vietnamese.dates import HO_CHI_MINH

CALENDAR = WorkingCalendar([Holiday(date(2026, 10, 20), True, "nghỉ"), Holiday(date(2026, 10, 24), False, "làm bù")])
DUE = datetime(2026, 10, 16, 17, tzinfo=HO_CHI_MINH)  # a Friday
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONG_AFTER = DUE + 90 * DAY

moments = st.integers(-20_000, 60_000).map(lambda minutes: DUE + minutes * MINUTE)
lengths = st.integers(0, 20_000).map(lambda minutes: minutes * MINUTE)


def sending(sent: datetime | None, due: datetime = DUE, **more: object) -> Sending:
    times = {"due_at": due, "due_first": DUE, "first_sent_at": sent, "sent_at": sent}
    return Sending(1, "KTXH", "202610", 1, **(times | more))  # type: ignore[arg-type]


def blame(standing: Standing) -> int:
    """How badly off: in time 0, else the days, nothing at all the worst."""
    return 9999 if standing.arrival is Arrival.MISSING else standing.days_late


@pytest.mark.parametrize(
    ("sent", "due", "arrival", "days"),
    [
        (DUE - DAY, DUE, Arrival.EARLY, 0),
        (DUE.replace(hour=0), DUE, Arrival.ON_TIME, 0),
        (DUE, DUE, Arrival.ON_TIME, 0),
        (DUE + MINUTE, DUE, Arrival.LATE, 1),  # the same day
        (DUE + MINUTE, DUE + DAY, Arrival.EXTENDED, 0),
        (DUE + 2 * DAY, DUE, Arrival.LATE, 1),  # a Sunday
        (DUE + 3 * DAY, DUE, Arrival.LATE, 1),  # Monday
        (DUE + 5 * DAY, DUE, Arrival.LATE, 2),  # Wednesday; Tuesday was a day of rest
        (DUE + 8 * DAY, DUE, Arrival.LATE, 5),  # a Saturday that is worked
        (None, DUE, Arrival.MISSING, 0),
        (None, LONG_AFTER, Arrival.WAITING, 0),
    ],
)
def test_each_class_by_its_moment(sent: datetime | None, due: datetime, arrival: Arrival, days: int) -> None:
    assert judged(sending(sent, due), LONG_AFTER, CALENDAR) == Standing(arrival, days)


def test_midnight_ends_the_day_before_it() -> None:
    midnight = datetime(2026, 10, 17, tzinfo=HO_CHI_MINH)
    assert measured(midnight, midnight, midnight, CALENDAR).arrival is Arrival.ON_TIME
    assert measured(midnight - DAY - MINUTE, midnight, midnight, CALENDAR).arrival is Arrival.EARLY
    assert days_late(midnight + 2 * DAY, midnight, CALENDAR) == 1


@given(moments | st.none(), lengths, lengths, moments)
def test_more_time_makes_nobody_later(sent: datetime | None, more: timedelta, still: timedelta, now: datetime) -> None:
    before = judged(sending(sent, DUE + more), now, CALENDAR)
    after = judged(sending(sent, DUE + more + still), now, CALENDAR)
    assert blame(after) <= blame(before)
    credited = judged(sending(sent, DUE + more + still, due_first=DUE + still), now, CALENDAR)
    assert blame(credited) <= blame(after)


@given(moments, lengths, lengths)
def test_who_sends_later_is_not_less_late(sent: datetime, later: timedelta, more: timedelta) -> None:
    first, second = (judged(sending(one, DUE + more), LONG_AFTER, CALENDAR) for one in (sent, sent + later))
    assert first.days_late <= second.days_late
    assert first.arrival is not Arrival.LATE or second.arrival is Arrival.LATE


@given(moments)
def test_days_late_are_counted_on_the_calendar(sent: datetime) -> None:
    found = judged(sending(sent), LONG_AFTER, CALENDAR)
    assert (found.arrival is Arrival.LATE) == (sent > DUE) == (found.days_late > 0)
    if found.days_late > 1:
        assert found.days_late == CALENDAR.working_days_between(DUE.date(), sent.astimezone(HO_CHI_MINH).date())


@given(moments, moments, lengths, moments)
def test_sent_again_within_the_time_given_keeps_its_class(
    sent: datetime, until: datetime, before: timedelta, now: datetime
) -> None:
    plain = sending(sent)
    again = replace(plain, given_until=until, resent_at=until - before)
    assert judged(again, now, CALENDAR) == judged(plain, now, CALENDAR)


@given(moments, moments, lengths)
def test_sent_again_after_the_time_given_is_late_by_it(sent: datetime, until: datetime, after: timedelta) -> None:
    late = replace(sending(sent), given_until=until, resent_at=until + after + MINUTE)
    found = judged(late, LONG_AFTER + 90 * DAY, CALENDAR)
    assert found.arrival is Arrival.LATE
    assert found.days_late >= judged(sending(sent), LONG_AFTER, CALENDAR).days_late


def test_not_sent_again_is_missing_once_the_time_given_is_over() -> None:
    back = replace(sending(DUE), given_until=DUE + DAY)
    assert judged(back, DUE + DAY, CALENDAR).arrival is Arrival.ON_TIME
    assert judged(back, DUE + DAY + MINUTE, CALENDAR).arrival is Arrival.MISSING


def test_a_dispute_excuses_what_was_sent_when_it_was_raised_and_nothing_later() -> None:
    late = replace(sending(DUE + DAY), given_until=DUE + 7 * DAY)
    excused = replace(late, excused_at=DUE + 2 * DAY)
    assert judged(excused, DUE + 7 * DAY, CALENDAR).arrival is Arrival.ON_TIME
    assert judged(excused, LONG_AFTER, CALENDAR).arrival is Arrival.MISSING
    again = replace(excused, resent_at=DUE + 8 * DAY)
    assert judged(again, LONG_AFTER, CALENDAR).arrival is Arrival.LATE
    assert judged(replace(again, excused_at=DUE + 9 * DAY), LONG_AFTER, CALENDAR).arrival is Arrival.ON_TIME


@given(moments | st.none(), moments | st.none(), lengths | st.none(), lengths)
def test_what_is_owed_past_its_deadline_is_missing_and_nothing_else_is(
    sent: datetime | None, until: datetime | None, again: timedelta | None, later: timedelta
) -> None:
    back = until if sent is not None else None
    resent = sent + again if sent is not None and back is not None and again is not None else None
    one = sending(sent, given_until=back, resent_at=resent)
    now = max(moment for moment in (DUE, sent, resent) if moment is not None) + later
    owed = one.owed_until
    assert (judged(one, now, CALENDAR).arrival is Arrival.MISSING) == (owed is not None and now > owed)


@given(moments, moments)
def test_what_has_not_happened_yet_does_not_count(sent: datetime, now: datetime) -> None:
    unsent = judged(sending(None), now, CALENDAR)
    assert sent <= now or judged(sending(sent), now, CALENDAR) == unsent


@given(moments)
def test_an_accepted_dispute_makes_late_on_time_and_nothing_else(sent: datetime) -> None:
    plain = judged(sending(sent), LONG_AFTER, CALENDAR)
    excused = judged(sending(sent, excused_at=sent + MINUTE), LONG_AFTER, CALENDAR)
    assert excused == (plain if plain.is_in_time else Standing(Arrival.ON_TIME))
    assert judged(sending(None, excused_at=sent), LONG_AFTER, CALENDAR).arrival is Arrival.MISSING
