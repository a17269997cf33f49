"""The engine and the theme that a mkdocs.yml names: changed there, and all else left as it was typed."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from servicebook.base import yaml_source
from servicebook.editing.formats import FormatError

_PLUGIN = "servicebook"


def with_engine(text: str, name: str, engine: str) -> str:
    """Return mkdocs.yml with an engine for the plugin. Raises SourceError; FormatError without a plugin."""
    plugins = _value(yaml_source.compose(text, name), "plugins")
    for item in plugins.value if isinstance(plugins, SequenceNode) else [plugins]:
        if isinstance(item, ScalarNode) and item.value == _PLUGIN:
            return _replaced(text, item, f"{_PLUGIN}: {{engine: {engine}}}")
        options = _value(item, _PLUGIN)
        if options is not None:
            return _with_option(text, options, engine)
    raise FormatError("no-plugin", name=name)


def with_theme(text: str, name: str, theme: str) -> str:
    """Return mkdocs.yml with another theme. Raises SourceError; FormatError where it names none."""
    node = _value(yaml_source.compose(text, name), "theme")
    named = node if isinstance(node, ScalarNode) else _value(node, "name")
    if named is None:
        raise FormatError("no-theme", name=name)
    return _replaced(text, named, theme)


def _with_option(text: str, options: Node, engine: str) -> str:
    if isinstance(options, MappingNode) and options.value:
        if (named := _value(options, "engine")) is not None:
            return _replaced(text, named, engine)
        first = options.value[0][0]
        between = ", " if options.flow_style else "\n" + " " * first.start_mark.column
        place = first.start_mark.index
        return f"{text[:place]}engine: {engine}{between}{text[place:]}"
    # `servicebook:` with nothing after it, or with an empty map.
    start, end = options.start_mark.index, options.end_mark.index
    before = "" if text[:start].endswith(" ") else " "
    return f"{text[:start]}{before}{{engine: {engine}}}{text[end:]}"


def _value(node: Node | None, key: str) -> Node | None:
    """Return the value of a key in a map; None where there is no such map or key."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for named, value in pairs if getattr(named, "value", None) == key), None)


def _replaced(text: str, node: Node, new: str) -> str:
    return f"{text[: node.start_mark.index]}{new}{text[node.end_mark.index :]}"
