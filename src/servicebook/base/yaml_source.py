"""One YAML file to plain data: text, lists and maps, each problem with its line and column.

Scalars stay text, so that `no`, `22:30` and `012` are what the editor wrote; the model decides what a field
means. Anchors, tags and several documents are refused: a content file needs none of them, and they are
how a small file becomes a large or a dangerous one.
"""

from __future__ import annotations

import contextlib
import errno
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from servicebook.base.files import code_of
from servicebook.base.problems import Location, Problem, Severity

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
NULLS = frozenset({"", "~", "null"})
# What a deep file must have: many brackets, deep indentation, or a run of "- - -".
_INDENTED = " " * 40
_DASHES = re.compile(r"[-?] +(?:[-?] +){7}")
# Line ends of YAML 1.1 that no editor counts as lines: positions after them would be wrong.
_ODD_LINE_ENDS = "\x85\u2028\u2029"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
# What git leaves in a file where two people changed the same lines. Who mends it may miss any of these lines,
# and move those that have a name further in.
_CONFLICT = re.compile(r"^(?:[ \t]*(?:<{7}|>{7}|\|{7}) |(?:<{7}|={7}|>{7}|\|{7})\r?$)", re.MULTILINE)
# A comment that may be meant as text, where a value has ended.
_CUT = re.compile(r"[ \t]+(#[^\s#].*)")
_LINE_END = re.compile(r"\r\n?|\n")
_NOT_A_FILE = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR})
# An anchor, an alias or a tag begins with one of these, where a value may begin: not in the midst of a text.
_SIGN = re.compile("[&*!]")
# libyaml's messages, by a piece of them, and the rule that says the same in plain words.
_SYNTAX = (
    ("mapping values are not allowed", "syntax-colon"),
    ("found unexpected ':'", "syntax-colon"),
    ("did not find expected ',' or", "syntax-bracket"),
    ("found undefined alias", "syntax-star"),
    ("while scanning an alias", "syntax-star"),
    ("while scanning an anchor", "syntax-star"),
    ("parsing a tag", "syntax-star"),
    ("scanning a tag", "syntax-star"),
    ("undefined tag handle", "syntax-star"),
    ("found a tab character", "tab"),
    ("escape", "syntax-escape"),
    ("hexdecimal", "syntax-escape"),
    ("a quoted scalar", "syntax-quote"),
    ("a block scalar", "syntax-block"),
    ("directive", "syntax-percent"),
    ("incompatible YAML", "syntax-percent"),
    ("cannot start any token", "syntax-character"),
    ("expected node content", "syntax-character"),
    ("mapping keys are not allowed", "syntax-character"),
    ("sequence entries are not allowed", "syntax-character"),
    ("expected a single document", "several-documents"),
    ("could not find expected ':'", "syntax-missing-colon"),
    ("expected '-' indicator", "syntax-dash"),
    ("did not find expected key", "syntax-key"),
    ("expected <document start>", "syntax-key"),
)
# What a word processor writes in the place of the signs of YAML: a dash or a point before an element of a
# list, and quotation marks around a text.
LIST_SIGN = re.compile(r"[ \t]*([–—−‐‑•·▪‣◦●])(?=[ \t\u00a0])")
_CURLY_QUOTE = re.compile(r"[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?([“”„‟‘’])")
# Mistakes that libyaml notices later, at the end of the file or on the next line, and not where they begin.
_SHOWN_LATE = frozenset({"syntax-quote", "syntax-bracket", "syntax-missing-colon", "syntax-star"})
# What it says of a text that stands in quotation marks which YAML does not take for any.
_AT_QUOTE = frozenset({"syntax-colon", "syntax-after"})


class SourceError(Exception):
    """Raised when a file cannot be read as YAML; carries the one problem that stopped it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.rule)


class _Composer(CParser):
    """libyaml's composer without tag resolution: the node's class says all that we need."""

    def __init__(self, stream: str) -> None:
        CParser.__init__(self, stream)

    def resolve(self, kind: type[Node], value: object, implicit: object) -> type[Node]:
        return kind

    def descend_resolver(self, parent: object, index: object) -> None:
        """No resolution by path."""

    def ascend_resolver(self) -> None:
        """No resolution by path."""


def read_bytes(path: Path, shown: str) -> bytes:
    """Return a file's bytes; `shown` is the path that problems name.

    Raises SourceError when it is no regular file, too large, or cannot be read.
    """

    def refuse(rule: str, **values: object) -> SourceError:
        return SourceError(Problem(Location(shown), rule, values))

    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refuse("not-a-file")
        if status.st_size > MAX_BYTES:
            raise refuse("too-large", megabytes=f"{status.st_size / 1e6:.1f}", limit=MAX_BYTES // 10**6)
        return path.read_bytes()
    except OSError as error:
        if error.errno in _NOT_A_FILE:
            raise refuse("not-a-file") from error
        raise refuse("unreadable", reason=code_of(error)) from error


def decode(data: bytes, shown: str) -> tuple[str, list[Problem]]:
    """Return a file's text and its warnings. Raises SourceError when it is not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8", "replace")
        values = {"byte": f"{data[error.start]:02X}"}
        raise SourceError(Problem(location_after(good, shown), "not-utf8", values)) from error
    if text.startswith("\ufeff"):
        return text[1:], [Problem(Location(shown), "bom", severity=Severity.WARNING)]
    return text, []


def read_text(path: Path, shown: str = "") -> str:
    """Return a file's text, without its warnings. Raises SourceError."""
    return decode(read_bytes(path, shown), shown)[0]


def parse(text: str, shown: str = "") -> Any:
    """Return what a text holds, without the problems of its keys. Raises SourceError."""
    return to_data(compose(text, shown), shown, [])


def compose(text: str, shown: str) -> Node:
    """Return the root node of the one document in `text`. Raises SourceError."""
    if any(end in text for end in _ODD_LINE_ENDS):
        raise SourceError(control_character(text, shown))
    if conflict := find_conflict(text, shown):
        raise SourceError(conflict)
    try:
        _refuse_unusual(text, shown)
        node = _Composer(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise SourceError(explain(error, text, shown)) from error
    except yaml.reader.ReaderError as error:
        raise SourceError(control_character(text, shown)) from error
    if node is None or (isinstance(node, ScalarNode) and node.value in NULLS):
        raise SourceError(Problem(Location(shown), "empty-file"))
    return node


def find_conflict(text: str, shown: str) -> Problem | None:
    """Return the problem of the first line that git left where two versions met, or None."""
    if not any(sign * 7 in text for sign in "<>=|"):
        return None  # as in nearly every file
    conflict = _CONFLICT.search(text)
    return conflict and Problem(location_after(text[: conflict.start()], shown), "merge-conflict")


def to_data(node: Node, shown: str, problems: list[Problem]) -> Any:
    """Return the node as text, lists, maps and None; adds a problem for each duplicate or odd key."""
    if isinstance(node, ScalarNode):
        if node.style == '"' and (odd := _CONTROL.search(node.value)):
            code = f"{ord(odd.group()):04X}"
            problems.append(Problem(location_of(node, shown), "control-character", {"code": code}))
        return None if not node.style and node.value in NULLS else node.value
    if isinstance(node, SequenceNode):
        return [to_data(child, shown, problems) for child in node.value]
    data: dict[str, Any] = {}
    first: dict[str, Node] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem(location_of(key_node, shown), "key-not-text"))
            continue
        key = key_node.value
        if key in first:
            values = {"key": key, "line": first[key].start_mark.line + 1}
            problems.append(Problem(location_of(key_node, shown), "duplicate-key", values))
            continue
        first[key] = key_node
        data[key] = to_data(value_node, shown, problems)
    return data


def find_cut(root: Node, text: str, shown: str) -> Iterator[Problem]:
    """Yield a warning for each text that a « #» may have cut short: «Caja #2» is «Caja» with a comment.

    Who writes a comment leaves a blank after the sign, or begins a line with it.
    """
    if " #" not in text and "\t#" not in text:
        return  # as in nearly every file
    lines = text.splitlines()
    for node in nodes_of(root):
        end = node.end_mark
        if isinstance(node, ScalarNode) and not node.style and end.line < len(lines):
            cut = _CUT.match(lines[end.line], end.column)
            if cut:
                place = Location(shown, end.line + 1, cut.start(1) + 1)
                yield Problem(place, "text-cut", {"text": cut[1]}, Severity.WARNING)


def nodes_of(root: Node) -> Iterator[Node]:
    """Yield a node and all below it, keys too; one that aliases lead back to, once."""
    todo, seen = [root], set[int]()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        for inner in node.value if isinstance(node.value, list) else ():
            todo += inner if isinstance(inner, tuple) else [inner]


def repeated_keys(root: Node) -> Iterator[tuple[ScalarNode, ScalarNode]]:
    """Yield each key that its map has already, with the first of them, wherever in a file they are."""
    for node in nodes_of(root):
        first: dict[str, ScalarNode] = {}
        for key, _ in node.value if isinstance(node, MappingNode) else ():
            if isinstance(key, ScalarNode) and first.setdefault(key.value, key) is not key:
                yield key, first[key.value]


def location_of(node: Node, shown: str) -> Location:
    """Return where a node starts."""
    return Location(shown, node.start_mark.line + 1, node.start_mark.column + 1)


def find_node(root: Node, path: Sequence[str | int], at_key: bool = False) -> Node:
    """Return the node at `path`, or the deepest one on the way to it.

    With `at_key`, the last segment gives the key itself and not its value. Segments that match nothing
    are skipped: a validator's path may name things that are not in the file.
    """
    node = root
    for depth, segment in enumerate(path):
        if isinstance(node, MappingNode):
            for key_node, value_node in node.value:
                if isinstance(key_node, ScalarNode) and key_node.value == str(segment):
                    node = key_node if at_key and depth == len(path) - 1 else value_node
                    break
        elif isinstance(node, SequenceNode) and isinstance(segment, int) and segment < len(node.value):
            node = node.value[segment]
    return node


def find_plain_value(text: str, key: str, shown: str) -> Location | None:
    """Return where the value of a key at the top stands, when it is plain text on the key's own line.

    A playbook may have thousands of warnings about ids; composing a file for each would take longer than
    all the rest.
    """
    match = re.search(rf"^{re.escape(key)}: +(?=[\w])", text, re.MULTILINE)
    if match is None:
        return None
    return Location(shown, text.count("\n", 0, match.start()) + 1, match.end() - match.start() + 1)


def _refuse_unusual(text: str, shown: str) -> None:
    """Refuse anchors, aliases, tags and depth, by events: composing those could itself be the attack."""
    deep = text.count("[") + text.count("{") > 200 or _INDENTED in text or _DASHES.search(text)
    if not deep and not any(_may_begin_value(text, sign.start()) for sign in _SIGN.finditer(text)):
        return
    depth = 0
    for event in _events(text):
        mark: Any = event.start_mark
        location = Location(shown, mark.line + 1, mark.column + 1)
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise SourceError(Problem(location, "too-deep", {"limit": MAX_DEPTH}))
        if isinstance(event, AliasEvent):
            raise SourceError(Problem(location, "alias", {"name": event.anchor}))
        if isinstance(event, NodeEvent) and event.anchor:
            raise SourceError(Problem(location, "anchor", {"name": event.anchor}))
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise SourceError(Problem(location, "tag", {"tag": tag}))


def _may_begin_value(text: str, place: int) -> bool:
    if place and text[place - 1] not in "-?:[{,\n\r\t ":
        return False
    bare = place
    while bare and text[bare - 1].isspace():
        bare -= 1
    return not bare or text[bare - 1] in "-?:[{," or "\n" in text[bare:place]


def _events(text: str) -> Iterator[Event]:
    parser = _Composer(text)
    while (event := parser.get_event()) is not None:
        yield event


def _open_bracket(text: str) -> Any:
    """Return the mark of the innermost bracket or brace that a text which breaks off leaves open."""
    begun: list[Any] = []
    with contextlib.suppress(yaml.MarkedYAMLError):
        for event in _events(text):
            if isinstance(event, CollectionStartEvent):
                begun.append(event.start_mark)
            elif isinstance(event, CollectionEndEvent):
                begun.pop()
    return next((mark for mark in reversed(begun) if text[mark.index] in "[{"), None)


def location_after(text: str, shown: str) -> Location:
    """Return the place of what follows `text` in a file that begins with it."""
    lines = _LINE_END.split(text)
    return Location(shown, len(lines), len(lines[-1]) + 1)


def control_character(text: str, shown: str) -> Problem:
    """Return the problem of the first control character of a text that has one."""
    before, character = text, "\0"
    if odd := _CONTROL.search(text):
        before, character = text[: odd.start()], odd.group()
    return Problem(location_after(before, shown), "control-character", {"code": f"{ord(character):04X}"})


def explain(error: yaml.MarkedYAMLError, text: str, shown: str) -> Problem:
    """Return libyaml's complaint as one of our rules, at the place of the mistake, not where it shows."""
    said = f"{error.context or ''} {error.problem or ''}"
    rule = next((rule for piece, rule in _SYNTAX if piece in said), "syntax")
    mark = error.problem_mark or error.context_mark
    if rule in _SHOWN_LATE and error.context_mark:
        mark = error.context_mark
    if rule == "syntax-character" and mark and not text[mark.index :].strip():
        # The file ends where a bracket awaits its next element.
        rule, mark = "syntax-bracket", _open_bracket(text) or mark
    lines = text.splitlines() or [""]
    # libyaml's end of the file may be a line below the last one.
    line = min(mark.line, len(lines) - 1) if mark else 0
    content = lines[line]
    column = min(mark.column, len(content)) if mark and mark.line == line else 0
    character = content[column : column + 1]
    if rule == "syntax-character" and "\t" in content[: column + 1]:
        rule = "tab"
    if rule == "syntax-key" and (content[:column].strip() or character in "]}"):
        rule = "syntax-after"
    if found := (_CURLY_QUOTE if rule in _AT_QUOTE else LIST_SIGN).match(content):
        rule = "curly-quotes" if rule in _AT_QUOTE else "list-sign"
        return Problem(Location(shown, line + 1, found.start(1) + 1), rule, {"sign": found[1]})
    values: dict[str, object] = {}
    if rule == "syntax-character" and character:
        values["character"] = character
    elif rule in ("syntax", "syntax-character"):
        rule = "syntax"
    return Problem(Location(shown, line + 1, column + 1), rule, values)
