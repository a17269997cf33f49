"""The configuration of the editors' forms: made from the model, so that no field lacks what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from servicebook.content.load import load_content
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.schema import schema_names
from servicebook.editing.cms import Backend, config_of
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT

CONTENT, _ = load_content(ROOT / "playbook")
Form = dict[str, Any]


def collections(language: str) -> dict[str, Form]:
    assert CONTENT.settings
    config = config_of(CONTENT.settings, Backend("github", "casa/manual"), "playbook", messages_in(language))
    return {one["name"]: one for one in config["collections"]}


def fields_of(fields: list[Form]) -> Iterator[Form]:
    for field in fields:
        yield field
        yield from fields_of([*field.get("fields", []), *([field["field"]] if "field" in field else [])])


def forms(language: str) -> list[Form]:
    found = []
    for one in collections(language).values():
        files = one.get("files") or [one]
        found += [field for file in files for field in fields_of(file["fields"])]
    return found


def named(name: str, collection: str) -> Form:
    fields = collections("es")[collection]["fields"]
    return next(field for field in fields_of(fields) if field["name"] == name)


def test_every_file_of_the_playbook_has_its_form() -> None:
    assert set(collections("es")) == set(schema_names())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_says_what_it_is_for(language: str) -> None:
    for field in forms(language):
        assert field["label"]
        # The element of a list is explained where the list is.
        if field["name"] not in ("value", "entries"):
            assert field["hint"].endswith((".", "?", "»", "”")), field
            assert "[" not in field["hint"], field


def test_every_choice_has_a_name_in_spanish() -> None:
    options = [one for field in forms("es") for one in field.get("options", [])]
    assert {one["value"] for one in options if one["value"] == one["label"]} == {"A4", "Letter"}


def test_patterns_say_how_a_text_is_written() -> None:
    pattern, said = named("id", "standard")["pattern"]
    assert re.search(pattern, "EXT-07")
    assert not re.search(pattern, "ext 7")
    assert "EXT-07" in said
    pattern, said = named("id", "metric")["pattern"]
    assert re.search(pattern, "a" * 60)
    assert not re.search(pattern, "a" * 61)
    assert "60" in said


def test_a_reference_is_chosen_from_what_there_is() -> None:
    relation = named("customers", "standard")
    assert relation["widget"] == "relation"
    assert relation["collection"] == "customer"
    assert relation["search_fields"] == ["id", "title"]
    assert relation["multiple"]
    words = {option["value"] for option in named("roles", "standard")["options"]}
    assert words == set(CONTENT.settings.roles if CONTENT.settings else ())


def test_a_new_entry_is_a_draft_whose_lists_are_empty() -> None:
    for kind in ENTRY_TYPES:
        fields = collections("es")[kind]["fields"]
        assert next(field for field in fields if field["name"] == "status")["default"] == "draft"
        deeper = [inner for field in fields for inner in fields_of(field.get("fields", []))]
        assert [inner["name"] for inner in deeper if "default" in inner] == []
