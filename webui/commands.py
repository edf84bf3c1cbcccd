"""The ``baocao`` command (docs/operations.md); everything heavy is imported by the command that needs it."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

import click

from registry.workflow.policy import Action
from vietnamese.copydeck import deck
from webui import logs

if TYPE_CHECKING:
    from flask import Flask

    from actions.desk import Desk
    from actions.instance import Instance
    from actions.made import Made
    from actions.settings import Settings
    from registry.store.checkpoints import Checkpoint

say = deck(Path(__file__).parent / "commands.toml")
USAGE = 2
REFUSED = 1
_WRONG_NAMES = ("unknown-login", "unknown-period", "unknown-regime", "unknown-unit")  # refusals of what was typed
_Command = TypeVar("_Command", bound=Callable[..., Any])


def needs(action: Action) -> Callable[[_Command], _Command]:
    """Mark a command with the policy action it is; what it calls requires it of the desk."""

    def mark(command: _Command) -> _Command:
        vars(command)["policy_action"] = action
        return command

    return mark


@dataclass(frozen=True)
class Shell:
    """What the entry point hands to every command."""

    settings: Settings
    create_app: Callable[[Instance], Flask]

    @contextmanager
    def instance(self, *, durable: bool = True) -> Iterator[Instance]:
        """The instance, open; ends the command with exit code 2 when there is none."""
        from actions.instance import Instance, NoInstance

        try:
            with _reaching_database():
                instance = Instance.open(self.settings, durable=durable)
        except NoInstance:
            _stop(say("no-instance", folder=self.settings.root), USAGE)
        try:
            yield instance
        finally:
            instance.close()

    @contextmanager
    def desk(self, login: str | None = None, *, durable: bool = True) -> Iterator[Desk]:
        """A desk at the console; a refusal ends the command with its sentence and exit code 1, a wrong name 2."""
        from actions.console import open_desk
        from actions.desk import Refusal

        with self.instance(durable=durable) as instance:
            try:
                yield open_desk(instance, login)
            except Refusal as refusal:
                _stop(str(refusal), USAGE if refusal.code in _WRONG_NAMES else REFUSED)


@contextmanager
def _reaching_database() -> Iterator[None]:
    from registry.store.engine import UNREACHABLE, StoreBusy, UnsafeSqlite

    try:
        yield
    except (StoreBusy, UnsafeSqlite, *UNREACHABLE) as fault:
        _stop(say("no-database", why=str(fault).partition("\n")[0]), USAGE)


def _stop(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def _print(body: Any, *, line: bool = False) -> None:
    click.echo(_json(body, None if line else 1))


def _json(body: Any, indent: int | None = None) -> str:
    """JSON in Vietnamese; bytes of a file name that are no text stay escaped."""
    text = json.dumps(body, ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode()


@contextmanager
def _listing(lines: bool) -> Iterator[Callable[[Any], None]]:
    """What prints answers as they come, one object a line or one list in all; none is held back."""
    told = 0

    def tell(body: Any) -> None:
        nonlocal told
        if not lines:
            click.echo(",\n" if told else "[\n", nl=False)
        click.echo(_json(body, None if lines else 1), nl=lines)
        told += 1

    yield tell
    if not lines:
        click.echo("\n]" if told else "[]")


def _end_on_sigterm() -> None:
    """Let SIGTERM end this process as leaving the command does: the job at hand is finished, children are ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


@click.group()
def baocao() -> None:
    """Baocao: the familiar spreadsheet is the whole reporting system."""
    logs.install()


@baocao.command()
@needs(Action.OPERATE)
@click.pass_obj
def init(shell: Shell) -> None:
    """Make the instance, or bring an existing one to this release after a backup."""
    from actions.instance import make, now

    with _reaching_database():
        backup = make(shell.settings, now())
    click.echo(say("init", folder=shell.settings.root))
    if backup is not None:
        click.echo(say("backup", path=backup))


@baocao.command()
@needs(Action.OPERATE)
@click.pass_obj
def demo(shell: Shell) -> None:
    """Load the sample catalogue, history, accounts and three months of work; does nothing the second time."""
    from actions import demo as demonstration

    with shell.desk(durable=False) as desk:
        began = time.perf_counter()
        loaded = demonstration.load(desk, lambda sentence: click.echo(sentence))
        click.echo(say("demo.done", seconds=round(time.perf_counter() - began)) if loaded else say("demo.already"))
    os.sync()


@baocao.command()
@needs(Action.OPERATE)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.pass_obj
def serve(shell: Shell, host: str, threads: int) -> None:
    """Serve the pages, with the worker inside."""
    import waitress

    from actions.work import Worker

    with shell.instance() as instance:
        app = shell.create_app(instance)
        try:
            server = waitress.create_server(app, host=host, port=shell.settings.port, threads=threads)
        except OSError as error:
            _stop(say("serve.port", port=shell.settings.port, why=error.strerror), USAGE)
        with instance.store.read() as connection:  # before a signal may break off what the database is asked
            is_sample = instance.is_sample(connection)
        worker = Worker(instance)
        worker.start()
        instance.journal.start()
        try:
            _end_on_sigterm()
            click.echo(say("serve.address", host=host, port=shell.settings.port))
            if is_sample:
                click.echo(say("serve.accounts"))
            _settle()
            server.run()
        finally:
            server.close()
            worker.stop()


def _settle() -> None:
    """What the server is made of stays for good: the collector walks it no more, and what a page makes less often.

    A board of thousands of units else had all of it walked every other time, which took a third of the page's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@baocao.command()
@needs(Action.OPERATE)
@click.pass_obj
def worker(shell: Shell) -> None:
    """Run jobs in a process of their own until interrupted."""
    from actions.work import Worker

    with shell.instance() as instance:
        running = Worker(instance)
        running.start()
        try:
            _end_on_sigterm()
            click.echo(say("worker"))
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass
        finally:
            running.stop()


@baocao.command()
@needs(Action.OPERATE)
@click.argument("login")
@click.pass_obj
def password(shell: Shell, login: str) -> None:
    """Give an account its first password, or a new one for a lost one; asked for twice, not shown."""
    from actions.desk import Refusal
    from actions.instance import now
    from actions.people import set_password

    word = click.prompt(say("password.prompt"), hide_input=True, confirmation_prompt=say("password.again"))
    with shell.instance() as instance:
        try:
            set_password(instance, login, word, now())
        except Refusal as refusal:
            _stop(str(refusal), REFUSED)
    click.echo(say("password.done", login=login))


@baocao.command("drop-factor")
@needs(Action.RULE_ACCOUNTS)
@click.argument("login")
@click.pass_obj
def drop_factor(shell: Shell, login: str) -> None:
    """Take a lost phone from an account: it sets the second factor up anew; its sessions end."""
    from actions.factors import drop_of

    with shell.desk() as desk:
        drop_of(desk, login)
    click.echo(say("drop-factor", login=login))


@baocao.command()
@needs(Action.OPERATE)
@click.pass_obj
def doctor(shell: Shell) -> None:
    """Say whether everything this instance needs is there and whole."""
    from actions.doctor import examine

    with shell.instance() as instance:
        checks = examine(instance)
        for check in checks:
            mark = say("doctor.good") if check.good else say("doctor.bad")
            click.echo(f"{mark} {say(f'doctor.{check.name}', value=check.value)}")
    if not all(check.good for check in checks):
        sys.exit(REFUSED)


# --- catalogue, history, plans ---------------------------------------------------------------------------------------


@baocao.group()
def catalogue() -> None:
    """The catalogue as a folder of workbooks."""


def _folder(path: Path) -> dict[str, bytes]:
    return {str(one.relative_to(path)): one.read_bytes() for one in sorted(path.rglob("*.xlsx"))}


def _report(findings: Any) -> None:
    from actions.console import described

    for found in findings:
        body = described(found)
        place = " ".join(str(body[part]) for part in ("sheet", "cell") if body[part])
        click.echo(f"{body['severity']}\t{body['code']}\t{place}\t{body['message']} {body['fix']}")


@catalogue.command("check")
@needs(Action.SEE_CATALOGUE)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Findings, changes and whom they concern as one JSON object.")
@click.pass_obj
def catalogue_check(shell: Shell, path: Path, as_json: bool) -> None:
    """Read a folder, or one form's workbook, beside the catalogue in force: what is wrong, changed, concerned."""
    from actions import designing
    from webui import reviews

    with shell.desk() as desk:
        if path.is_file():
            seen = designing.review_form(desk, path.name, path.read_bytes())
        else:
            seen = designing.review(desk, _folder(path))
    if as_json:
        _print(reviews.as_json(seen))
    else:
        _report(seen.findings)
        for line in reviews.as_lines(seen):
            click.echo(line)
    if seen.is_broken:
        sys.exit(REFUSED)
    if not as_json:
        click.echo(say("catalogue.good"))


@catalogue.command("burden")
@needs(Action.DESIGN_FORM)
@click.pass_obj
def catalogue_burden(shell: Shell) -> None:
    """Say how many cells units are asked in a year, what is asked twice, what could come prefilled."""
    from actions import designing
    from registry.store.codec import plain

    with shell.desk() as desk:
        found = designing.burden(desk)
    _print(
        {
            "units": [
                {"unit": one.unit.code, "months": one.whole.cells, "typed": one.whole.typed} for one in found.units
            ],
            "kinds": plain(found.kinds),
            "repeated": plain(found.repeated),
            "prefillable": plain(found.prefillable),
        }
    )


@catalogue.command("load")
@needs(Action.CHANGE_CATALOGUE)
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--as", "login", default=None, help="The person in whose name it is loaded.")
@click.pass_obj
def catalogue_load(shell: Shell, path: Path, login: str | None) -> None:
    """Load a folder atomically; loading it again changes nothing."""
    from actions.catalogues import load
    from registry.findings import is_blocking

    with shell.desk(login) as desk:
        loaded = load(desk, _folder(path))
    _report(loaded.findings)
    if is_blocking(loaded.findings):
        sys.exit(REFUSED)
    click.echo(say("catalogue.loaded", count=len(loaded.changes)))


@catalogue.command("export")
@needs(Action.SEE_CATALOGUE)
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def catalogue_export(shell: Shell, path: Path) -> None:
    """Write the catalogue of the database as a folder of workbooks."""
    from actions.catalogues import export

    with shell.desk() as desk:
        for name, data in export(desk).items():
            target = path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            click.echo(target)


@catalogue.command("propose")
@needs(Action.CHANGE_CATALOGUE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--as", "login", default=None)
@click.pass_obj
def catalogue_propose(shell: Shell, file: Path, out: Path, login: str | None) -> None:
    """Propose a form's definition from the plain workbook it was published in, for a person to correct."""
    from actions.official import propose

    with shell.desk(login) as desk:
        proposed = propose(desk, file.name, file.read_bytes())
    _report(proposed.proposal.findings)
    if proposed.proposal.form is None:
        _stop(say("catalogue.nothing-proposed"), REFUSED)
    for name, data in proposed.files.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        click.echo(target)


@baocao.group()
def history() -> None:
    """Figures of earlier periods."""


@history.command("load")
@needs(Action.CHANGE_CATALOGUE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", default=None)
@click.pass_obj
def history_load(shell: Shell, file: Path, login: str | None) -> None:
    """Load figures of earlier periods from a workbook ("số liệu nền")."""
    from actions.catalogues import load_history_file

    with shell.desk(login) as desk:
        _print_load(load_history_file(desk, file.name, file.read_bytes()))


@baocao.group()
def cube() -> None:
    """The dense array of figures, for analytical pages over many units."""


@cube.command("rebuild")
@needs(Action.OPERATE)
@click.pass_obj
def cube_rebuild(shell: Shell) -> None:
    """Make the array anew from the warehouse; from then on a job refreshes it after every approval."""
    from actions.cubes import refresh

    with shell.desk() as desk:
        made = refresh(desk, anew=True)
    click.echo(say("cube.made", periods=made.periods, figures=made.figures))


@baocao.group()
def plans() -> None:
    """Plan figures."""


@plans.command("load")
@needs(Action.CHANGE_CATALOGUE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "login", default=None)
@click.pass_obj
def plans_load(shell: Shell, file: Path, login: str | None) -> None:
    """Load plan figures from a workbook with the sheets of the catalogue's plans.xlsx."""
    from actions.catalogues import load_plans_file

    with shell.desk(login) as desk:
        _print_load(load_plans_file(desk, file.read_bytes()))


def _print_load(loaded: Any) -> None:
    from actions.console import described
    from registry.findings import is_blocking

    findings = [described(found) for found in loaded.findings]
    _print({"figures": loaded.count, "findings": findings})
    if is_blocking(loaded.findings):
        sys.exit(REFUSED)


# --- the month -------------------------------------------------------------------------------------------------------


@baocao.command("open")
@needs(Action.OPEN_PERIOD)
@click.argument("regime")
@click.option("--period", required=True)
@click.option("--as", "login", required=True)
@click.pass_obj
def open_command(shell: Shell, regime: str, period: str, login: str) -> None:
    """Open a period of a regime."""
    from actions.openings import open_period

    with shell.desk(login) as desk:
        _print({"opening": open_period(desk, regime, period)})


@baocao.command()
@needs(Action.DOWNLOAD_TEMPLATE)
@click.argument("regime")
@click.option("--period", required=True)
@click.option("--unit", "units", multiple=True)
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.pass_obj
def templates(shell: Shell, regime: str, period: str, units: tuple[str, ...], out: Path) -> None:
    """Write the workbooks and outlines of a period into a folder, or into one zip."""
    from actions.distribute import workbooks
    from actions.outlines import outlines

    began = time.perf_counter()
    with shell.desk() as desk:
        files = chain(workbooks(desk, regime, period, units).made, outlines(desk, regime, period, units))
        written = _into_zip(desk, files, out) if out.suffix == ".zip" else _into_folder(files, out)
        told: dict[str, list[dict[str, str]]] = {"files": [], "outlines": []}
        with _writable(out):
            for one, path in written:
                kind = "outline" if one.name.endswith(".docx") else "form"
                listed = {"unit": one.unit, kind: one.form, "path": path, "sha256": one.sha256}
                told["outlines" if kind == "outline" else "files"].append(listed)
    _print({**told, "seconds": round(time.perf_counter() - began, 3)})


def _into_zip(desk: Desk, files: Iterable[Made], out: Path) -> Iterator[tuple[Made, str]]:
    from actions.bundles import write

    out.parent.mkdir(parents=True, exist_ok=True)
    making = out.with_name(f".making-{os.getpid()}-{out.name}")
    try:
        with making.open("wb") as zipped:
            yield from ((one, one.path) for one in write(desk, files, zipped))
        making.replace(out)
    finally:
        making.unlink(missing_ok=True)


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    """A path nothing can be written to ends the command with its sentence and exit code 2."""
    try:
        yield
    except OSError as fault:
        raise click.UsageError(say("not-writable", path=out, why=fault.strerror or fault)) from fault


def _into_folder(files: Iterable[Made], out: Path) -> Iterator[tuple[Made, str]]:
    out.mkdir(parents=True, exist_ok=True)
    for one in files:
        (out / one.name).write_bytes(one.data)
        yield one, str(out / one.name)


@baocao.command()
@needs(Action.UPLOAD)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Judge only; keep nothing.")
@click.option("--unit")
@click.option("--regime")
@click.option("--period")
@click.option("--as", "login", help="The person in whose name the file is sent.")
@click.option("--submit", "then_submit", is_flag=True, help="Submit what is accepted; needs --as.")
@click.option("--explain", help="The explanation given to every warning on submission.")
@click.option("--marked", "out", type=click.Path(path_type=Path), help="A folder for the files marked with findings.")
@click.option("--jsonl", is_flag=True, help="One object a line, as it goes.")
@click.pass_obj
def ingest(
    shell: Shell,
    files: tuple[Path, ...],
    dry_run: bool,
    unit: str | None,
    regime: str | None,
    period: str | None,
    login: str | None,
    then_submit: bool,
    explain: str | None,
    out: Path | None,
    jsonl: bool,
) -> None:
    """Judge files in order and say everything found."""
    from actions import console

    if then_submit and (login is None or dry_run):
        raise click.UsageError(say("submit-needs-as"))
    if out is not None and dry_run:
        raise click.UsageError(say("marked-needs-kept"))
    wanted = console.Wanted(unit, regime, period)
    all_well = True
    with shell.desk(login) as desk, _listing(jsonl) as tell:
        for path in files:
            answer = console.ingest(desk, path, wanted, dry_run=dry_run, then_submit=then_submit, explanation=explain)
            if answer.unsubmitted is not None:
                click.echo(f"{path}: {answer.unsubmitted}", err=True)
            if out is not None:
                _mark_into(desk, answer.body, out)
            tell(answer.body)
            all_well = all_well and answer.accepted and answer.unsubmitted is None
    if not all_well:
        sys.exit(REFUSED)


def _mark_into(desk: Desk, body: dict[str, Any], out: Path) -> None:
    """Put the marked file into a folder and its path into the answer; null where there is none."""
    from actions import returned
    from actions.desk import Refusal

    body["marked"] = None
    if body["upload"] is None:
        return
    with suppress(Refusal), _writable(out):
        made = returned.marked(desk, body["upload"])
        body["marked"] = next(path for _, path in _into_folder((made,), out))


@baocao.command()
@needs(Action.SUBMIT)
@click.argument("uploads", nargs=-1, required=True, type=int)
@click.option("--as", "login", required=True)
@click.option("--explain", help="The explanation given to every warning.")
@click.pass_obj
def submit(shell: Shell, uploads: tuple[int, ...], login: str, explain: str | None) -> None:
    """Put accepted uploads before the unit's leader."""
    from actions.console import submit_upload
    from actions.desk import Refusal

    with shell.desk(login) as desk:
        results = [(number, submit_upload(desk, number, explain)) for number in uploads]
    refused = {number: str(result) for number, result in results if isinstance(result, Refusal)}
    _print(
        [
            {"upload": number, "submission": None if number in refused else result, "refused": refused.get(number)}
            for number, result in results
        ]
    )
    if refused:
        sys.exit(REFUSED)


@baocao.command()
@needs(Action.APPROVE)
@click.argument("regime")
@click.option("--period", required=True)
@click.option("--unit", "units", multiple=True)
@click.option("--as", "login", required=True)
@click.option("--return", "reason", help="Do not approve: return with this reason.")
@click.option("--send", is_flag=True, help="Also send the report once all its figures are approved.")
@click.pass_obj
def approve(
    shell: Shell, regime: str, period: str, units: tuple[str, ...], login: str, reason: str | None, send: bool
) -> None:
    """Approve what waits, or return it with a reason."""
    from actions.batch import decide_all

    with shell.desk(login) as desk:
        rows = decide_all(desk, regime, period, units, reason, send_reports=send)
    _print(rows)
    if any(row["refused"] is not None for row in rows):
        sys.exit(REFUSED)


@baocao.command("compile")
@needs(Action.COMPILE)
@click.argument("regime")
@click.option("--period", required=True)
@click.option("--for", "receiver", default="VPUB", show_default=True)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
)
@click.option("--freeze", default="", help="The name of a frozen moment; instead of --as-of.")
@click.option("--map", "map_choice", type=click.Choice(["now", "then"]), default="now", show_default=True)
@click.option("--against", default="", help="The freeze to compare with instead of the version before.")
@click.option("--communes", default="", help="Tag of the heading whose narratives of communes come along; * = all.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def compile_command(
    shell: Shell,
    regime: str,
    period: str,
    receiver: str,
    as_of: datetime | None,
    freeze: str,
    map_choice: str,
    against: str,
    communes: str,
    out: Path,
) -> None:
    """Compile the report of a period into a folder."""
    from actions.compiling import compile_report
    from actions.naming import unit_ids
    from compile.model import MapChoice
    from vietnamese.dates import HO_CHI_MINH

    if as_of is not None and as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=HO_CHI_MINH)
    began = time.perf_counter()
    with shell.desk() as desk:
        with desk.read() as connection:
            unit_ids(desk.snapshot(connection), [receiver])
        result = compile_report(
            desk,
            regime,
            period,
            receiver,
            as_of,
            freeze=freeze,
            map_choice=MapChoice(map_choice),
            against=against,
            communes=communes,
        )
    out.mkdir(parents=True, exist_ok=True)
    for one in result.files:
        (out / one.name).write_bytes(one.data)
    _print(
        {
            "files": [str(out / one.name) for one in result.files],
            "coverage": result.coverage,
            "version": result.n,
            "inputs": result.inputs_sha,
            "seconds": round(time.perf_counter() - began, 3),
        }
    )


@baocao.command("trace")
@needs(Action.SEE_REPORT)
@click.argument("report")
@click.argument("cell")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--as", "login", default=None, help="The person in whose name it is looked at.")
@click.pass_obj
def trace_command(shell: Shell, report: str, cell: str, as_json: bool, login: str | None) -> None:
    """Follow a figure of a compiled report to the cells it came from.

    REPORT is the number of a compiled version, or KTXH:202610 for the newest of a period; CELL is KTXH-01!NN14.c06.
    """
    from actions.tracing import follow, number_of
    from webui import trace_words

    form, _, code = cell.rpartition("!")
    with shell.desk(login) as desk:
        trace = follow(desk, number_of(desk, report), form, code)
    if as_json:
        _print(trace_words.as_json(trace))
    else:
        click.echo("\n".join(trace_words.as_lines(trace)))


# --- units -----------------------------------------------------------------------------------------------------------


@baocao.group()
def units() -> None:
    """Units in time."""


@units.command("reorganise")
@needs(Action.CHANGE_UNITS)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@click.pass_obj
def units_reorganise(shell: Shell, path: Path, dry_run: bool) -> None:
    """Do what a reorganisation's workbook says (template: page "Sắp xếp đơn vị"); nothing while anything is wrong."""
    from actions import reorganising

    with shell.desk() as desk:
        acts, seen = reorganising.read(desk, path.name, path.read_bytes())
        if seen.findings:
            _report(seen.findings)
            sys.exit(REFUSED)
        if not dry_run:
            seen = reorganising.apply(desk, acts)
    _print(
        {
            "acts": len(acts),
            "versions": len(seen.plan.units),
            "successions": len(seen.plan.successions),
            "ended": len(seen.plan.ended),
            "hanging": Counter(str(one.fate) for one in seen.hanging),
            "done": not dry_run,
        }
    )


# --- audit, text -----------------------------------------------------------------------------------------------------


@baocao.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@needs(Action.OPERATE)
@click.option(
    "--checkpoint",
    "brought",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint kept elsewhere; may be given more than once.",
)
@click.pass_obj
def audit_verify(shell: Shell, brought: tuple[Path, ...]) -> None:
    """Walk the hash chain from its first entry and hold it against every checkpoint."""
    from actions import checkpoints

    with shell.instance() as instance:
        signed = [_checkpoint(path) for path in brought]
        with instance.store.read() as connection:
            found = checkpoints.verify(connection, checkpoints.public_keys(instance), signed)
    if not found.is_whole:
        _stop(checkpoints.sentence(found), REFUSED)
    click.echo(checkpoints.sentence(found))


def _checkpoint(path: Path) -> Checkpoint:
    from actions.checkpoints import NotACheckpoint, read

    try:
        return read(path.read_bytes())
    except NotACheckpoint:
        _stop(say("audit.no-checkpoint", path=path), USAGE)


@audit.command("export")
@needs(Action.OPERATE)
@click.option("--out", type=click.File("wb", lazy=True), default="-", help="A file; standard output unless given.")
@click.option("--without-details", is_flag=True, help="Leave out what only the details tell: reasons, file names.")
@click.pass_obj
def audit_export(shell: Shell, out: BinaryIO, without_details: bool) -> None:
    """Write the log as it is hashed, one entry a line, for deploy/verify_audit.py."""
    from actions.log import export

    with shell.desk() as desk:
        for line in export(desk, with_details=not without_details):
            out.write(line)


@audit.command("checkpoint")
@needs(Action.OPERATE)
@click.pass_obj
def audit_checkpoint(shell: Shell) -> None:
    """Sign the log now and print the checkpoint."""
    from actions import checkpoints
    from actions.instance import now

    with shell.instance() as instance:
        made = checkpoints.make(instance, now(), checkpoints.COMMAND)
    if made is None:
        _stop(say("audit.empty"), REFUSED)
    click.echo(checkpoints.as_file(made))


@audit.command("key")
@needs(Action.OPERATE)
@click.pass_obj
def audit_key(shell: Shell) -> None:
    """Print the public keys that vouch for checkpoints, the one in use first."""
    from actions.checkpoints import public_keys

    with shell.instance() as instance:
        click.echo("\n".join(public_keys(instance)))


@baocao.group()
def text() -> None:
    """Vietnamese text."""


@text.command("convert")
@needs(Action.OPERATE)
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
def text_convert(jsonl: bool) -> None:  # noqa: ARG001 (the contract's flag; there is one format)
    """Convert legacy encodings to Unicode: standard input to standard output."""
    from vietnamese.convert import convert_lines

    for converted in convert_lines(_objects(sys.stdin.buffer)):
        sys.stdout.buffer.write(_json(converted).encode() + b"\n")


def _objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            _stop(say("text.not-an-object", number=number), USAGE)
        yield found
