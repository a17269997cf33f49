"""The browser's forms for editors without git: Decap CMS's configuration, made from the model.

The program itself is not part of the engine: it weighs five megabytes and only editors load it. It is fetched
at a pinned version and copied beside what is made here.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicebook.base.files import write_file
from servicebook.base.resources import theme_folder
from servicebook.content.content import LISTS, MEDIA_FOLDER
from servicebook.content.kinds import Kinds, kinds_of
from servicebook.content.model.settings import Settings
from servicebook.content.model.types import FORMATS
from servicebook.content.schema import field_key, label_key
from servicebook.content.shapes import Field, Shape, shape_of
from servicebook.editing.form_patterns import pattern_of
from servicebook.editing.new import schema_path
from servicebook.language.messages import Messages

PROGRAM = "decap-cms.js"
# Files that hold a list; the forms keep it under this name, since a form's data is a map.
LIST = "entries"
# The files that are lists, and what each of their elements is called.
_LIST_FILES = {
    "glossary": "term",
    "sources": "source",
    "foundations": "foundation",
    "queries": "query",
}
_FILES = (*_LIST_FILES, "playbook")
# An entry begins as a draft, which binds nobody and is not published.
_FIRST = {"status": "draft"}


# What a form says of a value that it does not take.
_REFUSED = ("id", "taken", "number", "whole")
# Those of a list; in a form of ids they stand behind a sign.
_BRACKETS = re.compile(r"(?<![\w-])\[([^\]]*)\]")


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
    out: Path,
    program: Path,
    settings: Settings,
    backend: Backend,
    root: Path,
    folder: str,
    say: Messages,
    project: Path,
) -> None:
    """Write the editors' page into `out`; `program` is the folder that holds Decap CMS.

    `root` is the playbook's folder, `folder` the same from the repository's top, and `project` that of
    mkdocs.yml. Raises CmsError when the program is missing.
    """
    if not (program / PROGRAM).is_file():
        raise CmsError(str(program))
    out.mkdir(parents=True, exist_ok=True)
    for source in program.glob("*.*js"):
        shutil.copy(source, out / source.name)
    pages = theme_folder() / "admin"
    html = (pages / "index.html").read_text(encoding="utf-8")
    title = say("cms.title", title=settings.title).replace("&", "&amp;").replace("<", "&lt;")
    html = html.replace("{{ language }}", say.language).replace("{{ title }}", title)
    write_file(out / "index.html", html)
    for name in ("admin.js", "lines.js", "yaml.js"):
        shutil.copy(pages / name, out / name)
    write_file(out / "config.json", _json(config_of(settings, backend, folder, say)))
    kinds = kinds_of(settings)
    names = (*kinds, *_FILES)
    write_file(out / "shapes.json", _json({name: _file_data(name, root, kinds, project) for name in names}))
    write_file(out / "words.json", _json(_words(say)))


def _words(say: Messages) -> dict[str, Any]:
    """Return sentences that the program lacks in some language; of a pattern it is to say ours alone."""
    refused = {"widget": {"regexPattern": "%{pattern}"}}
    folds = {name: say(f"cms.program.{name}") for name in ("expand", "collapse")}
    media = {
        name: say(f"cms.program.{name}") for name in ("copy", "copyUrl", "copyPath", "copyName", "copied")
    }
    return {
        "editor": {
            "editorControlPane": refused,
            "editorWidgets": {"list": {"add": say("cms.add")}, "object": folds},
        },
        "mediaLibrary": {
            "mediaLibraryCard": media,
            "mediaLibraryModal": {"close": say("cms.program.close")},
        },
        "ui": {"settingsDropdown": {"account": say("cms.program.account")}},
        "servicebook": {name: say(f"cms.refused.{name}") for name in _REFUSED}
        | {name: say(f"cms.{name}") for name in ("gone", "loading", "none")},
    }


def _file_data(name: str, root: Path, kinds: Kinds, project: Path) -> dict[str, Any]:
    """Return the shape of a file, with the first line that leads an editor to its schema if there is one."""
    schema = schema_path(root, root / kinds[name].folder if name in kinds else root, name, project)
    head = [f"# yaml-language-server: $schema={schema}"] if schema else []
    return {**shape_data(shape_of(name, kinds)), "head": head}


def config_of(settings: Settings, backend: Backend, folder: str, say: Messages) -> dict[str, Any]:
    """Return Decap's configuration: a collection for each kind, and one for each file at the top."""
    declared = kinds_of(settings)
    say = say.with_words(declared.words)
    forms = _Forms(settings, declared, say)
    kinds = [
        {
            "name": kind,
            "label": say(f"kind.{kind}"),
            "label_singular": say(f"name.{kind}"),
            "folder": f"{folder}/{model.folder}",
            "create": True,
            "delete": False,  # what was published is retired, never deleted
            "format": f"servicebook-{kind}",
            "extension": "yml",
            "identifier_field": "id",
            "slug": "{{fields.id}}",
            "summary": "{{id}} · {{title}}",
            "fields": forms.fields(shape_of(kind, declared)),
        }
        for kind, model in declared.items()
    ]
    files = [
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
                    "fields": forms.file(name),
                }
            ],
        }
        for name in _FILES
    ]
    return {
        "backend": backend.config(),
        "publish_mode": "simple" if backend.proxy else "editorial_workflow",
        "load_config_file": False,
        "locale": say.language,
        "site_url": settings.address,
        "media_folder": f"{folder}/{MEDIA_FOLDER}",
        "public_folder": MEDIA_FOLDER,
        "slug": {"encoding": "unicode", "clean_accents": False},
        "editor": {"preview": False},
        "collections": [*kinds, *files],
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

    def __init__(self, settings: Settings, kinds: Kinds, say: Messages) -> None:
        self._settings = settings
        self._kinds = kinds
        own = [*settings.fields.values(), *(kind.fields for kind in settings.kinds.values())]
        self._own = {name for fields in own for name in fields}
        self._say = say

    def file(self, name: str) -> list[dict[str, Any]]:
        """Return the forms of a file at the playbook's top: of its fields, or of the one list that it is."""
        shape = shape_of(name)
        if shape.form == "model":
            return self.fields(shape)
        element = self.fields(_element(shape))
        # Long lists open closed: a source is found by its id, not by scrolling through all the others.
        key = LISTS[f"{name}.yml"].key
        summary = "{{fields.id}} · {{fields.title}}" if key == "id" else f"{{{{fields.{key}}}}}"
        widget = {"widget": "list", "collapsed": True, "summary": summary, "fields": element}
        label = self._say(f"cms.{name}")
        return [
            {"name": LIST, "label": label, "label_singular": self._say(f"name.{_LIST_FILES[name]}"), **widget}
        ]

    def fields(self, model: Shape, *, free: bool = False) -> list[dict[str, Any]]:
        """Return the forms of a model's fields; with `free`, none of them must be filled in.

        What the playbook declares nothing for (no framework, no word) has none: nothing can be said, and
        the program refuses a whole configuration for a part without fields.
        """
        forms = [self._field(model, field, free) for field in model.fields]
        return [form for form in forms if [] not in (form.get("fields"), form.get("options"))]

    def _field(self, model: Shape, field: Field, free: bool) -> dict[str, Any]:
        label = self._say(label_key(model.model, field.name, self._say))
        form: dict[str, Any] = {
            "name": field.name,
            "label": label,
            "hint": self._hint(model, field),
            "required": field.required and not free,
            **self._widget(field.shape, field.required and not free, field.name, label),
        }
        # A default further down would give a new entry's empty lists a first element.
        if model.field("review_every"):
            default = _FIRST.get(field.name, field.default)
            if default not in (None, [], ()) and field.shape.form in ("choice", "integer", "flag", "line"):
                form["default"] = default == "true" if field.shape.form == "flag" else default
        return form

    def _hint(self, model: Shape, field: Field) -> str:
        """Return what a field is for, without what only a person who writes YAML needs: the words that the
        form shows by their names, and the brackets of a list."""
        key = f"cms.hint.{field.name}"
        if field.shape.form in ("choice", "flag") and key in self._say and field.name not in self._own:
            return self._say(key)
        return _BRACKETS.sub(r"\1", self._say(field_key(model.model, field.name)))

    def _widget(self, shape: Shape, required: bool, name: str, label: str) -> dict[str, Any]:
        match shape.form:
            case "text":
                return {"widget": "text", **pattern_of(shape, required, label, self._say)}
            case "date":
                return {"widget": "string", **pattern_of(shape, required, label, self._say)}
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
                least = {"min": shape.min_items} if shape.min_items and required else {}
                return {"widget": "list", "collapsed": False, "fields": self._pair(shape), **least}
            case "list":
                return self._list(shape, required, name, label)
            case _:
                return self._word(shape, required, name, label)

    def _list(self, shape: Shape, required: bool, name: str, label: str) -> dict[str, Any]:
        inner = _element(shape)
        least = {"min": shape.min_items} if shape.min_items and required else {}
        if inner.form == "choice" or inner.vocabulary or inner.target not in ("", "item"):
            return {**self._word(inner, required, name, label), "multiple": True, **least}
        if inner.form == "model":
            summary = next(f"{{{{fields.{one.name}}}}}" for one in inner.fields)
            return {
                "widget": "list",
                "collapsed": False,
                "summary": summary,
                "fields": self.fields(inner),
                **least,
            }
        one = {"name": "value", "label": label, **self._widget(inner, True, name, label)}
        return {"widget": "list", "collapsed": False, "field": one, **least}

    def _pair(self, shape: Shape) -> list[dict[str, Any]]:
        """Return the forms of one entry of a map: its key, then what stands under it."""
        inner = _element(shape)
        label = self._say("cms.key")
        key = {
            "name": "key",
            "label": label,
            "hint": self._say("cms.key-hint"),
            "widget": "string",
            **pattern_of(shape, True, label, self._say),
        }
        if inner.form == "model":
            return [key, *self.fields(inner)]
        said = self._say("label.value")
        return [key, {"name": "value", "label": said, **self._widget(inner, True, "value", said)}]

    def _word(self, shape: Shape, required: bool, name: str, label: str) -> dict[str, Any]:
        if shape.vocabulary:
            words = self._settings.words[shape.vocabulary]
            titles = {word: title or self._say(f"level.{word}") for word, title in words.items()}
            return {"widget": "select", "options": [_option(word, title) for word, title in titles.items()]}
        if shape.choices:
            # The playbook may bring a language that the engine lacks.
            more = (self._say.language,) if name == "language" else ()
            return {
                "widget": "select",
                "options": [
                    _option(one, self._choice(name, one)) for one in dict.fromkeys((*shape.choices, *more))
                ],
            }
        if shape.target == "source":
            return self._relation("sources", f"{LIST}.*.id", f"{LIST}.*.title", file="sources")
        if shape.target in self._kinds:
            return self._relation(shape.target, "id", "title")
        if shape.pattern == FORMATS["media"]:
            return {"widget": "file", "choose_url": False, **pattern_of(shape, required, label, self._say)}
        return {"widget": "string", **pattern_of(shape, required, label, self._say)}

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
