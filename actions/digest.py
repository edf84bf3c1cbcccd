"""Telling people by mail that something waits for them: urgent things soon, everything new once a day.

A letter says how many things of which kind wait in which unit: no figures, nobody's name, nothing that was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from actions import events, mailing
from actions.desk import Desk, Refusal, say
from actions.mailing import Letter
from registry.store import mail_wishes, outbox
from registry.store.mail_wishes import How, Waiting, Wish
from vietnamese.dates import civil

URGENT = (
    *(kind for kind, rule in events.KINDS.items() if rule.is_urgent),
    *(events.REMIND_DAY, events.REMIND_AFTER),
    *("recheck-asked", "time-asked", events.CHASED, "deadline-moved"),
)
_DAY = timedelta(days=1)


def choose(desk: Desk, how: str, hour: int) -> Wish:
    """How the person at the desk wants letters. Raises Refusal."""
    if how not in list(How) or not 0 <= hour <= 23:
        raise Refusal("mail-wish")
    wish = Wish(How(how), hour)
    with desk.change("choose mail", f"person {desk.actor.person_id}") as change:
        mail_wishes.put(change.connection, desk.actor.person_id, wish)
        change.detail |= {"how": wish.how, "hour": wish.hour}
    return wish


def send(desk: Desk) -> int:
    """Put every letter whose turn it is into the outbox; how many. Run twice, nothing goes twice."""
    settings = desk.instance.settings
    if not settings.smtp:
        return 0
    with desk.instance.store.write() as connection:
        hour, since = civil(desk.moment).hour, desk.moment - _DAY
        daily = {
            f"digest {person} {desk.day}": some
            for person, some in _by_person(mail_wishes.daily(connection, hour, since))
        }
        gone = outbox.known(connection, daily.keys())
        due = {key: some for key, some in daily.items() if key not in gone}
        soon = dict(_by_person(mail_wishes.urgent(connection, URGENT, since)))
        last = {person: some[-1].notice_id for person, some in soon.items()}
        mail_wishes.told(connection, last)
        due |= {f"urgent {person} {last[person]}": some for person, some in soon.items()}
        for key, some in due.items():
            mailing.post(desk.instance, connection, some[0].email, letter(some, settings.public_url), key, desk.moment)
    return len(due)


def _by_person(waiting: Iterable[Waiting]) -> list[tuple[int, list[Waiting]]]:
    return [(person, list(some)) for person, some in groupby(waiting, lambda one: one.person_id)]


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
