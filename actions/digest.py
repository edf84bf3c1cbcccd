"""Telling people by mail that something waits for them: urgent things soon, everything new once a day.

A letter says how many things of which kind wait in which unit: no figures, nobody's name, nothing that was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from actions import events, mailing
from actions.desk import Desk, Refusal, say
from actions.mailing import Letter
from registry.store import mail_wishes
from registry.store.engine import take_turns
from registry.store.mail_wishes import How, Waiting, Wish
from registry.store.outbox import New
from vietnamese.dates import civil

URGENT = (
    *(kind for kind, rule in events.KINDS.items() if rule.is_urgent),
    *(events.REMIND_DAY, events.REMIND_AFTER),
    *("recheck-asked", "time-asked", events.CHASED, "deadline-moved"),
)
_OLDEST = timedelta(days=7)  # what nobody put away in all this time is not written of


def choose(desk: Desk, how: str, hour: int) -> Wish:
    """How the person at the desk wants letters. Raises Refusal."""
    if how not in list(How) or not 0 <= hour <= 23:
        raise Refusal("mail-wish")
    wish = Wish(How(how), hour)
    with desk.change("choose mail", f"person {desk.actor.person_id}") as change:
        take_turns(change.connection, "digest")
        mail_wishes.put(change.connection, desk.actor.person_id, wish)
        change.detail |= {"how": wish.how, "hour": wish.hour}
    return wish


def send(desk: Desk) -> int:
    """Put every letter whose turn it is into the outbox; how many. Run twice, nothing goes twice.

    A daily letter tells of what came before its hour; where nothing ran then, it goes as soon as something does.
    """
    settings = desk.instance.settings
    if not settings.smtp:
        return 0
    with desk.instance.store.write() as connection:
        take_turns(connection, "digest")
        since = desk.moment - _OLDEST
        daily = _by_person(mail_wishes.daily(connection, _last_hours(desk.moment), since))
        soon = _by_person(mail_wishes.urgent(connection, URGENT, since))
        letters = [
            New(
                some[0].email,
                letter(some, settings.public_url).body,
                f"{what} {some[0].person_id} {some[-1].notice_id}",
            )
            for what, due in (("digest", daily), ("urgent", soon))
            for some in due
        ]
        mail_wishes.told(connection, [some[-1] for some in (*daily, *soon)])
        mailing.post_all(desk.instance, connection, letters, desk.moment)
    return len(letters)


def _last_hours(moment: datetime) -> dict[int, datetime]:
    """When it was last each hour of the clock in Viet Nam."""
    now = civil(moment)
    whole = now.replace(minute=0, second=0, microsecond=0)
    return {(whole - timedelta(hours=back)).hour: whole - timedelta(hours=back) for back in range(24)}


def _by_person(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    return [list(some) for _, some in groupby(waiting, lambda one: one.person_id)]


def letter(waiting: Iterable[Waiting], public_url: str) -> Letter:
    """What is written of some notices."""
    counts = Counter((_what(one.kind), str(one.values.get("unit", ""))) for one in waiting)
    lines = [
        say("digest.line-of" if unit else "digest.line", what=what, unit=unit, count=count)
        for (what, unit), count in counts.items()
    ]
    link = say("digest.link", address=f"{public_url}/") if public_url else say("digest.no-link")
    return Letter(say("digest.subject"), say("digest.text", lines="\n".join(lines), link=link))


def _what(kind: str) -> str:
    return say(f"digest.kind.{kind}" if f"digest.kind.{kind}" in say else "digest.kind.other")
