"""What a counter needs on its worst day has a page, and the page is whole and safe to follow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.content.model.entries import Checklist, Entry, Scenario, Standard
from tests.content.library import fold, named, prose, read

NEEDS: list[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("worst_days.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
HOMES = sorted({need["home"] for need in NEEDS})
STANDARDS = [home for home in HOMES if re.fullmatch(r"[A-Z]+-\d+", home)]
DANGERS = sorted({need["home"] for need in NEEDS if need.get("danger")})
# Whom to call, or whom to have beside one: what no page of danger may leave out.
HELP = re.compile(r"\b911\b|\bseguridad\b|\bapoyo\b")
NOT_ALONE = re.compile(
    r"\ba solas\b|\bno (?:la|lo) dejes sol[ao]\b|\bcompañer[oa]\b|\bacompañad[oa]\b|\botra persona\b"
)
# Deeds that no page may ask of who serves; told only among what not to do.
UNSAFE = re.compile(
    r"\b(?:persíguel[oa]s?|deténl[oa]s?|detenl[oa]s?|sujétal[oa]s?|enfréntal[oa]s?|forcejea|somételo|levántal[oa]s?"
    r"|muével[oa]|enciérral[oa]s?|desármal[oa]s?)\b",
    re.IGNORECASE,
)


def entry(identity: str) -> Entry:
    """Return the entry of an id."""
    value = named()[identity]
    assert isinstance(value, Entry)
    return value


def standard(identity: str) -> Standard:
    """Return the standard of an id."""
    value = entry(identity)
    assert isinstance(value, Standard)
    return value


@pytest.mark.parametrize("need", NEEDS, ids=[need["need"] for need in NEEDS])
def test_a_need_has_a_page_in_force_that_answers_it(need: dict[str, Any]) -> None:
    home = entry(need["home"])
    text = fold(" ".join(text for _, text in prose(home)))
    assert home.status == "active"
    assert [words for words in need["says"] if fold(words) not in text] == []


@pytest.mark.parametrize("identity", STANDARDS)
def test_its_standard_is_whole(identity: str) -> None:
    home = standard(identity)
    assert len(home.do) >= 5
    assert len(home.dont) >= 4
    assert len(home.phrases) >= 2
    assert len(home.items) >= 4
    assert home.sources
    scenarios = {id_ for one in read().entries if isinstance(one, Scenario) for id_ in one.standards}
    taken = {
        address.partition(".")[0]
        for one in read().entries
        if isinstance(one, Checklist)
        for section in one.sections
        for address in section.take
    }
    assert identity in scenarios, "no scenario rehearses it"
    assert identity in taken, "no list takes its items"


@pytest.mark.parametrize("identity", HOMES)
def test_its_page_is_found_by_few_words(identity: str) -> None:
    assert 4 <= len(entry(identity).search_words) <= 20


@pytest.mark.parametrize("identity", DANGERS)
def test_a_page_of_danger_is_urgent_says_whom_to_call_and_leaves_nobody_alone(identity: str) -> None:
    home = standard(identity)
    assert home.urgent
    assert home.level == "essential"
    told = " ".join((home.statement, *home.do)).casefold()
    assert HELP.search(told)
    assert NOT_ALONE.search(told)


@pytest.mark.parametrize("identity", STANDARDS)
def test_no_page_asks_for_an_unsafe_deed(identity: str) -> None:
    home = standard(identity)
    asked = (home.statement, *home.do, *(phrase.say for phrase in home.phrases))
    assert [text for text in asked if UNSAFE.search(text)] == []


@pytest.mark.parametrize("text", ["Persíguelo hasta la puerta.", "Sujétala de los brazos.", "Levántalo."])
def test_an_unsafe_deed_is_found(text: str) -> None:
    assert UNSAFE.search(text)


def test_a_list_that_names_one_country_s_number_says_that_others_have_their_own() -> None:
    """A printed list explains no terms, and whoever reads it elsewhere must dial the right number."""
    items = {
        f"{one.id}.{item.id}": item.text
        for one in read().entries
        if isinstance(one, Standard)
        for item in one.items
    }
    named_by = {
        one.id: one.use
        for one in read().entries
        if isinstance(one, Checklist)
        for section in one.sections
        for address in section.take
        for item, text in items.items()
        if item in (address, f"{address}.{item.partition('.')[2]}") and "911" in text
    }
    assert named_by
    assert [list_ for list_, use in named_by.items() if "911" not in use or "México" not in use] == []
