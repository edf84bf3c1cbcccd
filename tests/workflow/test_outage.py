"""What an outage takes from people is given back, and no more to those it did not touch (F18)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.workflow.outage import DAY_OF_DEADLINE, Span
from vietnamese.dates import HO_CHI_MINH

DUE = datetime(2026, 10, 16, 17, tzinfo=HO_CHI_MINH)
MINUTE = timedelta(minutes=1)

spans = st.builds(
    lambda start, length: Span(DUE + start * MINUTE, DUE + (start + length) * MINUTE),
    st.integers(-4000, 4000),
    st.integers(1, 3000),
)


@given(spans)
def test_the_last_day_before_a_deadline_has_its_24_hours(span: Span) -> None:
    start, end = DUE - DAY_OF_DEADLINE, span.credited(DUE)
    lost = max(min(end, span.ended) - max(start, span.began), timedelta())
    assert end - start - lost >= (DAY_OF_DEADLINE if span.touches(DUE) else timedelta())
    assert end >= DUE
    if lost:
        assert span.touches(DUE)


@given(spans)
def test_what_ended_a_day_before_or_began_after_changes_nothing(span: Span) -> None:
    if span.ended <= DUE - DAY_OF_DEADLINE or span.began >= DUE:
        assert span.credited(DUE) == DUE


@given(spans, spans)
def test_overlapping_goes_both_ways(one: Span, two: Span) -> None:
    assert one.overlaps(two) == two.overlaps(one)
    assert one.overlaps(one)
