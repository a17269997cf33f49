"""The templates and styles that a project can put its own in the place of, as their first comments say."""

from __future__ import annotations

import re
from pathlib import Path

from servicebook.base.resources import theme_folder
from servicebook.language.messages import Messages
from servicebook.reference.told import Named, Topic

_COMPONENTS = Path("components")
# Pages that stand by themselves, outside of the site.
_APART = ("admin", "audit_report.html")
_STYLES = Path("assets/css")
_COMMENT = re.compile(r"\s*(?:\{#-?|/\*)(.*?)(?:-?#\}|\*/)", re.DOTALL)
_TAKES = re.compile(r"\bTakes (.*)\.$")
_VARIABLE = re.compile(r"(--pb-[a-z-]+):([^;]+);")


def templates_of(say: Messages) -> list[Topic]:
    """Return the components with what they take, the other templates, the styles, and their variables."""
    folder = theme_folder()
    files = [
        path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.suffix in (".html", ".css")
    ]
    parts = {
        "components": [path for path in files if path.parent == _COMPONENTS],
        "templates": [
            path
            for path in files
            if path.suffix == ".html" and path.parts[0] not in (*_APART, str(_COMPONENTS))
        ],
        "styles": [path for path in files if path.parent == _STYLES],
    }
    topics = [
        Topic(name, say(f"reference.{name}"), rows=tuple(_told(folder, path) for path in its))
        for name, its in parts.items()
    ]
    source = (folder / _STYLES / "tokens.css").read_text(encoding="utf-8")
    # The first of each is that of the light scheme.
    values: dict[str, str] = {}
    for name, value in _VARIABLE.findall(source):
        values.setdefault(name, value)
    rows = tuple(Named(name, value) for name, value in values.items())
    return [*topics, Topic("variables", say("reference.variables"), rows=rows)]


def _told(folder: Path, path: Path) -> Named:
    """Return what a template's first comment says of it."""
    comment = _COMMENT.match((folder / path).read_text(encoding="utf-8"))
    told = " ".join(comment[1].split()) if comment else ""
    takes = _TAKES.search(told)
    return Named(
        path.as_posix(),
        told[: takes.start()].strip() if takes else told,
        takes[1] if takes else "",
        quoted=True,
    )
