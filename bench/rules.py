"""The rule language beside the same arithmetic written by hand, and its parser beside Python's own."""

import ast
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bench import paper
from bench.harness import MICROSECONDS, Effort, Measurement, compare, main
from registry.catalogue.values import CellKey, CellValue
from registry.rules.context import Context
from registry.rules.evaluate import check, compute
from registry.rules.parse import parse

Values = Mapping[CellKey, CellValue]
NOTHING = Decimal(0)
AS_PYTHON = str.maketrans(";", ",", "[].")


@dataclass(frozen=True)
class Submission:
    """What one unit typed, where it stands, and the table that came of it."""

    context: Context
    typed: Values
    table: Values


def measure(effort: Effort) -> Iterator[Measurement]:
    """A submission of 522 inputs, a different one every time."""
    submissions = [_submission(number) for number in range(1, effort.rounds(30) + 2)]
    yield compare(
        "compute 1,044 formulas and 1,044 looked-up cells",
        lambda submission: compute(submission.context, submission.typed),
        {"Decimal by hand": _computed_by_hand},
        submissions,
    )
    yield compare(
        "check 200 rules",
        lambda submission: check(submission.context, paper.rules(), submission.table),
        {"Decimal by hand": _checked_by_hand},
        submissions,
    )
    yield compare(
        "parse one formula",
        parse,
        {"Python's ast": lambda formula: ast.parse(formula.translate(AS_PYTHON))},
        (_formula(number) for number in range(effort.rounds(200) + 1)),
        MICROSECONDS,
    )


def _computed_by_hand(submission: Submission) -> object:
    """The cumulative and the three ratios of every row, without states, measures or rounding."""
    amounts = {key: value.number or NOTHING for key, value in submission.table.items()}
    computed = []
    for row, _ in submission.context.view.rows:
        before, now = (amounts.get(CellKey(row.code, column), NOTHING) for column in ("c05", "c06"))
        total = before + now
        computed.append((total, *(now / base * 100 for base in (before, total, now) if base)))
    return computed


def _checked_by_hand(submission: Submission) -> object:
    """The same comparisons in the same places."""
    table = submission.table
    broken = []
    for at, rule in enumerate(paper.rules()):
        (row,) = rule.rows
        plan, before, now, total = (
            table[CellKey(row, column)].amount or NOTHING for column in ("c02", "c05", "c06", "c07")
        )
        holds = (total >= now, now <= plan, now == before * Decimal("1.1"), round(now) <= before + now)[at % 4]
        if not holds:
            broken.append(rule)
    return broken


def _submission(number: int) -> Submission:
    context, typed = paper.context(number), paper.answers(number)
    return Submission(context, typed, compute(context, typed))


def _formula(number: int) -> str:
    chance = random.Random(number)
    rows = [f"[R{chance.randrange(10**6)}].(c{chance.randrange(10, 99)})" for _ in range(6)]
    return f"ROUND({rows[0]} + {rows[1]} * {rows[2]}; 2) <= SUM({rows[3]}; {rows[4]}) / {rows[5]}"


if __name__ == "__main__":
    main(measure)
