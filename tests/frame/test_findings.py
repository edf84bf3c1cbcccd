import ast
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

from registry import findings
from registry.findings import finding, fix
from tests.tripped import tripped

TESTS = Path(__file__).parents[1]


def test_a_fix_names_the_nearest_name_only_when_there_is_one() -> None:
    place = {"workbook": "units.xlsx", "sheet": "Đơn vị", "cell": "B2", "kind": "đơn vị", "found": "SNX"}
    near = fix(finding("catalogue-reference-unknown", **place, expected="SNV"))
    bare = fix(finding("catalogue-reference-unknown", **place, expected=""))
    assert "SNV" in near
    assert "“”" not in bare


OF_FILES = ["accounts", "anchor", "assembled", "file", "guard", "identity", "judge", "kind", "letter", "measure"]
OF_FILES += ["narrative", "number", "plausible", "reading", "sealed", "secrecy", "text"]
ELSEWHERE = {  # tried where a battery of workbooks cannot: test, prefix or code
    "ingest/test_assembled.py": "assembled-",
    "commands/test_any_path_by_command.py": "file- reading-not-judged",
    "commands/test_old_workbooks_by_command.py": "kind-",
    "ingest/test_layout.py": "identity-without-token",
    "ingest/test_in_unicode.py": "text-too-much",
    "ingest/test_letter.py": "letter-",
    "ingest/test_new_accounts.py": "account-person-known",
    "webui/test_accounts.py": "account-imported-before",
    "ingest/test_plausibility.py": "plausible-same-as-another",
    "ingest/test_reader.py": "reading-bad-string reading-part-missing",
    "ingest/test_sandbox.py": "reading-child-died reading-timeout reading-too-much reading-document",
    "ingest/test_secrecy.py": "secrecy-mark",
    "ingest/test_sealed.py": "sealed-",
    "ingest/test_word_unicode.py": "narrative-converted narrative-doubtful",
    "ingest/test_values.py": "measure-too-fine",
    "compile/test_stale_words.py": "narrative-stale-period narrative-stale-deadline narrative-unchanged",
    "compile/test_contradictions.py": "narrative-number-differs narrative-change-differs narrative-direction-differs",
    "ingest/test_anchor.py": "measure-line-changed",
}


def test_every_code_about_a_file_is_tried_by_one_that_trips_it_and_one_that_nearly_does() -> None:
    catalogue = Path(findings.__file__).parent / "catalogue"
    codes = {code for room in OF_FILES for code in tomllib.loads((catalogue / f"{room}.toml").read_text("utf-8"))}
    elsewhere = {
        code
        for test, named in ELSEWHERE.items()
        for code in codes
        if code.startswith(tuple(named.split())) and code in (TESTS / test).read_text("utf-8")
    }
    assert codes - tripped().keys() - elsewhere == set()


OF_ANY = {"sheet", "cell", "row", "column", "found", "expected", "name"}  # filled without being given, or put in later
MAKERS = ("finding", "Refused")
COUNTED_LATER = "catalogue-"  # the workbook is added where the findings of a folder are gathered


def test_whoever_makes_a_finding_gives_it_the_words_its_sentence_asks_for() -> None:
    """A lacking word would end the page, or the run over thousands of files, that tells the finding."""
    catalogue = Path(findings.__file__).parent / "catalogue"
    asked = {code: _words(entry) for path in catalogue.glob("*.toml") for code, entry in _entries(path)}
    lacking = [
        f"{path}:{call.lineno} {code} {sorted(words)}"
        for room in ("ingest", "registry", "actions", "compile", "webui")
        for path in sorted((TESTS.parent / room).rglob("*.py"))
        for call, code in _made(path)
        if code in asked and (words := asked[code] - OF_ANY - {one.arg for one in call.keywords})
    ]
    assert lacking == []


def _entries(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    listed = tomllib.loads(path.read_text("utf-8"))
    return ((code, entry) for code, entry in listed.items() if not code.startswith(COUNTED_LATER))


def _words(entry: dict[str, str]) -> set[str]:
    sentences = (text for part, text in entry.items() if part in ("message", "fix", "fix-bare"))
    return {name for text in sentences for _, name, _, _ in string.Formatter().parse(text) if name}


def _made(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """The calls that make a finding of one code with words all named."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not call.args or any(one.arg is None for one in call.keywords):
            continue
        maker = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        code = call.args[0]
        if maker in MAKERS and isinstance(code, ast.Constant) and isinstance(code.value, str):
            yield call, code.value
