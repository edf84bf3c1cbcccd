"""The door of every table shown: the page's own address with ``?xuat=name`` answers that table as a workbook.

The page is made as it always is, by its own policy; the table is then taken out of what would have been shown.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from urllib.parse import quote, urlencode

from flask import Flask, request, send_file
from werkzeug.wrappers import Response

from compile import tables_book
from vietnamese.dates import HO_CHI_MINH, format_moment
from vietnamese.fold import slug
from webui import mishaps, noting, shown_tables
from webui.file_names import for_official_use
from webui.pages.templates import XLSX
from webui.visitor import actor_or_none, desk, instance
from webui.wording import say

ASKED = "xuat"
MOST = 5000  # lines of a listing that is shown page by page
TAKEN = "take-table"
_PAGED = ("trang", "truoc")
_LONGEST_SHEET = 31
_NOT_THERE = 404


def install(app: Flask) -> None:
    """Answer with the table where one is asked for; pages learn where their tables are to be had."""
    app.after_request(_taken)
    app.jinja_env.globals.update(table_file=address, table_lines=lines)


def is_asked() -> bool:
    """True when a table of the page is wanted, not the page."""
    return request.method == "GET" and bool(request.args.get(ASKED))


def lines(a_page: int) -> int:
    """How many lines a listing gives: a page of them, or all there are (at most MOST) where its table is taken away."""
    return MOST if is_asked() else a_page


def address(name: str) -> str:
    """Where a table of the page being shown is to be had; "" where that page has no address, or is everybody's."""
    if request.method != "GET" or actor_or_none() is None:
        return ""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in (ASKED, *_PAGED)]
    return f"{quote(request.root_path + request.path)}?{urlencode([*kept, (ASKED, name)])}"


def _taken(response: Response) -> Response:
    if not is_asked() or response.status_code != 200 or response.mimetype != "text/html" or actor_or_none() is None:
        return response
    name, at = request.args[ASKED], desk()
    table = shown_tables.find(response.get_data(as_text=True), name)
    if table is None:
        return mishaps.answer(_NOT_THERE)
    if len(table.rows) >= MOST:
        table = replace(table, notes=(say("table.most", most=MOST),))
    instance().journal.write(at, TAKEN, noting.asked(), {"table": table.title, "rows": len(table.rows)})
    who = say("table.taken", who=at.actor.name, at=format_moment(at.moment))
    data = tables_book.build([(say("table.sheet")[:_LONGEST_SHEET], table)], who)
    stem = slug("-".join((*request.path.split("/"), name)))
    saved = for_official_use(f"{stem}.xlsx", at.actor.login, at.moment.astimezone(HO_CHI_MINH))
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=saved, max_age=0)
