"""One person may do what a person can, a whole office behind one address what they all can."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.pace import Door, Knock, Limits, Pace

NOW = datetime(2026, 11, 16, 9, 45, tzinfo=UTC)  # a quarter to five on the day of a deadline
OFFICE = "10.24.1.7"
LIMITS = Limits(sending=3, strangers=5, office=4)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_person_is_let_in_again_when_a_place_in_the_minute_is_free() -> None:
    pace = Pace(LIMITS)
    for second in (0, 10, 20):
        assert pace.knock(Door.SENDING, 1, OFFICE, after(second)) == Knock(0)
    assert pace.knock(Door.SENDING, 1, OFFICE, after(21)) == Knock(39, is_first=True)
    assert pace.knock(Door.SENDING, 1, OFFICE, after(59.5)) == Knock(1)  # knocking in vain costs nothing
    assert pace.knock(Door.PAGES, 1, OFFICE, after(59.5)) == Knock(0)  # and shuts no other door
    assert pace.knock(Door.SENDING, 1, OFFICE, after(60)) == Knock(0)
    assert pace.knock(Door.SENDING, 1, OFFICE, after(61)).wait == 9


def test_colleagues_behind_one_address_do_not_stand_in_each_others_way() -> None:
    pace = Pace(LIMITS)
    for person in range(4):
        assert [pace.knock(Door.SENDING, person, OFFICE, NOW).wait for _ in range(3)] == [0, 0, 0]
    assert pace.knock(Door.SENDING, 99, OFFICE, NOW).wait == 60  # four people's fill is used up
    assert pace.knock(Door.SENDING, 99, "10.24.1.8", NOW).wait == 0
    with_defaults = Pace(Limits())
    everybody = [with_defaults.knock(Door.SENDING, person, OFFICE, NOW).wait for person in range(500) for _ in range(4)]
    assert set(everybody) == {0}


def test_strangers_have_only_their_address_and_cannot_shut_out_who_is_signed_in() -> None:
    pace = Pace(LIMITS)
    waits = [pace.knock(Door.STRANGERS, None, "2001:db8::1", NOW).wait for _ in range(5)]
    assert (set(waits), pace.knock(Door.STRANGERS, None, "2001:db8::ffff", NOW).wait) == ({0}, 60)
    assert pace.knock(Door.STRANGERS, None, "2001:db8:0:1::1", NOW).wait == 0
    assert pace.knock(Door.PAGES, 1, "2001:db8::1", NOW).wait == 0
    assert pace.knock(Door.STRANGERS, None, "no address", NOW).wait == 0


def test_who_has_not_been_here_for_a_minute_is_forgotten() -> None:
    pace = Pace(LIMITS)
    for number in range(50):
        pace.knock(Door.STRANGERS, None, f"10.0.0.{number}", NOW)
    pace.knock(Door.STRANGERS, None, "10.0.1.1", after(61))
    assert len(pace._let_in) == 1


def test_limits_are_read_from_the_setting() -> None:
    assert Limits.read("") == Limits()
    assert Limits.read("sending=90, office=100") == Limits(sending=90, office=100)
    for wrong in ("sendings=1", "sending", "sending=many", "sending=0"):
        with pytest.raises(ValueError, match=f"BAOCAO_LIMITS: {wrong}$"):
            Limits.read(f"fetching=3,{wrong}")
