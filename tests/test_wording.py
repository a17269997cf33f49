"""What a sheet's code compares is the sheet: whatever changes on paper is told, and nothing else.

Every text, number, word and list of a small playbook is changed, one at a time; what its sheets say is then
held against what the pages tell that their codes lead to.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.base.problems import ContentError
from servicebook.cli.main import run
from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.paper.sheets import Sheets
from servicebook.site.site import Site, read_playbook
from servicebook.views.editions import PaperPage, mark_of, paper_pages
from tests.conftest import MakeProject
from tests.test_export import SCORED
from tests.test_paper import scenario_of

SAY = messages_in("es")
# What a sheet holds to set itself and does not say.
# Whose codes carry the mark of the whole.
WHOLE = ("book", "deck", "credo", "tent", "lineup", "quiz", "training", "session")
UNSAID = ("name", "who", "address", "link")
MORE = {
    "playbook/checklists/ronda.yml": SCORED.replace("id: apertura", "id: ronda").replace(
        "scored: true\n", "scored: true\nscoring: {bands: csat}\nsigners: [{role: Líder, hour: true}]\n"
    ),
    "playbook/scenarios/espera.yml": scenario_of("espera", ["Hay fila.", "Nadie saluda."]),
    "playbook/behaviours/mirar.yml": (
        "id: mirar\ntitle: Mirar\nowner: servicio\nreviewed: 2026-11-01\npillar: externo\n"
        "do: {act: Mira., scene: Levanta la vista.}\ndont: {act: No mirar., scene: Sigue en lo suyo.}\n"
        "why: Quien llega lo nota.\nstandards: [EXT-01]\n"
    ),
    "playbook/cases/tienda.yml": (
        "id: tienda\ntitle: La tienda\nowner: servicio\nreviewed: 2026-11-01\ncompany: Tienda\n"
        "summary: Saluda a todos.\nclaims:\n  - {id: uno, text: Saluda., sources: [{source: libro}], "
        "date: 2020, confidence: high, recheck: 2027-11-01}\nlessons: [Saludar sirve.]\npractice: [Saluda.]\n"
        "standards: [EXT-01]\n"
    ),
    "playbook/glossary.yml": (
        "- id: vistazo\n  title: Vistazo\n  definition: Una mirada breve.\n  sources: [{source: libro}]\n"
    ),
    "playbook/foundations.yml": (
        "- id: base\n  title: La base\n  text: [Servir es mirar.]\n  points: [{title: Uno, text: Mira.}]\n"
        "  sources: [{source: libro}]\n"
    ),
}
EDITS = {
    "playbook/standards/EXT-01.yml": (
        "threshold: {at: most, value: 10, unit: segundos, origin: own}\n"
        "phrases: [{say: Buenos días., avoid: Dígame., why: Es amable.}]\nlema: Mirar primero\n"
    ),
    "playbook/checklists/apertura.yml": (
        "  - {id: fin, title: Al final, items: [{id: puerta, text: Abrí la puerta.}]}\n"
        "reminder: true\ndated: true\nsigners: [{role: Líder}]\n"
    ),
    "playbook/playbook.yml": (
        "fields: {standard: {lema: {type: line, label: Lema, shows: [paper]}}}\n"
        "levels: {essential: {title: Esencial, weight: 3, gate: true}, expected: {title: Esperado, "
        "weight: 2}, excellence: {title: De excelencia, weight: 1}}\n"
    ),
}


# For each word of a vocabulary another that may stand in its place.
WORDS = {
    "externo": "interno",
    "presencial": "telefono",
    "mostrador": "lideres",
    "essential": "expected",
    "excellence": "expected",
    "most": "least",
    "own": "source",
    "staff": "customer",
    "high": "low",
}
# Bands that grade what is audited; of two, one starts at nothing.
BANDS = """reading:
  - {range: 80 o más, at_least: 80, meaning: Va bien.}
  - {range: Menos, at_least: 0, meaning: Va mal.}
"""


def read(project: Path) -> Playbook:
    return read_playbook(project, dt.date(2026, 11, 25))[0]


def printed(sheets: Sheets) -> Mapping[str, str]:
    """Return all that sheets say, by the id of the entry that their codes lead to; the whole has none."""
    found: dict[str, list[Any]] = {}
    for sheet in sheets.all():
        graded = sheet.form == "audit"
        unsaid = UNSAID if graded else (*UNSAID, "weight", "gate")
        identity = "" if sheet.form in WHOLE else sheet.id
        found.setdefault(identity, []).append([sheet.title, without(sheet.content, unsaid)])
    return {identity: json.dumps(said, ensure_ascii=False) for identity, said in found.items()}


def without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list | tuple) else value


def changed(text: str) -> Iterator[str]:
    """Yield a YAML text with each of its values changed, and each list in another order or shorter."""
    for node in nodes_of(yaml.compose(text) or yaml.SequenceNode("", [])):
        start, end = node.start_mark.index, node.end_mark.index
        before, value, after = text[:start], text[start:end].rstrip(), text[end:]
        if isinstance(node, yaml.SequenceNode):
            if len(node.value) > 1:
                plain = yaml.load(value, yaml.CSafeLoader) if node.flow_style else None
                if plain:
                    yield before + json.dumps(plain[::-1], ensure_ascii=False) + after
                    yield before + json.dumps(plain[:-1], ensure_ascii=False) + after
                else:
                    yield from moved(text, node)
        elif node.tag == "tag:yaml.org,2002:bool":
            yield before + str(value != "true").lower() + after
        elif node.tag == "tag:yaml.org,2002:int":
            yield f"{before}{int(value) + 1}{after}"
        else:
            if node.value in WORDS:
                yield before + WORDS[node.value] + after
            yield before + json.dumps(f"{node.value} más", ensure_ascii=False) + after


def moved(text: str, node: yaml.SequenceNode) -> Iterator[str]:
    """Yield a list in block style with its first item at its end, and without it."""
    starts = [text.rindex("- ", 0, item.start_mark.index + 1) for item in node.value]
    first, rest, end = text[starts[0] : starts[1]], text[starts[1] : node.end_mark.index], node.end_mark.index
    indent = " " * node.start_mark.column
    tail = text[end:]
    yield text[: starts[0]] + rest.rstrip() + "\n" + indent + first.rstrip() + "\n" + tail
    yield text[: starts[0]] + rest.rstrip() + "\n" + tail


def nodes_of(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield every list and every value under a node; keys are none of them."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from nodes_of(value)
    else:
        yield node
        if isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from nodes_of(value)


def told_of(page: PaperPage) -> bool:
    """Tell whether a page says to a sheet of the edition that was frozen that something changed."""
    if page.id:
        return any(one.state != "same" for one in page.editions)
    return any(changed or page.parts[edition.name] for edition, _, changed in page.changed)


@pytest.fixture
def project(make_project: MakeProject) -> Path:
    folder = make_project(MORE)
    for name, text in EDITS.items():
        path = folder / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    metric = folder / "playbook/metrics/csat.yml"
    metric.write_text(metric.read_text("utf-8").partition("reading:")[0] + BANDS, "utf-8")
    return folder


FILES = [*MORE, *EDITS, "playbook/customers/vip.yml", "playbook/metrics/csat.yml", "playbook/sources.yml"]


@pytest.mark.parametrize("name", FILES)
def test_whatever_changes_on_paper_is_told(project: Path, name: str) -> None:
    first = Sheets(read(project), SAY)
    old, before = first.now, printed(first)
    path = project / name
    text, tried, differ = path.read_text("utf-8"), 0, 0
    for other in changed(text):
        path.write_text(other, "utf-8")
        try:
            playbook = read(project)
        except ContentError:
            continue  # it is not a playbook any more
        if playbook.settings.edition.name != old.name:
            continue  # which every sheet says at its foot, and its code asks for
        tried += 1
        playbook.editions = (old.model_copy(update={"date": dt.date(2026, 11, 1)}),)
        now = Sheets(playbook, SAY)
        pages = {page.id: page for page in paper_pages(playbook, now.now)}
        for identity, said in printed(now).items():
            if identity in before and said != before[identity]:
                differ += 1
                assert mark_of(now.now, identity) != mark_of(old, identity), (identity, other)
                assert told_of(pages[identity]), (identity, other)
            elif identity in before and now.now.items == old.items:
                assert not identity or not told_of(pages[identity]), (identity, other)
    assert tried > 1
    assert differ > 0


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("scenarios/espera", "title: El espera", "title: La espera", "El título"),
        ("scenarios/espera", "channel: presencial", "channel: telefono", "El canal"),
        ("standards/EXT-01", "lema: Mirar primero\n", "", "Lema"),
        ("standards/EXT-01", "statement: ", "statement: Siempre. ", "La promesa"),
        ("standards/EXT-01", "avoid: Dígame.", "avoid: ¿Qué?", "Qué decir"),
        ("standards/EXT-01", "value: 10", "value: 12", "El límite"),
        ("customers/vip", "title: Cliente VIP", "title: Cliente asiduo", "El título"),
        (
            "standards/EXT-01",
            "title: Saludar al llegar",
            "title: Saludar siempre",
            "Los estándares que aplican",
        ),
        ("checklists/apertura", "title: Al final", "title: Para terminar", "Las secciones y su orden"),
        ("checklists/apertura", "reminder: true", "reminder: false", "El recordatorio"),
        ("playbook", "organisation: Prueba", "organisation: Otra", "La portada"),
        ("sources", "Autora", "Otra autora", "Las fuentes"),
    ],
)
def test_the_page_behind_a_code_names_what_changed(
    project: Path, name: str, old: str, new: str, told: str
) -> None:
    assert run(["edition", "1", "--project", str(project)]) == 0
    path = project / f"playbook/{name}.yml"
    text = path.read_text("utf-8")
    assert old in text
    pages = {"Los estándares que aplican": "p/vip/", "La portada": "p/", "Las fuentes": "p/"}
    address = pages.get(told, f"p/{Path(name).name.lower()}/")
    same = SAY("on_paper.same")
    assert same in (Site(read(project)).paper_page(address) or "")
    path.write_text(text.replace(old, new), "utf-8")
    html = Site(read(project)).paper_page(address) or ""
    assert same not in html
    assert f"Cambió: {told}" in html
