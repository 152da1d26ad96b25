"""The rules of the house, held by reading the code: what a room may import, how big things are, what is never said."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest
from importlinter.cli import lint_imports

from bot.settings import Settings
from content.words import all_ids
from handlers.routes import BUTTONS
from tests.reading_code import (
    ROOT,
    SERVICE,
    calls,
    dotted,
    functions,
    imports,
    modules,
    patterns,
    text_of,
    tree_of,
)

MAY_IMPORT = {
    "rules": set[str](),
    "content": {"rules", "segno"},
    "storage": {"rules", "sqlalchemy", "sqlmodel", "alembic", "cryptography", "orjson"},
    "casework": {"rules", "content", "storage"},
    "handlers": {"casework", "content", "rules", "telegram"},
    "dashboard": {"casework", "storage.queries", "content", "rules", "fastapi", "starlette", "jinja2"},
    "bot": {
        *("rules", "content", "storage", "casework", "handlers", "dashboard", "telegram", "apscheduler", "uvicorn"),
        *("starlette", "aiohttp", "orjson", "click", "uvloop", "pydantic", "pydantic_settings"),
    },
}
CLOCKS = (Path("bot/clock.py"), Path("sandbox/clock.py"))
READS_THE_CLOCK = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "dt.datetime.now", "dt.date.today", "date.today"),
    *("time.time", "time.monotonic", "time.perf_counter", "time.time_ns"),
}
MAKES_CHANCE = {"random", "secrets", "uuid"}
# In two parts, so that this file does not say them.
NEVER_SAID = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "Not" + "Implemented", "Not" + "ImplementedError", "mo" + "ck")
NOT_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}
GENERATED = "storage/migrations/versions"
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def test_imports_flow_one_way() -> None:
    """No room imports one above it, and handlers never touch the database: .importlinter says how."""
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0


@pytest.mark.parametrize("room", SERVICE)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    """Beyond itself and the standard library, a room imports what the house's table grants it, and nothing else."""
    for path in modules(room):
        for module in imports(path):
            top = module.split(".")[0]
            granted = any(module == name or module.startswith(f"{name}.") for name in MAY_IMPORT[room])
            assert granted or top == room or top in sys.stdlib_module_names, f"{path} imports {module}"


def test_nothing_but_tests_and_bench_imports_the_sandbox() -> None:
    """What people's messages pass through never depends on the pretend world."""
    assert [path for path in modules(*SERVICE) if any(name.split(".")[0] == "sandbox" for name in imports(path))] == []


def test_files_and_functions_are_small() -> None:
    """A file holds 400 lines at most and half of them 110; a function 50 at most and half of them 10."""
    sizes = {path: len(text_of(path).splitlines()) for path in modules() if GENERATED not in str(path)}
    lengths = {f"{path}:{one.name}": _length(one) for path in sizes for one in functions(path)}
    assert [path for path, lines in sizes.items() if lines > LONGEST_FILE] == []
    assert [name for name, lines in lengths.items() if lines > LONGEST_FUNCTION] == []
    assert median(sizes.values()) <= 110
    assert median(lengths.values()) <= 10


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_time_and_chance_come_in_by_one_door() -> None:
    """Only bot/clock.py (and sandbox/clock.py for the pretend world) reads the system's time or its randomness."""
    for path in modules(*SERVICE, "sandbox"):
        if path in CLOCKS:
            continue
        read = {dotted(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
        assert not read & READS_THE_CLOCK, path
        if path.parts[0] != "sandbox":
            assert not {name.split(".")[0] for name in imports(path)} & MAKES_CHANCE, path
            assert "os.urandom" not in read, path


def _kept_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    kept = [Path(line) for line in listed.stdout.splitlines() if line != "uv.lock"]
    return [path for path in kept if (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def kept_files() -> list[Path]:
    """Every file in the repository but the lock."""
    try:
        return _kept_files()
    except (OSError, subprocess.CalledProcessError):
        return modules()


def test_nothing_is_left_for_later(kept_files: list[Path]) -> None:
    """No file holds a word that says it is unfinished, or that something in it is not the real thing."""
    wanted = re.compile(rf"\b(?:{'|'.join(NEVER_SAID)})s?\b", re.IGNORECASE)
    for path in kept_files:
        if (
            path.suffix in (".py", ".md", ".toml", ".html", ".yaml", ".sh", ".js", ".css")
            and "static" not in path.parts
        ):
            found = wanted.search(text_of(path))
            assert found is None, f"{path} says {found and found[0]}"


def test_no_file_is_named_for_nothing(kept_files: list[Path]) -> None:
    """A module is named for a noun of the service."""
    assert [path for path in kept_files if path.suffix == ".py" and set(path.with_suffix("").parts) & NOT_NAMES] == []


def test_every_module_says_what_it_is() -> None:
    """Each file with code begins with a docstring, and each test's docstring is the sentence it proves."""
    for path in modules():
        assert not tree_of(path).body or ast.get_docstring(tree_of(path)), path
    for path in modules("tests"):
        silent = [one.name for one in functions(path) if one.name.startswith("test_") and not ast.get_docstring(one)]
        assert silent == [], path


def test_every_setting_is_explained() -> None:
    """Each setting has its line in .env.example, and that file names no setting that we do not have."""
    explained = set(re.findall(r"^#?\s*KEEPINTOUCH_([A-Z_]+)=", text_of(Path(".env.example")), re.MULTILINE))
    assert explained == {name.upper() for name in Settings.model_fields}


def test_every_sentence_asked_for_exists() -> None:
    """Whatever id the code gives to `words`, `plain` or `label` has a sentence, in every form it can take."""
    ids = all_ids()
    asked = 0
    for path in modules("handlers", "casework", "bot", "dashboard"):
        for function in functions(path):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and dotted(call.func) in ("words", "plain", "label") and call.args:
                    for pattern in patterns(call.args[0], function):
                        asked += 1
                        assert any(re.fullmatch(pattern, one) for one in ids), f"{path}: {pattern}"
    assert asked > 100


def test_every_button_has_an_answer_and_every_answer_a_button() -> None:
    """The verbs on the buttons we make are exactly those that handlers/routes.py answers to."""
    made = set()
    for path in modules("handlers", "casework", "content"):
        for call in calls(path, "Button", "_button"):
            made |= {pattern.split(":")[0] for pattern in patterns(call.args[1])} if len(call.args) > 1 else set()
    assert {verb.replace("\\", "") for verb in made} == set(BUTTONS)
