"""The office's compile: everything counted at one moment becomes a workbook and a document (Điều 12, 13)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actions import checkpoints, freezes, kept_traces, made_from, receptions
from actions.capacities import signatures
from actions.cases import window_of
from actions.desk import Changed, Desk, NotYours, Refusal, say
from actions.earlier import heirs_of, of_former_units
from actions.held_against import province_bases
from actions.panels import for_report
from actions.receptions import receives
from actions.reviewed import as_its_regime_counts
from compile import document, workbook
from compile.compiled import Compiled, compiled
from compile.file_names import report_name
from compile.foot import foot_of
from compile.merging import ALL, headings_of
from compile.model import (
    Before,
    CompileInput,
    Expected,
    Explanation,
    FigureRow,
    FormInput,
    MapChoice,
    Narrative,
    Occasion,
    PassedText,
    Petitioned,
    PlanOrigin,
    Source,
    SourceKind,
)
from compile.passed import outdated
from compile.past import province_needs
from compile.report_tables import printed_view
from compile.traced import traced
from registry.catalogue.forms import PROVINCE_LEVEL, row_set
from registry.catalogue.model import (
    PROVINCE,
    Form,
    GroupSet,
    Outline,
    Regime,
    Rule,
    RuleScope,
)
from registry.catalogue.values import PLANS, CellKey
from registry.periods import Period
from registry.rules.applicable import applicable
from registry.rules.background import Background, Need
from registry.store import (
    amendments,
    definitions,
    draft_copies,
    figures,
    openings,
    papers,
    petitions,
    reports,
    sendings,
    submissions,
    units,
)
from registry.store.definitions import Snapshot
from registry.store.engine import Connection, take_turns
from registry.store.freezes import Freeze
from registry.store.openings import Opening, Work
from registry.store.papers import Paper
from registry.store.submissions import Counted
from registry.workflow.personal import Sight, sight_of_all
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.timeliness import Sending
from workbook_templates.outline import COMMUNE

CHANGES_LISTED = 200  # of what changed since the version before; the workbook has all
_GATHERED, _COUNTED, _IN_TABLES, _WRITTEN = 30, 45, 70, 95  # percent told


@dataclass(frozen=True, slots=True)
class Output:
    """One file of a compiled report."""

    kind: str  # xlsx | docx
    name: str
    data: bytes


@dataclass(frozen=True)
class Result:
    """What a compile made."""

    n: int
    files: tuple[Output, ...]
    coverage: dict[str, object]  # {have, expected, missing: [names]}
    inputs_sha: str = ""
    is_new: bool = True  # False: the same things were compiled before, and gave the same bytes


def compile_report(
    desk: Desk,
    regime: str,
    period: str,
    receiver: str = "VPUB",
    as_of: datetime | None = None,
    group_set: str = "",
    *,
    freeze: str = "",
    map_choice: MapChoice = MapChoice.NOW,
    against: str = "",
    communes: str = "",
    asked_at: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
    keeping: Callable[[Connection, int], None] = lambda *_: None,
) -> Result:
    """Compile for a receiving unit, as of a moment or a named freeze (now unless told; where it was asked for earlier,
    now is ``asked_at``), store the files, pin the inputs. With a group set the workbook also adds the communes up by
    its groups; what changed since the version before, or since the freeze ``against``, has its sheet. ``communes``
    names the heading of their outline whose narratives come along ("*" = all). The same inputs are no new version, and
    give the same bytes. ``progress`` is told percents while nothing is kept yet, and ``keeping`` the new version's
    number in the transaction that keeps it; what they raise ends everything, and nothing is kept.

    Raises NotYours when the period was never opened, or the actor may not compile for this receiver; Refusal for an
    unknown group set, heading or freeze, or a moment to come; Changed where what it counts was taken or sent back
    meanwhile.
    """
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        opening, receiver_id = placed(desk, connection, regime, period, receiver)
        frozen, moment = moment_of(desk, connection, opening, freeze, as_of or asked_at)
        base = freezes.named(connection, opening.id, against) if against else None
        whole = (desk, connection, snapshot, opening, receiver, map_choice)
        given, counted = _counting(*whole, moment)
        given = replace(
            given,
            group_set=group_set_of(snapshot, group_set),
            communes_under=_heading(given, communes),
            freeze=frozen.name if frozen else "",
            heirs=heirs_of(connection, snapshot, given) if map_choice is MapChoice.NOW else (),
        )
        hashes = made_from.hashes(given)
        versions = reports.compiled(connection, opening.id, receiver_id)
        sent = _sent(opening, versions, papers.of_compiled(connection, opening.id, receiver_id), moment)
        inputs_sha = made_from.together(hashes, given, base.name if base else "", sent.n if sent else 0)
        known = next((one for one in versions if one.inputs_sha == inputs_sha), None)
        n = known.n if known else len(versions) + 1
        given = replace(
            given, version=n, hashes=hashes, before=_before(whole, versions, n, base), replaced=_replaced(whole, sent)
        )
    progress(_GATHERED)
    made = compiled(given)
    progress(_COUNTED)
    book = workbook.build(made)
    progress(_IN_TABLES)
    foot = foot_of(inputs_sha, hashlib.sha256(book).hexdigest())
    outputs = (
        Output("xlsx", report_name(regime, period, n, "xlsx"), book),
        Output("docx", report_name(regime, period, n, "docx"), document.build(made, foot)),
    )
    if known is not None:
        return Result(n, outputs, known.coverage, inputs_sha, is_new=False)
    progress(_WRITTEN)
    used = {source.version_id for form in given.forms for source in form.sources}
    pinned = [one for one in counted if one.version_id in used]
    is_now = moment == (asked_at or desk.moment)
    return _kept(desk, opening, receiver_id, inputs_sha, pinned, made, outputs, keeping, is_now=is_now)


def placed(desk: Desk, connection: Connection, regime: str, period: str, receiver: str) -> tuple[Opening, int]:
    """The opening, and the key of the receiver the actor may compile it for. Raises NotYours."""
    snapshot = desk.snapshot(connection)
    opening = openings.find(connection, regime, period)
    if opening is None or receiver not in snapshot.regimes[regime].receivers:
        raise NotYours
    receiver_id = snapshot.unit_ids[receiver]
    if not receives(desk, snapshot, regime, receiver_id):
        raise NotYours
    return opening, receiver_id


def moment_of(
    desk: Desk, connection: Connection, opening: Opening, freeze: str, as_of: datetime | None
) -> tuple[Freeze | None, datetime]:
    """The named freeze where one was chosen, and the moment compiled as of. Raises Refusal for one unknown or ahead."""
    frozen = freezes.named(connection, opening.id, freeze) if freeze else None
    moment = frozen.as_of if frozen else as_of or desk.moment
    if moment > desk.moment:
        raise Refusal("as-of-ahead")
    return frozen, moment


def _counting(
    desk: Desk,
    connection: Connection,
    snapshot: Snapshot,
    opening: Opening,
    receiver: str,
    map_choice: MapChoice,
    moment: datetime,
) -> tuple[CompileInput, list[Counted]]:
    """Everything a receiver's report of a moment is made from, and the versions that count in it."""
    counted = submissions.counted(connection, opening.id, snapshot.unit_ids[receiver], moment)
    given = gather(desk, connection, snapshot, opening, counted, receiver, moment, 1, map_choice=map_choice)
    return as_its_regime_counts(connection, snapshot, opening, given, counted), counted


def _before(
    whole: tuple[Desk, Connection, Snapshot, Opening, str, MapChoice],
    versions: list[reports.Compiled],
    n: int,
    base: Freeze | None,
) -> Before | None:
    """What version ``n`` is held against: a freeze where one was chosen, else the version before it."""
    if base is not None:
        return Before(base.name, _counting(*whole, base.as_of)[0])
    last = next((one for one in versions if one.n == n - 1), None)
    return Before(say("compile.version", n=last.n), _counting(*whole, last.as_of)[0]) if last else None


def _sent(
    opening: Opening, versions: list[reports.Compiled], signed: list[Paper], moment: datetime
) -> reports.Compiled | None:
    """The version that went up by a moment: the one whose signed document was recorded last, else the last one made
    before its period was locked; None of what was made before that.
    """
    numbers = [one.n for one in signed if one.at <= moment]
    if numbers:
        return next((one for one in versions if one.n == numbers[0]), None)
    if opening.locked_at is None or moment <= opening.locked_at:
        return None
    return max((one for one in versions if one.as_of <= opening.locked_at), key=lambda one: one.n, default=None)


def _replaced(
    whole: tuple[Desk, Connection, Snapshot, Opening, str, MapChoice], sent: reports.Compiled | None
) -> Before | None:
    return Before(say("compile.version", n=sent.n), _counting(*whole, sent.as_of)[0]) if sent else None


def group_set_of(snapshot: Snapshot, code: str) -> GroupSet | None:
    """The set communes are added up by; None where none was chosen. Raises Refusal for one unknown."""
    if not code:
        return None
    found = next((one for one in snapshot.catalogue.group_sets if one.code == code), None)
    if found is None:
        raise Refusal("unknown-group-set", group_set=code)
    return found


def _heading(given: CompileInput, tag: str) -> str:
    outline = given.outlines.get(COMMUNE)
    if tag and tag != ALL and tag not in dict(headings_of(outline, given.period) if outline else ()):
        raise Refusal("unknown-heading", heading=tag)
    return tag


def _kept(
    desk: Desk,
    opening: Opening,
    receiver_id: int,
    inputs_sha: str,
    counted: list[Counted],
    made: Compiled,
    outputs: tuple[Output, ...],
    keeping: Callable[[Connection, int], None],
    *,
    is_now: bool,
) -> Result:
    order = made.order
    stored = [desk.instance.files.put(io.BytesIO(one.data)) for one in outputs]
    coverage = {
        "have": made.coverage.have,
        "expected": len(made.coverage.expected),
        "missing": [unit.name for unit in made.coverage.missing],
    }
    inputs = [one.version_id for one in counted]
    with desk.change(Action.COMPILE, f"{opening.regime} {opening.period}") as change:
        take_turns(change.connection, f"counting {opening.id}")
        if is_now:
            _assert_still_count(desk, change.connection, opening, receiver_id, counted)
        report_id = reports.compiling(change.connection, opening.id, receiver_id)
        version_id, n = reports.add_version(
            change.connection,
            report_id,
            order.as_of,
            inputs,
            inputs_sha,
            desk.actor.person_id,
            coverage=coverage,
            made_from=_told(made),
        )
        keeping(change.connection, n)
        for one, file in zip(outputs, stored, strict=True):
            reports.add_file(change.connection, version_id, one.kind, one.name, file, desk.moment)
        receptions.compiled(desk, change, opening.id, version_id, receiver_id)
        change.detail |= {"version": n, "files": [file.sha for file in stored]}
        checkpoints.queue(desk, change.connection, f"compile {opening.regime} {opening.period}")
    kept_traces.put(desk.instance, version_id, inputs_sha, order.as_of, traced(made))
    return Result(n, outputs, coverage, inputs_sha)


def _told(made: Compiled) -> dict[str, object]:
    """What was chosen, the hashes of what went in, and the first of what changed, for the page of the versions."""
    order = made.order
    lines = [[one.unit, one.form, one.row, one.column, one.old, one.new, one.why] for one in made.changes]
    return {
        "map": order.map.value,
        "freeze": order.freeze,
        "group_set": order.group_set.code if order.group_set else "",
        "communes": order.communes_under,
        "hashes": dict(order.hashes),
        "against": order.before.label if order.before else "",
        "outdated": [[one.heading, one.placeholder, one.old, one.new] for one in outdated(made)],
        "changes": len(lines),
        "first": lines[:CHANGES_LISTED],
    }


def _assert_still_count(
    desk: Desk, connection: Connection, opening: Opening, receiver_id: int, pinned: list[Counted]
) -> None:
    """Raises Changed: an approval was taken back, or a report sent back, while the files were made."""
    meanwhile = desk.moment + timedelta(days=1)  # whatever is written by now
    now = {one.assignment_id: one.n for one in submissions.counted(connection, opening.id, receiver_id, meanwhile)}
    if any(now.get(one.assignment_id, 0) < one.n for one in pinned):
        raise Changed


def gather(
    desk: Desk,
    connection: Connection,
    snapshot: Snapshot,
    opening: Opening,
    counted: list[Counted],
    receiver: str,
    moment: datetime,
    version: int,
    *,
    with_narratives: bool = True,
    map_choice: MapChoice = MapChoice.NOW,
    tables_of: Collection[str] | None = None,
) -> CompileInput:
    """Everything the compile is made from, in a handful of queries whatever the number of units; of ``tables_of`` only
    what the totals of these forms need: no text, annex or chart.
    """
    whole = snapshot.regimes[opening.regime]
    is_whole = tables_of is None
    regime = replace(whole, forms=tuple(one for one in whole.forms if tables_of is None or one in tables_of))
    period = openings.period_of(connection, opening.regime, opening.id, opening.period)
    # every reporter's approved figures are read, whoever asks
    works = openings.asked_at(connection, opening.id, moment, {one.assignment_id for one in counted})
    forms = _form_inputs(connection, snapshot, regime, period, works, counted, moment)
    then = desk.snapshot(connection, period.last)  # annexes and outline are those of the period, whatever came later
    named = then.regimes.get(regime.code, regime).report_forms if is_whole else ()
    annexes = tuple(then.form_versions[code].form for code in named)
    printed = [*(one.form for one in forms), *annexes]
    bases = province_bases(connection, snapshot, regime, period, printed, moment, map_choice)
    order = CompileInput(
        regime=regime,
        period=period,
        province=snapshot.province,
        issuer=snapshot.units[receiver],
        as_of=moment,
        forms=tuple(forms),
        background=bases.known,
        partial_bases=bases.partial,
        definitions=snapshot.definitions,
        units=snapshot.catalogue.units,
        report_forms=annexes,
        plans=_plans(connection, snapshot, regime, period, printed, moment),
        narratives=_narratives(desk, connection, snapshot, opening, receiver, moment)
        if with_narratives and is_whole
        else (),
        outlines={level: then.outlines[code] for level, code in regime.outlines},
        outline=next((then.outlines[code] for level, code in regime.outlines if level == PROVINCE_LEVEL), None),
        rules=tuple(rule for form in forms for rule in _reconciliations(snapshot, form.form, period)),
        window=window_of(
            regime,
            period,
            opening.opened_at,
            max((work.due_at for work in works), default=moment),
            opening.closes_on,
        ),
        sendings={
            snapshot.units_by_id[one.unit_id].code: _by(one, moment)
            for one in sendings.within(connection, EVERYWHERE, openings=[opening.id])
        },
        calendar=snapshot.calendar,
        signature=signatures(desk, connection, [snapshot.unit_ids[receiver]], regime.forms).get(
            snapshot.unit_ids[receiver]
        ),
        version=version,
        sample=desk.instance.is_sample(connection),
        closed_at=opening.closed_at if opening.closed_at and opening.closed_at <= moment else None,
        occasions=_occasions(connection, opening, counted, moment),
        public_url=desk.instance.settings.public_url,
        map=map_choice,
        charts=for_report(desk, connection, snapshot.unit_ids[receiver], regime.code, period, moment)
        if is_whole
        else (),
    )
    order = replace(order, subjects=_subjects(connection, snapshot, order))
    passed = _passed(connection, opening, snapshot.unit_ids[receiver], moment, order.outline)
    order = replace(order, petitions=_petitions(connection, snapshot, opening, moment))
    of_communes = tuple(one for one in order.narratives if one.unit.kind.is_commune)
    return replace(order, passed=passed, narratives=of_communes) if passed else order  # the draft used the others


def _petitions(
    connection: Connection, snapshot: Snapshot, opening: Opening, moment: datetime
) -> tuple[Petitioned, ...]:
    """What units ask with their reports, by whom it is addressed to, and of each by who asks, in official order."""
    units = snapshot.units_by_id
    found = petitions.of_opening(connection, opening.id, moment)
    asked = [one for one in found if {one.addressee_id, one.unit_id} <= units.keys()]
    asked.sort(key=lambda one: (units[one.addressee_id].order, one.addressee_id, units[one.unit_id].order, one.id))
    return tuple(
        Petitioned(units[one.addressee_id].name, one.content, units[one.unit_id].name, one.basis) for one in asked
    )


def _passed(
    connection: Connection, opening: Opening, receiver_id: int, moment: datetime, outline: Outline | None
) -> dict[int, PassedText]:
    """The texts of the report's draft that its last approval passed, by index of the outline's heading; nothing of a
    draft written by another outline.
    """
    found = {}
    for one in draft_copies.passed(connection, opening.id, receiver_id, moment):
        _, code, n = one["tag"].split(":")
        if outline is None or code != outline.code:
            return {}
        numbers = tuple((placeholder, printed) for placeholder, printed in one["numbers"])
        found[int(n)] = PassedText(outline.headings[int(n)].title, one["text"], numbers)
    return found


def _by(sending: Sending, moment: datetime) -> Sending:
    """A sending as far as it had gone at a moment."""

    def then(at: datetime | None) -> datetime | None:
        return at if at is not None and at <= moment else None

    return replace(
        sending,
        first_sent_at=then(sending.first_sent_at),
        sent_at=then(sending.sent_at),
        resent_at=then(sending.resent_at),
        excused_at=then(sending.excused_at),
    )


def _occasions(
    connection: Connection, opening: Opening, counted: list[Counted], moment: datetime
) -> dict[int, Occasion]:
    """Why versions that count came after others: the reason of their reopening, or the document of a correction done
    by the moment.
    """
    reopened = submissions.reopened_for(connection, [one.version_id for one in counted])
    found = {key: Occasion(reason) for key, reason in reopened.items()}
    for one in amendments.of_opening(connection, opening.id):
        if one.new_version_id is not None and one.done_at is not None and one.done_at <= moment:
            found[one.new_version_id] = Occasion(one.reason, one.document, one.n)
    return found


def _form_inputs(
    connection: Connection,
    snapshot: Snapshot,
    regime: Regime,
    period: Period,
    works: list[Work],
    counted: list[Counted],
    moment: datetime,
) -> list[FormInput]:
    """Each form of the regime in the version it was asked in, with whom it asked and what came in."""
    closed = {work.assignment_id: work.asked_until for work in works if work.asked_until and work.asked_until <= moment}
    sources = _sources(connection, snapshot, counted, {work.assignment_id: work for work in works}, closed)
    rows = _figure_rows(connection, counted)
    forms = []
    for code in regime.forms:
        mine = [work for work in works if work.form == code]
        if not mine:
            continue
        form = definitions.form_version(connection, snapshot, mine[0].form_definition_id).form
        asked = sorted((snapshot.units_by_id[work.unit_id] for work in mine), key=lambda unit: unit.order)
        versions = {one.version_id for one in counted if one.form == code}
        forms.append(
            FormInput(
                form,
                tuple(Expected(unit, row_set(form, unit, period.shape)) for unit in asked),
                tuple(source for source in sources if source.version_id in versions),
                tuple(row for row in rows if row.version_id in versions),
            )
        )
    return forms


def _plans(
    connection: Connection, snapshot: Snapshot, regime: Regime, period: Period, forms: list[Form], as_of: datetime
) -> tuple[PlanOrigin, ...]:
    """What set the province's plans as known at a moment (PRACTICE F6)."""
    views = [printed_view(form, period.shape, snapshot.definitions) for form in forms]
    wanted = {
        need for view in views for need in province_needs(view, period, regime.frequency) if need.series.aspect in PLANS
    }
    found = figures.origins(connection, snapshot.unit_ids[PROVINCE], wanted, as_of)
    return tuple(
        PlanOrigin(one.document or "", one.form or "", snapshot.units_by_id[one.unit_id].name if one.unit_id else "")
        for one in found
    )


def _subjects(connection: Connection, snapshot: Snapshot, order: CompileInput) -> dict[str, Background]:
    """What report forms by territory ask of other periods, for every unit they have a line for."""
    forms = [form for form in order.report_forms if form.subjects]
    selectors = [selector for form in forms for selector in form.subjects]
    units = [unit.code for unit in order.units if any(unit.answers_to(selector) for selector in selectors)]
    views = [printed_view(form, order.period.shape, order.definitions) for form in forms]
    wanted = {need for view in views for need in province_needs(view, order.period, order.regime.frequency)}
    known = figures.backgrounds(connection, [snapshot.unit_ids[code] for code in units], wanted, order.as_of)
    areas = {code: (snapshot.units[code].key,) for code in units}
    carried_over = wanted if order.map is MapChoice.NOW else set[Need]()
    before = of_former_units(connection, snapshot, areas, carried_over, order.as_of)
    return {code: Background({**before[code], **known[snapshot.unit_ids[code]].figures}) for code in units}


def _sources(
    connection: Connection,
    snapshot: Snapshot,
    counted: list[Counted],
    works: dict[int, Work],
    closed: Mapping[int, datetime],
) -> list[Source]:
    keys = [one.version_id for one in counted]
    versions = submissions.by_ids(connection, keys)
    origin = submissions.provenance(connection, keys)
    told = submissions.explanations(connection, keys)
    forms = {one.form_definition_id for one in works.values()}
    open_to_all = {one: sight_of_all(definitions.form_version(connection, snapshot, one).form) for one in forms}
    sights = {one.assignment_id: open_to_all[one.form_definition_id] for one in works.values()}
    sources = []
    for one in counted:
        version, came = versions[one.version_id], origin[one.version_id]
        sources.append(
            Source(
                unit=snapshot.units_by_id[one.unit_id],
                version_id=one.version_id,
                version_no=one.n,
                kind=SourceKind(came.kind),
                submitted_by=came.submitted_by,
                submitted_at=came.submitted_at,
                approved_by=came.approved_by,
                approved_at=came.approved_at,
                upload_id=came.upload_id,
                file_name=came.file_name or "",
                file_sha=came.file_sha or "",
                values=sights[one.assignment_id].values(version.values),
                addresses=version.addresses,
                explanations=tuple(explained(told.get(one.version_id, ()), sights[one.assignment_id])),
                provisional=one.provisional,
                lender=came.lender or "",
                own_entry=came.own_entry,
                by_document=came.by_document,
                closed_at=closed.get(one.assignment_id),
            )
        )
    return sources


def explained(told: Iterable[submissions.Explanation], seen: Sight) -> Iterator[Explanation]:
    """The units' words on their warnings, but for those on lines of personal data."""
    for one in told:
        cell = CellKey(one.row, one.column or "", one.line) if one.row else None
        if cell is None or not seen.hides_line(cell):
            yield Explanation(one.code.removeprefix("rule-"), cell, one.text)


def _figure_rows(connection: Connection, counted: list[Counted]) -> list[FigureRow]:
    codes = {key: code for (code, _), key in units.ids_by_key(connection).items()}
    return [
        FigureRow(
            one.series,
            one.period,
            codes[one.subject_id],
            codes[one.reporting_id],
            one.mantissa,
            one.state,
            one.nature,
            one.version_id,
        )
        for one in figures.of_versions(connection, [one.version_id for one in counted])
    ]


def _reconciliations(snapshot: Snapshot, form: Form, period: Period) -> tuple[Rule, ...]:
    """The checks of the compiled table in force on the period's last day."""
    rules = (rule for rule in snapshot.rules(form.code, period.last) if rule.scope == RuleScope.PROVINCE)
    return applicable(rules, form)


def _narratives(
    desk: Desk, connection: Connection, snapshot: Snapshot, opening: Opening, receiver: str, moment: datetime
) -> tuple[Narrative, ...]:
    found = reports.narratives(connection, opening.id, snapshot.unit_ids[receiver], moment)
    sent = [(snapshot.units_by_id[one.unit_id], one) for one in found]
    return tuple(
        Narrative(unit, one.name, desk.instance.files.read(one.sha), one.sha)
        for unit, one in sorted(sent, key=lambda pair: pair[0].order)
    )
