"""The languages that a playbook can be in: the engine's, and one of which it brings the catalogue itself.

A catalogue of its own stands in `locale/<code>/` of the playbook's folder, in files that are keyed like the
engine's. What it does not say is said in English, but for the rules by which a language is searched and
answered, which hold for one language alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yaml.nodes import Node

from servicebook.base import yaml_source
from servicebook.base.problems import Location, Problem, Severity, first_of
from servicebook.content import language_rules
from servicebook.content.complaints import suggest
from servicebook.content.reading import shown, yaml_files
from servicebook.content.sentences import fault_of_values, values_of
from servicebook.language.answers import NEVER
from servicebook.language.messages import (
    LANGUAGES,
    Messages,
    counted_forms,
    is_locale,
    messages_in,
    plural_forms,
    primary_of,
)

LOCALE_FOLDER = "locale"
# What says what a catalogue of a playbook's own does not.
BASE = "en"
_CODE = re.compile(r"[a-z]{2,3}")
# What holds for one language alone: of another's catalogue nothing of it is taken.
_RULES = re.compile(r"language\.|search\.(?:synonyms|narrower|related|dangers|stop_words$|sector_words$)")
# What stands for the rules of a language until somebody writes them.
NO_RULES = {
    "language.day": "EEEE d MMMM",
    "language.colon": ": ",
    "language.answer.named": NEVER,
    "language.answer.denied": NEVER,
    "language.answer.apart": NEVER,
    "search.stop_words": "",
    "search.sector_words": "",
}
# What becomes a part of an address or of a file's name.
_NAME_KEY = re.compile(r"(?:path|facets\.name|paper\.folder)\.|.*\.file$")
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
# What is wrong with a key, and not with what stands under it.
_OF_KEYS = frozenset({"locale-key", "locale-form"})
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


@dataclass(frozen=True)
class Catalogue:
    """A catalogue of a playbook's own: what can be said, what is wrong with it, and the keys that it lacks.

    Those are `absent` of which it says nothing; `missing`, besides, what it has in English.
    """

    say: Messages
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    absent: frozenset[str]


def is_code(name: str) -> bool:
    """Tell whether a name is the code of a language, as a folder of its catalogue is called: `fr`."""
    return _CODE.fullmatch(name) is not None


def languages_at(root: Path) -> tuple[str, ...]:
    """Return the codes of the languages that a playbook in a folder can be in: the engine's first."""
    folder = root / LOCALE_FOLDER
    own = sorted(one.name for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    return (*LANGUAGES, *(name for name in own if is_code(name) and name not in LANGUAGES))


def language_at(root: Path, said: str) -> str | None:
    """Return the language that a code names (`fr`, `pt-BR`), where a playbook in a folder can be in it."""
    return next((one for one in (said, primary_of(said)) if one in languages_at(root)), None)


def messages_at(root: Path, language: str) -> Messages:
    """Return what is said in a language that a playbook can be in; in English, if it cannot."""
    if language in LANGUAGES:
        return messages_in(language)
    catalogue = catalogue_at(root, language)
    return catalogue.say if catalogue else messages_in(BASE)


def catalogue_at(root: Path, language: str) -> Catalogue | None:
    """Return the catalogue that a playbook brings for a language; None where it brings none."""
    if language in LANGUAGES or language not in languages_at(root):
        return None
    folder = root / LOCALE_FOLDER / language
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    # Read each time, so that whoever notes what a build reads sees them; parsed once.
    for path in yaml_files(folder):
        try:
            files.append((shown(path), yaml_source.read_bytes(path, shown(path))))
        except yaml_source.SourceError as error:
            problems.append(error.problem)
    catalogue = _catalogue(language, shown(folder), tuple(files))
    return Catalogue(catalogue.say, (*problems, *catalogue.problems), catalogue.missing, catalogue.absent)


def absent_at(root: Path, language: str) -> frozenset[str]:
    """Return the keys under which a playbook's own catalogue of a language says nothing, there or not."""
    catalogue = catalogue_at(root, language) or _catalogue(language, LOCALE_FOLDER, ())
    return catalogue.absent


def is_rule(key: str) -> bool:
    """Tell whether what stands under a key holds for one language alone."""
    return _RULES.match(key) is not None


@lru_cache(maxsize=8)
def _catalogue(language: str, folder: str, files: tuple[tuple[str, bytes], ...]) -> Catalogue:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    base = messages_in(BASE)
    parsed = [_parse(name, data) for name, data in files]
    locale = _locale_of(language, parsed)
    if not is_locale(locale):
        problems.append(Problem(_place_of_locale(parsed, folder), "locale-unknown", {"name": locale}))
        locale = base("language.locale")
    for file in parsed:
        found = [*file.problems, *_take(file, base, locale, texts)]
        problems.extend(first_of(found))
    problems += first_of(_forms_lacking(parsed, base, locale))
    places = {".".join(path): file.place(path) for file in parsed for path in file.texts}
    problems += [Problem(places[key], *fault) for key, fault in language_rules.faults_among(texts, places)]
    forms = {key.rpartition(".")[0] for key in texts if _is_form(key, base)}
    others = {
        key: base.text(key)
        for key in sorted(base.keys())
        # The last of the forms stands for any other that is not said.
        if not is_rule(key)
        and (key.endswith(".other") or not (_is_form(key, base) and key.rpartition(".")[0] in forms))
    }
    usual = {**NO_RULES, "language.locale": locale, "language.alphabet": base("language.alphabet")}
    joined = {**usual, **others, **texts, "language.locale": locale}
    absent = frozenset(others.keys() - texts.keys())
    left = {key for key, text in texts.items() if key in base and _is_left(text, base.text(key))}
    missing = tuple(sorted(absent | left))
    return Catalogue(Messages(language, joined), tuple(problems), missing, absent)


@dataclass(frozen=True)
class _Parsed:
    name: str
    node: Node | None
    texts: Mapping[tuple[str, ...], Any]
    problems: tuple[Problem, ...]

    def place(self, path: tuple[str, ...], *, at_key: bool = False) -> Location:
        assert self.node is not None  # noqa: S101 - there is a path in it
        return yaml_source.location_of(yaml_source.find_node(self.node, path, at_key), self.name)


def _parse(name: str, content: bytes) -> _Parsed:
    """Return what a file of a catalogue holds, by path; what is no YAML holds nothing."""
    try:
        text, problems = yaml_source.decode(content, name)
        node = yaml_source.compose(text, name)
        data = yaml_source.to_data(node, name, problems)
    except yaml_source.SourceError as error:
        return _Parsed(name, None, {}, (error.problem,))
    if not isinstance(data, dict):
        return _Parsed(name, None, {}, (*problems, Problem(Location(name), "locale-not-map")))
    return _Parsed(name, node, dict(_leaves((), data)), tuple(problems))


def _leaves(path: tuple[str, ...], tree: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves((*path, key), value)
        else:
            yield (*path, key), value


def _take(file: _Parsed, base: Messages, locale: str, texts: dict[str, str]) -> Iterator[Problem]:
    """Take what a file says that can be said; yield what is wrong with the rest."""
    for path, text in file.texts.items():
        key = ".".join(path)
        if not isinstance(text, str) or not text.strip():
            yield Problem(file.place(path), "locale-no-text", {"name": key})
        elif key in texts:
            yield Problem(file.place(path, at_key=True), "locale-twice", {"name": key})
        elif fault := _fault_of(key, text, base, locale):
            rule, values = fault
            yield Problem(file.place(path, at_key=rule in _OF_KEYS), rule, values)
        else:
            texts[key] = text
            if left := sorted(_values_in(key, base) - (values_of(text) or set())):
                values = {"values": ", ".join(f"{{{name}}}" for name in left)}
                if not _is_form(key, base):  # of one, a number may be said in letters
                    yield Problem(file.place(path), "sentence-without", values, Severity.WARNING)


def _forms_lacking(parsed: list[_Parsed], base: Messages, locale: str) -> Iterator[Problem]:
    """Yield each form in which a locale counts things that a sentence is not said in, though in another."""
    said: dict[tuple[str, ...], tuple[_Parsed, set[str]]] = {}
    for file in parsed:
        for path in file.texts:
            if _is_form(".".join(path), base):
                said.setdefault(path[:-1], (file, set()))[1].add(path[-1])
    asked = counted_forms(locale)
    for path, (file, forms) in said.items():
        for form in asked.keys() - forms - {"other"}:
            values = {"name": ".".join(path), "form": form, "locale": locale, "number": asked[form]}
            yield Problem(file.place(path, at_key=True), "locale-form-missing", values, Severity.WARNING)


def _fault_of(key: str, text: str, base: Messages, locale: str) -> tuple[str, dict[str, Any]] | None:
    """Return the rule that a text under a key breaks, with what its sentence names; None if it will do."""
    if _is_form(key, base):
        form, known = key.rpartition(".")[2], plural_forms(locale)
        if form not in known:
            return "locale-form", {"name": form, "locale": locale, "forms": ", ".join(known)}
    elif key not in base and not language_rules.GROUPS.match(key):
        return "locale-key", {"name": key, "suggestion": suggest(key, base.keys())}
    if is_rule(key):
        return language_rules.fault_of(key, text, locale)
    if _NAME_KEY.match(key) and _NAME.fullmatch(base.text(key)) and not _NAME.fullmatch(text):
        return "locale-name", {"value": text}
    return fault_of_values(key, text, _values_in(key, base))


def _values_in(key: str, base: Messages) -> set[str]:
    """Return the values that a sentence can name; what is said of many may be said of one."""
    prefix = key.rpartition(".")[0]
    keys = [key] if key in base and not _is_form(key, base) else [f"{prefix}.one", f"{prefix}.other"]
    return {name for one in keys if one in base for name in values_of(base.text(one)) or ()}


def _is_form(key: str, base: Messages) -> bool:
    """Tell whether a key is that of a form of a sentence that counts something."""
    prefix, _, last = key.rpartition(".")
    return last in _FORMS and f"{prefix}.other" in base and (last == "other" or f"{prefix}.one" in base)


def _is_left(text: str, english: str) -> bool:
    """Tell whether a sentence is left in English: words alone may be the same in both languages."""
    return text == english and len(re.findall(r"[^\W\d_]{2,}", text)) > 2


def _locale_of(language: str, parsed: list[_Parsed]) -> str:
    named = (file.texts.get(("language", "locale")) for file in parsed)
    return next((one for one in named if isinstance(one, str) and one), language)


def _place_of_locale(parsed: list[_Parsed], folder: str) -> Location:
    path = ("language", "locale")
    return next((file.place(path) for file in parsed if path in file.texts), Location(folder))
