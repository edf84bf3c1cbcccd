"""What a compiled report was made from, as hashes: equal hashes, equal files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from compile.model import CompileInput, Source
from registry.catalogue.values import Known
from registry.rules.background import Background, Need
from registry.store.codec import sha
from workbook_templates import foundry

SHOWN = 16  # letters of a hash that are printed
_LEANS_ON = ("compile", "registry/workflow")


def hashes(order: CompileInput) -> dict[str, str]:
    """One hash for each kind of thing a report is made from, none of what is made anew each time (its number)."""
    return {
        "versions": sha([_versions(order)]),
        "narratives": sha([[(one.unit.code, one.file_name, one.sha) for one in order.narratives], *_passed(order)]),
        "catalogue": sha(_catalogue(order)),
        "background": sha(_background(order)),
        "setting": sha([*_setting(order), *(hashlib.sha256(one.data).hexdigest() for one in order.charts)]),
        "generator": generator(),
    }


def together(known: Mapping[str, str], order: CompileInput, against: str, sent: int) -> str:
    """One hash of all that decides the files: the above, the moment, what was chosen and the number of the version
    that was sent before (0 = none).
    """
    chosen = (order.as_of, order.map, order.freeze, order.group_set, order.communes_under, against, sent)
    return sha([known, chosen, order.regime.code, order.period.code, order.issuer.code])


@cache
def generator() -> str:
    """The version of everything that decides the bytes of the files."""
    import docx
    import xlsxwriter

    versions = (foundry.generator(), xlsxwriter.__version__, docx.__version__)
    digest = hashlib.sha256(" ".join(versions).encode())
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    root = Path(__file__).parent.parent
    files = (path for name in _LEANS_ON for path in (root / name).rglob("*") if path.is_file())
    return sorted(path for path in files if path.parent.name != "__pycache__")


def _passed(order: CompileInput) -> list[object]:
    return [*sorted(order.passed.items()), *order.petitions]


def _versions(order: CompileInput) -> list[object]:
    return [
        (form.form.code, source.unit.code, source.version_id, source.version_no, *_standing(source), _rows(source))
        for form in order.forms
        for source in form.sources
    ]


def _standing(source: Source) -> tuple[bool, datetime | None]:
    return source.provisional, source.closed_at


def _rows(source: Source) -> list[str]:
    """Those that count: of a regime that counts what is reviewed not all of a version."""
    return sorted({key.row for key in source.values})


def _catalogue(order: CompileInput) -> list[object]:
    forms = [form.form for form in order.forms]
    owed = [(one.unit.code, sorted(one.rows.open_rows)) for form in order.forms for one in form.expected]
    definitions = order.definitions
    named = (definitions.measures, definitions.indicators, definitions.members, definitions.forms)
    outlines = [order.outline, *(order.outlines[level] for level in sorted(order.outlines))]
    return [
        order.regime,
        order.province,
        forms,
        order.report_forms,
        owed,
        named,
        order.units,
        outlines,
        order.rules,
        order.heirs,
    ]


def _background(order: CompileInput) -> list[object]:
    subjects = [(code, _figures(order.subjects[code])) for code in sorted(order.subjects)]
    too_few = sorted((*need.series, need.period, *of) for need, of in order.partial_bases.items())
    return [_figures(order.background), subjects, order.plans, too_few]


def _figures(background: Background) -> Sequence[object]:
    known: Iterable[tuple[Need, Known]] = background.figures.items()
    return sorted((*need.series, need.period, one.mantissa, one.nature.value, one.state.value) for need, one in known)


def _setting(order: CompileInput) -> list[object]:
    tolerances = [form.tolerance for form in order.forms]
    sendings = [order.sendings[code] for code in sorted(order.sendings)]
    said = (order.addressees, order.recipients, order.signature, order.sample, order.public_url)
    return [sendings, _worked(order), order.window, order.closed_at, tolerances, sorted(order.occasions.items()), said]


def _worked(order: CompileInput) -> str:
    """The days lateness is counted in: 1 for each day worked in the year of the moment and the one before it."""
    if order.calendar is None:
        return ""
    first = date(order.year - 1, 1, 1)
    return "".join("01"[order.calendar.is_working(first + timedelta(days=n))] for n in range(2 * 365 + 1))
