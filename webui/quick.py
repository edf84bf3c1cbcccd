"""Quick guides: what each role does, in five to seven steps, each with the page where it is done."""

from __future__ import annotations

from dataclasses import dataclass

from registry.catalogue.model import Role
from webui.wording import say
from workbook_templates.guide import filling_steps


@dataclass(frozen=True, slots=True)
class Quick:
    """The quick guide of a role: its name in the address, the longer guide, the endpoint of each step's page."""

    role: Role
    name: str
    guide: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, the finer points of it, the endpoint of the page where it is done and its name."""

    text: str
    points: tuple[str, ...]
    page: str
    page_name: str


_NAMES = {
    "work.home": "site.home",
    "due_calendar.own": "due-calendar.title",
    "history.look": "history.menu",
    "lending.own": "lend.title",
    "periods.listing": "site.periods",
    "drafting.listing": "drafting.menu",
    "log.latest": "site.log",
    "staff.choose": "staff.title",
    "dividing.listing": "site.divide",
    "feedback_desk.listing": "feedback.desk",
    "dashboards.listing": "dashboards.title",
    "reviewing.listing": "review.title",
}
_FILLING = 3  # the clerk's step at which a workbook is filled
QUICK = (
    Quick(
        Role.CLERK,
        "nguoi-nhap-lieu",
        "nguoi-nhap-lieu",
        ("work.home", "", "", "work.home", "", "", "due_calendar.own"),
    ),
    Quick(
        Role.LEADER,
        "lanh-dao",
        "lanh-dao",
        ("work.home", "", "", "", "history.look", "lending.own"),
    ),
    Quick(
        Role.OFFICE,
        "van-phong",
        "van-phong",
        ("periods.listing", "", "periods.listing", "", "", "drafting.listing", "log.latest"),
    ),
    Quick(
        Role.UNIT_ADMIN,
        "quan-tri-don-vi",
        "quan-tri-don-vi",
        ("staff.choose", "", "dividing.listing", "", "feedback_desk.listing", "dashboards.listing"),
    ),
    Quick(
        Role.RECEIVER,
        "tiep-nhan",
        "van-phong",
        ("periods.listing", "", "", "reviewing.listing", "dashboards.listing"),
    ),
)


def quick_of(name: str) -> Quick | None:
    """The quick guide of this name."""
    return next((one for one in QUICK if one.name == name), None)


def steps(quick: Quick) -> list[Step]:
    """Its steps; the clerk's filling has the points that stand on the first sheet of every workbook."""
    points = {_FILLING: filling_steps()} if quick.role is Role.CLERK else {}
    return [
        Step(say(f"quick.{quick.role}.{n}"), points.get(n, ()), page, say(_NAMES[page]) if page else "")
        for n, page in enumerate(quick.pages, start=1)
    ]
