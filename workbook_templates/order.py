"""What is ordered of the template: one form for one unit in one period, with everything its workbook prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from registry.catalogue.model import Form, Regime, Request, Rule, Unit
from registry.rules.context import Context


@dataclass(frozen=True)
class Order:
    """One workbook to be made; equal orders give equal bytes."""

    context: Context  # view, period and the background its prefilled and previous figures come from
    unit: Unit
    regime: Regime
    receivers: tuple[str, ...]  # names as printed: "Sở Tài chính"
    due: datetime  # aware, local; midnight prints as 24 giờ 00 of the day before
    window: tuple[date, date]  # closing window: first and last day
    token: str  # signed text, see token.issue; its grid hash is that of grid.place(context.view)
    issue: int = 1
    contact: str = ""  # whom to call: "Văn phòng UBND tỉnh, 0262 3 000 000"
    place: str = ""  # địa danh of the signature; empty: a commune's own name, dots for others
    rules: tuple[Rule, ...] = ()  # checks shown live beside each row
    request: Request | None = None  # what stands behind a form asked for once
    former: Form | None = None  # the form as it was in the period before, where it was asked
    watermark: str = ""  # printed at the top of every page of a workbook that is not for real

    @property
    def form(self) -> Form:
        """The form of the view."""
        return self.context.view.form
