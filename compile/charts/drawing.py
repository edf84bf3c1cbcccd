"""A chart drawn: its frame, with title, legend and foot where the page around it does not print them."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from compile.charts import bars, ranking, share, tiles, trend
from compile.charts.legend import Mark, Shape, legend
from compile.charts.model import Chart, copy
from compile.charts.scale import whole
from compile.charts.svg import DIM, FONT, GROUND, INK, box, tag, text, wrapped
from registry.catalogue.dashboards import Kind

Body = Callable[[Chart, float, float], tuple[str, float]]
Marks = Callable[[Chart], list[Mark]]
_BODIES: dict[Kind, tuple[Body, Marks]] = {
    Kind.TREND: (trend.body, trend.marks),
    Kind.COMPARISON: (bars.body, bars.marks),
    Kind.RANKING: (ranking.body, ranking.marks),
    Kind.SHARE: (share.body, share.marks),
    Kind.TILES: (tiles.body, tiles.marks),
}
_TITLE, _SUB, _FOOT = 17.0, 13.0, 11.5
_MARGIN = 14.0


class Drawing(str):
    """SVG made here, every word in it escaped: pages show it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself, for whoever asks what is safe to show."""
        return str(self)


def draw(chart: Chart, width: int = 600, name: str = "chart", *, framed: bool = False) -> Drawing:
    """The chart as an SVG ``width`` units wide; ``name`` keeps its ids apart from others on the page.

    ``framed``: title, measure, coverage and as-of are drawn too, on white: for a picture that stands by itself.
    A table has no drawing: an empty text.
    """
    if chart.kind not in _BODIES:
        return Drawing()
    parts: list[str] = []
    at = 4.0
    if framed:
        at = _head(chart, width, parts)
    if chart.is_empty:
        parts.append(text(copy("text.empty"), width / 2, at + 40, anchor="middle", fill=DIM, size=14))
        at += 80
    else:
        body, marks = _BODIES[chart.kind]
        keys, at = legend(marks(chart) + _provisional(chart), width, at)
        drawn, at = body(chart, width, at)
        parts += [keys, drawn]
    if framed:
        at = _foot(chart, width, at, parts)
    height = round(at + 4)
    has_links = any(one.link for strand in chart.strands for one in strand.readings)
    inside = [tag("title", escape(chart.title), id=f"{name}-t"), tag("desc", escape(described(chart)), id=f"{name}-d")]
    ground = [box(0, 0, width, height, fill=GROUND)] if framed else []
    drawn = tag(
        "svg",
        *inside,
        *ground,
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        view_box=f"0 0 {width} {height}",
        role="group" if has_links and chart.kind in (Kind.RANKING, Kind.TILES) else "img",
        aria_labelledby=f"{name}-t {name}-d",
        font_family=FONT,
        klass=f"chart chart-{chart.kind.value}",
        **({"width": width, "height": height} if framed else {}),
    )
    return Drawing(drawn)


def _provisional(chart: Chart) -> list[Mark]:
    """What the asterisk and the hollow point say, where there is one."""
    has_any = any(one.is_provisional for one, _ in chart.numbers())
    return [Mark(copy("text.provisional-note"), DIM, Shape.NONE)] if has_any else []


def _head(chart: Chart, width: float, parts: list[str]) -> float:
    at = 8.0
    for one in wrapped(chart.title, width - 2 * _MARGIN, _TITLE):
        at += _TITLE * 1.2
        parts.append(text(one, _MARGIN, at, size=_TITLE, weight="bold", fill=INK))
    measured = copy("text.measure", measure=chart.measure) if chart.measure else ""
    under = " · ".join(filter(None, (chart.subtitle, measured)))
    for one in wrapped(under, width - 2 * _MARGIN, _SUB):
        at += _SUB * 1.45
        parts.append(text(one, _MARGIN, at, size=_SUB, fill=DIM))
    return at + 12


def _foot(chart: Chart, width: float, at: float, parts: list[str]) -> float:
    at += 6
    for said in chart.foot:
        for one in wrapped(said, width - 2 * _MARGIN, _FOOT, most=3):
            at += _FOOT * 1.4
            parts.append(text(one, _MARGIN, at, size=_FOOT, fill=DIM))
    return at + 8


def described(chart: Chart) -> str:
    """The chart in sentences, for who does not see it."""
    said = [copy("describe.head", kind=copy(f"kind.{chart.kind.value}"), title=chart.title)]
    if chart.measure:
        said.append(copy("describe.measure", measure=chart.measure))
    first = chart.strands[0].readings if chart.strands else ()
    known = [(one, one.value) for one in first if one.value is not None]
    if known and chart.measure:
        most, least = max(known, key=lambda pair: pair[1]), min(known, key=lambda pair: pair[1])
        said.append(
            copy(
                "describe.extremes",
                most=whole(most[1]),
                most_of=most[0].label,
                least=whole(least[1]),
                least_of=least[0].label,
            )
        )
    if blank := len(first) - len(known):
        said.append(copy("describe.blank", count=blank))
    said.append(copy("describe.behind"))
    return " ".join(said)
