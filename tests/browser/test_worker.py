"""The site's worker among faults: whatever a host or a network does, what is shown is whole and true.

Each sequence plays at random, by its seed, with two playbooks at one origin, one kept whole and one in part.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from tests.conftest import Loopback, copy_project, unprinted

# More of them: SERVICEBOOK_SEQUENCES=200.
SEQUENCES = int(os.environ.get("SERVICEBOOK_SEQUENCES", "10"))
SCOPES = ("whole", "part")
EDITIONS = (1, 2, 3)
PAGES = ("", "estandares/ext-01/", "clientes/vip/", "listas/apertura/", "nueva/", "estandares/ext-01")
FAULTS = ("down", "error", "sign-in", "redirect", "cut", "late", "flaky")
SIGN_IN = b"<!doctype html><title>Entrar</title><h1>Entra con tu cuenta</h1>"


class Host:
    """A host of several folders at one origin, with the fault that `fault` names."""

    def __init__(self, folders: Mapping[str, Path], chance: random.Random) -> None:
        self.folders = dict(folders)
        self.late: dict[str, Path] = {}
        self.fault = ""
        self.chance = chance
        host = self

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def end_headers(self) -> None:
                self.send_header("Cache-Control", "no-store")
                super().end_headers()

            def translate_path(self, path: str) -> str:
                scope, _, rest = path.partition("?")[0].lstrip("/").partition("/")
                late = host.fault == "late" and scope in host.late and host.chance.random() < 0.5
                self.directory = str((host.late if late else host.folders).get(scope, "/nowhere"))
                return super().translate_path(f"/{rest}")

            def do_GET(self) -> None:
                with contextlib.suppress(ConnectionError):  # whoever asked has gone on to another page
                    host.answer(self)

        self._server = Loopback(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, handler: SimpleHTTPRequestHandler) -> None:
        fault = self.fault
        if fault == "down" or (fault == "flaky" and self.chance.random() < 0.4):
            handler.close_connection = True
        elif fault == "error":
            handler.send_error(500)
        elif fault == "sign-in" or (fault == "redirect" and handler.path.startswith("/entrar")):
            self.send(handler, SIGN_IN)
        elif fault == "redirect":
            handler.send_response(302)
            handler.send_header("Location", "/entrar")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif fault == "cut":
            path = Path(handler.translate_path(handler.path))
            path = path / "index.html" if path.is_dir() else path
            body = path.read_bytes() if path.is_file() else SIGN_IN
            self.send(handler, body[: len(body) // 2], handler.guess_type(str(path)))
        else:
            SimpleHTTPRequestHandler.do_GET(handler)

    def send(self, handler: SimpleHTTPRequestHandler, body: bytes, kind: str = "text/html") -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def edition(folder: Path, number: int) -> Path:
    """Build an edition whose number is its name, in its texts, and in its style sheet; returns its site."""
    project = copy_project(folder, {})
    (project / "overrides/assets/css").mkdir(parents=True)
    (project / "overrides/assets/css/edition.css").write_text(f":root{{--edition:{number}}}\n", "utf-8")
    for name, old, new in (
        ("mkdocs.yml", "name: material\n", "name: material\n  custom_dir: overrides\n"),
        ("mkdocs.yml", "- servicebook\n", "- servicebook: {search: false}\n"),
        (
            "playbook/playbook.yml",
            'name: "1", date: 2026-11-22',
            f'name: "{number}", date: 2026-11-2{number}',
        ),
        ("playbook/standards/EXT-01.yml", "title: Saludar al llegar", f"title: Saludar al llegar {number}"),
        # What the second and the third edition print is the same.
        ("playbook/checklists/apertura.yml", "Encendí la luz.", f"Encendí la luz {min(number, 2)}."),
    ):
        text = (project / name).read_text("utf-8")
        assert old in text, old
        (project / name).write_text(text.replace(old, new), "utf-8")
    if number == 2:
        (project / "docs/nueva.md").write_text("# Solo en la segunda\n", "utf-8")
    with unprinted():
        build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    return project / "site"


def in_part(site: Path) -> Path:
    """Make a site's worker keep only what makes any page, as that of a heavy site does; returns the site."""
    worker = site / "service-worker.js"
    code = worker.read_text("utf-8")
    assert '"kept":null' in code
    least = ["", "away.html", "assets/servicebook.css", "assets/js/scheme-now.js", "assets/js/main.js"]
    worker.write_text(code.replace('"kept":null', f'"kept":{json.dumps(least)}'), "utf-8")
    return site


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Path]]:
    """Return the site of each edition, for each of the playbooks."""
    folder = tmp_path_factory.mktemp("editions")
    whole = {number: edition(folder / f"{number}", number) for number in EDITIONS}
    part = {n: in_part(Path(shutil.copytree(site, folder / f"part-{n}"))) for n, site in whole.items()}
    return {"whole": whole, "part": part}


SEEN = """() => {
  const shown = (element) => element && element.getClientRects().length ? element.textContent : "";
  return {
    title: document.querySelector("h1")?.textContent.trim() ?? "",
    edition: Number(/Edición (\\d+)/.exec(shown(document.querySelector(".pb-footer__about")))?.[1] ?? 0),
    style: Number(getComputedStyle(document.documentElement).getPropertyValue("--edition")),
    holds: shown(document.querySelector("[data-pb-latest]")) !== "",
    controlled: Boolean(navigator.serviceWorker?.controller),
    notice: document.querySelector("[data-pb-update=shown] [role=status]")?.textContent ?? "",
  };
}"""
SETTLED = """async () => {
  for (let i = 0; i < 80; i++) {
    const registration = await navigator.serviceWorker.getRegistration();
    const { installing, waiting, active } = registration ?? { installing: true };
    if (!installing && (waiting || active)) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}"""
# Ends when the browser has looked for another version, and when what came of it is told.
LOOKED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.update().catch(() => {});
  const untold = () => registration.waiting && !document.querySelector("[data-pb-update=shown]");
  for (let i = 0; registration && i < 200 && (registration.installing || untold()); i++)
    await new Promise((resolve) => setTimeout(resolve, 25));
}"""
# What stands in the caches: each name with its files, and those whose bytes are not what their key says.
KEPT = """async () => {
  const found = { names: {}, wrong: [] };
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const requests = await cache.keys();
    found.names[name] = requests.map(({ url }) => url);
    for (const request of requests) {
      const response = await cache.match(request);
      const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
      const digest = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 12);
      const wanted = new URL(request.url).searchParams.get("v");
      if (digest !== wanted || response.redirected || response.status !== 200) found.wrong.push(request.url);
    }
  }
  return found;
}"""


@dataclass
class Play:
    """One sequence: what was published where, what is wrong just now, and what was seen."""

    host: Host
    sites: Mapping[str, Mapping[int, Path]]
    context: BrowserContext
    chance: random.Random
    live: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCOPES, 1))
    ever: dict[str, set[int]] = field(default_factory=lambda: {scope: {1} for scope in SCOPES})
    served: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tabs = [self.context.new_page(), self.context.new_page()]

    def step(self) -> None:
        act, weight = zip(
            (self.open, 8), (self.publish, 3), (self.break_, 3), (self.mend, 4), (self.scan, 3),
            (self.take_over, 3), (self.keep_all, 1), (self.fill, 1), strict=True,
        )  # fmt: skip
        self.chance.choices(act, weight)[0]()

    def publish(self) -> None:
        """Another edition goes live: the next, one after that, or an older one again."""
        scope, number = self.chance.choice(SCOPES), self.chance.choice(EDITIONS)
        self.told.append(f"publish {scope} {number}")
        self.host.late[scope] = self.host.folders[scope]
        self.host.folders[scope] = self.sites[scope][number]
        self.live[scope] = number
        self.ever[scope].add(number)

    def break_(self) -> None:
        self.host.fault = self.chance.choice(FAULTS)
        self.told.append(f"fault {self.host.fault}")

    def mend(self) -> None:
        self.host.fault = ""
        self.quota({})
        self.told.append("mended")

    def fill(self) -> None:
        """The device has no room left."""
        self.told.append("no room")
        self.quota({"quotaSize": 1})

    def quota(self, size: Mapping[str, int]) -> None:
        session = self.context.new_cdp_session(self.tabs[0])
        session.send("Storage.overrideQuotaForOrigin", {"origin": self.host.origin, **size})
        session.detach()

    def goto(self, address: str) -> tuple[Page, int, dict[str, Any]]:
        """Open an address in one of the tabs; returns its status, 0 when the browser itself had to say no."""
        tab = self.chance.choice(self.tabs)
        self.told.append(f"open {address} with {self.host.fault or 'no fault'}")
        try:
            try:
                answer = tab.goto(f"{self.host.origin}/{address}", wait_until="load", timeout=30_000)
            except Error as error:
                if "ERR_ABORTED" not in str(error) and "interrupted by another" not in str(error):
                    raise
                # The page was just loading itself again, as the reader had asked it to, or the browser was
                # about to show that the page before did not open: what is under way ends first.
                tab.wait_for_load_state()
                answer = tab.goto(f"{self.host.origin}/{address}", wait_until="load", timeout=30_000)
        except Error as error:
            self.told.append(str(error).splitlines()[0])
            return tab, 0, {}
        seen = tab.evaluate(SEEN)
        self.told.append(f"{answer and answer.status} {seen}")
        return tab, answer.status if answer else 0, seen

    def open(self, scope: str = "", page: str = "") -> dict[str, Any]:
        scope, page = scope or self.chance.choice(SCOPES), page or self.chance.choice(PAGES)
        tab, status, seen = self.goto(f"{scope}/{page}")
        if not self.host.fault:
            exists = page != "nueva/" or self.live[scope] == 2
            assert status == 200 or (status == 404 and not exists), "online, every page opens"
        elif self.host.fault == "down" and scope in self.served:
            assert status, "with a worker, the browser's own error is not seen"
        if status == 200 and seen["edition"] and self.host.fault in ("", "down"):
            self.whole(scope, page, seen)
        if seen.get("controlled"):
            self.served.add(scope)
        if status == 200 and self.chance.random() < 0.6:
            tab.evaluate(SETTLED)
        return seen

    def whole(self, scope: str, page: str, seen: Mapping[str, Any]) -> None:
        """A page is of one edition in all its parts, and what it says of another is true."""
        number = seen["edition"]
        assert number in self.ever[scope]
        assert seen["style"] == number, "the style sheet is of the page's edition"
        if "ext-01" in page:
            assert seen["title"].endswith(f"Saludar al llegar {number}"), "the text is of the page's edition"
        if said := re.search(r"Ya está la edición (\d)", seen["notice"]):
            # A page that is not kept may be of the edition that the device has yet to take over.
            assert int(said[1]) >= number, "an older edition is not told as a new one"

    def scan(self) -> None:
        """Somebody scans a sheet of one of the editions."""
        scope, number = self.chance.choice(SCOPES), self.chance.choice(EDITIONS)
        site = self.sites[scope][number]
        mark = re.search(r'data-pb-mark="(\w+)"', (site / "p/apertura/index.html").read_text("utf-8"))
        assert mark
        _, status, seen = self.goto(f"{scope}/p/apertura/?e={number}&v={mark[1]}")
        if not self.host.fault:
            assert status == 200
            same = min(number, 2) == min(self.live[scope], 2)
            assert seen["holds"] == same, "what a sheet is told is today's truth"
        elif self.host.fault != "late":
            assert not seen.get("holds") or self.host.fault == "flaky", "nothing kept says that a sheet holds"

    def take_over(self) -> None:
        tab = self.chance.choice(self.tabs)
        button = tab.locator("[data-pb-update=shown] button")
        if button.count() and button.is_visible():
            self.told.append("take over")
            with contextlib.suppress(Error):  # the page was loading anew, and the button is gone with it
                button.click(timeout=1_000)
            tab.wait_for_load_state()

    def keep_all(self) -> None:
        button = self.tabs[0].locator("[data-pb-keep]")
        if button.count() and button.is_visible() and button.is_enabled():
            self.told.append("keep all")
            button.click()

    def end(self) -> None:
        """All is well again: the edition in force arrives, and what is kept is what its key says."""
        self.mend()
        for scope in SCOPES:
            for _ in range(6):
                seen = self.open(scope, PAGES[1])
                if seen["edition"] == self.live[scope]:
                    break
                for tab in self.tabs:
                    if f"/{scope}/" in tab.url:
                        tab.evaluate(SETTLED)
                        tab.evaluate(LOOKED)
                self.take_over()
                self.take_over()
            assert seen["edition"] == self.live[scope], "the edition in force arrives"
            for page in PAGES:
                self.open(scope, page)
        kept = self.tabs[0].evaluate(KEPT)
        assert kept["wrong"] == []
        for name, urls in kept["names"].items():
            scope = next(scope for scope in SCOPES if name.startswith(f"servicebook:%2F{scope}%2F:"))
            assert all(url.startswith(f"{self.host.origin}/{scope}/") for url in urls)
            assert not any(url.startswith(f"{self.host.origin}/{scope}/p/") for url in urls)


@pytest.mark.parametrize("batch", range(10))
def test_what_is_shown_is_whole_and_true_among_faults(
    browser: Browser, sites: dict[str, dict[int, Path]], batch: int
) -> None:
    for seed in range(batch, SEQUENCES, 10):
        chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        host = Host({scope: sites[scope][1] for scope in SCOPES}, chance)
        with browser.new_context() as context:
            play = Play(host, sites, context, chance)
            try:
                for _ in range(play.chance.randint(6, 14)):
                    play.step()
                play.end()
            except (AssertionError, Error) as error:
                pytest.fail(f"seed {seed}: {error}\n" + "\n".join(play.told))
        host.stop()
