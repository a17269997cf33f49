"""What is new, for readers: badges, histories, the news by edition and role, the feed, the review board."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser
from pydantic import BaseModel

from servicebook.building.build import build_project
from servicebook.content.kinds import USUAL
from servicebook.content.marked import parts_of
from servicebook.content.model.entries import Metric
from servicebook.content.model.settings import Edition, FrozenEdition
from servicebook.content.model.types import is_unsaid
from servicebook.language.messages import messages_in
from servicebook.site.site import read_playbook
from servicebook.views.editions import brought, changes_between, edition_text, freeze, mark_of
from servicebook.views.news import badge_of, editions_of, news_of
from tests.conftest import ROOT, MakeProject, Serve

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = """\
changes:
  - {revision: 1, date: 2026-10-01, reason: Nace el estándar.}
  - {revision: 2, date: 2026-11-20, reason: "Ahora <b>de pie</b> & con gusto."}
revision: 2
"""

CHANGED = """\
changes:
  - {revision: 2, date: 2026-11-10, reason: Primero se corrigió.}
  - {revision: 3, date: 2026-11-20, reason: Se saluda de pie.}
"""


@pytest.fixture
def site(make_project: MakeProject) -> Path:
    project = make_project(
        {"docs/index.md": "# Inicio\n\n{{ news() }}\n\n{{ standards() }}\n\n{{ review_board() }}\n"}
    )
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(standard.read_text(encoding="utf-8") + HISTORY, encoding="utf-8")
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    return project / "site"


def test_history_stands_on_the_entry_newest_first_and_escaped(site: Path) -> None:
    html = (site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    assert html.index("Ahora &lt;b&gt;de pie&lt;/b&gt; &amp; con gusto.") < html.index("Nace el estándar.")
    assert 'href="#history"' in html
    assert "pb-badge" in html


def test_news_are_told_by_edition_and_by_role(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    assert 'id="ext-01-2" data-pb-item-key="EXT-01.2" data-roles="mostrador"' in html
    assert html.index('id="ext-01-2"') < html.index('id="ext-01-1"') < html.index('class="pb-feed"')


def test_feed_is_atom_that_readers_take(site: Path) -> None:
    root = ElementTree.parse(site / "novedades.xml").getroot()  # noqa: S314 - it is our own
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00Z"
    first, second = root.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "EXT-01 Saludar al llegar"
    assert first.findtext(f"{ATOM}summary") == "Ahora <b>de pie</b> & con gusto."
    assert first.findtext(f"{ATOM}id") != second.findtext(f"{ATOM}id")
    assert [one.get("term") for one in first.findall(f"{ATOM}category")] == ["mostrador"]
    page = (site / "index.html").read_text(encoding="utf-8")
    assert '<link rel="alternate" type="application/atom+xml" href="novedades.xml">' in page


def test_playbook_without_changes_says_so_and_has_a_valid_feed(make_project: MakeProject) -> None:
    project = make_project({"docs/index.md": "# Inicio\n\n{{ news() }}\n"})
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    assert "Todavía no hay cambios" in (project / "site/index.html").read_text(encoding="utf-8")
    root = ElementTree.parse(project / "site/novedades.xml").getroot()  # noqa: S314 - it is our own
    assert root.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00Z"


EDITION = """\
name: "{name}"
date: {date}
items: {{}}
entries:
{entries}
"""


def frozen(name: str, date: str, *entries: str) -> dict[str, str]:
    """Return the file of an edition that had these entries."""
    lines = "\n".join(f"  {entry}: {{kind: standard, title: Una}}" for entry in entries)
    return {f"playbook/editions/{name}.yml": EDITION.format(name=name, date=date, entries=lines)}


@pytest.mark.parametrize(
    ("more", "badge"),
    [
        ("", None),
        ("changes: [{revision: 1, date: 2026-09-30, reason: Nace.}]", None),
        ("changes: [{revision: 2, date: 2026-11-20, reason: Cambia.}]\nrevision: 2", "changed"),
        ("changes: [{revision: 1, date: 2026-11-20, reason: Nace.}]", "new"),
        ("changes: [{revision: 2, date: 2026-11-20, reason: Ya no.}]\nrevision: 2\nstatus: retired", None),
    ],
)
def test_a_badge_tells_what_the_edition_in_force_brought(
    more: str, badge: str | None, make_project: MakeProject
) -> None:
    # By their names the older one would come last.
    project = make_project(frozen("9", "2026-09-01", "vip") | frozen("10", "2026-10-01", "EXT-01", "csat"))
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(f"{standard.read_text(encoding='utf-8')}{more}\n", encoding="utf-8")
    if "retired" in more:
        (project / "playbook/checklists/apertura.yml").unlink()
        (project / "playbook/customers/vip.yml").unlink()
    playbook = read_playbook(project, dt.date(2026, 11, 22))[0]
    assert badge_of(playbook.entries["EXT-01"], playbook) == badge
    assert badge_of(playbook.entries["csat"], playbook) is None
    if "apertura" in playbook.entries:
        assert badge_of(playbook.entries["apertura"], playbook) == "new"


@pytest.mark.parametrize(("other", "badge", "known"), [("0", "new", ["0", "1"]), ("2", None, ["1"])])
def test_of_two_editions_of_one_day_the_names_tell_which_was_first(
    other: str, badge: str | None, known: list[str], make_project: MakeProject
) -> None:
    """One rule for the mark, the news and what is told of an entry: two went by the day alone."""
    playbook = read_playbook(make_project(frozen(other, "2026-11-22", "csat")), dt.date(2026, 11, 22))[0]
    assert playbook.settings.edition == Edition(name="1", date=dt.date(2026, 11, 22))
    entry = playbook.entries["EXT-01"]
    made = brought(entry, playbook.settings.edition, playbook)
    assert (badge_of(entry, playbook), made and made.state) == (badge, badge)
    assert [one.name for one in editions_of(playbook)] == known


def test_an_entry_with_another_id_is_not_new(make_project: MakeProject) -> None:
    project = make_project(frozen("0", "2026-10-01", "EXT-90", "csat", "apertura", "vip"))
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(f"{standard.read_text(encoding='utf-8')}former_ids: [EXT-90]\n", encoding="utf-8")
    playbook = read_playbook(project, dt.date(2026, 11, 22))[0]
    assert [badge_of(entry, playbook) for entry in playbook.entries.values()] == [None] * 4


def test_a_change_is_told_in_the_edition_that_brought_it(make_project: MakeProject) -> None:
    project = make_project(frozen("9", "2026-09-01", "EXT-01") | frozen("10", "2026-10-01", "EXT-01"))
    standard = project / "playbook/standards/EXT-01.yml"
    standard.write_text(f"{standard.read_text(encoding='utf-8')}{HISTORY}", encoding="utf-8")
    told = news_of(read_playbook(project, dt.date(2026, 11, 22))[0])
    assert [(one.edition.name, [item.change.revision for item in one.items]) for one in told] == [
        ("1", [2]),
        ("10", [1]),
    ]


@pytest.mark.parametrize(("day", "late"), [(dt.date(2026, 11, 22), 0), (dt.date(2027, 11, 2), 4)])
def test_board_marks_what_is_overdue_today(
    day: dt.date, late: int, site: Path, serve: Serve, browser: Browser
) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(dt.datetime.combine(day, dt.time(12)))
    page.goto(serve(site))
    boards = page.locator("[data-pb-board]")
    boards.first.scroll_into_view_if_needed()
    assert boards.locator("time").count() == 4
    page.wait_for_function("n => document.querySelectorAll('.pb-late').length === n", arg=late)
    page.close()


def test_board_is_read_on_a_phone_without_moving_it_sideways(
    site: Path, serve: Serve, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(serve(site))
    board = page.locator("[data-pb-board]").first
    assert board.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    assert board.locator("time").first.inner_text() == "1 de noviembre de 2027"
    page.close()


def test_what_an_edition_changed_is_told_before_and_now(make_project: MakeProject) -> None:
    project = make_project({})
    standard = project / "playbook/standards/EXT-01.yml"
    text = standard.read_text(encoding="utf-8")
    earlier = read_playbook(project, dt.date(2026, 11, 22))[0]
    frozen_then = freeze(earlier).model_copy(update={"name": "0", "date": dt.date(2026, 10, 1)})
    (project / "playbook/editions").mkdir()
    (project / "playbook/editions/0.yml").write_text(
        edition_text(frozen_then, messages_in("es")), encoding="utf-8"
    )
    text = text.replace("Saludas a quien llega.", "Saludas *de pie* a quien llega.")
    text = text.replace("Saludé a quien llegó.", "Saludé de pie a quien llegó.")
    standard.write_text(f"{text}revision: 3\n{CHANGED}", encoding="utf-8")
    playbook = read_playbook(project, dt.date(2026, 11, 22))[0]
    made = brought(playbook.entries["EXT-01"], playbook.settings.edition, playbook)
    assert made
    assert [(one.kind, one.before, one.after) for one in made.changes] == [
        ("reworded", "Saludé a quien llegó.", "Saludé de pie a quien llegó."),
        ("part", "Saludas a quien llega.", "Saludas de pie a quien llega."),
    ]
    [news] = news_of(playbook)
    assert [(item.key, item.is_last) for item in news.items] == [("EXT-01.3", True), ("EXT-01.2", False)]
    same = brought(playbook.entries["csat"], playbook.settings.edition, playbook)
    assert same
    assert same.state == "same"
    first = Edition(name="0", date=dt.date(2026, 10, 1))
    assert brought(playbook.entries["EXT-01"], first, playbook) is None, "nothing is known before the first"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Una.\nDos.\nTres.", "Una.\nDos y media.\nTres.", ("Dos.", "Dos y media.")),
        ("Una.\nDos.", "Una.\nDos.\nTres.", ("", "Tres.")),
        ("Una.\nDos.", "Dos.\nUna.", ("Una.\nDos.", "Dos.\nUna.")),
        ("Una.", "Otra.", ("Una.", "Otra.")),
    ],
)
def test_of_a_part_with_lines_those_are_told_that_differ(
    before: str, after: str, told: tuple[str, str], make_project: MakeProject
) -> None:
    now = freeze(read_playbook(make_project({}), dt.date(2026, 11, 22))[0])

    def with_do(text: str) -> FrozenEdition:
        entry = now.entries["EXT-01"]
        other = entry.model_copy(
            update={"texts": {**entry.texts, "do": text}, "parts": {**entry.parts, "do": text}}
        )
        return now.model_copy(update={"entries": {"EXT-01": other}})

    [change] = changes_between(with_do(before), with_do(after), "EXT-01")
    assert (change.id, change.before, change.after) == ("do", *told)


def test_a_sheet_s_mark_does_not_hang_on_the_words_kept_for_readers(make_project: MakeProject) -> None:
    now = freeze(read_playbook(make_project({}), dt.date(2026, 11, 22))[0])
    bare = {id_: one.model_copy(update={"texts": {}}) for id_, one in now.entries.items()}
    without = now.model_copy(update={"entries": bare})
    assert [mark_of(now, id_) for id_ in bare] == [mark_of(without, id_) for id_ in bare]


def test_field_that_the_model_gained_leaves_digests_of_earlier_editions_as_they_were() -> None:
    playbook, _ = read_playbook(ROOT, dt.date(2026, 11, 22))
    frozen = freeze(playbook)
    silent = [
        metric
        for metric in playbook.of_kind("metric")
        if isinstance(metric, Metric) and not any(one.title or one.at_least for one in metric.reading)
    ]
    assert silent
    for metric in silent:
        # As 2026.1 wrote a reading down, when it had no more than this.
        first = [{"meaning": one.meaning, "range": one.range} for one in metric.reading]
        text = json.dumps(first, ensure_ascii=False)
        assert frozen.entries[metric.id].parts["reading"] == hashlib.sha256(text.encode()).hexdigest()[:8]


def test_no_part_of_an_entry_gains_a_field_that_changes_digests_unsaid() -> None:
    """What was optional in the first edition is digested as nothing; what is newer has to be left out."""
    first = {
        "Threshold": {"source", "note"},
        "Citation": {"where"},
        "Phrase": {"why"},
        "Claim": {"disagreement"},
        # These are of a field that is newer than the edition, whole.
        "Scoring": {"weights", "gate", "bands", "blank", "unobserved"},
        "LevelWeights": {"essential", "expected", "excellence"},
        "Signer": {"hour"},
    }
    found: dict[str, set[str]] = {}
    waiting: list[object] = [
        model.model_fields[name].annotation
        for model in USUAL.values()
        for name, part in parts_of(model).items()
        if part.is_printed
    ]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            fields = one.model_fields.items()
            waiting += [info.annotation for _, info in fields if one.__name__ not in found]
            optional = {
                n for n, info in fields if not info.is_required() and info.exclude_if is not is_unsaid
            }
            found[one.__name__] = optional
        else:
            waiting += get_args(one)
    assert {name: optional for name, optional in found.items() if optional} == first
