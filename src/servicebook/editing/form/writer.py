"""Nodes and plain data to the lines of the canonical form."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from servicebook.base import yaml_source
from servicebook.base.yaml_source import SourceError
from servicebook.content.shapes import Shape
from servicebook.editing.form.comments import Notes

WIDTH = 100


# A blank line that is part of a text, and not between fields, until the whole file is written.
EMPTY = "\0"


_RESOLVER: Any = yaml.resolver.Resolver()


_NUMBER = re.compile(r"[-+]?(\.\d+|\d[\d_]*(\.\d*)?)([eE][-+]?\d+)?|0o[0-7]+")


# What ends a document where it stands at the start of a line, as a key does.
_DOCUMENT = re.compile(r"(---|\.\.\.)([ \t]|$)")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def dump(data: Any, shape: Shape | None) -> list[str]:
    """Return the canonical lines of plain data: text, numbers, lists and maps."""
    return tidy(Writer({}).document(_to_node(data), shape))


class Writer:
    """Nodes to canonical lines, with the notes of each."""

    def __init__(self, notes: dict[int, Notes]) -> None:
        self._notes = notes

    def document(self, root: Node, shape: Shape | None) -> list[str]:
        if isinstance(root, ScalarNode):
            return self._scalar("", root, shape, 0, Notes())
        if not root.value:
            return ["{}" if isinstance(root, MappingNode) else "[]"]
        return self._block(root, shape, 0)

    def _block(self, node: Node, shape: Shape | None, indent: int) -> list[str]:
        lines: list[str] = []
        if isinstance(node, MappingNode):
            for key, child in self._ordered(node, shape):
                quotes = _needs_quotes(key.value, True) or _DOCUMENT.match(key.value)
                name = _quoted(key.value) if quotes else key.value
                lines.extend(self._noted(key, f"{name}:", child, _inner(shape, key.value), indent))
        else:
            inner = shape.inner if shape else None
            for child in node.value:
                lines.extend(self._noted(child, "-", child, inner, indent))
        return lines

    def _noted(self, owner: Node, prefix: str, node: Node, shape: Shape | None, indent: int) -> list[str]:
        notes = self._notes.get(id(owner), Notes())
        before = [_indented(text, indent) for text in notes.before]
        after = [_indented(text, indent) for text in notes.after]
        return [*before, *self._value(prefix, node, shape, indent, notes), *after]

    def _value(self, prefix: str, node: Node, shape: Shape | None, indent: int, notes: Notes) -> list[str]:
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
        self, prefix: str, node: ScalarNode, shape: Shape | None, indent: int, notes: Notes
    ) -> list[str]:
        remark = f" {notes.remark}" if notes.remark else ""
        start = f"{' ' * indent}{prefix} " if prefix else ""
        if not node.style and node.value in yaml_source.NULLS:
            return [f"{start}null{remark}"]
        quotes = _needs_quotes(node.value, shape is None or shape.is_text)
        quotes = quotes or bool(not start and _DOCUMENT.match(node.value))
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
            lines.extend([EMPTY] * len(piece))
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


def tidy(lines: list[str]) -> list[str]:
    """Keep one blank line of several, and none at the ends; those inside a text are all kept."""
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return ["" if line == EMPTY else line for line in out]


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
