"""A draft leaves as docx, is edited by whoever must, and comes back as "dự thảo lần n" (F12)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any, BinaryIO

from actions import downloads, drafting
from actions.capacities import signatures
from actions.desk import Changed, Desk, NotEntitled, NotNow, NotYours, Refusal
from actions.draft_figures import facts
from actions.drafting import Look
from actions.kept import assert_fit
from actions.made import Made
from compile.draft_back import Sent, came_back
from compile.draft_document import DraftOrder, DraftText, Number, build, linked
from registry.periods import parse
from registry.store import draft_copies, draft_texts
from registry.store.definitions import Snapshot
from registry.store.draft_copies import Copy
from registry.store.draft_texts import Heading, Origin
from registry.store.engine import Connection, take_turns
from registry.store.files import Destroyed
from registry.workflow.policy import Action
from vietnamese.letters import first_upper
from workbook_templates import template
from workbook_templates.official.blocks import filled
from workbook_templates.official.letterhead import letterhead
from workbook_templates.outline import Place


def take_away(desk: Desk, draft_id: int) -> Made:
    """The draft as docx, with its numbers as they are now; what it went out with is kept. Two people at once each get
    their own copy. Raises NotYours, Changed (others were quicker each time).
    """
    for _ in range(_TRIES):
        with suppress(Changed):
            return _taken_away(desk, draft_id)
    raise Changed


def _taken_away(desk: Desk, draft_id: int) -> Made:
    with desk.read() as connection:
        seen = drafting.look(desk, connection, draft_id)
        snapshot = desk.snapshot(connection)
        filler = facts(desk, connection, seen.draft, seen.headings).filler
        unit = snapshot.units_by_id[seen.draft.unit_id]
        forms = snapshot.regimes[seen.draft.regime].forms
        signed = signatures(desk, connection, [seen.draft.unit_id], forms).get(seen.draft.unit_id)
        count = draft_copies.newest(connection, draft_id, is_back=False)
    n = (count.n if count else 0) + 1
    period = parse(seen.draft.period)
    order = DraftOrder(
        letterhead(unit, snapshot.province, signed),
        _subject(snapshot, seen),
        period.year,
        tuple(DraftText(one.n, one.tag, one.title, one.level, one.is_written, one.body) for one in seen.headings),
        desk.moment,
        mark=f"{MARK}{draft_id}/{n}",
    )
    data = build(order, filler)
    held = {
        str(one.n): {
            "lock": one.lock,
            "body": one.body,
            "numbers": [[each.placeholder, each.printed] for each in linked(one.body, filler)[1]],
        }
        for one in seen.headings
        if one.is_written
    }
    name = template.file_name(f"DU-THAO-{seen.draft.regime}", seen.draft.period, unit, n, "docx")
    stored = desk.instance.files.put(io.BytesIO(data))
    with desk.change("draft-take-away", f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        taken = draft_copies.newest(change.connection, draft_id, is_back=False)
        if (taken.n if taken else 0) + 1 != n:
            raise Changed  # the number the file bears is another's
        draft_copies.put(
            change.connection, draft_id, name, stored, held, desk.actor.person_id, desk.moment, is_back=False
        )
        change.unit_id = seen.draft.unit_id
        change.detail["sha256"] = stored.sha
    return Made(unit.code, seen.draft.regime, name, data)


_TRIES = 5
MARK = "BCD:"  # among the file's keywords: draft and which copy of it


def _subject(snapshot: Snapshot, seen: Look) -> str:
    regime = snapshot.regimes[seen.draft.regime]
    return first_upper(filled(regime.report_title or regime.name, parse(seen.draft.period)))


def send_back(desk: Desk, draft_id: int, stream: BinaryIO, name: str) -> int:
    """Keep an edited docx as the next round and hold it against the copy it was made from; its key.

    Nothing of the draft changes yet. Raises NotYours, NotNow (he may write nothing), Unfit, Refusal (too large,
    another draft's, never taken away, unreadable).
    """
    limit = desk.instance.settings.upload_limit
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refusal("too-large", limit=limit >> 20)
    with desk.read() as connection:
        seen = drafting.look(desk, connection, draft_id)
        _assert_editor(desk, seen)
    assert_fit(desk, Action.WRITE_DRAFT, data, desk.instance.pool.letter(data, name), "draft-refused")
    places = [Place(one.tag, one.title, one.level, one.instruction, one.is_written) for one in seen.headings]
    edited = desk.instance.pool.edited(data, places)
    if edited is None:
        raise Refusal("draft-unreadable", name=name)
    with desk.read() as connection:
        out = _origin(connection, draft_id, edited.mark)
    came = came_back(_sent(seen, out), edited, _around(desk, out, places))
    held = {
        "texts": [asdict(one) | {"lock": out.held[str(one.n)]["lock"]} for one in came.texts],
        "missing": list(came.missing),
        "added": list(came.added),
        "outside": list(came.outside),
    }
    try:
        stored = desk.instance.files.put(io.BytesIO(data))
    except Destroyed as gone:
        raise Refusal("destroyed", act=gone.act) from None
    with desk.change("draft-send-back", f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        key = draft_copies.put(
            change.connection, draft_id, name[:200], stored, held, desk.actor.person_id, desk.moment, is_back=True
        )
        change.unit_id = seen.draft.unit_id
        change.detail["sha256"] = stored.sha
        return key


def _assert_editor(desk: Desk, seen: Look) -> None:
    if not seen.may_edit:
        raise NotEntitled("draft-only-anybody")
    if not any(seen.may_write(one, desk.actor.person_id) for one in seen.headings):
        raise NotNow("draft-submitted")


def _origin(connection: Connection, draft_id: int, mark: str) -> Copy:
    """The copy a file was made from, by its mark, else the last that was taken away."""
    draft, _, n = mark.removeprefix(MARK).partition("/")
    if mark and draft != str(draft_id):
        raise Refusal("draft-of-another")
    found = draft_copies.newest(connection, draft_id, is_back=False, n=int(n) if n.isdigit() else None)
    if found is None:
        raise Refusal("draft-never-taken")
    return found


def _around(desk: Desk, out: Copy, places: list[Place]) -> tuple[str, ...]:
    """The paragraphs around the text as the file went out; none where it is not kept any more."""
    try:
        data = desk.instance.files.read(out.file_sha)
    except FileNotFoundError:
        return ()
    read = desk.instance.pool.edited(data, places)
    return read.outside if read is not None else ()


def _sent(seen: Look, out: Copy) -> list[Sent]:
    return [
        Sent(one.n, one.tag, one.title, held["body"], tuple(Number(*each) for each in held["numbers"]))
        for one in seen.headings
        if (held := out.held.get(str(one.n))) is not None
    ]


def apply(desk: Desk, draft_id: int, copy_id: int, chosen: Mapping[int, int | None]) -> int:
    """Put the chosen headings of a file that came back into the draft; how many changed.

    ``chosen``: by number of the heading, the lock of its text as it was shown; None: as the file went out with it.
    Raises NotYours, NotEntitled, NotNow, Changed (somebody saved a heading since).
    """
    with desk.change("draft-apply", f"draft {draft_id}") as change:
        take_turns(change.connection, f"draft {draft_id}")
        seen = drafting.look(desk, change.connection, draft_id)
        found = draft_copies.get(change.connection, draft_id, copy_id)
        if found is None or not found.is_back:
            raise NotYours
        count = 0
        for text in found.held["texts"]:
            heading = drafting.heading_of(seen, text["n"])
            if heading.n in chosen and text["body"] != heading.body:
                drafting.assert_writable(desk, seen, heading)
                shown = chosen[heading.n]
                if heading.lock != (text["lock"] if shown is None else shown):
                    raise Changed
                _put(desk, change.connection, heading, text["body"])
                count += 1
        change.unit_id = seen.draft.unit_id
        change.detail |= {"headings": count, "version": found.n}
        return count


def _put(desk: Desk, connection: Connection, heading: Heading, body: str) -> None:
    kept = drafting.cleaned(body)
    by = desk.actor.person_id
    if not draft_texts.save(connection, heading.id, heading.lock, kept, Origin.DOCUMENT, by, desk.moment):
        raise Changed


def fetch(desk: Desk, draft_id: int, copy_id: int) -> tuple[str, BinaryIO]:
    """A file that came back, with its name. Raises NotYours."""
    with desk.read() as connection:
        drafting.look(desk, connection, draft_id)
        found = draft_copies.get(connection, draft_id, copy_id)
    if found is None:
        raise NotYours
    stream = desk.instance.files.open(found.file_sha)
    downloads.record(desk, f"draft {draft_id}", found.file_sha)
    return found.name, stream


def held_texts(copy: Copy) -> list[dict[str, Any]]:
    """What came back under each heading: {n, lock, body, is_changed, numbers: [{placeholder, old, new}]}."""
    return list(copy.held["texts"])
