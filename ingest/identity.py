"""Whose workbook this is, and which of the things the session may submit now it is (FACTS 4: Decision)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.model import CarrierState, Extraction, Identity
from ingest.peek import Carriers, carriers_of
from registry.findings import Finding, finding
from registry.periods import BadPeriodCode, parse
from workbook_templates.token import TRIAL, Token, TokenInvalid, verify


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing the session may submit; its form version is the one in force for the period."""

    unit: str
    born: int  # year
    regime: str
    form: str
    form_version: int
    period: str
    is_open: bool
    assignment_id: int


def identify(extraction: Extraction, keys: Mapping[int, bytes]) -> Identity:
    """The identity a read workbook's carriers agree on; ``keys`` are the signing secrets by key id."""
    return identify_carriers(carriers_of(extraction), keys)


def identify_carriers(carriers: Carriers, keys: Mapping[int, bytes]) -> Identity:
    """The identity carriers agree on: any one suffices, all present must agree, a false one is tampering."""
    if not carriers.texts:
        return Identity(CarrierState.MISSING)
    if TRIAL in carriers.texts:
        return Identity(CarrierState.TRIAL, carriers=carriers.present)
    try:
        tokens = [verify(text, keys) for text in carriers.texts]
    except TokenInvalid:
        return Identity(CarrierState.INVALID, carriers=carriers.present)
    if len({_subject(token) for token in tokens}) > 1:
        return Identity(CarrierState.MIXED, carriers=carriers.present)
    latest = max(tokens, key=lambda token: token.issue)
    return Identity(
        CarrierState.VALID,
        unit=latest.unit,
        unit_born=latest.born,
        form=latest.form,
        form_version=latest.form_version,
        period=latest.period,
        grid_hash=latest.grid_hash,
        carriers=carriers.present,
    )


def _subject(token: Token) -> tuple[object, ...]:
    """What two issues of one workbook have in common."""
    return token.unit, token.born, token.form, token.form_version, token.period


_WITHOUT_TOKEN = {
    CarrierState.MISSING: "identity-no-token",
    CarrierState.INVALID: "identity-tampered",
    CarrierState.MIXED: "identity-mixed",
    CarrierState.TRIAL: "identity-trial",
}


def decide(identity: Identity, expected: Sequence[Expected]) -> Expected | Finding:
    """What the workbook answers among the things the session may submit, or why it answers none of them.

    ``expected`` holds open and closed ones; of several equal ones (two regimes) the first open wins.
    """
    if identity.state is not CarrierState.VALID:
        return finding(_WITHOUT_TOKEN[identity.state])
    own = [one for one in expected if (one.unit, one.born) == (identity.unit, identity.unit_born)]
    if not own:
        return finding("identity-other-unit")
    same_form = [one for one in own if one.form == identity.form]
    if not same_form:
        forms = ", ".join(sorted({one.form for one in own if one.is_open}))
        return finding("identity-other-form", found=identity.form, expected=forms)
    same_period = [one for one in same_form if one.period == identity.period]
    if not same_period:
        open_periods = _labels(one.period for one in same_form if one.is_open)
        code = "identity-other-period" if open_periods else "identity-period-not-open"
        return finding(code, found=_label(identity.period), expected=open_periods)
    same_version = [one for one in same_period if one.form_version == identity.form_version]
    if not same_version:
        newest = max(one.form_version for one in same_period)
        return finding("identity-old-form-version", found=str(identity.form_version), expected=str(newest))
    is_open = [one for one in same_version if one.is_open]
    return is_open[0] if is_open else finding("identity-period-not-open", found=_label(identity.period))


def _label(period: str | None) -> str:
    try:
        return parse(period or "").label
    except BadPeriodCode:
        return period or ""


def _labels(periods: Iterable[str]) -> str:
    return ", ".join(_label(period) for period in sorted(set(periods)))
