"""The Jinja environment of pages written by hand: macros and plain values, and no way to anything else.

A proposal may change any page, and whoever looks at it builds it: what a page says must not run as a program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

# What a page may ask of itself and of its site, by the name of the object that has it.
_SHOWN = {
    "page": ("title", "url", "meta"),
    "config": ("site_name", "site_description", "site_url", "extra"),
}
# What mkdocs-macros offers besides: the machine, the program's inside, and every file.
_HIDDEN = frozenset(
    {"environment", "plugin", "git", "macros", "filters", "filters_builtin", "navigation", "files"}
)
_INTROSPECTION = "mkdocs_macros.context"
# Longer than any page, and short enough for any memory.
_LONGEST = 1_000_000


class PageEnvironment(ImmutableSandboxedEnvironment):
    """Renders pages as another environment would, without reaching what is no value and no macro."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, model: jinja2.Environment, macros: Mapping[str, Callable[..., Any]]) -> None:
        """`model` gives the signs, the loader and the filters.

        Of `macros`, those that only tell of the program itself are left out.
        """
        super().__init__(
            block_start_string=model.block_start_string,
            block_end_string=model.block_end_string,
            variable_start_string=model.variable_start_string,
            variable_end_string=model.variable_end_string,
            comment_start_string=model.comment_start_string,
            comment_end_string=model.comment_end_string,
            extensions=tuple(model.extensions),
            undefined=model.undefined,
            loader=model.loader,
        )
        self.filters.update(model.filters)
        self.globals.update({name: macro for name, macro in macros.items() if _is_for_pages(macro)})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse to make what no memory holds."""
        sizes = [len(it) if isinstance(it, str | list | tuple) else it for it in (left, right)]
        if all(isinstance(size, int) for size in sizes):
            exponent = operator == "**"
            if sizes[1] > 1000 if exponent else abs(sizes[0] * sizes[1]) > _LONGEST:
                raise jinja2.exceptions.SecurityError(f"{operator} {right}")
        return super().call_binop(context, operator, left, right)


class _PageTemplate(jinja2.Template):
    """A page: it sees of its variables what pages may."""

    def render(self, *arguments: Any, **variables: Any) -> str:
        return super().render(*arguments, **visible(variables))


PageEnvironment.template_class = _PageTemplate


def visible(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page may use of the variables that there are."""
    shown = {name: value for name, value in variables.items() if name not in _HIDDEN}
    for name, fields in _SHOWN.items():
        if name in shown:
            shown[name] = {field: getattr(shown[name], field, None) for field in fields}
    return shown


def _is_for_pages(macro: object) -> bool:
    return getattr(macro, "__module__", "") != _INTROSPECTION
