"""How fast one may knock: requests of a minute, counted for each person and, far more generously, for each address.

Counted in the server's memory: one process serves an instance (``baocao serve``); a second one would count for itself.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

_MINUTE = 60.0
_PREFIX = 64  # bits of an IPv6 address that stand for one connection


class Door(StrEnum):
    """Kinds of requests by what they cost the server."""

    PAGES = "pages"  # whatever is asked for, everything below included
    STRANGERS = "strangers"  # whoever has not signed in
    SENDING = "sending"  # a file to be read
    FETCHING = "fetching"  # a file to be made
    BUNDLES = "bundles"  # hundreds of files in one
    COMPILING = "compiling"  # a report, a catalogue, a measuring
    SEARCHES = "searches"  # over all units or all years


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute.

    A province may go out through one address: ``office`` says how many people's fill an address may use up,
    so that a whole office, or all of them, can send in the last quarter of an hour. Strangers have only an address.
    """

    pages: int = 600  # a page watching five files asks 300 times
    strangers: int = 3000  # a thousand sign-ins: page, password, code
    sending: int = 60
    fetching: int = 120
    bundles: int = 10
    compiling: int = 20
    searches: int = 60
    office: int = 40

    @classmethod
    def read(cls, words: str) -> Limits:
        """``sending=90,office=100``; what is not named keeps its default. Raises ValueError."""
        known, said = {field.name for field in fields(cls)}, dict[str, int]()
        for one in filter(None, map(str.strip, words.split(","))):
            name, _, number = one.partition("=")
            if name not in known or not number.isdecimal() or int(number) < 1:
                raise ValueError(f"BAOCAO_LIMITS: {one}")
            said[name] = int(number)
        return replace(cls(), **said)

    def most(self, door: Door) -> int:
        """Of one person, or of a stranger's address."""
        return int(getattr(self, door))


@dataclass(frozen=True, slots=True)
class Knock:
    """How a request fared: seconds until the next is let in, 0 when this one was."""

    wait: int
    is_first: bool = False  # the first refused at this door for a minute


class Pace:
    """The requests of the last minute."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._let_in: defaultdict[tuple[Door, str], deque[float]] = defaultdict(deque)
        self._told: dict[tuple[Door, str], float] = {}
        self._swept = 0.0

    def knock(self, door: Door, person_id: int | None, address: str, moment: datetime) -> Knock:
        """Count a request, of nobody known where ``person_id`` is None; one refused is not counted."""
        now, place = moment.timestamp(), (door, f"address {_connection(address)}")
        most = self._limits.most(door)
        filled = {place: most} if person_id is None else {(door, f"person {person_id}"): most}
        if person_id is not None:
            filled[place] = most * self._limits.office
        with self._lock:
            self._sweep(now)
            wait = max(self._wait(key, most, now) for key, most in filled.items())
            if wait:
                who = next(iter(filled))
                is_first = now - self._told.get(who, 0.0) >= _MINUTE
                if is_first:
                    self._told[who] = now
                return Knock(wait, is_first)
            for key in filled:
                self._let_in[key].append(now)
        return Knock(0)

    def _wait(self, key: tuple[Door, str], most: int, now: float) -> int:
        times = self._let_in[key]
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        return ceil(times[-most] + _MINUTE - now) if len(times) >= most else 0

    def _sweep(self, now: float) -> None:
        """Forget, once a minute, whoever has not been here for one."""
        if abs(now - self._swept) < _MINUTE:
            return
        self._swept = now
        for key in [key for key, times in self._let_in.items() if not times or times[-1] <= now - _MINUTE]:
            del self._let_in[key]
        self._told = {key: at for key, at in self._told.items() if at > now - _MINUTE}


def _connection(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, _PREFIX), strict=False)) if isinstance(known, IPv6Address) else address
