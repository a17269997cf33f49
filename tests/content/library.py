"""The reference playbook as the content tests read it: what it says, and how that is counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import simplemma

from servicebook.content.content import Content
from servicebook.content.load import load_content
from servicebook.content.model.declared import VocabularyWord
from servicebook.content.model.entries import Entry, Standard
from servicebook.content.model.settings import Foundation, Source, Term
from servicebook.content.model.types import Model
from servicebook.language import inline
from tests.conftest import ROOT

Named = Entry | Foundation | Term

# What a field of these names holds is an id, a word of a vocabulary, an address or a formula, and no prose.
NOT_PROSE = {
    *(
        "id",
        "country",
        "days",
        "sources",
        "status",
        "replaced_by",
        "former_ids",
        "owner",
        "source",
        "channel",
        "customer",
        "who",
        "at",
        "origin",
        "reading_origin",
        "period",
        "scoring",
    ),
    *("pillar", "principles", "channels", "roles", "moments", "services", "level", "nature", "confidence"),
    *("standards", "customers", "metrics", "cases", "related", "take", "select", "mappings", "sign_off"),
    *(
        "page_size",
        "expression",
        "url",
        "handle",
        "contact",
        "email",
        "form",
        "address",
        "language",
        "search_words",
    ),
}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"(?<=[.!?…»])\s+(?=[«¿¡A-ZÁÉÍÓÚÑ0-9])")


@cache
def read() -> Content:
    """Return the content of the reference playbook, which must have no problem."""
    content, problems = load_content(ROOT / "playbook", "playbook")
    assert problems == []
    return content


def standards() -> list[Standard]:
    """Return the standards in force."""
    return [entry for entry in read().entries if isinstance(entry, Standard) and entry.status == "active"]


def named() -> dict[str, Named]:
    """Return what a fact can be at home in: entries by id, foundations and terms by kind and id."""
    content = read()
    return {
        **{entry.id: entry for entry in content.entries},
        **{f"foundation/{found.id}": found for found in content.foundations},
        **{f"term/{term.id}": term for term in content.terms},
    }


def prose(value: Model) -> list[tuple[str, str]]:
    """Return each text that a reader reads in a value, with the dotted name of its field, without marks."""
    return [(place, inline.plain(text)) for place, text in _texts(value, "")]


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, VocabularyWord | Model):
        for name in type(value).model_fields:
            if name not in NOT_PROSE:
                yield from _texts(getattr(value, name), f"{place}.{name}".lstrip("."))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{place}.{name}")
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner, place)
    elif isinstance(value, str):
        yield place, value


def everything() -> Iterator[tuple[str, str, str]]:
    """Yield where, in which field and what, for every text of the playbook but the titles of sources."""
    content = read()
    values: list[Model] = [*content.entries, *content.terms, *content.foundations]
    if content.settings:
        values.append(content.settings)
    for value in values:
        where = getattr(value, "id", "playbook.yml")
        for place, text in prose(value):
            yield where, place, text


def sources_of(value: Model) -> set[str]:
    """Return the ids of the sources that a value cites, claims and vocabulary included."""
    return {citation.source for citation in _citations(value)}


def _citations(value: Any) -> Iterator[Any]:
    if isinstance(value, Source):
        return
    if hasattr(value, "source") and hasattr(value, "where"):
        yield value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _citations(getattr(value, name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _citations(inner)


def sentences_in(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [sentence for sentence in SENTENCE.split(" ".join(text.split())) if WORD.search(sentence)]


def words_in(text: str) -> list[str]:
    """Return the words of a text; the ids of standards and Roman numerals are none."""
    return WORD.findall(re.sub(r"\b[A-Z]{2,6}-\d+\b|\b[IVX]+\b", "", text))


def fold(text: str) -> str:
    """Return a text without case and accents, as one looks for it."""
    plain = unicodedata.normalize("NFD", " ".join(text.split()).casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


# --- readability ---------------------------------------------------------------------------------------

_STRONG, _WEAK, _ACCENTED_WEAK = "aeoáéó", "iuü", "íú"


def count_syllables(word: str) -> int:
    """Return the syllables of a Spanish word: its vowel groups, two strong or an accented weak one apart."""
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word.lower())
    word = re.sub(r"y(?=$|[^aeiouáéíóú])", "i", word)
    count, before = 0, ""
    for char in word:
        if char not in _STRONG + _WEAK + _ACCENTED_WEAK:
            # A silent h keeps no vowels apart for the eye of this count, as in «prohi-bir».
            before = before if char == "h" and before else ""
            continue
        joins = before and (char in _WEAK or before in _WEAK) and char + before not in ("ii", "uu")
        apart = char in _ACCENTED_WEAK or before in _ACCENTED_WEAK
        if not joins or apart:
            count += 1
        before = char
    return max(count, 1)


def fernandez_huerta(text: str) -> float:
    """Return the ease of reading of a Spanish text: 100 is very easy, 60 is normal, 30 is hard."""
    words = words_in(text)
    syllables = sum(count_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences_in(text))


# --- spelling ------------------------------------------------------------------------------------------

_CLITICS = re.compile(r"(?P<verb>\w{2,}?)(?P<clitics>(?:me|te|se|nos)?(?:l[aeo]s?|me|te|se|nos))$")
_PRONOUNS = re.compile(r"(?P<first>me|te|se|nos)?(?:l[aeo]s?|me|te|se|nos)")
_WITHOUT_ACCENTS = str.maketrans("áéíóú", "aeiou")


def is_known(word: str, own: frozenset[str]) -> bool:
    """Tell whether a word is in the Spanish dictionary, in `own`, or a verb with pronouns behind it."""
    small = word.lower()
    if small in own or word in own:
        return True
    if simplemma.is_known(small, lang="es") or simplemma.is_known(word, lang="es"):
        return True
    return any(simplemma.is_known(verb, lang="es") for verb in _verbs_before_pronouns(small))


def _verbs_before_pronouns(word: str) -> Iterator[str]:
    """Yield the verb forms that a word may be without its pronouns, if its accent is where it must be."""
    for start in range(2, len(word) - 1):
        verb, pronouns = word[:start], _PRONOUNS.fullmatch(word[start:])
        if not pronouns:
            continue
        bare = verb.translate(_WITHOUT_ACCENTS)
        # One pronoun after an infinitive or a monosyllable leaves the stress where it needs no accent:
        # «hacerlo», «dame»; all others get one: «hacérselo», «dámelo», «salúdalo».
        stressed_at_its_end = bare.endswith("r") or count_syllables(bare) == 1
        needs_accent = pronouns["first"] is not None or not stressed_at_its_end
        if (verb != bare) == needs_accent:
            yield bare
        if verb != bare:
            yield verb  # «oírlo», «reírte»: the accent is the verb's own
