"""Many saved runs in the browser: the same report as the command's, whatever the files hold."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from servicebook.language.messages import messages_in
from servicebook.views.audits import summarise
from servicebook.views.runs import read_run
from servicebook.views.trends import report_of
from tests.conftest import ROOT, Serve
from tests.test_agreement import PUBLISHED
from tests.test_audits import ODD, PLACES, TODAY, edge_sets, saved

SAY = messages_in("es")
RANDOM_SETS = 40
NOT_JSON = SAY("trends.trouble-not-json")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block") as context:
        context.set_default_timeout(30_000)
        yield context


def random_files(seed: int) -> dict[str, str]:
    """Return files of runs at random: places, lists, some rows in other words, copies, and odd ones."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    files: dict[str, str] = {}
    for i in range(dice.randint(1, 9)):
        told: dict[str, Any] = {}
        for row in "abcd":
            action = {
                "what": dice.choice(["", "Practicar"]),
                "who": "Beto",
                "by": dice.choice(["20", "00"]) + "26-02-0" + dice.choice("1x"),
            }
            told[row] = dice.choice([{}, {"action": action}, {"digest": "other"}, {"level": "expected"}])
        answers = "".join(dice.choices("yyyna-", k=4))
        date = f"{dice.choice(['20', '20', '00'])}26-0{dice.randint(1, 3)}-1{dice.randint(0, 1)}"
        place = dice.choice(["Centro", " centro ", "Ñandú", "", "Centró", "\ufeffCentro\x85"])
        run = saved(answers, place, date, dice.choice(["Ana", "Beto", ""]), **told)
        run["run"] |= {
            "id": dice.choice(["", "same"]),
            "touched": dice.randint(0, 3),
            "ended": dice.choice([None, {}]),
        }
        if dice.random() < 0.2:
            run["run"] |= {"date": "", "day": dice.choice(["", None, "2026-01-10"])}
        run["checklist"] = dice.choice(["l", "m"])
        if dice.random() < 0.2:
            run["items"] = run["items"][1:]
        if dice.random() < 0.2:
            run["rule"] = {**run["rule"], "blank": "excluded"}
        files[f"{i}.json"] = json.dumps(run)
    odd = dice.sample(sorted(ODD), 3)
    return files | {name: ODD[name].decode() for name in odd} | damaged_files(dice)


# What few parts of a run are, or none. A number that is written otherwise is the same number to browsers.
WRONG: tuple[Any, ...] = (None, [], {}, "x", "x" * 1001, -1, 1.5, 2.0, True, [None], {"x": {}})


def damaged_files(dice: random.Random) -> dict[str, str]:
    """Return runs with one to three wrong values each, or values that are missing."""
    files = {}
    for i in range(5):
        run = json.loads(json.dumps(saved("ynna", "Centro", "2026-01-10", b={"action": {"who": "Beto"}})))
        for _ in range(dice.randint(1, 3)):
            holder, key = dice.choice([*_places(run)])
            if dice.random() < 0.3:
                holder.pop(key, None) if isinstance(holder, dict) else holder.clear()
            else:
                holder[key] = dice.choice(WRONG)
        files[f"damaged-{i}.json"] = json.dumps(run)
    return files


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(data, dict | list):
        for key in [*(data if isinstance(data, dict) else range(len(data)))]:
            yield data, key
            yield from _places(data[key])


def without_lines(told: Any) -> Any:
    """Return what is told but for where a text stops being JSON, which each reader says in its way."""
    if isinstance(told, dict):
        hidden = {"place": ""} if told.get("trouble") == "not-json" else {}
        return {key: without_lines(value) for key, value in told.items()} | hidden
    if isinstance(told, list):
        return [without_lines(one) for one in (told[:2] if NOT_JSON in told else told)]
    return told


def told_by_python(files: dict[str, str]) -> tuple[Any, Any]:
    summary = summarise([read_run(name, text.encode()) for name, text in files.items()], TODAY)
    blocks = [plain(block) for block in report_of(summary, SAY)]
    return json.loads(json.dumps(summary)), json.loads(json.dumps(blocks))


def plain(told: Any) -> Any:
    """Return a piece of a report as the browser has it."""
    if hasattr(told, "_asdict"):
        return {name: plain(value) for name, value in told._asdict().items()}
    return [plain(one) for one in told] if isinstance(told, tuple | list) else told


SUMMARISE = """async ([sets, today, words]) => {
  document.head.insertAdjacentHTML("beforeend", '<meta property="og:locale" content="es_MX">');
  const { readRun } = await import("./saved.js");
  const { summarise } = await import("./audits.js");
  const { reportOf, sayingWith } = await import("./trends.js");
  const filled = (key, values = {}) =>
    (words[key] ?? key).replace(/\\{(\\w+)\\}/g, (whole, name) => values[name] ?? whole);
  const say = sayingWith(filled);
  return sets.map((files) => {
    const summary = summarise(Object.entries(files).map(([name, text]) => readRun(name, text)), today);
    return [summary, reportOf(summary, say)];
  });
}"""


def test_the_browser_reports_as_python_does(context: BrowserContext, serve: Serve) -> None:
    page = context.new_page()
    page.goto(serve(ROOT / "overrides" / "assets" / "js"))
    year = {
        f"{place}-{month}.json": json.dumps(
            saved("ynyn" if month % 3 else "nyyy", place, f"2026-{month:02}-15")
        )
        for place in PLACES
        for month in range(1, 13)
    }
    edges = [{name: json.dumps(one) for name, one in files.items()} for files in edge_sets()]
    sets = [year, *edges, *(random_files(seed) for seed in range(RANDOM_SETS))]
    words = SAY.under("trends") | SAY.under("screen") | SAY.under("level") | {"colon": SAY("language.colon")}
    found = page.evaluate(SUMMARISE, [sets, TODAY.isoformat(), words])
    for files, (summary, blocks) in zip(sets, found, strict=True):
        here, report = told_by_python(files)
        assert without_lines(summary) == without_lines(here)
        assert without_lines(blocks) == without_lines(report)
    some = json.dumps(found)
    for name in (
        '"again": [{',
        '"overdue": [{',
        '"parted": [{',
        '"alike": {',
        '"copies": [{',
        '"refused": [{',
    ):
        assert name in some, name


def test_the_browser_tells_where_a_text_stops_being_json(context: BrowserContext, serve: Serve) -> None:
    page = context.new_page()
    page.goto(serve(ROOT / "overrides" / "assets" / "js"))
    read = "async (text) => (await import('./saved.js')).readRun('x', text).place"
    for text, place in {'{"a":\n 1,}': "2:4", '{"a":\n[': "2:2", "": "1:1"}.items():
        assert page.evaluate(read, text) == place, text


def test_kappa_is_as_published_in_the_browser_too(context: BrowserContext, serve: Serve) -> None:
    page = context.new_page()
    page.goto(serve(ROOT / "overrides" / "assets" / "js"))
    pairs = [
        [
            [str(i), str(j)]
            for i, line in enumerate(table)
            for j, count in enumerate(line)
            for _ in range(count)
        ]
        for table, *_ in PUBLISHED.values()
    ]
    found = page.evaluate(
        "async (all) => { const audits = await import('./audits.js'); return all.map(audits.agreementOf); }",
        pairs,
    )
    for one, (_, share, kappa, digits) in zip(found, PUBLISHED.values(), strict=True):
        assert one["agreed"] / one["count"] == pytest.approx(share)
        assert round(one["kappa"], digits) == kappa


def open_page(page: Page, url: str) -> None:
    page.goto(f"{url}listas/comparar/")
    expect(page.locator("[data-pb-compare-runs][data-pb-ready]")).to_be_attached()


def upload(page: Page, files: dict[str, bytes]) -> None:
    told = [{"name": name, "mimeType": "application/json", "buffer": text} for name, text in files.items()]
    page.locator("[data-pb-files]").set_input_files(told)  # type: ignore[arg-type]
    expect(page.locator("[data-pb-reading]")).to_have_text(
        re.compile(rf"^Archivos (?:leídos: {len(files)}|usados: \d+) de {len(files)}\.")
    )


SCRIPT = '<img src=x onerror="window.hit=1">'


def hostile(date: str) -> dict[str, Any]:
    """Return a run with a script in each of its texts, and a level called like a property of any object."""
    told = {row: {"text": SCRIPT, "note": SCRIPT, "title": SCRIPT} for row in "abcd"}
    action = {"what": SCRIPT, "who": SCRIPT, "by": "2026-01-01"}
    told["b"] |= {"action": action, "level": "constructor"}  # type: ignore[dict-item]
    run = saved("nnyy", SCRIPT, date, SCRIPT, **told) | {"title": SCRIPT, "edition": SCRIPT}
    run["rule"] = json.loads(json.dumps(run["rule"]).replace('"Mal"', json.dumps(SCRIPT)))
    run["rule"]["weights"]["constructor"] = 1
    return run


def test_files_are_compared_and_hostile_ones_do_nothing(context: BrowserContext, reference_url: str) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, reference_url)
    good = {f"{month}.json": saved("ynyn", "Centro", f"2026-{month:02}-15") for month in range(1, 4)}
    files = {name: json.dumps(run).encode() for name, run in good.items()}
    bad = {f"{date}.json": json.dumps(hostile(date)).encode() for date in ("2025-12-01", "2025-12-02")}
    upload(page, files | ODD | bad)
    report = page.locator("[data-pb-report]")
    expect(
        report.get_by_role(
            "img", name=re.compile("^Centro: 62 % el 15 de enero de 2026, 62 % el 15 de marzo")
        )
    ).to_be_visible()
    unused = report.get_by_role("table", name="Archivos que no se usaron")
    for name in ODD:
        expect(unused.get_by_role("rowheader", name=name, exact=True)).to_have_count(1)
    expect(unused.get_by_role("row", name=re.compile("^no-day.json "))).to_contain_text("run.date")
    assert page.evaluate("[window.hit, {}.value, ({}).what]") == [None, None, None]
    assert report.locator("img, script, iframe").count() == 0
    assert SCRIPT in report.inner_text()
    assert errors == []
    names = report.get_by_role("region").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(names) > 8
    assert sorted(names) == sorted(set(names))
    # Nothing is wider than the phone.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # More files come beside those that are here, until all are taken away.
    upload(page, {"4.json": json.dumps(saved("yyyy", "Centro", "2026-04-15")).encode()})
    expect(
        report.get_by_role("img", name=re.compile("^Centro: .* 100 % el 15 de abril de 2026"))
    ).to_be_visible()
    page.get_by_role("button", name="Quitar todo").click()
    expect(report).to_be_hidden()


def test_a_folder_is_read_with_what_lies_deeper(
    context: BrowserContext, reference_url: str, tmp_path: Path
) -> None:
    (tmp_path / "enero").mkdir()
    (tmp_path / "enero" / "centro.JSON").write_text(json.dumps(saved("yyyy", "Centro", "2026-01-15")))
    (tmp_path / "enero" / "foto.jpg").write_bytes(b"no")
    (tmp_path / "mal.json").write_text("{")
    page = context.new_page()
    open_page(page, reference_url)
    page.locator("[data-pb-folder]").set_input_files(tmp_path)
    expect(page.locator("[data-pb-reading]")).to_have_text(
        "Archivos usados: 1 de 2. Al final dice cuáles no, y por qué."
    )
    expect(page.get_by_role("img", name=re.compile("^Centro: 100 %"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("mal.json$"))).to_be_visible()
