"""Jinja for the components: what is fixed in them is put in once, and what was compiled is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from servicebook.base.cache import FileCache
from servicebook.language.messages import Messages

# Of what we compile differently from Jinja, a change makes other code of the same template.
_OURS = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


# What a script reads of a page is text too: an accented letter takes two bytes, where its number takes six.
JSON = {"ensure_ascii": False}


class TemplateCache(jinja2.BytecodeCache):
    """Compiled templates in the user's cache folder: what `__pycache__` is to Python's modules."""

    def __init__(self, setting: str) -> None:
        """`setting` stands for what the compiled code depends on, besides the template and this module."""
        self._files = FileCache(None, "templates")
        self._setting = setting

    def get_source_checksum(self, source: str) -> str:
        """Return what tells one version of a template from another."""
        return hashlib.sha256(f"{_OURS} {self._setting} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a compiled template from the cache, if it is there; Jinja compares its version."""
        if code := self._files.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template in the place of its earlier version."""
        self._files.put(bucket.key, bucket.bytecode_to_string())


_MARKS = re.compile("[&<>\"']").search
_INDENT = re.compile(r"\n\s+")


def _escape(value: object) -> str:
    """Return the HTML of what a component prints: `markupsafe.escape`, without wrapping what is safe already.

    Most of what is printed holds nothing to escape, and to wrap it takes longer than to look.
    """
    if type(value) is Markup or (type(value) is str and not _MARKS(value)):
        return value
    return escape(value)


class _Macro(Macro):
    """A macro that is called at once where it gets all that it takes, by place; Jinja sorts that out."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        takes_more = self.caller or self.catch_kwargs or self.catch_varargs
        self._at_once = None if takes_more else self._argument_count

    def __call__(self, *arguments: Any, **options: Any) -> str:
        """Return the HTML of the macro called with these arguments."""
        if options or len(arguments) != self._at_once:
            return super().__call__(*arguments, **options)
        return str.__new__(Markup, self._func(*arguments))


class _Code(CodeGenerator):
    """Compiles a call to a call. Jinja first asks whether a function wants the context; none of ours does."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Write the call of a macro or of one of the environment's functions."""
        names = (keyword.key for keyword in node.kwargs)
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(map(iskeyword, names)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write the definition of a macro, as one of ours."""
        self.write("environment.")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.escape(")


class Components(jinja2.Environment):
    """The environment of the components in `folders`, the first that has one, in the language of `say`."""

    code_generator_class = _Code
    Macro = _Macro
    escape = staticmethod(_escape)

    def __init__(self, folders: Sequence[Path], say: Messages) -> None:
        super().__init__(
            loader=jinja2.FileSystemLoader(folders),
            bytecode_cache=TemplateCache(say.digest),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.policies["json.dumps_kwargs"] = self.policies["json.dumps_kwargs"] | JSON
        self._say = self.globals["say"] = say

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Fixed(self._say).visit(super()._parse(source, name, filename))
        return tree


class _Fixed(NodeTransformer):
    """Makes what a template always says what it is in the end.

    A sentence takes the place of each call that only looks one up, `say("facts.title")`, and a line begins
    where its text does: that it is indented is for those who read the template, and weighs on a phone.
    """

    def __init__(self, say: Messages) -> None:
        self._say = say

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        """Return the text without the blanks that its lines begin with."""
        return nodes.TemplateData(_INDENT.sub("\n", node.data), lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        """Return the sentence that the call asks for, or the call where it needs values, or is another."""
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name="say"),
                args=[nodes.Const(value=key)],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ) if key in self._say:
                return nodes.Const(self._say(key), lineno=node.lineno, environment=node.environment)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        """Return a filtered expression as it is: of a fixed text, Jinja would run the filter but once."""
        return node
