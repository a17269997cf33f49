"""Why a search does not give what it should: a made-up playbook in which each cause is the true one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import yaml

from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from servicebook.site.causes import CAUSES
from tests.conftest import ROOT, MakeProject, unprinted

STANDARD = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
SCENARIO = """\
id: lluvia
title: Un día de lluvia
owner: servicio
reviewed: 2026-11-01
customer: vip
channel: presencial
situation: Una clienta pregunta por el biombo plegable.
customer_side: Tienes prisa.
staff_side: Estás a solas.
goes_wrong: Nadie la mira.
good_answer:
  - {who: customer, text: Buenas.}
  - {who: staff, text: Bienvenida.}
debrief: [¿Qué viste?]
standards: [EXT-01]
"""
# What the standards are called, and why they are there.
STANDARDS = {
    "EXT-10": ("Devolver la carpeta", "Es de otro."),
    "EXT-11": ("Mover la carreta", "Estorba."),
    "EXT-12": ("Retroalimentar", "Todos aprenden."),
    "EXT-13": ("Afinar y lijar el clavicordio", "Suena mal."),
    "EXT-14": ("Cuidar el piano", "Se desafina como el clavicordio."),
    "EXT-15": ("Desplegar el biombo", "Quien abre el biombo plegable da un lugar."),
    "EXT-16": ("Tapar la ventana", "Basta un biombo, si hay uno."),
    "EXT-17": ("Ventilar el almacén", "Luego alguien debe tapar la ventana."),
    **{f"EXT-{number}": (f"Guardar el paraguas {number}", "Llueve.") for number in range(30, 39)},
    "EXT-40": ("Secar el piso", "Quien guarda un paraguas lo moja."),
}
# What is asked, what should be the first, and why it is not.
ASKED = {
    "carpetta": ("EXT-11", "misread"),
    "rtroalmentr": ("EXT-12", "misspelt"),
    "ornitorrinco": ("vip", "unused"),
    "paraguas": ("EXT-40", "common"),
    "afinar y lijar el clavicordio": ("EXT-14", "faint"),
    "desafina ventana almacén piso": ("EXT-14", "partly"),
    "biombo plegable": ("lluvia", "story"),
    "tapar la ventana": ("EXT-17", "outranked"),
    "guardar el paraguas": ("EXT-40", "buried"),
}


def standard(id_: str, title: str, intent: str) -> str:
    text = STANDARD.replace("EXT-01", id_).replace("Saludar al llegar", title)
    text = text.replace("Saludas a quien llega.", "Lo haces.")
    return text.replace("Quien llega quiere saber que lo viste.", intent)


def test_each_miss_has_its_cause(make_project: MakeProject, capsys: pytest.CaptureFixture[str]) -> None:
    queries = [{"query": query, "expect": [id_], "within": 1} for query, (id_, _) in ASKED.items()]
    project = make_project(
        {
            **{f"playbook/standards/{id_}.yml": standard(id_, *said) for id_, said in STANDARDS.items()},
            "playbook/scenarios/lluvia.yml": SCENARIO,
            "playbook/queries.yml": yaml.safe_dump(queries, allow_unicode=True, sort_keys=False),
        }
    )
    with unprinted():
        assert run(["search", "--project", str(project)]) == 1
    told = capsys.readouterr().err.splitlines()
    say = messages_in("es")
    assert causes_in(told, [say(f"search-command.cause.{cause}") for cause in CAUSES]) == [
        cause for _, cause in ASKED.values()
    ], "\n".join(told)
    assert {cause for _, cause in ASKED.values()} == set(CAUSES)


def causes_in(lines: Sequence[str], sentences: Sequence[str]) -> list[str]:
    return [CAUSES[place] for line in lines for place, said in enumerate(sentences) if line.endswith(said)]
