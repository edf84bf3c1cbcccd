"""What security rests on not being there (docs/security/asvs.md: "absent")."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("actions", "compile", "ingest", "registry", "vietnamese", "webui", "workbook_templates")
CODE = [ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]
PAGES = sorted((ROOT / "webui" / "templates").glob("*.html"))
SCRIPTS = sorted((ROOT / "webui" / "static").glob("*.js"))
# Modules that run what they read, guess what must not be guessed, or fetch what somebody names.
NEVER = {
    *("pickle", "marshal", "shelve", "yaml", "dill", "code", "codeop"),
    *("urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "telnetlib", "socketserver"),
    *("ldap", "ldap3", "memcache", "pymemcache", "redis", "jwt", "authlib"),
    *("cryptography.hazmat.primitives.ciphers", "Crypto", "ssl.wrap_socket"),
}
CALLS = {"eval", "exec", "compile", "__import__", "Markup", "render_template_string", "os.system", "os.popen"}


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Every node of the code, with the file it stands in."""
    parsed = ((str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))) for path in CODE)
    return tuple((name, node) for name, tree in parsed for node in ast.walk(tree))


def imported() -> Iterator[tuple[str, str]]:
    for name, node in nodes():
        if isinstance(node, ast.Import):
            yield from ((name, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield name, node.module


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """File, what is called (``os.popen``), the call."""
    for name, node in nodes():
        if isinstance(node, ast.Call):
            yield name, called(node.func), node


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return f"{called(function.value)}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def test_nothing_runs_or_fetches_what_somebody_sent() -> None:
    assert [one for one in imported() if one[1] in NEVER] == []
    ours = "webui/pages/components.py"  # shows developers what a file of ours makes
    made = [(name, what) for name, what, _ in calls() if what in CALLS]
    assert sorted(made) == [(ours, "Markup"), (ours, "render_template_string")]


def test_chance_comes_from_the_system() -> None:
    """Figures of the sample catalogue are drawn by a generator that can be repeated; nothing secret is."""
    drawn = {name for name, module in imported() if module in ("random", "numpy.random")}
    assert {name for name in drawn if not name.startswith("registry/sample/")} == set()


def test_no_hash_known_to_be_broken_is_used() -> None:
    weak = {"hashlib.md5", "hashlib.sha1", "hashlib.new"}
    used = [name for name, node in nodes() if isinstance(node, ast.Attribute) and called(node) in weak]
    assert used == []


def test_no_program_is_started_through_a_shell() -> None:
    started = [one for one in calls() if one[1].startswith("subprocess.")]
    assert {name for name, _, _ in started} == {"ingest/sandbox.py", "ingest/office.py"}
    assert [name for name, _, call in started if any(keyword.arg == "shell" for keyword in call.keywords)] == []


def test_pages_read_numbers_by_the_one_helper_that_knows_how_long_a_key_is() -> None:
    numbers = [
        name for name, _, call in calls() for one in call.keywords if (one.arg, called(one.value)) == ("type", "int")
    ]
    assert numbers == ["webui/commands.py"]  # the operator's


def test_pages_escape() -> None:
    pages = "".join(path.read_text("utf-8") for path in PAGES)
    assert re.findall(r"[\w.]*\|\s*safe\b|autoescape|\{%-?\s*raw", pages) == ["guide.html|safe"]  # of docs/huong-dan


def test_scripts_write_text_only_and_remember_nothing_else() -> None:
    scripts = "".join(path.read_text("utf-8") for path in SCRIPTS)
    assert re.findall(r"[^,;\n]*innerHTML[^;\n]{0,12}", scripts) == [
        " `<table><tr><td>${new Option(said).innerHTML.replaceAll("
    ]  # read, never written: text made into the HTML that is copied
    assert not re.search(
        r"outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|"
        r"setItem|indexedDB|WebSocket|RTCPeer|__proto__",
        scripts,
    )
    assert re.findall(r"(?:Storage[.[]\w+\]?|document\.cookie) = ([^;]*);", scripts) == [
        "`${name}=1",
        "Date.now()",
        "JSON.stringify([left, ...kept().filter((one) => one.name !== name)].slice(0, 40))",
    ]  # whether keys are wanted, when the session was last used, how tables were left


def test_passwords_are_hidden_pasted_and_remembered() -> None:
    pages = "".join(path.read_text("utf-8") for path in PAGES)
    fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", pages)
    assert len(fields) >= 5
    assert [one for one in fields if not re.search(r'autocomplete="(current|new)-password"', one)] == []
    named = re.findall(r'<input[^>]*name="(?:password|old|new|again)"[^>]*>', pages)
    assert [one for one in named if 'type="password"' not in one] == []
    assert not re.search(r"\bonpaste\b|[\"']paste[\"']", pages + "".join(path.read_text("utf-8") for path in SCRIPTS))
    assert not re.search(r"câu hỏi bí mật|gợi ý mật khẩu", pages)


def test_statements_carry_values_apart() -> None:
    """Where text becomes SQL it is a constant of ours."""
    said = ("text", "exec_driver_sql", "literal_column")
    made = [
        (name, ast.unparse(call))
        for name, what, call in calls()
        if name.startswith("registry/store/") and "/migrations/" not in name and what.rpartition(".")[2] in said
        if call.args and not isinstance(call.args[0], ast.Constant | ast.IfExp)
    ]
    assert made == []
