"""The sentences of the interface in a playbook's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject
from tests.printed import squeeze, text_of

SETTINGS = (Path(__file__).parent / "projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")


def with_words(*lines: str) -> dict[str, str]:
    own = "".join(f"  {line}\n" for line in lines)
    return {"playbook/playbook.yml": f"{SETTINGS.rstrip()}\nwords:\n{own}"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "edition.txt: Edición",
            ":16:3: error[unknown-sentence]: No hay una frase con la clave «edition.txt»",
        ),
        ("edition.txt: Edición", "¿Quisiste decir «edition.text»?"),
        ("language.locale: fr_FR", ":16:3: error[unknown-sentence]"),
        ("path.standard: reglas", ":16:3: error[unknown-sentence]"),
        (
            'edition.text: "{nombre}, {date}"',
            ":16:17: error[sentence-value]: La frase no puede llevar «{nombre}».",
        ),
        ('edition.text: "{nombre}, {date}"', "Puede llevar: {date}, {name}."),
        ('edition.text: "{name.__class__} {date}"', ":16:17: error[sentence-value]"),
        ('edition.text: "{name:>999999999} {date}"', ":16:17: error[sentence-braces]"),
        ('edition.text: "{name!r} {date}"', ":16:17: error[sentence-braces]"),
        ('edition.text: "{} {date}"', ":16:17: error[sentence-braces]"),
        ('edition.text: "{name {date}"', ":16:17: error[sentence-braces]"),
        ('edition.text: "Ed. {name}"', ":16:17: warning[sentence-without]: La frase ya no dice {date}."),
    ],
)
def test_sentence_that_will_not_do_is_told(
    line: str, told: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(with_words(line))
    code = run(["check", str(project)])
    said = capsys.readouterr().out
    assert told in said
    assert code == (0 if "warning" in told else 1)
    assert len(said.splitlines()) == 1


def test_own_sentences_are_said_on_pages_paper_and_in_the_terminal(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {
        "searching.open": "Encuentra",
        "standard.verification": "Cómo lo vemos",
        "paper.form.checklist": "Hoja de trabajo",
        "export.done.other": '"{count} escritos en {folder}, listos."',
    }
    project = make_project(with_words(*(f"{key}: {text}" for key, text in own.items())))
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    page = (project / "site/estandares/ext-01/index.html").read_text(encoding="utf-8")
    for key in ("searching.open", "standard.verification"):
        assert own[key] in page, key
        assert f">{messages_in('es')(key)}<" not in page, key
    texts = "".join(text_of(sheet.read_bytes()) for sheet in (project / "site").rglob("*.pdf"))
    assert squeeze(own["paper.form.checklist"]) in texts
    assert squeeze(messages_in("es")("paper.form.checklist")) not in texts
    capsys.readouterr()
    assert run(["export", "--out", str(project / "out"), "--project", str(project), "apertura"]) == 0
    assert re.search(r"\d+ escritos en .*, listos\.", capsys.readouterr().out)


def test_what_was_kept_of_other_sentences_is_not_shown_again() -> None:
    say = messages_in("es")
    one, other = (say.with_words({"searching.open": text}) for text in ("Encuentra", "Halla"))
    assert len({say.digest, one.digest, other.digest}) == 3
    assert (one("searching.open"), one.under("searching")["open"]) == ("Encuentra", "Encuentra")
    assert say.under("searching")["open"] == "Buscar"
