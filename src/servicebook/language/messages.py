"""Everything that the product says, in the reader's language, from catalogues (`locale/<language>/*.yml`)."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from servicebook.base import yaml_source
from servicebook.base.cache import FileCache
from servicebook.base.files import code_of, version_of
from servicebook.base.problems import Problem
from servicebook.language.collation import sort_key

LONGEST_VALUE = 500
_FOLDER = Path(__file__).parent / "locale"
_DEFAULT = "es"
# A folder of catalogues is all that makes a language.
LANGUAGES = (_DEFAULT, *sorted({path.parent.name for path in _FOLDER.glob("*/*.yml")} - {_DEFAULT}))


class Messages:
    """The catalogue of one language. Keys are dotted paths; `{name}` in a text takes a value."""

    def __init__(self, language: str, texts: Mapping[str, str] | None = None) -> None:
        """Read the catalogue of a language of ours, or take the `texts` of another by their keys."""
        self.language = language
        self._texts = _texts_of(language) if texts is None else dict(texts)
        # What the catalogue says by itself, whatever a playbook says in its own words.
        self.unworded = self._texts.keys()
        self._under: dict[str, dict[str, str]] = {}

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text under `key` with its values filled in. Raises KeyError for an unknown key.

        With a `count`, the text of its plural form is taken (CLDR's `one`, `few`, …), else `key.other`.
        """
        if "count" in values and f"{key}.other" in self._texts:
            form = f"{key}.{_plural_form(float(str(values['count'])), self('language.locale'))}"
            # Portuguese counts none as it counts one; a text that names its one must not say so of none.
            said = self._texts.get(form)
            fits = said is not None and (values["count"] == 1 or "{count}" in said)
            key = form if fits else f"{key}.other"
        text = self._texts[key]
        return text.format_map(values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def text(self, key: str) -> str:
        """Return the text under `key` as the catalogue has it. Raises KeyError for an unknown key."""
        return self._texts[key]

    def with_words(self, words: Mapping[str, str]) -> Messages:
        """Return these messages with the sentences under some keys said otherwise, or new ones added."""
        return _with_words(self, frozenset(words.items())) if words else self

    @property
    def direction(self) -> str:
        """In which direction the language is written: `ltr`, or `rtl` from right to left."""
        return _direction(self("language.locale"))

    @cached_property
    def digest(self) -> str:
        """What tells this catalogue from another, and from its own later versions."""
        return hashlib.sha256(json.dumps([self.language, self._texts]).encode()).hexdigest()

    def keys(self) -> set[str]:
        """Return every key of the catalogue."""
        return set(self._texts)

    def under(self, prefix: str) -> dict[str, str]:
        """Return the texts below `prefix`, by the rest of their key."""
        if prefix not in self._under:
            start = f"{prefix}."
            found = {key: text for key, text in self._texts.items() if key.startswith(start)}
            self._under[prefix] = {key.removeprefix(start): text for key, text in found.items()}
        return self._under[prefix]

    def date(self, date: dt.date) -> str:
        """Return a date as it is written in a sentence: `22 de noviembre de 2026`."""
        return _date_text(date, self("language.locale"))

    def day(self, date: dt.date) -> str:
        """Return a day as people name one that is near: `lunes 30 de noviembre`."""
        return _date_text(date, self("language.locale"), self("language.day"))

    def number(self, value: float, *, grouped: bool = True) -> str:
        """Return a number as it is read, without a needless fraction: `1,250.5`, or `1.250,5` in Brazil.

        One that is not `grouped` is what a spreadsheet of the language takes for a number: `1250,5`.
        """
        return _number_text(value, self("language.locale"), "#,##0.######" if grouped else "0.######")

    def quantity(self, number: str, unit: str) -> str:
        """Return a number with its unit, as the language puts the two: `3 timbres`, `80 %`, or `80%`."""
        return self("screen.percent", value=number) if unit == "%" else f"{number} {unit}"

    def limit(self, at: str, number: str, unit: str) -> str:
        """Return a limit as it is said: `Máximo 3 timbres`."""
        said = self(f"threshold.{at}", value=number, unit=unit)
        return said.replace(f"{number} {unit}", self.quantity(number, unit))

    def sort_key(self, title: str) -> str:
        """Return what a title is sorted by, as readers of the language look for it."""
        return sort_key(title, self("language.alphabet"))

    def explain(self, problem: Problem) -> str:
        """Return the sentence that tells what is wrong and how to mend it."""
        values = {name: self._spoken(name, value) for name, value in problem.values.items()}
        sentence = self(f"problem.{problem.rule}", **values)
        meant = self._meant(problem) or problem.values.get("suggestion")
        if meant:
            return f"{sentence} {self('problem.did-you-mean', suggestion=meant)}"
        if "fields" in problem.values:
            return f"{sentence} {self('problem.fields-here', **values)}"
        return sentence

    def reason(self, code: str) -> str:
        """Return why the system refused a file, from the name of its error (`EACCES`)."""
        return self._texts.get(f"reason.{code}", code)

    def refusal(self, error: OSError) -> str:
        """Return why the system refused something."""
        return self.reason(code_of(error))

    def _meant(self, problem: Problem) -> str | None:
        """Return the field or choice that somebody called by its name for people: `Promesa`, `Esperado`."""
        values = problem.values
        if problem.rule == "unknown-field":
            written, known, families = values["field"], values["fields"], ["label"]
        elif problem.rule == "choice":
            written, known, families = values["value"], values["choices"], [f"{values['field']}", "choice"]
        else:
            return None
        names = [(family, name) for family in families for name in str(known).split(", ")]
        called = str(written).casefold()
        found = (
            name for family, name in names if self._texts.get(f"{family}.{name}", "").casefold() == called
        )
        return next(found, None)

    def _spoken(self, name: str, value: object) -> object:
        """Return a problem's value as a reader says it: names of kinds and vocabularies, dates."""
        if name in ("kind", "vocabulary", "found"):
            return self._texts.get(f"name.{value}", value)  # a playbook's own has no other name here
        if name == "reason":
            return self.reason(str(value))
        if isinstance(value, str):
            return on_one_line(value)
        return self.date(value) if isinstance(value, dt.date) else value


@cache
def messages_in(language: str) -> Messages:
    """Return the catalogue of a language. Raises FileNotFoundError for one that we do not have."""
    return Messages(language)


@lru_cache(maxsize=8)
def _with_words(say: Messages, words: frozenset[tuple[str, str]]) -> Messages:
    other = copy.copy(say)
    other.__dict__.pop("digest", None)
    other._texts, other._under = {**say._texts, **dict(sorted(words))}, {}
    return other


def language_of(environment: Mapping[str, str] | None = None) -> str:
    """Return the language that the locale's variables ask for; Spanish where they ask for none of ours."""
    environment = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return spoken(value)
    return _DEFAULT


def spoken(code: str) -> str:
    """Return the language of ours that a code names; Spanish if it names none."""
    return language_named(code) or _DEFAULT


def language_named(code: str) -> str | None:
    """Return the language of ours that a code names (`pt_BR.UTF-8`, `pt-BR`), or None."""
    language = primary_of(code)
    return language if language in LANGUAGES else None


def primary_of(code: str) -> str:
    """Return the language that a code names, whoever has it: `pt` for `pt_BR.UTF-8`."""
    return re.split(r"[-_.@]", code.lower())[0]


# Babel is imported by whoever first needs it: it takes longer than all of `--help`.


@lru_cache(maxsize=4096)
def _date_text(date: dt.date, locale: str, form: str = "long") -> str:
    from babel.dates import format_date

    return format_date(date, form, locale)


@lru_cache(maxsize=4096)
def _number_text(value: float, locale: str, form: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, format=form, locale=locale)


def is_locale(locale: str) -> bool:
    """Tell whether the dates, numbers and plurals of a locale are known (`fr`, `fr_CA`)."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def is_day_form(form: str, locale: str) -> bool:
    """Tell whether a day can be named in a form, as CLDR writes one: `EEEE d MMMM`."""
    try:
        named = _date_text(dt.date(2026, 1, 31), locale, form)
    except (AttributeError, KeyError, ValueError):  # Babel's, for a field that no day has, or has so long
        return False
    return bool(named.strip()) and len(form) <= LONGEST_VALUE


def plural_forms(locale: str) -> tuple[str, ...]:
    """Return the forms in which a locale counts, in CLDR's order: `one`, `other`."""
    from babel import Locale

    found = {*Locale.parse(locale).plural_form.tags, "other"}
    return tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in found)


def counted_forms(locale: str) -> dict[str, int]:
    """Return the forms in which a locale counts things, each with the least number that takes it.

    What is counted here is whole and goes by hundreds: French has a form for millions, Polish one for halves.
    """
    return {_plural_form(number, locale): number for number in range(200, -1, -1)}


@lru_cache(maxsize=8)
def _direction(locale: str) -> str:
    from babel import Locale

    return str(Locale.parse(locale).text_direction)


@lru_cache(maxsize=4096)
def _plural_form(count: float, locale: str) -> str:
    from babel import Locale

    return Locale.parse(locale).plural_form(count)


def on_one_line(text: str) -> str:
    """Return what a file says as a sentence can hold it: short, and nothing that a terminal would obey."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[:LONGEST_VALUE]}…"


def _texts_of(language: str) -> dict[str, str]:
    """Return the texts of a language by key: as they are kept, else from its files."""
    paths = sorted((_FOLDER / language).glob("*.yml"))
    # Kept, since every command says something, and to parse the files takes longer than most have to do.
    cache, state = FileCache(None, "catalogues"), repr([(str(path), version_of(path)) for path in paths])
    kept: dict[str, Any] = json.loads(cache.get(language) or b"{}")
    if kept.get("state") != state:
        texts = {key: text for file in texts_by_file(language).values() for key, text in file.items()}
        kept = {"state": state, "texts": texts}
        cache.put(language, json.dumps(kept).encode())
    found: dict[str, str] = kept["texts"]
    return found


def texts_by_file(language: str) -> dict[str, dict[str, str]]:
    """Return the texts of a language of ours by key, by the names of the files that hold them."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((_FOLDER / language).glob("*.yml")):
        tree = yaml_source.parse(path.read_text(encoding="utf-8"), path.name)
        found[path.stem] = dict(_flatten("", tree))
    return found


def _flatten(prefix: str, tree: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        found.extend(_flatten(f"{path}.", value) if isinstance(value, dict) else [(path, value)])
    return found
