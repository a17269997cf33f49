"""What an organisation declared once: it may be taken back, renamed and misspelt, and readers are told so."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from servicebook.site.site import Site, read_playbook
from tests.conftest import MakeProject

DAY = dt.date(2026, 11, 25)
FIELD = """\
fields:
  standard:
    code: {type: line, label: Clave interna, shows: [facts, paper]}
"""
KIND = """\
kinds:
  rule:
    title: Reglas
    title_one: Regla
    fields:
      told: {type: text, label: Qué pide, required: true}
    summary: told
"""
RULE = """\
id: sin-ruido
title: Sin ruido
owner: servicio
reviewed: 2026-11-20
told: Se habla en voz baja.
"""


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def next_edition(project: Path) -> None:
    replace(project / "playbook/playbook.yml", 'name: "1", date: 2026-11-22', 'name: "2", date: 2026-11-23')


def paper_page(project: Path, path: str) -> str:
    return Site(read_playbook(project, DAY)[0]).paper_page(path) or ""


@pytest.fixture
def frozen(make_project: MakeProject) -> Path:
    """Return a project with a field and a kind of its own, whose first edition is frozen."""
    project = make_project({"playbook/rule/sin-ruido.yml": RULE})
    append(project / "playbook/playbook.yml", FIELD + KIND)
    append(project / "playbook/standards/EXT-01.yml", "code: X\n")
    assert run(["edition", "1", "--project", str(project)]) == 0
    return project


# --- taken back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheets", [True, False], ids=["with-sheets", "before-sheets-were-kept"])
def test_what_was_declared_can_be_taken_back_though_an_edition_names_it(
    frozen: Path, capsys: pytest.CaptureFixture[str], sheets: bool
) -> None:
    next_edition(frozen)
    if not sheets:
        edition = frozen / "playbook/editions/1.yml"
        edition.write_text(
            re.sub(r"\n    sheet:\n(?:      .*\n)+", "\n", edition.read_text("utf-8")), "utf-8"
        )
        assert "form:" not in edition.read_text("utf-8")
    replace(frozen / "playbook/playbook.yml", FIELD + KIND, "")
    replace(frozen / "playbook/standards/EXT-01.yml", "code: X\n", "")
    (frozen / "playbook/rule/sin-ruido.yml").unlink()
    (frozen / "playbook/rule").rmdir()
    capsys.readouterr()
    assert run(["check", str(frozen)]) == 0
    assert "error" not in capsys.readouterr().out
    build_project(frozen, frozen / "site", "mkdocs", messages_in("es"), lambda step: None)
    whole = (frozen / "site/p/index.html").read_text("utf-8")
    assert 'data-pb-change="sin-ruido">Se retiró: Sin ruido' in whole
    assert 'data-pb-change="code"' not in (frozen / "site/p/ext-01/index.html").read_text("utf-8")


def test_a_field_and_a_kind_can_be_renamed_though_an_edition_names_them(
    frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next_edition(frozen)
    replace(frozen / "playbook/playbook.yml", "    code: {", "    policy_code: {")
    replace(frozen / "playbook/playbook.yml", "  rule:\n", "  house-rule:\n    folder: rule\n")
    replace(frozen / "playbook/standards/EXT-01.yml", "code: X\n", "policy_code: X\n")
    capsys.readouterr()
    assert run(["check", str(frozen)]) == 0
    assert "error" not in capsys.readouterr().out
    # The sheet says what it said, under the label that it said it by.
    assert "pb-change__what" not in paper_page(frozen, "p/ext-01/")
