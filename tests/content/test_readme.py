"""What the README says of the reference playbook is so."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.conftest import ROOT
from tests.content.library import read

README = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
NAMED = {
    "standard": "estándares",
    "behaviour": "conductas",
    "customer": "guías de cliente",
    "scenario": "escenarios",
    "checklist": "listas",
    "metric": "indicadores",
}


@pytest.mark.parametrize("kind", NAMED)
def test_the_readme_counts_what_there_is(kind: str) -> None:
    there = Counter(entry.kind for entry in read().entries if entry.status == "active")
    said = re.search(rf"(\d+) {NAMED[kind]}", README)
    assert said
    assert int(said[1]) == there[kind]


def test_the_readme_s_new_standard_is_not_taken() -> None:
    here, _, _ = README.partition("El manual de tu organización")
    offered = re.findall(r"servicebook new standard ([A-Z]+-\d+)", here)
    assert offered
    assert not {entry.id for entry in read().entries} & set(offered)
