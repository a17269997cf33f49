"""The catalogues: one voice in each language, nothing missing and nothing left over."""

from __future__ import annotations

import ast
import functools
import itertools
import json
import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import simplemma
import yaml

from servicebook.base.problems import Location, Problem
from servicebook.cli.main import make_cli, run
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.schema import schema_names, schema_of
from servicebook.language.messages import LANGUAGES, Messages, messages_in
from tests.conftest import ROOT

SPANISH, ENGLISH = messages_in("es"), messages_in("en")
SOURCES = [
    *sorted((ROOT / "src" / "servicebook").glob("**/*.py")),
    *sorted((ROOT / "overrides").glob("**/*.html")),
    *sorted((ROOT / "src" / "servicebook" / "paper").glob("*.typ")),
]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
STARTER = sorted((ROOT / "src" / "servicebook" / "editing" / "starter" / "common").glob("**/*.yml"))
# What the files of a new project say by key: `@{starter.check}`.
GIVEN = {key for path in STARTER for key in re.findall(r"@\{([a-z.-]+)\}", path.read_text(encoding="utf-8"))}
WORDS = set(re.findall(r"[\"']([A-Za-z0-9_.-]+)[\"'{]", CODE)) | GIVEN

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


def scripts_say(language: str) -> dict[str, str]:
    """Return what the developers' scripts say in a language."""
    catalogue = json.loads((ROOT / "scripts/messages.json").read_text(encoding="utf-8"))
    sentences: dict[str, str] = catalogue[language]
    return sentences


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_folder_of_catalogues_makes_a_language() -> None:
    folders = (ROOT / "src/servicebook/language/locale").iterdir()
    assert sorted(LANGUAGES) == sorted(folder.name for folder in folders)
    assert {"es", "en", "pt"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_that_it_takes(language: str) -> None:
    """Catalogues, a first playbook, the sentences of the scripts, and its own name in every language."""
    starters = ROOT / "src/servicebook/editing/starter"
    assert (starters / language / "mkdocs.yml").is_file()
    settings = (starters / language / "playbook/playbook.yml").read_text(encoding="utf-8")
    assert f"\nlanguage: {language}\n" in settings
    assert scripts_say(language).keys() == scripts_say("es").keys()
    for other in LANGUAGES:
        assert f"choice.{language}" in messages_in(other)


def test_a_new_language_needs_no_code(tmp_path: Path) -> None:
    package = tmp_path / "servicebook"
    shutil.copytree(ROOT / "src/servicebook", package, ignore=shutil.ignore_patterns("__pycache__"))
    for place in ("language/locale", "editing/starter"):
        shutil.copytree(package / place / "en", package / place / "qq")
    for name, old, new in (
        ("language/locale/qq/commands.yml", "Service standards as data", "Qq qq"),
        ("editing/starter/qq/playbook/playbook.yml", "language: en", "language: qq"),
    ):
        text = (package / name).read_text(encoding="utf-8")
        assert old in text
        (package / name).write_text(text.replace(old, new), encoding="utf-8")

    def servicebook(*arguments: str) -> str:
        command = [sys.executable, "-m", "servicebook", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LC_ALL": "qq_QQ.UTF-8"}
        result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    assert "Qq qq" in servicebook("--help")
    servicebook("init", "playbook-of-qq")
    servicebook("check", "playbook-of-qq", "--strict")
    schema = (tmp_path / "playbook-of-qq/schemas/playbook.json").read_text(encoding="utf-8")
    assert json.loads(schema)["properties"]["language"]["enum"] == ["es", "en", "pt", "qq"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_keys(language: str) -> None:
    assert messages_in(language).keys() ^ SPANISH.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_the_same_values_in_each_language(language: str) -> None:
    said = [
        (key, text_of(messages_in(language), key), text_of(SPANISH, key)) for key in sorted(SPANISH.keys())
    ]
    said += [(key, text, scripts_say("es")[key]) for key, text in scripts_say(language).items()]
    assert sorted(key for key, text, other in said if names_in(text) != names_in(other)) == []


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
    assert GIVEN
    assert {key for key in GIVEN if key not in SPANISH} == set()


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


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("command", ["", *make_cli(SPANISH).commands])
def test_help_has_no_word_of_another_language(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library that reads the command line has words of its own, and they are English."""
    assert run(["--lang", language, *command.split(), "--help"]) == 0
    said, say = capsys.readouterr().out, messages_in(language)
    assert said.startswith(f"{say('cli.heading.usage')} servicebook")
    assert f"{say('cli.heading.options')}:" in said
    foreign = r"\b(Usage|Options|Commands|COMMAND|ARGS|DIRECTORY|PATH|INTEGER|KIND|NAME|required)\b|%Y"
    assert re.search(foreign, said) is None


# --- no word of another language -----------------------------------------------------------------------

# Keys whose texts are no sentences: parts of addresses, words to search by, examples of ids and dates.
NO_SENTENCES = (
    "path.",
    "facets.name.",
    "paper.folder.",
    "new.example.",
    "search.dangers",
    "search.narrower",
    "search.related",
    "search.s",
    "diff.numbers",
    "cli.metavar.date",
)
# What a sentence only quotes, fills in, or names as code does: files, addresses, options, lists of ids.
QUOTED = re.compile(
    r"\{[^}]*\}|“[^”]*”|«[^»]*»|'[^']*'|`[^`]*`|\[[^\]]*\]|\S*[./@=_]\w\S*|--\w\S*|\b[\w-]+: "
)
# What stands in sentences and is no word of their language, or is one of several.
ALLOWED = yaml.load((ROOT / "tests/cases/languages.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def sentences_of(language: str) -> dict[str, str]:
    """Return what is said in a language, by key: by the product and by the developers' scripts."""
    say = messages_in(language)
    said = {key: text_of(say, key) for key in sorted(say.keys()) if not key.startswith(NO_SENTENCES)}
    return said | {f"scripts.{key}": text for key, text in scripts_say(language).items()}


def words_of(sentence: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", QUOTED.sub(" ", sentence))]


@functools.cache
def code_words() -> set[str]:
    """Return the names of commands, of fields, and of the values among which a field chooses."""
    named = set(make_cli(SPANISH).commands)

    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            named.update(map(str, [*schema.get("properties", {}), *schema.get("enum", [])]))
            named.update(map(str, [schema["const"]] if "const" in schema else []))
        for inner in schema.values() if isinstance(schema, dict) else schema:
            if isinstance(inner, dict | list):
                walk(inner)

    for name in schema_names():
        walk(schema_of(name, SPANISH))
    return {word.casefold() for words in named for word in re.findall(r"[^\W\d_]+", words)}


def strange_words(sentence: str, language: str) -> set[str]:
    """Return the words of a sentence that its language lacks and another of ours has."""
    allowed = {*ALLOWED["everywhere"].split(), *ALLOWED["own"].get(language, "").split()}
    words = set(words_of(sentence)) - allowed - code_words()
    unknown = {word for word in words if not simplemma.is_known(word, lang=language)}
    return {word for word in unknown if any(simplemma.is_known(word, lang=other) for other in LANGUAGES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_of_another_language(language: str) -> None:
    found = {key: strange_words(text, language) for key, text in sentences_of(language).items()}
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("language", "sentence", "strange"),
    [
        ("pt", "Revisa el archivo y guárdalo.", {"el", "archivo"}),
        ("pt", "O arquivo está vazio: look “required” in x.yml.", {"look"}),
        ("es", "O arquivo está vazio.", {"arquivo", "vazio"}),
        ("en", "Falta el campo.", {"falta", "campo"}),
    ],
)
def test_a_word_of_another_language_is_seen(language: str, sentence: str, strange: set[str]) -> None:
    assert strange <= strange_words(sentence, language)
    assert "required" not in strange_words(sentence, language)


@pytest.mark.parametrize(("language", "signs"), [("es", "“”"), ("en", "«»¿¡"), ("pt", "«»¿¡")])
def test_no_sign_is_of_another_language(language: str, signs: str) -> None:
    assert [key for key, text in sentences_of(language).items() if set(text) & set(signs)] == []


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(LANGUAGES, 2)])
def test_no_sentence_is_left_in_another_language(one: str, other: str) -> None:
    """Languages share words, hardly ever a sentence of three."""
    said = sentences_of(other)
    same = {text for key, text in sentences_of(one).items() if text == said[key] and len(words_of(text)) >= 3}
    assert same <= set(ALLOWED["shared"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 2, 1.5])
def test_what_is_said_of_one_is_said_of_nothing_else(language: str, count: float) -> None:
    say = messages_in(language)
    for key in sorted(say.keys()):
        if key.endswith(".one") and "{count}" not in text_of(say, key):
            name = key.removesuffix(".one")
            values = dict.fromkeys(names_in(text_of(say, f"{name}.other")), "x")
            assert say(name, **{**values, "count": count}) == text_of(say, f"{name}.other").format_map(
                {**values, "count": count}
            )


# --- one word, one meaning -------------------------------------------------------------------------------

# A review is what a team does with an entry, or with what it says, when its date comes. Nothing else is one:
# a checklist that somebody filled in is a run, and a text that was changed has another version.
REVIEW = {"es": r"\brevisi(?:ón|ones)\b", "pt": r"\brevis(?:ão|ões)\b"}
OF_A_REVIEW = ("review.", "problem.review", "label.review_every", "starter.review")
RUN_AND_VERSION = {
    "es": (r"\bverificaci(?:ón|ones)\b", r"\bversión\b"),
    "pt": (r"\bverificaç(?:ão|ões)\b", r"\bversão\b"),
    "en": (r"\bruns?\b", r"\brevision\b"),
}
OF_A_RUN = ("run.choice", "actions.finish_title", "screen.opened", "trends.title", "field.Checklist.period")
OF_A_VERSION = ("label.revision", "problem.change-without-revision", "field.Entry.revision")


@pytest.mark.parametrize("language", REVIEW)
def test_a_review_is_what_a_team_does_with_an_entry(language: str) -> None:
    said = [key for key, text in sentences_of(language).items() if re.search(REVIEW[language], text, re.I)]
    assert len(said) >= 5, "the word is in use"
    assert [key for key in said if not key.startswith(OF_A_REVIEW)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_were_observed_is_not_called_like_what_is_remarked(language: str) -> None:
    say = messages_in(language)
    assert say("screen.head-sample") == say("screen.column-sample") == say("visit.sample")
    assert say("visit.sample") != say("sign_off.observations")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_and_a_version_have_each_a_word(language: str) -> None:
    for keys, word in zip((OF_A_RUN, OF_A_VERSION), RUN_AND_VERSION[language], strict=True):
        for key in keys:
            assert re.search(word, text_of(messages_in(language), key), re.IGNORECASE), key


# What must be said in one way in each language: what a reader would take for another thing, and what to say.
ONE_WAY = {
    "en": {
        r"\bmay not fail\b|\band may not\b": "must not fail: “may not” is also “perhaps not”",
        r"\bjobs?\b": "role",
        r"\brows?\b(?! \()": "item, for what a checklist asks",
        r"\bhour\b": "time",
        r"\bper cent\b": "percentage",
        r"\bmodels?\b": "framework",
        r"\bsmall letters?\b": "lower-case letters",
        r"\bin its one form\b|\bin its form\b": "the standard form",
        r"\bpaper (?:is|still)\b|\bstill holds?\b": "the sheet is still current",
        r"\bwill not do\b|(?<!here )\bis no (?!longer)\w+ (?:of|in|that|to)\b": "what people say now",
        r"\b(?:color|organization|behavior|center|catalog|gray|practicing)\w*": "as it is spelt in Britain",
    },
    "pt": {
        r"\bcomplemento\b": "plugin",
        r"\bencenaç(?:ão|ões)\b": "simulação",
        r"\bo por cento\b|^por cento$": "porcentagem",
        r"\bhífens\b": "hifens",
        r"\bcelular\b": "aparelho",
        r"\bverificações? guardadas?\b": "salva",
        r"\b(?:ecrã|ficheiro|utilizador|equipa|contacto|registo|telemóvel|facto|secção)s?\b": "as in Brazil",
    },
}
# What is spoken of there is another thing: an hour of the day, a row of a table, what a score is made of.
ANOTHER_THING = {
    "rows": ("trends.times", "trends.again-none", "problem.slug-bad"),
    "hour": ("field.Change.reason",),
}


@pytest.mark.parametrize("language", ONE_WAY)
def test_one_thing_is_said_in_one_way(language: str) -> None:
    """Two words for a thing are two things to who reads them for the first time."""
    apart = tuple(itertools.chain(*ANOTHER_THING.values()))
    said = {
        key: re.sub(r"\{[^}]*\}", "", text)
        for key, text in sentences_of(language).items()
        if not key.startswith((*apart, "scripts."))
    }
    found = [
        f"{key}: {text!r}, {instead}"
        for key, text in said.items()
        for way, instead in ONE_WAY[language].items()
        if re.search(way, text, re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("language", ["en", "pt"])
def test_a_per_cent_sign_follows_its_number(language: str) -> None:
    """Spanish parts the two; English and the Portuguese of Brazil do not."""
    spaced = [key for key, text in sentences_of(language).items() if re.search(r"[\d}] %", text)]
    assert spaced == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_preview_is_looked_for_under_the_name_that_it_has(language: str) -> None:
    """What the comment on a proposal names is what the steps of a project keep there."""
    named = re.search(r"[«“](\w+)[»”]\)\.$", text_of(messages_in(language), "diff.preview"))
    assert named
    for place in (".github", "src/servicebook/editing/starter/common/github"):
        steps = (ROOT / place / "workflows/preview.yml").read_text(encoding="utf-8")
        assert f"name: {named[1]}\n" in steps


def test_a_sign_means_the_same_in_a_workbook_of_any_language() -> None:
    """What is no word of a language is typed in all of them: a workbook reads it in each."""
    signs = {"x", "✓", "✔", "ok"}
    read = {one: set(messages_in(one)("paper.audit.read.yes").split(" | ")) for one in LANGUAGES}
    assert {one: signs - words for one, words in read.items() if signs - words} == {}
