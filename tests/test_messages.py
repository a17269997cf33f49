"""The catalogues: one voice in each language, nothing missing and nothing left over."""

from __future__ import annotations

import ast
import re
import string

import pytest
import yaml

from servicebook.base.problems import Location, Problem
from servicebook.cli.main import make_cli, run
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.language.messages import LANGUAGES, Messages, messages_in
from tests.conftest import ROOT

SPANISH, ENGLISH = messages_in("es"), messages_in("en")
SOURCES = [
    *sorted((ROOT / "src" / "servicebook").glob("**/*.py")),
    *sorted((ROOT / "overrides").glob("**/*.html")),
    *sorted((ROOT / "src" / "servicebook" / "paper").glob("*.typ")),
]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
WORDS = set(re.findall(r"[\"']([A-Za-z0-9_.-]+)[\"'{]", CODE))

# The first part of keys that code puts together: f"kind.{kind}", say("related." ~ kind), say.under("level").
FAMILIES = tuple(
    f"{first}."
    for first in (
        *re.findall(r"[\"']([a-z0-9_.-]+)\.(?:\{|[\"']\s*~)", CODE),
        *re.findall(r"\b(?:under|words?)\([\"']([a-z0-9_.-]+)[\"']", CODE),
        *(words for model in ENTRY_TYPES.values() for words in model.facets.values()),
    )
    if first != "problem"
)


def text_of(say: Messages, key: str) -> str:
    prefix, _, last = key.rpartition(".")
    return say.under(prefix)[last]


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_languages_have_the_same_keys() -> None:
    assert SPANISH.keys() ^ ENGLISH.keys() == set()


def test_a_text_has_the_same_values_in_each_language() -> None:
    differ = [
        key
        for key in sorted(SPANISH.keys())
        if names_in(text_of(SPANISH, key)) != names_in(text_of(ENGLISH, key))
    ]
    assert differ == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_files_or_twice(language: str) -> None:
    seen: dict[str, str] = {}

    def walk(node: yaml.Node, prefix: str, name: str) -> None:
        assert isinstance(node, yaml.MappingNode)
        for key_node, value in node.value:
            key = f"{prefix}{key_node.value}"
            if isinstance(value, yaml.MappingNode):
                walk(value, f"{key}.", name)
            else:
                assert key not in seen, f"{key} is in {seen[key]} and {name}"
                assert value.value, f"{key} is empty"
                seen[key] = name

    for path in sorted((ROOT / "src/servicebook/language/locale" / language).glob("*.yml")):
        tree = yaml.compose(path.read_text(encoding="utf-8"))
        assert tree is not None
        walk(tree, "", path.name)
    assert set(seen) == messages_in(language).keys()


# Who makes a problem, and which of its arguments is the rule.
MAKERS = {"Problem": 1, "refuse": 0, "MacroError": 0, "problem_at": 3}


def rules_in_code() -> set[str]:
    """Return every rule that some code gives a problem."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8") if path.suffix == ".py" else "")
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            place = MAKERS.get(ast.unparse(call.func), len(call.args))
            rule = call.args[place] if place < len(call.args) else None
            if isinstance(rule, ast.Constant):
                found.add(str(rule.value))
    return found


def test_every_rule_has_its_sentence() -> None:
    rules = rules_in_code()
    assert len(rules) > 40, "the scan finds the rules"
    assert {rule for rule in rules if f"problem.{rule}" not in SPANISH} == set()


def test_every_key_that_code_names_exists() -> None:
    named = set(re.findall(r"\bsay\(\s*[\"']([a-z0-9_.-]+)[\"']\s*[,)]", CODE))
    assert named
    assert {key for key in named if key not in SPANISH and f"{key}.other" not in SPANISH} == set()


def test_every_key_is_used() -> None:
    unused = {key for key in sorted(SPANISH.keys()) if not is_used(key)}
    assert unused == set()


def is_used(key: str) -> bool:
    whole = key.removesuffix(".one").removesuffix(".other")
    if whole in WORDS or key.startswith(FAMILIES):
        return True
    rule = whole.removeprefix("problem.")
    # A rule stands in the code whole, or as its first words: f"wrong-type-{wanted}".
    beginnings = {rule[: i + 1] for i, char in enumerate(rule) if char == "-"}
    return rule != whole and bool(({rule} | beginnings) & WORDS)


def test_values_are_said_as_a_reader_says_them() -> None:
    problem = Problem(
        Location("x.yml"), "unknown-reference", {"id": "EXT-9", "kind": "standard", "suggestion": None}
    )
    assert SPANISH.explain(problem) == "No existe «EXT-9» (estándar)."
    assert ENGLISH.explain(problem) == "There is no “EXT-9” (standard)."


@pytest.mark.parametrize("value", ["two\nlines", "\x1b[31mred", "a" * 10_000, "{name}", "{0}", "%s"])
def test_a_value_never_breaks_the_sentence(value: str) -> None:
    problem = Problem(Location("x.yml"), "date", {"value": value, "field": "reviewed"})
    said = SPANISH.explain(problem)
    assert said.startswith("«")
    assert said.isprintable()
    assert len(said) < 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_as_sentences_do(language: str) -> None:
    say = messages_in(language)
    for key, text in say.under("problem").items():
        assert re.search(r"[.?)]$|: (\{example\}|servicebook [a-z]+)$", text), f"{key}: {text}"
        assert "  " not in text, key


@pytest.mark.parametrize("command", ["", *make_cli(SPANISH).commands])
def test_help_has_no_word_of_another_language(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The library that reads the command line has words of its own, and they are English."""
    assert run(["--lang", "es", *command.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Uso: servicebook")
    assert "Opciones:" in said
    foreign = r"\b(Usage|Options|Commands|COMMAND|ARGS|DIRECTORY|PATH|TEXT|INTEGER|KIND|NAME|required)\b|%Y"
    assert re.search(foreign, said) is None
