"""The names people know a form's rows by: codes, labels, indicator names, short forms; without accents or case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.catalogue.model import Form, Indicator, Row, RowKind
from vietnamese.fold import fold, nearest

_DASHES = "–-+ "
_OF_WHICH = "trong do"
_IN_PARENTHESES = re.compile(r"\s*\(([^()]*)\)")


def plain_label(label: str) -> str:
    """The label without its dash, plus sign and "Trong đó"."""
    bare = label.lstrip(_DASHES)
    head, colon, rest = bare.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and fold(head) == _OF_WHICH else bare


def short_names(label: str) -> tuple[str, ...]:
    """What a label is called for short: "Chỉ số giá tiêu dùng (CPI)" without the parenthesis, and "CPI"."""
    without = " ".join(_IN_PARENTHESES.sub("", label).split())
    letters = (one for one in _IN_PARENTHESES.findall(label) if one.isalpha() and one.isupper())
    return tuple(name for name in (without, *letters) if name and name != label)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row of a form."""

    form: Form
    row: Row


class AmbiguousName(ValueError):
    """Several rows of one form bear the name."""

    def __init__(self, name: str, labels: tuple[str, ...]) -> None:
        super().__init__(name)
        self.labels = labels


class RowNames:
    """The figure rows of some forms by name; the first form that knows a name answers for it."""

    def __init__(self, forms: Iterable[Form], indicators: Mapping[str, Indicator]) -> None:
        self._forms = tuple(forms)
        self._levels = [_levels(form, indicators) for form in self._forms]

    def find(self, name: str, form: str = "") -> NamedRow | None:
        """The row of a name, codes before labels before short names; None when there is none. Raises AmbiguousName."""
        key = fold(name)
        for owner, levels in zip(self._forms, self._levels, strict=True):
            if form and fold(owner.code) != fold(form):
                continue
            for level in levels:
                rows = level.get(key, ())
                if len(rows) > 1:
                    raise AmbiguousName(name, tuple(row.label for row in rows))
                if rows:
                    return NamedRow(owner, rows[0])
        return None

    def knows_form(self, code: str) -> bool:
        """True when a form of the code is among those asked."""
        return any(fold(one.code) == fold(code) for one in self._forms)

    def similar(self, name: str) -> str:
        """The label or code nearest to a name nothing bears, or nothing."""
        rows = (row for form in self._forms for row in _figure_rows(form))
        known = {one for row in rows for one in (row.code, plain_label(row.label))}
        return next(iter(nearest(name, known, 1)), "")


def _figure_rows(form: Form) -> tuple[Row, ...]:
    return tuple(row for row in form.rows if row.kind is not RowKind.SECTION)


def _levels(form: Form, indicators: Mapping[str, Indicator]) -> tuple[dict[str, tuple[Row, ...]], ...]:
    codes: dict[str, tuple[Row, ...]] = {}
    labels: dict[str, tuple[Row, ...]] = {}
    names: dict[str, tuple[Row, ...]] = {}
    short: dict[str, tuple[Row, ...]] = {}
    for row in _figure_rows(form):
        indicator = indicators.get(row.indicator or "")
        called = (plain_label(row.label), *([indicator.name] if indicator else ()))
        _add(codes, row, (row.code,))
        _add(labels, row, called[:1])
        _add(names, row, (*called[1:], *((indicator.code, *indicator.also) if indicator else ())))
        _add(short, row, (name for one in called for name in short_names(one)))
    return codes, labels, names, short


def _add(level: dict[str, tuple[Row, ...]], row: Row, names: Iterable[str]) -> None:
    for key in dict.fromkeys(map(fold, names)):
        level[key] = (*level.get(key, ()), row)
