"""What people say in other words: a language's thesaurus, as the search index uses it.

It stands in the catalogue: in `search.synonyms` the concepts, each with the forms that say it, in
`search.narrower` and `search.related` which are kinds of one or near to it, in `search.dangers` the dangers.
Takes texts, gives forms; knows nothing of entries or of a site.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from servicebook.language.messages import Messages

_STEM = 5
_WORD = re.compile(r"[^\W_]+")
# Those that a PDF brings along, and the one that French has and its keyboards lack.
_LIGATURES = re.compile("[\ufb00-\ufb06œŒ]")
_OF_FRENCH = {"œ": "oe", "Œ": "Oe"}
_SIGNS = {"++": "plusplus", "#": "sharp"}
_SIGNED = re.compile(r"([^\W\d_])(\+\+|#)")


@dataclass(frozen=True)
class Thesaurus:
    """The concepts of a language by name, each with its forms and their folded ones.

    `by_form` names the concepts of a folded form, `longest` says for the first word of a form how many words
    the longest has, and `near` names the concepts that are narrower than one or related to it.
    """

    concepts: Mapping[str, dict[str, str]]
    by_form: Mapping[str, list[str]]
    longest: Mapping[str, int]
    near: Mapping[str, tuple[str, ...]]

    def said_in(self, texts: Iterable[str]) -> set[str]:
        """Return the concepts that texts say in any form."""
        return {
            name
            for text in texts
            for form in _runs(fold(text).split(), self.longest)
            for name in self.by_form.get(form, ())
        }

    def forms_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the forms of concepts. One form of a word is enough, for it is found by its stem."""
        found = {
            folded[:_STEM]: word
            for name in sorted(names)
            for word, folded in reversed(self.concepts[name].items())
        }
        return tuple(found.values())


def synonyms_of(texts: Iterable[str], say: Messages) -> tuple[str, ...]:
    """Return the other ways of saying what `texts` say."""
    thesaurus = _thesaurus(say)
    return thesaurus.forms_of(thesaurus.said_in(texts))


def near_of(title: str, say: Messages) -> tuple[str, ...]:
    """Return the ways of saying what is narrower than what a title says, or related to it."""
    thesaurus = _thesaurus(say)
    about = thesaurus.said_in([title])
    near = {name for concept in about for name in thesaurus.near.get(concept, ())}
    return thesaurus.forms_of(near - about)


def dangers_of(title: str, words: Iterable[str], say: Messages) -> tuple[str, ...]:
    """Return every way of saying the dangers that a page with a title and its own words is about.

    What it is about its title says; where that names no danger, two or more of its words do.
    """
    title, *words = [f" {fold(text)} " for text in (title, *words)]
    dangers = _dangers(say)
    about = [forms for forms in dangers if _names_any(title, forms)] or [
        forms for forms in dangers if sum(_names_any(word, forms) for word in words) > 1
    ]
    return tuple(dict.fromkeys(form for forms in about for form in forms))


def dangers_beside(texts: Iterable[str], say: Messages) -> tuple[str, ...]:
    """Return the words that name, each by itself, a danger that none of `texts` says: no page is about it."""
    dangers = _dangers(say)
    longest = _longest_of(form for forms in dangers for form in forms.values())
    said = {form for text in texts for form in _runs(fold(text).split(), longest)}
    unmet = (forms for forms in dangers if said.isdisjoint(forms.values()))
    return tuple(word for forms in unmet for word in forms.values() if " " not in word)


def phrases_in(texts: Iterable[str], say: Messages) -> Iterator[str]:
    """Yield those of `texts`, folded, whose words say nothing one by one and so are never looked up."""
    for text in texts:
        words = fold(text).split()
        if len(words) > 1 and _stop_words(say).issuperset(words):
            yield " ".join(words)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return text as it is looked up: small letters without accents or ligatures, words parted by one space.

    The signs that make a word are letters: `cplusplus` for `C++`. The scripts of the search do the same.
    """
    folded = _unligatured(text).casefold()
    if "+" in folded or "#" in folded:
        folded = _SIGNED.sub(lambda sign: f"{sign[1]}{_SIGNS[sign[2]]}", folded)
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFD", folded)
        folded = "".join([c for c in decomposed if c.isascii() or not unicodedata.combining(c)])
    return " ".join(_WORD.findall(folded))


def _unligatured(text: str) -> str:
    """Return text without ligatures, as people type it."""
    if text.isascii():
        return text  # as most are
    return _LIGATURES.sub(
        lambda sign: _OF_FRENCH.get(sign[0]) or unicodedata.normalize("NFKD", sign[0]), text
    )


def _names_any(said: str, forms: Mapping[str, str]) -> bool:
    return any(f" {folded} " in said for folded in forms.values())


@cache
def _dangers(say: Messages) -> list[dict[str, str]]:
    return [forms_in(group) for group in say.under("search.dangers").values()]


@cache
def _thesaurus(say: Messages) -> Thesaurus:
    concepts = {name: forms_in(group) for name, group in say.under("search.synonyms").items()}
    by_form: dict[str, list[str]] = defaultdict(list)
    for name, forms in concepts.items():
        for form in set(forms.values()):
            by_form[form].append(name)
    near: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for relation in ("narrower", "related"):
        for name, others in say.under(f"search.{relation}").items():
            near[name] += tuple(others.split(", "))
    return Thesaurus(concepts, by_form, _longest_of(by_form), near)


def forms_in(group: str) -> dict[str, str]:
    """Return the forms of a group of the catalogue, each with its folded one."""
    return {form: fold(form) for written in group.split(", ") for form in _alternatives(written)}


def _alternatives(written: str) -> Iterator[str]:
    """Yield the forms that one stands for: «saca/trae pistola» for «saca pistola» and «trae pistola»."""
    for words in product(*(word.split("/") for word in written.split())):
        yield " ".join(words)


def _longest_of(forms: Iterable[str]) -> dict[str, int]:
    """Return for the first word of each form how many words the longest has that begins with it."""
    longest: dict[str, int] = {}
    for form in forms:
        words = form.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def _runs(words: list[str], longest: Mapping[str, int]) -> Iterator[str]:
    """Yield every run of words that may be a form: of no more than the longest has that begins like it."""
    for start, word in enumerate(words):
        for end in range(start + 1, min(start + longest.get(word, 0), len(words)) + 1):
            yield " ".join(words[start:end])


@cache
def _stop_words(say: Messages) -> frozenset[str]:
    return frozenset(say("search.stop_words").split())
