"""The one canonical form of the content files: order of fields, quotes, folding, lists; comments stay.

The form is a function of the data, the comments and the blank lines alone, so that two people (or a person
and the browser's forms) who write the same thing write the same bytes. The data never change: a file whose
new text would read differently is a defect here, and `format_text` raises rather than return it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from servicebook import yaml_source
from servicebook.load import LISTS, SETTINGS_FILE
from servicebook.model import FOLDERS
from servicebook.problems import Location, Problem
from servicebook.shapes import Shape, shape_of
from servicebook.yaml_source import SourceError

WIDTH = 100
# A blank line that is part of a text, and not between fields, until the whole file is written.
_EMPTY = "\0"
_RESOLVER: Any = yaml.resolver.Resolver()
_NUMBER = re.compile(r"[-+]?(\.\d+|\d[\d_]*(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # all that YAML counts as the end of a line
_COMMENT = re.compile(r"(?:^|[ \t])#")
_HEADER = re.compile(r"[>|][-+0-9]*")


@dataclass
class _Notes:
    """What stands around a key or an element: lines before it, a remark on its line, lines after it.

    A line is a comment, or "" for a blank line.
    """

    before: list[str] = field(default_factory=list)
    remark: str = ""
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Anchor:
    """Where a key or an element starts, and the node that its notes are kept under."""

    line: int
    column: int
    node: Node


@dataclass(frozen=True)
class Unformatted:
    """A file as it is, and as it should be."""

    path: Path
    shown: str
    text: str
    written: str


def format_text(text: str, shown: str, shape: Shape | None) -> str:
    """Return a file's text in canonical form. `shape` is what it holds; unknown fields keep their order.

    Raises SourceError when the text cannot be read as YAML or repeats a key.
    """
    root = yaml_source.compose(text, shown)
    problems: list[Any] = []
    data = yaml_source.to_data(root, shown, problems)
    if problems:
        raise SourceError(problems[0])
    reader = _Commented(text, root)
    body = _Writer(reader.notes).document(root, shape)
    written = "\n".join([*_tidy([*reader.head, *body, *reader.foot]), ""])
    if yaml_source.to_data(yaml_source.compose(written, shown), shown, []) != data:
        raise AssertionError(f"the canonical form of {shown} reads differently")
    return written


def format_playbook(root: Path, shown_root: str, *, write: bool) -> tuple[list[str], list[Problem]]:
    """Put every content file below `root` in canonical form, or with `write` false only look.

    Returns the files that were not in it, and a problem for each file that cannot be read; without `write`
    also for each that is not in canonical form, at the first line that differs.
    """
    changed: list[str] = []
    problems: list[Problem] = []
    for one in find_unformatted(root, shown_root, problems):
        changed.append(one.shown)
        if write:
            one.path.write_text(one.written, encoding="utf-8", newline="\n")
        else:
            problems.append(_what_differs(one))
    return changed, problems


def find_unformatted(root: Path, shown_root: str, problems: list[Problem]) -> Iterator[Unformatted]:
    """Yield each content file that is not in canonical form; adds a problem for each that cannot be read."""
    for path, shape in content_files(root):
        shown = f"{shown_root}/{path.relative_to(root).as_posix()}"
        try:
            data = yaml_source.read_bytes(path, shown)
            text, _ = yaml_source.decode(data, shown)
            written = format_text(text, shown, shape)
        except SourceError as error:
            problems.append(error.problem)
            continue
        if written.encode() != data:
            yield Unformatted(path, shown, text, written)


def _what_differs(one: Unformatted) -> Problem:
    """Return the problem of a file that is not in canonical form, at the first line that differs."""
    if one.text.replace("\r\n", "\n") == one.written and "\r" in one.text:
        return Problem(Location(one.shown), "windows-lines")
    return Problem(Location(one.shown, _first_difference(one.text, one.written)), "not-formatted")


def _first_difference(text: str, written: str) -> int:
    """Return the first line of `text` that is written otherwise."""
    pairs = zip(text.split("\n"), written.split("\n"), strict=False)
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)


def dump(data: Any, shape: Shape | None) -> list[str]:
    """Return the canonical lines of plain data: text, numbers, lists and maps."""
    return _tidy(_Writer({}).document(_to_node(data), shape))


def content_files(root: Path) -> Iterator[tuple[Path, Shape]]:
    """Yield every content file of a playbook with the shape of what it holds."""
    for name in (SETTINGS_FILE, *LISTS):
        if (root / name).is_file():
            yield root / name, shape_of(name.removesuffix(".yml"))
    for kind, folder in FOLDERS.items():
        for path in sorted((root / folder).glob("*.yml")):
            yield path, shape_of(kind)


# --- reading comments --------------------------------------------------------------------------------


class _Commented:
    """The comments and blank lines of a text, each given to the node that it stands by."""

    def __init__(self, text: str, root: Node) -> None:
        self.notes: dict[int, _Notes] = {}
        self.head: list[str] = []
        self.foot: list[str] = []
        self._lines = _BREAK.split(text)
        self._anchors: list[_Anchor] = []
        self._inside: set[int] = set()  # lines that are a scalar's from their first column
        self._scalar_end: dict[int, int] = {}  # line: the column after the last scalar that ends on it
        self._visit(root)
        self._anchors.sort(key=lambda anchor: (anchor.line, anchor.column))
        self._give_lines()

    def _visit(self, node: Node) -> None:
        if isinstance(node, ScalarNode):
            self._visit_scalar(node)
            return
        pairs = node.value if isinstance(node, MappingNode) else [(None, child) for child in node.value]
        for key, child in pairs:
            here = key or child
            if isinstance(node, MappingNode) or not _is_one_line(node):
                # An element of a block list starts at its dash, one of the list's columns.
                column = node.start_mark.column if key is None and not _is_flow(node) else None
                start = here.start_mark
                self._anchors.append(_Anchor(start.line, start.column if column is None else column, here))
            if key is not None:
                self._visit(key)
            self._visit(child)

    def _visit_scalar(self, node: ScalarNode) -> None:
        start, end = node.start_mark, node.end_mark
        last = end.line
        if node.style in ("|", ">"):
            header = _HEADER.match(self._lines[start.line], start.column)
            self._scalar_end[start.line] = header.end() if header else start.column
            last = end.line if end.column else end.line - 1
            # Blank lines below a block separate fields, unless its header keeps them as part of the text.
            kept = header is not None and "+" in header.group()
            while not kept and last > start.line and not self._lines[last].strip():
                last -= 1
            self._inside.update(range(start.line + 1, last + 1))
            return
        self._inside.update(range(start.line + 1, last + 1))
        if last > start.line:
            self._scalar_end[start.line] = len(self._lines[start.line])
        self._scalar_end[last] = max(self._scalar_end.get(last, 0), end.column)

    def _give_lines(self) -> None:
        pending: list[tuple[int, str]] = []  # column and text of the whole-line comments not yet given
        position = 0
        for number, line in enumerate(self._lines):
            starts = number not in self._inside
            while position < len(self._anchors) and self._anchors[position].line <= number:
                if pending:
                    self._give(pending, position)
                    pending = []
                position += 1
            stripped = line.strip()
            if starts and stripped.startswith("#"):
                pending.append((len(line) - len(line.lstrip()), stripped))
            elif starts and not stripped:
                pending.append((-1, ""))
            elif (starts or number in self._scalar_end) and (
                match := _COMMENT.search(line, self._scalar_end.get(number, 0))
            ):
                self._remark(number, line[match.start() :].strip())
        self._finish(pending)

    def _give(self, pending: list[tuple[int, str]], position: int) -> None:
        """Give whole-line comments to what follows them, or to what they follow if they are indented so."""
        following = self._anchors[position]
        if position == 0:
            self.head.extend(text for _, text in pending)
            return
        while pending and pending[0][0] > following.column:
            column, text = pending.pop(0)
            self._notes(self._before(position, column)).after.append(text)
        self._notes(following.node).before.extend(text for _, text in pending)

    def _finish(self, pending: list[tuple[int, str]]) -> None:
        """Give the comments at the end of the file: the indented ones to what they follow."""
        if not self._anchors:
            self.foot.extend(text for _, text in pending)
            return
        outermost = self._anchors[0].column
        while pending and pending[0][0] > outermost:
            column, text = pending.pop(0)
            self._notes(self._before(len(self._anchors), column)).after.append(text)
        self.foot.extend(text for _, text in pending)

    def _before(self, position: int, column: int) -> Node:
        """Return the last node before an anchor that starts no further to the right than a comment."""
        for anchor in reversed(self._anchors[:position]):
            if anchor.column <= column:
                return anchor.node
        return self._anchors[0].node

    def _remark(self, number: int, text: str) -> None:
        position = bisect_right([anchor.line for anchor in self._anchors], number)
        if position == 0:
            self.head.append(text)
            return
        notes = self._notes(self._anchors[position - 1].node)
        if notes.remark:
            notes.after.append(text)
        else:
            notes.remark = text

    def _notes(self, node: Node) -> _Notes:
        return self.notes.setdefault(id(node), _Notes())


def _is_one_line(node: Node) -> bool:
    return _is_flow(node) and node.start_mark.line == node.end_mark.line


def _is_flow(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


# --- writing -----------------------------------------------------------------------------------------


class _Writer:
    """Nodes to canonical lines, with the notes of each."""

    def __init__(self, notes: dict[int, _Notes]) -> None:
        self._notes = notes

    def document(self, root: Node, shape: Shape | None) -> list[str]:
        if isinstance(root, ScalarNode):
            return self._scalar("", root, shape, 0, _Notes())
        if not root.value:
            return ["{}" if isinstance(root, MappingNode) else "[]"]
        return self._block(root, shape, 0)

    def _block(self, node: Node, shape: Shape | None, indent: int) -> list[str]:
        lines: list[str] = []
        if isinstance(node, MappingNode):
            for key, child in self._ordered(node, shape):
                name = _quoted(key.value) if _needs_quotes(key.value, True) else key.value
                lines.extend(self._noted(key, f"{name}:", child, _inner(shape, key.value), indent))
        else:
            inner = shape.inner if shape else None
            for child in node.value:
                lines.extend(self._noted(child, "-", child, inner, indent))
        return lines

    def _noted(self, owner: Node, prefix: str, node: Node, shape: Shape | None, indent: int) -> list[str]:
        notes = self._notes.get(id(owner), _Notes())
        before = [_indented(text, indent) for text in notes.before]
        after = [_indented(text, indent) for text in notes.after]
        return [*before, *self._value(prefix, node, shape, indent, notes), *after]

    def _value(self, prefix: str, node: Node, shape: Shape | None, indent: int, notes: _Notes) -> list[str]:
        if isinstance(node, ScalarNode):
            return self._scalar(prefix, node, shape, indent, notes)
        remark = f" {notes.remark}" if notes.remark else ""
        if not node.value:
            return [f"{' ' * indent}{prefix} {'{}' if isinstance(node, MappingNode) else '[]'}{remark}"]
        if flow := self._flow(node, shape, indent + len(prefix) + 1):
            return [f"{' ' * indent}{prefix} {flow}{remark}"]
        inner = self._block(node, shape, indent + 2)
        if prefix == "-" and not notes.remark and not _starts_noted(inner[0]):
            return [f"{' ' * indent}- {inner[0].lstrip(' ')}", *inner[1:]]
        return [f"{' ' * indent}{prefix}{remark}", *inner]

    def _scalar(
        self, prefix: str, node: ScalarNode, shape: Shape | None, indent: int, notes: _Notes
    ) -> list[str]:
        remark = f" {notes.remark}" if notes.remark else ""
        start = f"{' ' * indent}{prefix} " if prefix else ""
        if not node.style and node.value in yaml_source.NULLS:
            return [f"{start}null{remark}"]
        quotes = _needs_quotes(node.value, shape is None or shape.is_text)
        written = _quoted(node.value) if quotes else node.value
        if (quotes and "\n" in node.value) or len(start) + len(written) > WIDTH:
            folded = _folded(node.value, indent + 2)
            if folded:
                return [f"{start}>-{remark}", *folded]
        return [f"{start}{written}{remark}"]

    def _ordered(self, node: Node, shape: Shape | None) -> list[tuple[Any, Node]]:
        order = {one.name: place for place, one in enumerate(shape.fields)} if shape else {}
        return sorted(node.value, key=lambda pair: order.get(pair[0].value, len(order)))

    def _flow(self, node: Node, shape: Shape | None, column: int) -> str | None:
        """Return a list of words on one line, or None where the list is of texts, noted or too long."""
        if not isinstance(node, SequenceNode) or not (shape and shape.inner):
            return None
        inner = shape.inner
        if inner.form in ("text", "list", "map", "model"):
            return None
        words = []
        for child in node.value:
            if not isinstance(child, ScalarNode) or id(child) in self._notes:
                return None
            if not child.style and child.value in yaml_source.NULLS:
                words.append("null")
            else:
                quotes = _needs_quotes(child.value, inner.is_text, flow=True)
                words.append(_quoted(child.value) if quotes else child.value)
        flow = f"[{', '.join(words)}]"
        return flow if column + len(flow) <= WIDTH else None


def _inner(shape: Shape | None, name: str) -> Shape | None:
    if shape is None or shape.form == "map":
        return shape.inner if shape else None
    found = shape.field(name)
    return found.shape if found else None


def _needs_quotes(text: str, is_text: bool, *, flow: bool = False) -> bool:
    """Tell whether YAML would read the bare text as something else than this text."""
    if text in yaml_source.NULLS or _UNPRINTABLE.search(text) or "\n" in text or "\t" in text:
        return True
    # A field that holds no text (a number, true or false) is bare; a date is text to everybody.
    if is_text and not _DATE.fullmatch(text) and _looks_typed(text):
        return True
    return not _reads_back(text, flow)


def _looks_typed(text: str) -> bool:
    tag = _RESOLVER.resolve(ScalarNode, text, (True, False))
    return tag != "tag:yaml.org,2002:str" or bool(_NUMBER.fullmatch(text))


def _reads_back(text: str, flow: bool) -> bool:
    try:
        root = yaml_source.compose(f"k: [{text}, x]" if flow else f"k: {text}", "")
    except SourceError:
        return False
    if not isinstance(root, MappingNode) or len(root.value) != 1:
        return False
    value = root.value[0][1]
    if flow:
        if not isinstance(value, SequenceNode) or len(value.value) != 2:
            return False
        value = value.value[0]
    return isinstance(value, ScalarNode) and not value.style and value.value == text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{_UNPRINTABLE.sub(_escape, escaped)}"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _folded(text: str, indent: int) -> list[str]:
    """Return the lines of a folded scalar, or nothing where folding would change the text."""
    if _UNPRINTABLE.search(text) or "\t" in text or text != text.strip():
        return []
    margin = " " * indent
    lines: list[str] = []
    for piece in re.split(r"(\n+)", text):
        if piece.startswith("\n"):
            lines.extend([_EMPTY] * len(piece))
        elif piece != piece.strip(" "):
            return []
        else:
            lines.extend(_wrapped(piece, WIDTH - indent, margin))
    return lines


def _wrapped(text: str, width: int, margin: str) -> list[str]:
    """Break a paragraph at single spaces, the only places where folding is its own inverse."""
    lines = [""]
    for word in re.split(r"(?<=[^ ]) (?=[^ ])", text):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return [margin + line for line in lines]


def _indented(text: str, indent: int) -> str:
    return " " * indent + text if text else ""


def _starts_noted(line: str) -> bool:
    return not line or line.lstrip(" ").startswith("#")


def _tidy(lines: list[str]) -> list[str]:
    """Keep one blank line of several, and none at the ends; those inside a text are all kept."""
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return ["" if line == _EMPTY else line for line in out]


def _to_node(data: Any) -> Node:
    if isinstance(data, dict):
        return MappingNode("", [(ScalarNode("", str(key)), _to_node(value)) for key, value in data.items()])
    if isinstance(data, list | tuple):
        return SequenceNode("", [_to_node(value) for value in data])
    if data is None:
        return ScalarNode("", "")
    if isinstance(data, bool):
        return ScalarNode("", "true" if data else "false")
    return ScalarNode("", str(data), style=None if str(data) not in yaml_source.NULLS else '"')
