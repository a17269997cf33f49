"""The catalogue that a playbook brings for its language: what it says, what it lacks, what nobody reads."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Location, Problem, Severity
from servicebook.content.content import Content
from servicebook.content.languages import LOCALE_FOLDER, catalogue_at, languages_at
from servicebook.content.reading import names_in
from servicebook.language.messages import LANGUAGES

# As many of the sentences that are missing as are named: there may be two thousand.
_NAMED = 3


def check_languages(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the catalogue of the playbook's language, and what else stands beside it."""
    folder = content.root / LOCALE_FOLDER
    known = set(languages_at(content.root)) - {*LANGUAGES}
    for name in names_in(folder):
        place = Location(f"{content.shown_root}/{LOCALE_FOLDER}/{name}")
        if name in LANGUAGES:
            yield Problem(place, "locale-of-engine", {"name": name}, Severity.WARNING)
        elif name not in known and not name.startswith("."):
            yield Problem(place, "locale-stranger", {"name": name}, Severity.WARNING)
    language = content.settings.language if content.settings else ""
    catalogue = catalogue_at(content.root, language)
    if catalogue is None:
        return
    yield from catalogue.problems
    place = Location(f"{content.shown_root}/{LOCALE_FOLDER}/{language}")
    for name in names_in(folder / language):
        if not name.endswith(".yml") and not name.startswith("."):
            inner = Location(f"{place.path}/{name}")
            yield Problem(inner, "not-yml", {"name": name}, Severity.WARNING)
    if catalogue.missing:
        values = {
            "name": language,
            "count": len(catalogue.missing),
            "examples": ", ".join(catalogue.missing[:_NAMED]),
        }
        yield Problem(place, "locale-missing", values, Severity.WARNING)
