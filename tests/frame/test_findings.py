import tomllib
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


OF_FILES = ["anchor", "file", "guard", "identity", "judge", "kind", "letter", "measure"]
OF_FILES += ["narrative", "number", "plausible", "reading", "secrecy", "text"]
ELSEWHERE = {  # tried where a battery of workbooks cannot: test, prefix or code
    "commands/test_any_path_by_command.py": "file- reading-not-judged",
    "commands/test_old_workbooks_by_command.py": "kind-",
    "ingest/test_layout.py": "identity-without-token",
    "ingest/test_in_unicode.py": "text-too-much",
    "ingest/test_letter.py": "letter-",
    "ingest/test_plausibility.py": "plausible-same-as-another",
    "ingest/test_reader.py": "reading-bad-string reading-part-missing",
    "ingest/test_sandbox.py": "reading-child-died reading-timeout reading-too-much reading-document",
    "ingest/test_secrecy.py": "secrecy-mark",
    "ingest/test_word_unicode.py": "narrative-converted narrative-doubtful",
    "ingest/test_values.py": "measure-too-fine",
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
