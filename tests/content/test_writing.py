"""How the reference playbook is written: easy to read, in its own words, without a spelling mistake."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.content.library import (
    count_syllables,
    everything,
    fernandez_huerta,
    fold,
    is_known,
    prose,
    sentences_in,
    standards,
    words_in,
)

OWN_WORDS = frozenset(
    line
    for line in Path(__file__).with_name("palabras.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
# The dictionary takes these for old or rare words; here they are always a slip.
SLIPS = frozenset(
    {"ademas", "ahi", "asi", "despues", "dia", "dias", "haiga", "jamas", "mas", "ningun", "segun"}
)
MARKUP = re.compile(
    r"\A---.*?^---|<cite lang=.*?</cite>|"
    r"\{\{.*?\}\}|\{%.*?%\}|```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|\{[^}]*\}",
    re.DOTALL | re.MULTILINE,
)


def text_of(entry_texts: list[tuple[str, str]]) -> str:
    """Return texts as one, each ending as a sentence does."""
    return " ".join(text if text[-1] in ".!?»…" else f"{text}." for _, text in entry_texts)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[
            ("casa", 2),
            ("y", 1),
            ("muy", 1),
            ("ley", 1),
            ("aquí", 2),
            ("queso", 2),
            ("quien", 1),
            ("guitarra", 3),
        ],
        *[
            ("ciudad", 2),
            ("cuidado", 3),
            ("bueno", 2),
            ("aire", 2),
            ("hay", 1),
            ("servicio", 3),
            ("pingüino", 3),
        ],
        *[("país", 2), ("guía", 2), ("oír", 2), ("búho", 2), ("bahía", 3), ("reírse", 3), ("averigüéis", 4)],
        *[("leer", 2), ("aéreo", 4), ("ahora", 3), ("cohete", 3), ("atención", 3), ("murciélago", 4)],
    ],
)
def test_syllables_are_counted_as_in_spanish(word: str, count: int) -> None:
    assert count_syllables(word) == count


def test_readability_is_what_it_is_for_known_texts() -> None:
    easy = "El sol sale. La casa es azul. Mi gato come pan."
    hard = (
        "La administración pluripersonal de responsabilidades interdepartamentales "
        "compromete ineludiblemente la sostenibilidad organizacional."
    )
    assert fernandez_huerta(easy) > 100
    assert fernandez_huerta(hard) < 0


def test_the_median_standard_is_easy_to_read() -> None:
    scores = {standard.id: fernandez_huerta(text_of(prose(standard))) for standard in standards()}
    assert statistics.median(scores.values()) >= 60
    assert min(scores.values()) >= 60, min(scores, key=lambda name: scores[name])


def test_what_to_do_and_not_to_do_is_said_in_short_sentences() -> None:
    long = [
        f"{standard.id}: {sentence}"
        for standard in standards()
        for text in (*standard.do, *standard.dont)
        for sentence in sentences_in(text)
        if len(words_in(sentence)) > 20
    ]
    assert long == []


def test_no_sentence_of_eight_words_stands_in_two_entries() -> None:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for where, _, text in everything():
        for sentence in sentences_in(text):
            if len(words_in(sentence)) >= 8:
                seen[" ".join(words_in(fold(sentence)))].add(where)
    assert {sentence: entries for sentence, entries in seen.items() if len(entries) > 1} == {}


def unknown_words(text: str) -> set[str]:
    """Return the words of a text that are neither in the dictionary nor in our own list."""
    words = {part for word in words_in(text) for part in word.split("-")}
    return {word for word in words if not is_known(word, OWN_WORDS) or word.lower() in SLIPS}


def pages() -> list[Path]:
    """Return the hand-written pages of the site; decisions are told to maintainers, in English."""
    return [page for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name != "decisions"]


def test_the_playbook_is_spelt_right() -> None:
    wrong: defaultdict[str, set[str]] = defaultdict(set)
    for where, place, text in everything():
        for word in unknown_words(text):
            wrong[word].add(f"{where} {place}")
    assert dict(wrong) == {}


def test_the_pages_are_spelt_right() -> None:
    wrong = {
        page.name: words
        for page in pages()
        if (words := unknown_words(MARKUP.sub(" ", page.read_text(encoding="utf-8"))))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "word",
    [
        "atencion",
        "servico",
        "cleinte",
        "hechar",
        "exelente",
        "travajo",
        "damelo",
        "saludalo",
        "hablale",
        "despues",
        "llendo",
    ],
)
def test_a_slip_is_found(word: str) -> None:
    assert unknown_words(f"Aquí {word} algo.") == {word}


@pytest.mark.parametrize(
    "word", ["hacerlo", "hacérselo", "dámelo", "dame", "salúdalo", "diciéndole", "oírlo", "cuéntamelo"]
)
def test_a_verb_with_pronouns_is_known(word: str) -> None:
    assert unknown_words(word) == set()


def test_our_own_words_are_all_used_and_not_in_the_dictionary() -> None:
    text = " ".join(text for _, _, text in everything())
    text += " ".join(page.read_text(encoding="utf-8") for page in pages())
    used = {part.lower() for word in words_in(text) for part in word.split("-")}
    assert OWN_WORDS - used == set()
    assert {word for word in OWN_WORDS if is_known(word, frozenset())} == set()


def test_samples_to_customers_are_in_the_polite_form() -> None:
    """Readers are told *tú*, customers *usted*: a sample to an outside customer never says «tú» or «te»."""
    wrong = [
        f"{standard.id}: {phrase.say}"
        for standard in standards()
        if standard.pillar == "externo"
        for phrase in standard.phrases
        if re.search(r"\b(tú|ti|contigo|tu|tus)\b", phrase.say, re.IGNORECASE)
    ]
    assert wrong == []


def test_addresses_in_samples_are_nobody_s() -> None:
    assert [text for _, _, text in everything() if re.search(r"\S+@(?!example\.)\S+\.\S+", text)] == []
