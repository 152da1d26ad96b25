"""Reading our own code: for the tests that hold every file to the rules of the house."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVICE = ("rules", "content", "storage", "casework", "handlers", "dashboard", "bot")
ROOMS = (*SERVICE, "sandbox", "bench", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*rooms: str) -> list[Path]:
    """Every Python file of these rooms, relative to the root; all rooms when none is named."""
    return sorted(path.relative_to(ROOT) for room in rooms or ROOMS for path in (ROOT / room).rglob("*.py"))


@cache
def text_of(path: Path) -> str:
    """What is in a file of ours."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of ours, parsed."""
    return ast.parse(text_of(path), str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def imports(path: Path) -> set[str]:
    """The full names of the modules that a file imports, those inside functions too."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from storage import queries` imports storage.queries when that is a module.
            found.update(_imported(node.module, alias.name) for alias in node.names)
    return found


def _imported(module: str, name: str) -> str:
    inner = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else module


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    """Every call of a function with one of these names, called plainly or as an attribute."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and _name(node.func) in names:
            yield node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def dotted(node: ast.expr) -> str:
    """`datetime.now` for an attribute of names; empty for anything else."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def patterns(node: ast.expr, inside: ast.AST | None = None) -> list[str]:
    """Regular expressions for every text this expression can be: a constant, an f-string, a sum, a choice of them.

    A plain name stands for whatever `inside` (its function) assigns to it. Anything else gives no pattern.
    """
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return ["".join(patterns(part)[0] if isinstance(part, ast.Constant) else ".+" for part in parts)]
        case ast.BinOp(left=left, op=ast.Add()):
            return [f"{pattern}.+" for pattern in patterns(left, inside)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*patterns(body, inside), *patterns(orelse, inside)]
        case ast.Name(id=name) if inside is not None:
            return [pattern for value in _assigned(name, inside) for pattern in patterns(value)]
        case _:
            return []


def _assigned(name: str, inside: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(inside):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _given(name, target, node.value)


def _given(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=True):
            yield from _given(name, one, given)
