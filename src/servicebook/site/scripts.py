"""Scripts: the modules that every page starts with, joined into one file, so that a page asks for few.

Our modules import by name, at their top, one import a line; that is all of the language of modules that is
understood here. Each becomes a function's result, so that names of two modules never meet. A module that
is only wanted later (the search's engine, a checklist, what keeps the site) stays a file of its own, and may
import these as files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rjsmin import jsmin

PARTS = re.compile(r"assets/js/([\w-]+)\.js")
ENTRY = "assets/js/main.js"
# What the search knows of each language, and where a site has that of its own.
LANGUAGES = re.compile(r"assets/js/languages/([\w-]+)\.js")
SPOKEN = "assets/js/search-language.js"
# What the first pages that people open bring to life. Their own imports come along.
_STARTED = ("menu", "scheme", "search", "ticks", "definition", "share")
_IMPORT = re.compile(r'^import \{ (?P<names>[^}]+) \} from "\./(?P<module>[\w-]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const)", re.MULTILINE)
_NAME = re.compile(
    r"^export (?:(?:async )?function|class|const) (?:(?P<one>[\w$]+)|\[(?P<several>[^\]]+)\])", re.MULTILINE
)
_LATER = "import(`./${name}.js`)"


def join_scripts(parts: Mapping[str, str]) -> str:
    """Return the text of `main.js` with the modules in it that it starts with. `parts` are all, by name."""
    order: list[str] = []
    for name in _STARTED:
        _collect(name, parts, order)
    modules = "".join(f"const {_variable(name)} = {_as_function(parts[name])};\n" for name in order)
    known = ", ".join(f'"{name}": {_variable(name)}' for name in _STARTED)
    here = f"(HERE[name] ? Promise.resolve(HERE[name]) : {_LATER})"
    main = parts["main"].replace(_LATER, here)
    return without_comments(f"{modules}const HERE = {{ {known} }};\n{main}")


def without_comments(text: str) -> str:
    """Return a script as it is sent: comments and spaces are for maintainers."""
    return str(jsmin(text))


def _collect(name: str, parts: Mapping[str, str], order: list[str]) -> None:
    """Add a module behind those that it imports."""
    if name not in order:
        for match in _IMPORT.finditer(parts[name]):
            _collect(match["module"], parts, order)
        order.append(name)


def _as_function(text: str) -> str:
    """Return a module as a call that gives what it exports."""
    names = [match["one"] or match["several"] for match in _NAME.finditer(text)]
    body = _EXPORT.sub("", _IMPORT.sub(_taken, text))
    return f"(() => {{\n{body}return {{ {', '.join(names)} }};\n}})()"


def _taken(match: re.Match[str]) -> str:
    names = match["names"].replace(" as ", ": ")
    return f"const {{ {names} }} = {_variable(match['module'])};\n"


def _variable(name: str) -> str:
    return f"${name.replace('-', '_')}"
