"""A language that the engine lacks, by a catalogue in the playbook's folder: what it says, and its slips."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.language_rules import fault_of, faults_among
from servicebook.content.languages import is_rule, messages_at
from servicebook.content.project import read_project
from servicebook.editing.cms import _Forms
from servicebook.language.answers import NEVER, begins
from servicebook.language.messages import LANGUAGES, messages_in
from servicebook.site.site import read_playbook
from tests.conftest import ROOT, MakeProject
from tests.printed import read_pdf

MINIMAL = Path(__file__).parent / "projects/minimal"
ENGLISH = ROOT / "src/servicebook/language/locale/en/paper.yml"
SETTINGS, CONFIG = (
    (MINIMAL / name).read_text(encoding="utf-8") for name in ("playbook/playbook.yml", "mkdocs.yml")
)
FRENCH = """\
language: {locale: fr_FR, day: EEEE d MMMM, colon: " : "}
path: {standard: normes}
kind: {standard: Normes}
searching: {open: Chercher}
standard: {verification: Comment vérifier}
check:
  errors: {one: "1 erreur", other: "{count} erreurs"}
"""
HEBREW = "language: {locale: he_IL}\nkind: {standard: תקנים}\n"


def in_language(code: str, catalogue: str, name: str = "mine.yml") -> dict[str, str]:
    assert SETTINGS.count("language: es\n") == 1
    return {
        "mkdocs.yml": CONFIG.replace("  language: es\n", ""),
        "playbook/playbook.yml": SETTINGS.replace("language: es\n", f"language: {code}\n"),
        **({f"playbook/locale/{code}/{name}": catalogue} if catalogue else {}),
    }


def test_a_playbook_is_in_the_language_that_it_brings(make_project: MakeProject) -> None:
    project = make_project(in_language("fr", FRENCH))
    say = messages_at(project / "playbook", "fr")
    assert say.language == "fr"
    build_project(project, project / "site", "mkdocs", say, lambda step: None)
    page = (project / "site/normes/ext-01/index.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in page
    assert "Comment vérifier" in page
    assert "22 novembre 2026" in page
    plain = (project / "site/normes/ext-01/index.md").read_text(encoding="utf-8")
    assert "\n- Level\u202f: " in plain
    assert re.search(r"^- [^:]*\S: ", plain, re.MULTILINE) is None, "each colon stands apart from its name"
    assert json.loads((project / "site/playbook.json").read_text(encoding="utf-8"))["language"] == "fr"


def test_what_it_does_not_say_is_said_in_english_and_no_rule_of_english_is_taken(
    make_project: MakeProject,
) -> None:
    say = messages_at(make_project(in_language("fr", FRENCH)) / "playbook", "fr")
    assert say("searching.close") == "Close"
    assert say("search.stop_words") == ""
    assert say.under("search.synonyms") == {}
    assert say("check.errors", count=2) == "2 erreurs"
    assert say.sort_key("Été") < say.sort_key("Fable")
    titles = ["Odeur", "Œuvre", "Offre", "Zone"]
    assert sorted(titles, key=say.sort_key) == titles


def test_a_sentence_of_one_thing_alone_is_said_of_many_in_english(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(in_language("fr", "check: {errors: {one: 1 erreur}}\n"))
    (project / "playbook/sources.yml").write_text("- {}\n- {}\n", encoding="utf-8")
    assert run(["check", str(project)]) == 1
    assert re.match(r"\d+ errors", capsys.readouterr().err)


def test_commands_speak_it(make_project: MakeProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = make_project(
        in_language("fr", "check: {warnings: {one: 1 alerte, other: '{count} alertes'}}\n")
    )
    assert read_project(project).language == "fr"
    run(["check", str(project)])
    told = capsys.readouterr().out
    assert run(["--lang", "fr", "check", str(project)]) == 0
    assert capsys.readouterr().out == told
    assert run(["--lang", "he", "check", str(project)]) == 2
    assert "It can be: es, en, pt, fr." in capsys.readouterr().err
    assert "locale/fr:1:1: warning[locale-missing]" in told
    assert "sentences of “fr” are missing" in told, "what the catalogue lacks is said in English"


@pytest.mark.parametrize(
    ("catalogue", "told"),
    [
        ("kind: {standrad: Normes}", "mine.yml:1:8: error[locale-key]: The engine says nothing under"),
        ("kind: {standrad: Normes}", "Did you mean “kind.standard”?"),
        ('edition: {text: "{nom}, {date}"}', "mine.yml:1:17: error[sentence-value]"),
        ('edition: {text: "{name"}', "mine.yml:1:17: error[sentence-braces]"),
        ('edition: {text: "Éd. {name}"}', "mine.yml:1:17: warning[sentence-without]"),
        (
            'fmt: {done: {few: "x"}}',
            "“few” is not a form in which fr counts. It can be: one,",
        ),
        (
            "path: {standard: Règles du jeu}",
            "“Règles du jeu” becomes part of an address",
        ),
        ("kind: {standard: [Normes]}", "error[locale-no-text]: Nothing is said under “kind.standard”"),
        ("kind: {standard: }", "error[locale-no-text]"),
        ('kind: {standard: "  "}', "error[locale-no-text]"),
        ("- Normes", "mine.yml:1:1: error[locale-not-map]"),
        ("kind:\n\tstandard: Normes", "error[tab]"),
        ('kind: {standard: "Normes}', "error[syntax-quote]"),
        ("kind: {standard: Normes}\nkind: {case: Cas}", "error[duplicate-key]"),
        ("language: {locale: zz_ZZ}", "error[locale-unknown]: Nobody knows the dates, numbers and plurals"),
        ('language: {answer: {named: "("}}', "error[locale-pattern]"),
        # No pattern may look at what it has read once more: it could keep a build busy for ever.
        ('language: {answer: {denied: "(?!non)"}}', "mine.yml:1:29: error[locale-pattern]"),
        (
            "language: {day: HH:mm}",
            "error[locale-day]: “HH:mm” does not say how a day is named",
        ),
        ("language: {day: EEEEEEEEEEEEE}", "error[locale-day]"),
        ("""language: {day: "'"}""", "error[locale-day]"),
        (f"language: {{day: {'d' * 501}}}", "error[locale-day]"),
        (
            "search: {synonyms: {vol: 'vol, , braquage'}}",
            "error[locale-form-empty]: “vol, , braquage” has",
        ),
        ("search: {dangers: {vol: 'vol, prendre/'}}", "error[locale-form-empty]: “vol, prendre/”"),
        (f"search: {{dangers: {{vol: {' '.join(['a/b'] * 30)}}}}}", "error[locale-form-many]"),
        (
            "search: {synonyms: {vol: vol, feu: feu}, related: {vol: 'feu, vols'}}",
            "mine.yml:1:57: error[locale-concept]: No concept is called “vols”",
        ),
        # As many ways to say one form as there may be.
        (
            f"search: {{dangers: {{vol: {' '.join(['/'.join('abcdefghij')] * 3)}}}}}",
            "warning[locale-missing]",
        ),
        ("search: {narrower: {danger: danger}}", "error[locale-concept]: No concept is called “danger”"),
        (
            "search: {synonyms: {vol: vol}, related: {feu: 'vol, eau, vent'}}",
            "error[locale-concept]: No concept is called “feu”",
        ),
        ("language: {locale: fr}", "warning[locale-missing]"),
        (
            "language: {locale: pl}\nfmt:\n  done: {one: plik, other: '{count} pliku'}",
            "mine.yml:3:3: warning[locale-form-missing]: “fmt.done” is not said in the form “few”",
        ),
        (
            "fmt: {done: {other: '{count} fichiers'}}",
            "warning[locale-form-missing]: “fmt.done” is not said in the form “one”",
        ),
    ],
)
def test_a_slip_in_a_catalogue_is_told(
    catalogue: str, told: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(in_language("fr", catalogue + "\n"))
    code = run(["check", str(project)])
    said = capsys.readouterr().out
    assert told in said
    assert "playbook/locale/fr" in said
    assert said.count("[locale-concept]") <= 1, "of one relation the first slip is told"
    assert code == (0 if "warning[" in told else 1)


def test_no_pattern_of_a_language_keeps_a_build_busy() -> None:
    runs_away = begins(r"(?:\w|\w\w)*!")
    assert not runs_away("a" * 400)
    assert runs_away("a" * 400 + "!")
    assert begins("non")("Non, merci")
    assert not begins("non")("Or, non")
    assert not begins(NEVER)("")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_of_our_own_languages_keep_what_is_asked_of_others(language: str) -> None:
    say = messages_in(language)
    texts = {key: say.text(key) for key in filter(is_rule, say.keys())}
    locale = texts["language.locale"]
    assert not [fault for key, text in texts.items() if (fault := fault_of(key, text, locale))]
    assert not [*faults_among(texts, texts)]


def test_a_key_that_two_files_have_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(
        in_language("fr", "kind: {case: Cas}\n")
        | {"playbook/locale/fr/other.yml": "kind:\n  case: Affaires\n"}
        | {f"playbook/locale/fr/{name}": "x" for name in ("notes.txt", ".DS_Store")}
    )
    assert run(["check", str(project)]) == 1
    said = capsys.readouterr().out
    assert "other.yml:2:3: error[locale-twice]" in said
    assert "notes.txt:1:1: warning[not-yml]" in said
    assert ".DS_Store" not in said


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("fr", "playbook.yml:4:11: error[no-language]: "),
        ("fr", "servicebook new language fr"),
        ("ES", "error[choice]"),
        ("es-MX", "«es»"),
    ],
)
def test_a_language_that_nobody_brings_is_told_alone(
    code: str,
    told: str,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert run(["check", str(make_project(in_language(code, "")))]) == 1
    said = capsys.readouterr().out
    assert told in said
    assert len(said.splitlines()) == 1


def test_a_folder_of_another_name_or_language_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(
        {f"playbook/locale/{name}/a.yml": "kind: {case: C}\n" for name in ("en", "French")}
    )
    assert run(["check", str(project)]) == 0
    said = capsys.readouterr().out
    assert "locale/en:1:1: warning[locale-of-engine]" in said
    assert "locale/French:1:1: warning[locale-stranger]" in said


def test_a_language_that_the_theme_lacks_is_told_until_the_project_has_its_words(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(in_language("qu", "language: {locale: qu_PE}\n"))
    assert run(["check", str(project)]) == 1
    assert "mkdocs.yml:3:9: error[theme-without]: The theme has no words in “qu”" in capsys.readouterr().out
    words = project / "overrides/partials/languages/qu.html"
    words.parent.mkdir(parents=True)
    words.write_text("{% macro t(key) %}{% endmacro %}", encoding="utf-8")
    assert run(["check", str(project)]) == 0


def test_new_language_writes_what_is_to_translate_and_later_what_is_missing(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(in_language("fr", "kind: {standard: Normes}\n", "pages.yml"))
    folder = project / "playbook/locale/fr"

    def new() -> str:
        assert run(["new", "language", "fr", "--project", str(project)]) == 0
        return capsys.readouterr().out

    assert "playbook/locale/fr" in new()
    assert (folder / "pages.yml").read_text(encoding="utf-8") == "kind: {standard: Normes}\n"
    assert "\n  standard: Standards\n" not in (folder / "pages-2.yml").read_text(encoding="utf-8")
    assert not (folder / "thesaurus.yml").exists()
    rules = (folder / "language.yml").read_text(encoding="utf-8")
    assert "\n  locale: fr\n" in rules
    # Sentences stand in the order of the English ones, in which they are read.
    mine, english = (
        [*yaml.safe_load(path.read_text(encoding="utf-8"))] for path in (folder / "paper.yml", ENGLISH)
    )
    assert mine == [key for key in english if key in mine] != sorted(mine)
    assert run(["check", str(project)]) == 0
    told = capsys.readouterr().out
    assert re.search(r"warning\[locale-missing\]: 1[0-9]{3} sentences of “fr”", told), told
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert "every sentence" in new()
    assert before == {path: path.read_bytes() for path in folder.iterdir()}
    # What somebody took out again is asked for in a file of its own.
    second = folder / "pages-2.yml"
    lines = second.read_text(encoding="utf-8").splitlines(keepends=True)
    taken = next(line for line in lines if line == "  case: Cases\n")
    second.write_text("".join(line for line in lines if line is not taken), encoding="utf-8")
    new()
    assert taken in (folder / "pages-3.yml").read_text(encoding="utf-8")
    assert taken not in second.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "told"), [("French", "no es el código"), ("en", "ya tiene"), ("../x", "código")]
)
def test_new_language_refuses_what_is_none(
    code: str,
    told: str,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = make_project({})
    assert run(["new", "language", code, "--project", str(project)]) == 2
    assert told in capsys.readouterr().err
    assert not (project / "playbook/locale").exists()


def test_a_build_sees_that_the_catalogue_changed(make_project: MakeProject) -> None:
    project = make_project(in_language("fr", FRENCH))
    page = project / "site/normes/ext-01/index.html"
    assert run(["build", "--project", str(project), "--site-dir", str(project / "site")]) == 0
    assert "Comment vérifier" in page.read_text(encoding="utf-8")
    path = project / "playbook/locale/fr/mine.yml"
    path.write_text(FRENCH.replace("Comment vérifier", "Ce que l'on observe"), encoding="utf-8")
    assert run(["build", "--project", str(project), "--site-dir", str(project / "site")]) == 0
    assert "Comment vérifier" not in page.read_text(encoding="utf-8")


def test_what_is_written_from_right_to_left_stands_so(make_project: MakeProject) -> None:
    project = make_project(in_language("he", HEBREW))
    assert run(["edition", "1", "--project", str(project)]) == 0
    build_project(
        project, project / "site", "mkdocs", messages_at(project / "playbook", "he"), lambda step: None
    )
    site = project / "site"
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert len(pages) > 10
    assert [page[:300] for page in pages if 'dir="rtl"' not in page] == []
    (sheet,) = site.glob("*/checklists/*-a4.pdf")
    (page,) = read_pdf(sheet.read_bytes()).pages
    (row,) = (box for text, box in page.placed if "Saludé" in text)
    assert page.ticks[0][0] > row[2] > page.width / 2, "the box, and the text beside it, begin to the right"
    (book,) = site.glob("*/checklists/*.xlsx")
    with zipfile.ZipFile(book) as parts:
        assert b'rightToLeft="1"' in parts.read("xl/worksheets/sheet1.xml")
    manifest = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert (manifest["lang"], manifest["dir"]) == ("he", "rtl")


def test_the_forms_and_schemas_take_it(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(in_language("fr", FRENCH))
    monkeypatch.chdir(project)
    assert run(["schema"]) == 0
    schema = json.loads((project / "schemas/playbook.json").read_text(encoding="utf-8"))
    assert schema["properties"]["language"]["enum"] == ["es", "en", "pt", "fr"]
    playbook, _ = read_playbook(project, dt.date(2026, 11, 25))
    forms = _Forms(playbook.settings, playbook.kinds, playbook.say).file("playbook")
    (form,) = (one for one in forms if one["name"] == "language")
    assert [option["value"] for option in form["options"]] == ["es", "en", "pt", "fr"]
