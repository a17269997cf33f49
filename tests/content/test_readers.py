"""What a clinic, a shop in another country and a labour lawyer could not use is answered, and stays so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.language import inline
from tests.content.library import everything, fold, named, prose, sentences_in, standards
from tests.content.test_sense import samples

NEEDS: list[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("readers.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
# Authorities, papers and money of one country, which nobody elsewhere can say to a customer.
ONE_COUNTRY = re.compile(r"\b(?:PROFECO|CONDUSEF|IMSS|SAT|INE|CURP|RFC|Banxico|pesos?)\b")
HEARD = re.compile(
    r"\b(?:escucha|oye|oír|óyelas|escúchalas)\b[^.;]*\b(?:llamadas|respuestas|negativas)\b", re.I
)
LAW = re.compile(
    r"\b(?:ley|norma|reglamento)\b[^.]*\bMéxico\b|\bMéxico\b[^.]*\b(?:ley|norma|reglamento)\b", re.I
)


@pytest.mark.parametrize("need", NEEDS, ids=[need["need"] for need in NEEDS])
def test_a_reader_s_need_is_answered(need: dict[str, Any]) -> None:
    text = fold(" ".join(text for _, text in prose(named()[need["home"]])))
    assert [words for words in need["says"] if fold(words) not in text] == []
    assert [words for words in need.get("unsaid", ()) if fold(words) in text] == []


def test_a_letter_weighs_no_more_than_a_chat() -> None:
    level = {one.id: one.level for one in standards()}
    assert level["EXT-15"] == level["EXT-16"]


def test_no_sample_names_an_authority_or_the_money_of_one_country() -> None:
    assert [(where, say) for where, say in samples() if ONE_COUNTRY.search(say)] == []


def test_a_standard_that_names_a_number_to_call_says_whose_it_is() -> None:
    silent = [
        one.id
        for one in standards()
        if "911" in " ".join((one.statement, *one.do, *(phrase.say for phrase in one.phrases)))
        and "México" not in one.intent
    ]
    assert silent == []


def test_what_paper_says_of_a_standard_tells_whose_number_it_is() -> None:
    """A poster and a sheet do not print why; a poster prints the promise and one thing to do alone."""
    silent = [
        (one.id, form)
        for one in standards()
        for form, said in (("poster", (one.statement, one.do[0])), ("sheet", (one.statement, *one.do)))
        if "911" in " ".join(said) and "911 (México)" not in " ".join(said)
    ]
    assert silent == []


def test_calls_are_heard_only_where_they_were_recorded_with_notice() -> None:
    secretly = [
        (one.id, one.verification.how)
        for one in standards()
        if HEARD.search(inline.plain(one.verification.how)) and "aviso" not in one.verification.how
    ]
    assert secretly == []


def test_a_law_of_one_country_is_an_example() -> None:
    loose = [
        (where, sentence)
        for where, place, text in everything()
        if not place.startswith("sources")
        for sentence in sentences_in(text)
        if LAW.search(sentence) and not re.search(r"por ejemplo|En la ley laboral de México", sentence)
    ]
    assert loose == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (ONE_COUNTRY, "«Son 85 pesos.»"),
        (ONE_COUNTRY, "«Puede ir a PROFECO.»"),
        (HEARD, "Escucha tres llamadas del mes."),
        (HEARD, "Lee diez respuestas u óyelas. Oye cinco negativas."),
        (LAW, "La ley de México pide un protocolo."),
        (LAW, "En México rige otra norma."),
    ],
)
def test_a_fault_is_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)
