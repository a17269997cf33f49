"""The browser's forms for editors without git: Decap CMS's configuration, made from the model.

The program itself is not part of the engine: it weighs five megabytes and only editors load it. It is fetched
at a pinned version and copied beside what is made here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.messages import Messages
from servicebook.model import ENTRY_TYPES, FOLDERS, Settings
from servicebook.schema import field_key
from servicebook.shapes import Field, Shape, shape_of
from servicebook.theme import theme_folder

PROGRAM = "decap-cms.js"
# Files that hold a list; the forms keep it under this name, since a form's data is a map.
LIST = "entries"
_LIST_FILES = ("glossary", "sources")


class CmsError(Exception):
    """Raised when the program is not where it was said to be."""


@dataclass(frozen=True)
class Backend:
    """Where changes go: the code host and its repository, or a server on this machine for trying it out."""

    name: str
    repository: str = ""
    branch: str = "main"
    base_url: str = ""
    proxy: str = ""

    def config(self) -> dict[str, Any]:
        """Return the part of the configuration that names it."""
        if self.proxy:
            return {"name": "proxy", "proxy_url": self.proxy, "branch": self.branch}
        found: dict[str, Any] = {"name": self.name, "repo": self.repository, "branch": self.branch}
        if self.name == "github":
            # A person without access proposes from a copy of their own.
            found["open_authoring"] = True
        if self.base_url:
            found["base_url"] = self.base_url
        return found


def write_admin(
    out: Path, program: Path, settings: Settings, backend: Backend, root: Path, say: Messages
) -> None:
    """Write the editors' page into `out`; `program` is the folder that holds Decap CMS.

    `root` is the playbook's folder, at the repository's top. Raises CmsError when the program is missing.
    """
    if not (program / PROGRAM).is_file():
        raise CmsError(str(program))
    out.mkdir(parents=True, exist_ok=True)
    for source in sorted(program.glob("*.*js")):
        shutil.copy(source, out / source.name)
    pages = theme_folder() / "admin"
    html = (pages / "index.html").read_text(encoding="utf-8")
    title = say("cms.title", title=settings.title).replace("&", "&amp;").replace("<", "&lt;")
    html = html.replace("{{ language }}", say.language).replace("{{ title }}", title)
    _write(out / "index.html", html)
    for name in ("admin.js", "yaml.js"):
        shutil.copy(pages / name, out / name)
    _write(out / "config.json", _json(config_of(settings, backend, root.name, say)))
    names = (*ENTRY_TYPES, *_LIST_FILES)
    _write(out / "shapes.json", _json({name: _file_data(name, root) for name in names}))
    # Sentences that the program's own Spanish lacks.
    _write(out / "words.json", _json({"editor": {"editorWidgets": {"list": {"add": say("cms.add")}}}}))


def _file_data(name: str, root: Path) -> dict[str, Any]:
    """Return the shape of a file, with the first line that leads an editor to its schema if there is one."""
    schema = f"schemas/{name}.json"
    up = "../.." if name in FOLDERS else ".."
    head = [f"# yaml-language-server: $schema={up}/{schema}"] if (root.parent / schema).is_file() else []
    return {**shape_data(shape_of(name)), "head": head}


def config_of(settings: Settings, backend: Backend, folder: str, say: Messages) -> dict[str, Any]:
    """Return Decap's configuration: a collection for each kind, and the lists of words and works."""
    forms = _Forms(settings, say)
    kinds = [
        {
            "name": kind,
            "label": say(f"kind.{kind}"),
            "label_singular": say(f"name.{kind}"),
            "folder": f"{folder}/{FOLDERS[kind]}",
            "create": True,
            "delete": False,  # what was published is retired, never deleted
            "format": f"servicebook-{kind}",
            "extension": "yml",
            "identifier_field": "id",
            "slug": "{{fields.id}}",
            "summary": "{{id}} · {{title}}",
            "fields": forms.fields(shape_of(kind)),
        }
        for kind in ENTRY_TYPES
    ]
    lists = [
        {
            "name": name,
            "label": say(f"cms.{name}"),
            "format": f"servicebook-{name}",
            "extension": "yml",
            "files": [
                {
                    "name": name,
                    "label": say(f"cms.{name}"),
                    "file": f"{folder}/{name}.yml",
                    "fields": [
                        {
                            "name": LIST,
                            "label": say(f"cms.{name}"),
                            "widget": "list",
                            "summary": "{{fields.id}}",
                            "fields": forms.fields(_element(shape_of(name))),
                        }
                    ],
                }
            ],
        }
        for name in _LIST_FILES
    ]
    return {
        "backend": backend.config(),
        "publish_mode": "simple" if backend.proxy else "editorial_workflow",
        "load_config_file": False,
        "locale": say.language,
        "site_url": settings.address,
        "media_folder": "docs/assets",
        "slug": {"encoding": "unicode", "clean_accents": False},
        "editor": {"preview": False},
        "collections": [*kinds, *lists],
    }


def shape_data(shape: Shape) -> dict[str, Any]:
    """Return a shape as data, for the script that reads and writes YAML in the browser."""
    data: dict[str, Any] = {"form": shape.form}
    if shape.inner:
        data["inner"] = shape_data(shape.inner)
    if shape.fields:
        data["fields"] = [[field.name, shape_data(field.shape)] for field in shape.fields]
    return data


class _Forms:
    """The form of each field, in one language."""

    def __init__(self, settings: Settings, say: Messages) -> None:
        self._settings = settings
        self._say = say

    def fields(self, model: Shape, *, free: bool = False) -> list[dict[str, Any]]:
        """Return the forms of a model's fields; with `free`, none of them must be filled in."""
        return [self._field(model, field, free) for field in model.fields]

    def _field(self, model: Shape, field: Field, free: bool) -> dict[str, Any]:
        form: dict[str, Any] = {
            "name": field.name,
            "label": self._say(f"label.{field.name}"),
            "hint": self._say(field_key(model.model, field.name)),
            "required": field.required and not free,
            **self._widget(field.shape, field.required and not free, field.name),
        }
        if field.default not in (None, [], ()) and field.shape.form in ("choice", "integer", "flag", "line"):
            form["default"] = field.default == "true" if field.shape.form == "flag" else field.default
        return form

    def _widget(self, shape: Shape, required: bool, name: str) -> dict[str, Any]:
        match shape.form:
            case "text":
                return {"widget": "text"}
            case "date":
                return {"widget": "string", **self._pattern(r"^\d{4}-\d{2}-\d{2}$", name)}
            case "number" | "integer":
                limits = {"min": shape.minimum, "max": shape.maximum}
                kind = "int" if shape.form == "integer" else "float"
                found = {key: value for key, value in limits.items() if value is not None}
                return {
                    "widget": "number",
                    "value_type": kind,
                    "step": 1 if kind == "int" else 0.1,
                    **found,
                }
            case "flag":
                return {"widget": "boolean"}
            case "model":
                # What may be left out whole must not ask for its parts; `check` asks for them if it is there.
                return {
                    "widget": "object",
                    "collapsed": False,
                    "fields": self.fields(shape, free=not required),
                }
            case "map":
                return {"widget": "list", "collapsed": False, "fields": self._pair(_element(shape))}
            case "list":
                return self._list(shape, required, name)
            case _:
                return self._word(shape, name)

    def _list(self, shape: Shape, required: bool, name: str) -> dict[str, Any]:
        inner = _element(shape)
        least = {"min": shape.min_items} if shape.min_items and required else {}
        if inner.form == "choice" or inner.vocabulary or inner.target not in ("", "item"):
            return {**self._word(inner, name), "multiple": True, **least}
        if inner.form == "model":
            summary = next(f"{{{{fields.{one.name}}}}}" for one in inner.fields)
            return {
                "widget": "list",
                "collapsed": False,
                "summary": summary,
                "fields": self.fields(inner),
                **least,
            }
        label = self._say(f"label.{name}")
        one = {"name": "value", "label": label, **self._widget(inner, True, name)}
        return {"widget": "list", "collapsed": False, "field": one, **least}

    def _pair(self, inner: Shape) -> list[dict[str, Any]]:
        """Return the forms of one entry of a map: its key, then what stands under it."""
        key = {"name": "key", "label": self._say("cms.key"), "widget": "string"}
        if inner.form == "model":
            return [key, *self.fields(inner)]
        return [
            key,
            {"name": "value", "label": self._say("label.value"), **self._widget(inner, True, "value")},
        ]

    def _word(self, shape: Shape, name: str) -> dict[str, Any]:
        if shape.vocabulary:
            words: Mapping[str, Any] = getattr(self._settings, shape.vocabulary)
            return {
                "widget": "select",
                "options": [_option(word, info.title) for word, info in words.items()],
            }
        if shape.choices:
            return {
                "widget": "select",
                "options": [_option(one, self._choice(name, one)) for one in shape.choices],
            }
        if shape.target == "source":
            return self._relation("sources", f"{LIST}.*.id", f"{LIST}.*.title", file="sources")
        if shape.target in ENTRY_TYPES:
            return self._relation(shape.target, "id", "title")
        pattern = shape.pattern if shape.pattern != r"^[^\n]*$" else ""
        return {"widget": "string", **(self._pattern(pattern, name) if pattern else {})}

    def _relation(self, collection: str, value: str, title: str, **more: str) -> dict[str, Any]:
        return {
            "widget": "relation",
            "collection": collection,
            "value_field": value,
            "search_fields": [value, title],
            "display_fields": [f"{{{{{value}}}}} · {{{{{title}}}}}"] if not more else [value, title],
            "options_length": 100,
            **more,
        }

    def _pattern(self, pattern: str, name: str) -> dict[str, Any]:
        return {"pattern": [pattern, self._say("cms.pattern", field=self._say(f"label.{name}"))]}

    def _choice(self, name: str, choice: str) -> str:
        for key in (f"{name}.{choice}", f"choice.{choice}", f"dialogue.{choice}"):
            if key in self._say:
                return self._say(key)
        return choice


def _element(shape: Shape) -> Shape:
    assert shape.inner is not None  # noqa: S101 - lists and maps have elements
    return shape.inner


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
