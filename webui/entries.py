"""Entries of the audit log as both its pages show them: asked for, told in words, taken away as a workbook."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, send_file
from werkzeug.wrappers import Response

from actions.desk import Desk
from actions.log import Search
from compile import log_book
from registry.catalogue.model import Unit
from registry.store.audit import Entry
from vietnamese.dates import format_moment
from webui.details import Details
from webui.objects import Objects, Told, typed
from webui.pages.templates import XLSX
from webui.wording import login_of, say, signed

_NAMES = {"who": "nguoi", "unit": "don-vi", "action": "viec", "object": "doi-tuong", "first": "tu", "last": "den"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as people read it."""

    entry: Entry
    name: str
    login: str
    signed: str
    unit: str
    action: str
    told: Told
    details: tuple[tuple[str, str], ...]


def asked() -> Search:
    """What the address asks for; a day nobody can read is none."""
    given = {name: request.args.get(word, "").strip() for name, word in _NAMES.items()}
    return Search(
        given["who"],
        given["unit"],
        given["action"],
        typed(given["object"]),
        _day(given["first"]),
        _day(given["last"]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def address(search: Search) -> dict[str, str]:
    """The same as an address carries it."""
    return {_NAMES[name]: text for name, text in search.typed.items()}


def before() -> int | None:
    """The number of the entry the page asked for is older than."""
    text = request.args.get("truoc", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def shown(at: Desk, entries: Collection[Entry]) -> list[Shown]:
    """Entries in words, with addresses the reader may open."""
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        objects = Objects(at, connection, snapshot, entries)
    details = Details(snapshot.units_by_id, objects.people)
    return [
        Shown(
            one,
            objects.person(one),
            login_of(one.actor),
            signed(one.actor),
            objects.unit(one),
            act(one.action),
            objects.told(one),
            tuple(details.told(one.detail)),
        )
        for one in entries
    ]


def act(action: str) -> str:
    """An action in words; as it was logged where a later release has no words for it."""
    key = f"audit.{action.replace(' ', '_')}"
    return say(key) if key in say else action


def actions(chosen: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Every action there are words for, or the ones chosen, by its words."""
    known = chosen or [
        key.removeprefix("audit.").replace("_", " ") for key in say.sentences if key.startswith("audit.")
    ]
    return sorted(((one, act(one)) for one in known), key=lambda pair: pair[1])


def units(at: Desk, reached: frozenset[int] | None) -> Sequence[Unit]:
    """The units a reader may choose from, in the official order."""
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    known = (unit for code, unit in snapshot.units.items() if reached is None or snapshot.unit_ids[code] in reached)
    return sorted(known, key=lambda unit: unit.order)


def workbook(at: Desk, title: str, name: str, entries: Collection[Entry]) -> Response:
    """Entries as a workbook to be taken away."""
    headings = [say(f"log.{one}") for one in ("seq", "at", "name", "actor", "action", "object", "unit", "detail")]
    rows = (
        (
            str(one.entry.seq),
            format_moment(one.entry.at),
            one.name,
            one.signed,
            one.action,
            one.told.words,
            one.unit,
            "; ".join(f"{key}: {value}" for key, value in one.details),
        )
        for one in shown(at, entries)
    )
    data = log_book.build(title, say("log.taken", who=at.actor.name, at=format_moment(at.moment)), headings, rows)
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
