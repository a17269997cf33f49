"""What a service expert would ask of the reference playbook: nothing loose, unproved or missing."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TypeVar

import pytest

from servicebook.checks import arithmetic
from servicebook.checks.check import check_content
from servicebook.content.model.entries import (
    Behaviour,
    Case,
    Checklist,
    Customer,
    Entry,
    Metric,
    Scenario,
    Standard,
)
from servicebook.content.model.settings import Foundation, Term
from servicebook.content.select import select_standards
from tests.conftest import ROOT
from tests.content.library import everything, prose, read, sources_of, standards

E = TypeVar("E", bound=Entry)
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
OWN = "propuesta propia"
WORDS_OF_NUMBERS = {"diez": 10.0, "tres": 3.0, "dos": 2.0, "cuatro": 4.0, "cinco": 5.0, "veinte": 20.0}
UNITS = r"(?:segundos?|minutos?|horas?|días?|meses|timbres?|preguntas?|pasos?|intentos?)"


def of(kind: type[E]) -> list[E]:
    """Return the entries of a kind."""
    return [entry for entry in read().entries if isinstance(entry, kind)]


def test_check_is_clean_warnings_included() -> None:
    assert check_content(read(), dt.date(2026, 11, 22)) == []


def test_there_is_as_much_as_was_promised() -> None:
    assert len(of(Standard)) >= 48
    assert len(of(Behaviour)) >= 24
    assert len(of(Customer)) >= 13
    assert len(of(Case)) >= 6
    assert len(of(Metric)) >= 6
    assert len(of(Checklist)) >= 14
    assert len(of(Scenario)) >= 18
    assert len(read().terms) >= 60
    pillars = Counter(standard.pillar for standard in standards())
    assert 0.4 <= pillars["interno"] / len(standards()) <= 0.6


def test_every_standard_is_used_and_measured() -> None:
    used: set[str] = set()
    for checklist in of(Checklist):
        for section in checklist.sections:
            used |= {address.partition(".")[0] for address in section.take}
            if section.select:
                used |= {standard.id for standard in select_standards(section.select, standards())}
    used |= {id_ for customer in of(Customer) for id_ in customer.standards}
    used |= {id_ for scenario in of(Scenario) for id_ in scenario.standards}
    measured = {id_ for metric in of(Metric) for id_ in metric.standards}
    assert [s.id for s in standards() if s.id not in used] == []
    assert [s.id for s in standards() if not (s.metrics or s.id in measured or s.no_metric)] == []


def test_every_customer_guide_leads_to_four_standards() -> None:
    assert [customer.id for customer in of(Customer) if len(set(customer.standards)) < 4] == []


def test_every_customer_guide_says_how_to_recognise_approach_and_measure() -> None:
    for customer in of(Customer):
        assert len(customer.signals) >= 3, customer.id
        assert len(customer.needs) >= 3, customer.id
        assert len(customer.approach) >= 4, customer.id
        assert len(customer.phrases) >= 2, customer.id
        assert len(customer.mistakes) >= 3, customer.id
        assert customer.metrics, customer.id


def test_every_metric_says_why_it_falls_and_which_standards_it_watches() -> None:
    for metric in of(Metric):
        assert len(metric.collection) >= 3, metric.id
        assert len(metric.reading) >= 3, metric.id
        assert metric.causes, metric.id
        assert metric.standards, metric.id


@pytest.mark.parametrize("vocabulary", ["channels", "roles", "moments", "principles", "services", "pillars"])
def test_every_word_of_a_vocabulary_has_a_standard(vocabulary: str) -> None:
    settings = read().settings
    assert settings is not None
    field = "pillar" if vocabulary == "pillars" else vocabulary
    values = [getattr(standard, field) for standard in standards()]
    held = {word for value in values for word in ([value] if isinstance(value, str) else value)}
    assert set(getattr(settings, vocabulary)) - held == set()


def test_every_customer_type_and_every_channel_has_a_scenario() -> None:
    settings = read().settings
    assert settings is not None
    scenarios = of(Scenario)
    assert {customer.id for customer in of(Customer)} - {scenario.customer for scenario in scenarios} == set()
    assert set(settings.channels) - {scenario.channel for scenario in scenarios} == set()


def test_the_worked_example_of_a_metric_is_right() -> None:
    for metric in of(Metric):
        computed = arithmetic.evaluate(metric.formula.expression, metric.example.values)
        decimals = len(str(metric.example.result).partition(".")[2].rstrip("0"))
        assert round(computed, decimals) == metric.example.result, metric.id
        numbers = {
            float(number.replace(",", ""))
            for number in re.findall(r"\d[\d,]*(?:\.\d+)?", metric.example.story)
        }
        assert set(metric.example.values.values()) - numbers == set(), (
            f"{metric.id}: the story tells other numbers"
        )


def without_dialled(text: str) -> str:
    """Return a text without the number that is dialled in an emergency, which measures nothing."""
    return re.sub(r"\b911\b", "", text)


def figures_in(text: str) -> set[float]:
    """Return the quantities of a text: figures, and numbers in words before a unit."""
    found = {
        float(number.replace(",", "."))
        for number in NUMBER.findall(re.sub(r"[A-Z]{2,6}-\d+", "", without_dialled(text)))
    }
    for word in re.findall(rf"\b({'|'.join(WORDS_OF_NUMBERS)})\s+{UNITS}", text.lower()):
        found.add(WORDS_OF_NUMBERS[word])
    return found


def test_a_figure_in_a_standard_is_its_threshold_with_its_origin() -> None:
    loose = []
    for standard in standards():
        allowed = {standard.threshold.value} if standard.threshold else set()
        for place, text in prose(standard):
            if (
                place.split(".")[0] in ("statement", "do", "dont", "items", "intent")
                or place == "verification.question"
            ):
                loose += [f"{standard.id} {place}: {figure:g}" for figure in figures_in(text) - allowed]
    assert loose == []


ORDINALS = {name: n for n, name in enumerate(("segundo", "tercer", "cuarto", "quinto"), 2)}
BEFORE = re.compile(rf"antes del ({'|'.join(ORDINALS)})\b")


def test_before_the_fourth_is_three_at_most() -> None:
    """What is done before a bell allows one bell less, in a standard and in the guide's example of one."""
    allowed = {
        standard.id: (standard.threshold.value, [text for _, text in prose(standard)])
        for standard in standards()
        if standard.threshold and standard.threshold.at == "most"
    }
    guide = (ROOT / "docs/editar/de-cero.md").read_text(encoding="utf-8")
    value = re.search(r"^  value: (\d+)$", guide, re.MULTILINE)
    assert value
    told = [*allowed.items(), ("de-cero", (float(value[1]), [guide]))]
    found = [
        (name, word, value)
        for name, (value, texts) in told
        for text in texts
        for word in BEFORE.findall(text)
    ]
    assert {name for name, _, _ in found} >= {"EXT-02", "de-cero"}
    assert [one for one in found if ORDINALS[one[1]] != one[2] + 1] == []


def test_a_threshold_is_somebody_s_or_our_own() -> None:
    for standard in standards():
        if threshold := standard.threshold:
            assert (threshold.origin == "source") == (threshold.source is not None), standard.id
            if threshold.source:
                assert threshold.source.source in {citation.source for citation in standard.sources}, (
                    standard.id
                )


def test_whose_a_limit_is_is_data_and_no_sentence() -> None:
    assert [f"{where} {place}" for where, place, text in everything() if OWN in text.casefold()] == []
    written = [
        path.stem
        for path in (ROOT / "playbook/metrics").glob("*.yml")
        if "reading_origin:" in path.read_text()
    ]
    assert sorted(written) == sorted(metric.id for metric in of(Metric))


def test_other_figures_stand_beside_a_source() -> None:
    values: list[Entry | Term | Foundation]
    values = [*of(Customer), *of(Behaviour), *read().terms, *read().foundations]
    loose = [
        f"{value.id} {place}: {text}"
        for value in values
        for place, text in prose(value)
        if not place.startswith("phrases") and NUMBER.search(without_dialled(text)) and not sources_of(value)
    ]
    assert loose == []
    cases = [
        f"{case.id} {place}: {text}"
        for case in of(Case)
        for place, text in prose(case)
        if place in ("summary", "lessons", "practice") and figures_in(text)
    ]
    assert cases == []


def test_every_entry_cites_a_source_and_every_source_is_cited() -> None:
    values: list[Entry | Foundation] = [*read().entries, *read().foundations]
    assert [value.id for value in values if not sources_of(value)] == []
    settings = read().settings
    assert settings is not None
    words = {
        citation.source
        for name in ("pillars", "principles", "channels", "services")
        for word in getattr(settings, name).values()
        for citation in word.sources
    }
    cited = set().union(words, *(sources_of(value) for value in (*values, *read().terms)))
    assert {source.id for source in read().sources} - cited == set()


def test_a_claim_that_is_disputed_says_so() -> None:
    claims = [claim for case in of(Case) for claim in case.claims]
    assert len(claims) >= 25
    for claim in claims:
        if claim.confidence == "low":
            assert claim.disagreement, claim.id


def test_an_essential_standard_is_checked_by_a_list() -> None:
    checked = {
        address.partition(".")[0]
        for checklist in of(Checklist)
        for section in checklist.sections
        for address in section.take
    } | {
        standard.id
        for checklist in of(Checklist)
        for section in checklist.sections
        if section.select
        for standard in select_standards(section.select, standards())
    }
    assert [s.id for s in standards() if s.level == "essential" and s.id not in checked] == []
