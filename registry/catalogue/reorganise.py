"""Reorganising units (sắp xếp đơn vị): acts in, dated versions and successions out; one path for page and workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from registry.catalogue import codec as c
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Succession, Unit, UnitKey, UnitKind
from registry.catalogue.places import Places
from registry.catalogue.sheets import Field, Sheet
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding

_DAY = timedelta(days=1)


class ActKind(StrEnum):
    """What can happen to a unit, as it is written in the workbook."""

    FOUND = "thành lập"
    RENAME = "đổi tên"
    MOVE = "chuyển trực thuộc"
    MERGE = "sáp nhập"  # the whole of it goes into another
    SPLIT = "tách một phần"  # a part of it goes into another: a break
    END = "kết thúc"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens to one unit on a day, by a legal document."""

    kind: ActKind
    unit: str  # code
    on: date
    document: str
    into: str = ""  # of MERGE and SPLIT: the unit it goes to
    name: str = ""
    short_name: str = ""
    level: UnitKind | None = None
    parent: str = ""
    order: int | None = None
    letterhead: str = ""
    signer: str = ""


SHEET = Sheet(
    "Sắp xếp đơn vị",
    "acts",
    Act,
    ("kind", "unit", "on", "into"),
    (
        Field("việc", "kind", c.enum(ActKind), required=True, width=18),
        Field("mã đơn vị", "unit", c.TEXT, required=True, width=12),
        Field("từ ngày", "on", c.DATE, required=True, width=12),
        Field("văn bản", "document", c.text_up_to(200), required=True, width=34),
        Field("nhập vào đơn vị", "into", c.TEXT, blank="", width=14),
        Field("tên mới", "name", c.text_up_to(200), blank="", width=36),
        Field("tên ngắn", "short_name", c.TEXT, blank="", width=18),
        Field("loại", "level", c.enum(UnitKind), width=16),
        Field("trực thuộc", "parent", c.TEXT, blank="", width=10),
        Field("thứ tự", "order", c.INTEGER, width=8),
        Field("tiêu đề văn bản", "letterhead", c.TEXT, blank="", width=40),
        Field("thẩm quyền ký", "signer", c.TEXT, blank="", width=34),
    ),
)
"""The one sheet of a reorganisation's workbook."""

NEEDED = {
    ActKind.FOUND: ("name", "level", "parent", "order"),
    ActKind.RENAME: ("name",),
    ActKind.MOVE: ("parent",),
    ActKind.MERGE: ("into",),
    ActKind.SPLIT: ("into",),
    ActKind.END: (),
}
"""What each act says besides the unit, the day and the document."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that ends, with the one unit its whole goes to; None where nobody takes all of it over."""

    unit: Unit
    successor: Unit | None


@dataclass(frozen=True)
class Plan:
    """What acts come to; with findings nothing of it may be done."""

    units: tuple[Unit, ...]  # versions new or written anew
    successions: tuple[Succession, ...]
    ended: tuple[Ended, ...]
    findings: tuple[Finding, ...]


def plan(chronicle: Chronicle, acts: Iterable[Act], places: Places | None = None) -> Plan:
    """What the acts make of the units known, day by day: everything wrong at once.

    ``places`` says where each act was written. Units that end do so the day before, so that their codes are free; then
    others are founded, renamed and moved. What stands below a merged unit goes with it.
    """
    by_day: dict[date, list[Act]] = defaultdict(list)
    for act in acts:
        by_day[act.on].append(act)
    desk = _Desk(chronicle, places or Places())
    for day in sorted(by_day):
        desk.take(day, by_day[day])
    return desk.plan()


class _Desk:
    """The versions as they come to stand; each day's acts are laid over what the days before left."""

    def __init__(self, chronicle: Chronicle, places: Places) -> None:
        self._before = {unit for key in chronicle.keys for unit in chronicle.versions(key)}
        self._versions: dict[UnitKey, dict[date, Unit]] = {
            key: {unit.valid_from: unit for unit in chronicle.versions(key)} for key in chronicle.keys
        }
        self._known = {(one.old, one.new, one.on) for one in chronicle.successions}
        self._successions: list[Succession] = list(chronicle.successions)
        self._new: list[Succession] = []
        self._ended: dict[UnitKey, list[tuple[UnitKey, bool]]] = {}  # with the heirs: who, of the whole
        self._places = places
        self._findings: list[Finding] = []

    def take(self, day: date, acts: list[Act]) -> None:
        """Lay one day's acts over the versions: ended first, so that their codes are free."""
        self._chronicle = self._now()
        good = [act for act in acts if self._is_whole(act)]
        passed = [
            (act, unit)
            for act in good
            if act.kind in (ActKind.MERGE, ActKind.SPLIT, ActKind.END)
            and (unit := self._alive(act, "unit", day - _DAY)) is not None
            and self._ends(act, unit)
        ]
        self._chronicle = self._now()
        for act in good:
            if act.kind is ActKind.FOUND:
                self._found(act)
        self._chronicle = self._now()
        for act in good:
            if act.kind in (ActKind.RENAME, ActKind.MOVE):
                self._change(act)
        for act, unit in passed:
            if act.kind is not ActKind.END:
                self._succeed(act, unit)
        for act, _ in passed:
            if act.kind is not ActKind.SPLIT:
                self._take_along(act)

    def plan(self) -> Plan:
        """What came of it."""
        chronicle = self._now()
        units = [unit for dated in self._versions.values() for unit in dated.values() if unit not in self._before]
        ended = []
        for key, heirs in self._ended.items():
            only = heirs[0][0] if len(heirs) == 1 and heirs[0][1] else None
            ended.append(Ended(chronicle.last(key), chronicle.last(only) if only else None))
        return Plan(tuple(units), tuple(self._new), tuple(ended), tuple(self._findings))

    def _now(self) -> Chronicle:
        versions = (unit for dated in self._versions.values() for unit in dated.values())
        return Chronicle(versions, (*self._successions, *self._new))

    def _key(self, code: str, day: date) -> UnitKey | None:
        found = self._chronicle.on(code, day)
        return found.key if found else None

    def _say(self, code: str, act: Act, name: str, **more: Any) -> None:
        where = self._places.where(SHEET.stem, key_of_record(SHEET, act), name)
        self._findings.append(finding(code, **where, **more))

    def _is_whole(self, act: Act) -> bool:
        missing = [name for name in NEEDED[act.kind] if getattr(act, name) in ("", None)]
        headers = {one.name: one.header for one in SHEET.fields}
        for name in missing:
            self._say("reorganise-missing", act, name, what=act.kind.value, column=headers[name])
        return not missing

    def _alive(self, act: Act, name: str, day: date) -> Unit | None:
        code = getattr(act, name)
        found = self._chronicle.on(code, day)
        if found is None:
            self._say("reorganise-no-unit", act, name, found=code, day=_text(day))
        return found

    def _found(self, act: Act) -> None:
        bearer = self._chronicle.on(act.unit, act.on)
        if bearer is not None:
            self._say("reorganise-code-taken", act, "unit", found=act.unit, expected=bearer.name)
            return
        if act.level is None or act.order is None:
            return
        self._versions[act.unit, act.on] = {
            act.on: Unit(
                act.unit,
                act.name,
                act.level,
                act.parent,
                act.order,
                act.on,
                act.on,
                short_name=act.short_name,
                letterhead=act.letterhead,
                signer=act.signer,
                document=act.document,
            )
        }

    def _change(self, act: Act) -> None:
        unit = self._alive(act, "unit", act.on)
        if unit is None or self._has_later(act, unit.key):
            return
        if act.kind is ActKind.MOVE:
            if self._alive(act, "parent", act.on) is not None:
                if act.parent == unit.parent or unit.key in self._with_above(act.parent, act.on):
                    self._say("reorganise-no-change", act, "parent", what=act.kind.value, found=act.unit)
                else:
                    self._put(unit.key, act.on, parent=act.parent, document=act.document)
            return
        named = {"name": act.name, "short_name": act.short_name, "letterhead": act.letterhead, "signer": act.signer}
        changes: dict[str, Any] = {name: value for name, value in named.items() if value}
        if act.level is not None:
            changes["kind"] = act.level
        if act.order is not None:
            changes["order"] = act.order
        if all(getattr(unit, name) == value for name, value in changes.items()):
            self._say("reorganise-no-change", act, "name", what=act.kind.value, found=act.unit)
        else:
            self._put(unit.key, act.on, **changes, document=act.document)

    def _with_above(self, code: str, day: date) -> list[UnitKey]:
        key = self._key(code, day)
        return [key, *self._chronicle.above(key, day)] if key else []

    def _ends(self, act: Act, unit: Unit) -> bool:
        """End the unit the day before, where the act does; False where it cannot."""
        if act.kind is ActKind.SPLIT or unit.key in self._ended:
            return True
        if unit.valid_to is not None:
            self._say("reorganise-later-change", act, "on", found=act.unit, day=_text(unit.valid_to))
            return False
        if self._has_later(act, unit.key):
            return False
        version = self._version(unit.key, act.on - _DAY)
        ended = replace(version, valid_to=act.on - _DAY, ended_by=act.document)
        self._versions[unit.key][version.valid_from] = ended
        self._ended[unit.key] = []
        return True

    def _succeed(self, act: Act, unit: Unit) -> None:
        """Say where the unit went, or a part of it."""
        heir = self._alive(act, "into", act.on)
        if heir is None:
            return
        if heir.key == unit.key:
            self._say("reorganise-no-change", act, "into", what=act.kind.value, found=act.unit)
            return
        if (act.unit, act.into, act.on) not in self._known:
            self._known.add((act.unit, act.into, act.on))
            whole = act.kind is ActKind.MERGE
            self._new.append(Succession(act.unit, act.into, act.on, whole, act.document))
        if unit.key in self._ended:
            self._ended[unit.key].append((heir.key, act.kind is ActKind.MERGE))

    def _take_along(self, act: Act) -> None:
        """What stands below a unit that ends goes with it into the other, or must have been moved."""
        orphans = [
            unit
            for unit in self._now().units_on(act.on)
            if unit.parent == act.unit and unit.born < act.on and unit.key not in self._ended
        ]
        for unit in orphans:
            if act.kind is ActKind.END:
                self._say("reorganise-units-below", act, "unit", found=act.unit, expected=unit.name)
            elif act.into != act.unit and not self._has_later(act, unit.key):
                self._put(unit.key, act.on, parent=act.into, document=act.document)

    def _has_later(self, act: Act, key: UnitKey) -> bool:
        later = [day for day in self._versions[key] if day > act.on]
        if later:
            self._say("reorganise-later-change", act, "on", found=key[0], day=_text(min(later)))
        return bool(later)

    def _version(self, key: UnitKey, day: date) -> Unit:
        dated = self._versions[key]
        return dated[max((since for since in dated if since <= day), default=min(dated))]

    def _put(self, key: UnitKey, day: date, **changes: Any) -> None:
        self._versions[key][day] = replace(self._version(key, day), valid_from=day, **changes)


def _text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# --- what is still to come -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """What a document says will happen to units on a day still to come."""

    on: date
    document: str
    versions: tuple[Unit, ...]  # that begin on the day
    ended: tuple[Unit, ...]  # versions that end the day before
    successions: tuple[Succession, ...]

    @property
    def keys(self) -> frozenset[UnitKey]:
        """The units concerned."""
        return frozenset(unit.key for unit in (*self.versions, *self.ended))

    @property
    def restored(self) -> tuple[Unit, ...]:
        """The versions that go on once it is cancelled."""
        return tuple(replace(unit, valid_to=None, ended_by="") for unit in self.ended)


def planned(chronicle: Chronicle, today: date) -> list[Planned]:
    """What is to come after a day, by day and document."""
    begins: dict[tuple[date, str], list[Unit]] = defaultdict(list)
    ends: dict[tuple[date, str], list[Unit]] = defaultdict(list)
    passes: dict[tuple[date, str], list[Succession]] = defaultdict(list)
    for key in chronicle.keys:
        for unit in chronicle.versions(key):
            if unit.valid_from > today:
                begins[unit.valid_from, unit.document].append(unit)
            if unit.valid_to is not None and unit.valid_to >= today:
                ends[unit.valid_to + _DAY, unit.ended_by].append(unit)
    for one in chronicle.successions:
        if one.on > today:
            passes[one.on, one.document].append(one)
    return [
        Planned(*at, tuple(begins[at]), tuple(ends[at]), tuple(passes[at])) for at in sorted({*begins, *ends, *passes})
    ]


def without(chronicle: Chronicle, cancelled: Planned) -> Chronicle | None:
    """The units as they are once something planned is cancelled; None while a later change rests on it."""
    versions = {(unit.key, unit.valid_from): unit for key in chronicle.keys for unit in chronicle.versions(key)}
    for (key, since), unit in versions.items():
        ends_later = unit.valid_to is not None and unit.valid_to >= cancelled.on
        if key in cancelled.keys and (since > cancelled.on or ends_later):
            return None
    gone = {(unit.key, unit.valid_from) for unit in cancelled.versions}
    kept = {at: unit for at, unit in versions.items() if at not in gone}
    kept |= {(unit.key, unit.valid_from): unit for unit in cancelled.restored}
    steps = (one for one in chronicle.successions if one not in cancelled.successions)
    after = Chronicle(kept.values(), steps)
    day = cancelled.on
    return after if _under_nobody(after, day) <= _under_nobody(chronicle, day) else None


def _under_nobody(chronicle: Chronicle, day: date) -> set[UnitKey]:
    """Those whose parent is not there."""
    return {unit.key for unit in chronicle.units_on(day) if unit.parent and chronicle.on(unit.parent, day) is None}


def acts_of(chronicle: Chronicle, day: date) -> Iterator[Act]:
    """The acts that lead from the day before to a day, as a workbook would say them: for replaying a reform."""
    eve = day - _DAY
    gone = {unit.key: unit for unit in chronicle.units_on(eve) if chronicle.at(unit.key, day) is None}
    steps = [step for step in chronicle.steps if step.on == day]
    for unit in chronicle.units_on(day):
        before = chronicle.at(unit.key, eve)
        if before is None:
            yield Act(
                ActKind.FOUND, unit.code, day, unit.document, "", unit.name, unit.short_name, unit.kind,
                unit.parent or "", unit.order, unit.letterhead, unit.signer,
            )  # fmt: skip
            continue
        if before.parent != unit.parent:
            yield Act(ActKind.MOVE, unit.code, day, unit.document, parent=unit.parent or "")
        if (before.name, before.letterhead) != (unit.name, unit.letterhead):
            yield Act(ActKind.RENAME, unit.code, day, unit.document, name=unit.name, letterhead=unit.letterhead)
    for step in steps:
        kind = ActKind.MERGE if step.whole else ActKind.SPLIT
        yield Act(kind, step.old[0], day, step.document, step.new[0])
    merged = {step.old for step in steps if step.whole}
    for key, unit in gone.items():
        if key not in merged:
            yield Act(ActKind.END, unit.code, day, unit.ended_by)
