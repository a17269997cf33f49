"""The slips that a hand makes in Python: a boundary moved, a condition turned, a key of sorting left out.

A slip is made in the syntax tree, which keeps the lines where they were, so that what was recorded of the
tests still holds, and a function can be changed where it stands.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

# One word for another that is used in the same place.
OTHER_NAME = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "floor": "round",
    "ceil": "floor",
    "ROUND_FLOOR": "ROUND_HALF_EVEN",
    "startswith": "endswith",
    "endswith": "startswith",
    "partition": "rpartition",
    "rpartition": "partition",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "intersection": "union",
}
# Calls that give back their argument, in another order or another form.
DROPPED_CALLS = {"sorted": "list", "reversed": "list", "round": None, "abs": None}
# Methods without arguments whose object is a text as well.
DROPPED_METHODS = {"strip", "lstrip", "rstrip", "lower", "casefold", "upper", "copy"}
OTHER_COMPARISON: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OTHER_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
}

# A place in the tree: names of fields and positions in lists, from the module down.
Step = tuple[str, int | None]
Place = tuple[Step, ...]


@dataclass(frozen=True)
class Slip:
    """One slip: where it is, what stood there and what stands there now."""

    module: str
    lines: tuple[int, int]  # of what is changed and of the statement that it is in
    before: str
    after: str
    place: Place
    make: Callable[[ast.AST], ast.AST] = field(compare=False)
    function: tuple[str, int] | None = None  # the outermost one that it is in: qualified name, first line

    @property
    def name(self) -> str:
        """Return what tells a slip from others, and does not change when lines above it do."""
        return f"{self.module}: {self.before} → {self.after}"

    def tree(self, source: str) -> ast.Module:
        """Return the module with the slip in it."""
        tree = ast.parse(source)
        *way, (name, at) = self.place
        holder: ast.AST = tree
        for step, i in way:
            value = getattr(holder, step)
            holder = value if i is None else value[i]
        old = getattr(holder, name) if at is None else getattr(holder, name)[at]
        new = ast.copy_location(self.make(old), old)
        if at is None:
            setattr(holder, name, new)
        else:
            getattr(holder, name)[at] = new
        return ast.fix_missing_locations(tree)


def find_slips(path: Path, module: str) -> list[Slip]:
    """Return every slip that can be made in a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[Slip] = []
    for node, place, function in _walk(tree, (), None, ""):
        statement = _statement_of(tree, place)
        for make in _slips_of(node):
            lines = (getattr(node, "lineno", statement.lineno), statement.lineno)
            before, after = _told(node), _told(make(node))
            if node is not statement:
                # A slip is told with the statement that it is in, or two of the same would have one name.
                before = f"{_told(statement)}: {before}"
            found.append(Slip(module, lines, before, after, place, make, function))
    return found


def _told(node: ast.AST) -> str:
    """Return the code of an expression, or of the first line of a statement."""
    return ast.unparse(node).partition("\n")[0].strip()


S = TypeVar("S")


def sample_of(slips: list[S], size: int, seed: int) -> list[S]:
    """Return so many slips, the same ones each time; all of them for 0."""
    if not size or size >= len(slips):
        return slips
    return random.Random(seed).sample(slips, size)  # noqa: S311 - no secret


def _statement_of(tree: ast.Module, place: Place) -> ast.stmt:
    statement = tree.body[0]
    node: ast.AST = tree
    for step, i in place:
        value = getattr(node, step)
        node = value if i is None else value[i]
        if isinstance(node, ast.stmt):
            statement = node
    return statement


def _walk(
    node: ast.AST, place: Place, function: tuple[str, int] | None, scope: str
) -> Iterator[tuple[ast.AST, Place, tuple[str, int] | None]]:
    """Yield each node that may be changed, its place, and the outermost function whose body it is in."""
    yield node, place, function
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params") or _is_type_alias(node):
            continue
        inner, inner_scope = function, scope
        if isinstance(node, ast.ClassDef) and name == "body":
            inner_scope = f"{scope}{node.name}."
        if isinstance(node, ast.FunctionDef) and name == "body" and function is None:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            inner = (f"{scope}{node.name}", first)
        children: Iterable[tuple[int | None, object]]
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for i, child in children:
            if isinstance(child, ast.AST) and not (_is_documentation(child) or _is_assertion(child)):
                yield from _walk(child, (*place, (name, i)), inner, inner_scope)


def _is_documentation(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_assertion(node: ast.AST) -> bool:
    """Tell `strict=True` of `zip`: it asserts what the code before it saw to, and says nothing else."""
    return (
        isinstance(node, ast.keyword)
        and node.arg == "strict"
        and isinstance(node.value, ast.Constant)
        and node.value.value is True
    )


def _is_type_alias(node: ast.AST) -> bool:
    """Tell an assignment whose value is a type: what is named in it decides nothing at run time."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Subscript)
        and ast.unparse(node.value.value) in ("Callable", "Literal", "Annotated", "tuple", "dict", "list")
    )


Make = Callable[[ast.AST], ast.AST]


def _slips_of(node: ast.AST) -> Iterator[Make]:
    yield from _slips_of_operation(node)
    yield from _slips_of_choice(node)
    yield from _slips_of_series(node)
    match node:
        case ast.Constant(value=bool(value)):
            yield _with(value=not value)
        case ast.Constant(value=int(value)):
            yield _with(value=value + 1)
            if value > 1:
                yield _with(value=1)
        case ast.Call():
            yield from _slips_of_call(node)
        case ast.Attribute(attr=name) if name in OTHER_NAME:
            yield _with(attr=OTHER_NAME[name])
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            yield lambda one: ast.Pass()
        case ast.Continue():
            yield lambda one: ast.Break()
        case ast.Break():
            yield lambda one: ast.Continue()


def _slips_of_operation(node: ast.AST) -> Iterator[Make]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                yield from (_with_item("ops", i, other()) for other in OTHER_COMPARISON[type(op)])
        case ast.BoolOp(op=op, values=values):
            yield _with(op=ast.Or() if isinstance(op, ast.And) else ast.And())
            yield from (_without("values", i) for i in range(len(values)))
        case ast.UnaryOp(op=ast.Not()):
            yield lambda one: one.operand  # type: ignore[attr-defined]
        case ast.BinOp(op=operator) if type(operator) in OTHER_OPERATOR:
            yield _with(op=OTHER_OPERATOR[type(operator)]())
        case ast.BinOp(op=ast.BitOr(), left=left, right=right) if not _names_types(node):
            yield _with(left=right, right=left)


def _slips_of_choice(node: ast.AST) -> Iterator[Make]:
    match node:
        case ast.If() | ast.While():
            if isinstance(node, ast.If):
                yield _with(test=ast.Constant(True))
            yield _with(test=ast.Constant(False))
        case ast.IfExp():
            yield lambda one: one.body  # type: ignore[attr-defined]
            yield lambda one: one.orelse  # type: ignore[attr-defined]
        case ast.comprehension(ifs=ifs):
            yield from (_without("ifs", i) for i in range(len(ifs)))


def _slips_of_series(node: ast.AST) -> Iterator[Make]:
    match node:
        case ast.Lambda(body=ast.Tuple(elts=parts)) if len(parts) > 1:
            yield from (_with_body_without(i) for i in range(len(parts)))
        case ast.Slice(lower=lower, upper=upper):
            if lower:
                yield _with(lower=None)
            if upper:
                yield _with(upper=None)
        case ast.Set(elts=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts, ctx=ast.Load()):
            if len(parts) > 1 and all(isinstance(one, ast.Constant) for one in parts):
                yield from (_without("elts", i) for i in range(len(parts)))


def _slips_of_call(node: ast.Call) -> Iterator[Make]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in OTHER_NAME:
        yield _with(func=ast.Name(OTHER_NAME[name], ast.Load()))
    if name in DROPPED_CALLS and node.args:
        other = DROPPED_CALLS[name]
        if other is None:
            yield lambda one: one.args[0]  # type: ignore[attr-defined]
        else:
            yield _with(func=ast.Name(other, ast.Load()), keywords=[])
    if isinstance(node.func, ast.Attribute) and node.func.attr in DROPPED_METHODS and not node.args:
        yield lambda one: one.func.value  # type: ignore[attr-defined]
    yield from (
        _without("keywords", i) for i, one in enumerate(node.keywords) if one.arg and not _is_assertion(one)
    )
    plain = [one for one in node.args[:2] if not isinstance(one, ast.Starred)]
    if len(plain) == 2 and name not in ("isinstance", "cast", "TypeVar", "min", "max"):
        yield _with(args=[node.args[1], node.args[0], *node.args[2:]])


def _names_types(node: ast.AST) -> bool:
    """Tell `int | None` from the union of two sets or maps."""
    return all(
        isinstance(one, ast.Attribute | ast.BinOp | ast.BitOr | ast.expr_context)
        or (isinstance(one, ast.Name) and (one.id[:1].isupper() or one.id in ("str", "int", "bool", "float")))
        or (isinstance(one, ast.Constant) and one.value is None)
        for one in ast.walk(node)
    )


def _with(**parts: object) -> Make:
    def make(node: ast.AST) -> ast.AST:
        new = copy.copy(node)
        for name, value in parts.items():
            setattr(new, name, value)
        return new

    return make


def _with_item(name: str, at: int, value: ast.AST) -> Make:
    def make(node: ast.AST) -> ast.AST:
        new, items = copy.copy(node), [*getattr(node, name)]
        items[at] = value
        setattr(new, name, items)
        return new

    return make


def _without(name: str, at: int) -> Make:
    def make(node: ast.AST) -> ast.AST:
        new, items = copy.copy(node), [*getattr(node, name)]
        del items[at]
        setattr(new, name, items)
        # `x or` is `x`.
        return items[0] if isinstance(node, ast.BoolOp) and len(items) == 1 else new

    return make


def _with_body_without(at: int) -> Make:
    inside = _without("elts", at)
    return lambda node: _with(body=inside(node.body))(node)  # type: ignore[attr-defined]
