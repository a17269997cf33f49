"""The comments and blank lines of a YAML text, each given to the node that it stands by."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

# What is blank to YAML; Python takes a space that does not break for blank too.
_BLANK = " \t\r"
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # all that YAML counts as the end of a line


_COMMENT = re.compile(r"(?:^|[ \t])#")


_HEADER = re.compile(r"[>|][-+0-9]*")


@dataclass
class Notes:
    """What stands around a key or an element: lines before it, a remark on its line, lines after it.

    A line is a comment, or "" for a blank line.
    """

    before: list[str] = field(default_factory=list)
    remark: str = ""
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Anchor:
    """Where a key or an element starts, the node that its notes are kept under, and whether it is the first
    of what it stands in."""

    line: int
    column: int
    node: Node
    first: bool


class Commented:
    """The comments and blank lines of a text, each given to the node that it stands by."""

    def __init__(self, text: str, root: Node) -> None:
        self.notes: dict[int, Notes] = {}
        self.head: list[str] = []
        self.foot: list[str] = []
        self._lines = _BREAK.split(text)
        self._anchors: list[_Anchor] = []
        self._inside: set[int] = set()  # lines that are a scalar's from their first column
        self._scalar_end: dict[int, int] = {}  # line: the column after the last scalar that ends on it
        self._start = root.start_mark.line
        self._visit(root)
        self._anchors.sort(key=lambda anchor: (anchor.line, anchor.column))
        self._give_lines()

    def _visit(self, node: Node) -> None:
        if isinstance(node, ScalarNode):
            self._visit_scalar(node)
            return
        pairs = node.value if isinstance(node, MappingNode) else [(None, child) for child in node.value]
        for place, (key, child) in enumerate(pairs):
            here = key or child
            if isinstance(node, MappingNode) or not _is_one_line(node):
                line, column = here.start_mark.line, here.start_mark.column
                if key is None and not is_flow(node):
                    column = node.start_mark.column
                    line = self._dash(line, column)
                self._anchors.append(_Anchor(line, column, here, first=place == 0))
            if key is not None:
                self._visit(key)
            self._visit(child)

    def _dash(self, line: int, column: int) -> int:
        """Return the line of the dash that an element of a block list starts at, in the list's column.

        What the element says may begin further down, below comments.
        """
        while line and (self._lines[line][column : column + 1] != "-" or _is_comment(self._lines[line])):
            line -= 1
        return line

    def _visit_scalar(self, node: ScalarNode) -> None:
        start, end = node.start_mark, node.end_mark
        last = end.line
        if node.style in ("|", ">"):
            header = _HEADER.match(self._lines[start.line], start.column)
            self._scalar_end[start.line] = header.end() if header else start.column
            last = end.line if end.column else end.line - 1
            # Blank lines below a block separate fields, unless its header keeps them as part of the text.
            kept = header is not None and "+" in header.group()
            while not kept and not self._lines[last].strip(_BLANK):
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
            if number == self._start and not self._anchors:
                self.head.extend(text for _, text in pending)
                pending = []
            while position < len(self._anchors) and self._anchors[position].line <= number:
                if pending:
                    self._give(pending, position)
                    pending = []
                position += 1
            stripped = line.strip(_BLANK)
            if starts and stripped.startswith("#"):
                pending.append((len(line) - len(line.lstrip()), stripped))
            elif starts and not stripped:
                pending.append((-1, ""))
            elif (starts or number in self._scalar_end) and (
                match := _COMMENT.search(line, self._scalar_end.get(number, 0))
            ):
                self._remark(number, line[match.start() :].strip(_BLANK))
        self._finish(pending)

    def _give(self, pending: list[tuple[int, str]], position: int) -> None:
        """Give whole-line comments to what follows them, or to what they follow if they are indented so."""
        following = self._anchors[position]
        if position == 0:
            self.head.extend(text for _, text in pending)
            return
        # Above the first of a block there is only what the block belongs to, whose end it would be moved to.
        while pending and pending[0][0] > following.column and not following.first:
            column, text = pending.pop(0)
            self._notes(self._before(position, column)).after.append(text)
        # What has notes stands on a line of its own, so nobody is given none.
        if pending:
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
        position = bisect_right(self._anchors, number, key=lambda anchor: anchor.line)
        if position == 0:
            self.head.append(text)
            return
        notes = self._notes(self._anchors[position - 1].node)
        if notes.remark:
            notes.after.append(text)
        else:
            notes.remark = text

    def _notes(self, node: Node) -> Notes:
        return self.notes.setdefault(id(node), Notes())


def _is_comment(line: str) -> bool:
    return line.lstrip(_BLANK).startswith("#")


def _is_one_line(node: Node) -> bool:
    return is_flow(node) and node.start_mark.line == node.end_mark.line


def is_flow(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)
