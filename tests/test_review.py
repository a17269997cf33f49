"""What there is to review: `servicebook review`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servicebook.cli.main import run
from servicebook.language.messages import LANGUAGES
from tests.conftest import MakeProject

CASE = """\
id: hotel
title: Un hotel
owner: servicio
reviewed: 2026-11-01
company: Hotel
summary: Atiende bien.
claims:
  - id: viejo
    text: Lo decían hace tiempo.
    sources: [{source: libro}]
    date: "2009"
    confidence: low
    recheck: 2026-11-10
  - id: nuevo
    text: Lo dicen ahora.
    sources: [{source: libro}]
    date: "2025"
    confidence: high
    recheck: 2026-12-24
lessons: [Atender.]
practice: [Atendemos.]
standards: [EXT-01]
"""
DRAFT = "id: nuevo\ntitle: Nuevo\nstatus: draft\nowner: servicio\nreviewed: 2026-11-01\nnature: type\n"
DRAFT += "summary: x\nsignals: [x]\nneeds: [x]\napproach: [{title: x, text: x}]\n"
DRAFT += "phrases: [{say: x, avoid: x}]\nmistakes: [x]\nstandards: [EXT-01]\n"


@pytest.fixture
def project(make_project: MakeProject) -> Path:
    folder = make_project({"playbook/cases/hotel.yml": CASE, "playbook/customers/nuevo.yml": DRAFT})
    old = folder / "playbook/metrics/csat.yml"
    old.write_text(old.read_text(encoding="utf-8").replace("2026-11-01", "2025-10-31"), encoding="utf-8")
    soon = folder / "playbook/customers/vip.yml"
    soon.write_text(soon.read_text(encoding="utf-8").replace("2026-11-01", "2025-12-31"), encoding="utf-8")
    teams = folder / "playbook/playbook.yml"
    text = teams.read_text(encoding="utf-8")
    contact = "teams: {servicio: {title: Servicio, contact: a@b.mx}, caja: {title: Caja}}"
    text = text.replace("teams: {servicio: {title: Servicio}}", contact)
    teams.write_text(text, encoding="utf-8")
    check = folder / "playbook/checklists/apertura.yml"
    check.write_text(
        check.read_text(encoding="utf-8").replace("owner: servicio", "owner: caja"), encoding="utf-8"
    )
    return folder


def test_everything_that_asks_for_care_is_listed_by_team(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", str(project), "--today", "2026-11-22", "--format", "json"]) == 0
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    assert [(task["team"], task["matter"], task["id"], task["claim"], task["due"]) for task in tasks] == [
        ("servicio", "overdue", "csat", None, "2026-10-31"),
        ("servicio", "recheck-overdue", "hotel", "viejo", "2026-11-10"),
        ("servicio", "due", "vip", None, "2026-12-31"),
        ("servicio", "recheck-due", "hotel", "nuevo", "2026-12-24"),
        ("servicio", "low-confidence", "hotel", "viejo", None),
        ("servicio", "draft", "nuevo", None, None),
        ("caja", "no-owner", "apertura", None, None),
    ]
    assert run(["review", str(project), "--today", "2027-01-02", "--format", "json"]) == 0
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    assert [task["id"] for task in tasks if task["matter"] == "overdue"] == ["csat", "vip"]


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_list_reads_well(form: str, language: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["review", str(project), "--today", "2026-11-22", "--format", form, "--lang", language]
    assert run(call) == 0
    said = capsys.readouterr().out
    assert said.count("\n") >= 8
    assert {"es": "31 de octubre de 2026", "pt": "31 de outubro de 2026"}.get(language, "2026") in said


def test_playbook_in_order_says_so(make_project: MakeProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = make_project({})
    teams = project / "playbook/playbook.yml"
    text = teams.read_text(encoding="utf-8")
    teams.write_text(
        text.replace("{title: Servicio}", "{title: Servicio, contact: a@b.mx}"), encoding="utf-8"
    )
    assert run(["review", str(project), "--today", "2026-11-22"]) == 0
    assert capsys.readouterr().out == "No hay nada que revisar.\n"


def test_date_that_is_none_is_told_in_plain_words(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", str(project), "--today", "ayer"]) == 2
    assert "«--today»" in capsys.readouterr().err
