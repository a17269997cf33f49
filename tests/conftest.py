"""What tests share: projects made on the spot, the reference site built once, a server and a browser."""

from __future__ import annotations

import errno
import functools
import gc
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jinja2
import pytest
from hypothesis import settings
from mkdocs_macros import context
from playwright.sync_api import Browser, Playwright, ViewportSize, expect, sync_playwright

from servicebook.base.cache import FileCache
from servicebook.base.files import write_file
from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from servicebook.site.templates import TemplateCache
from tests.heavy import is_heavy

ROOT = Path(__file__).parents[1]
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
)

# What is looked at: at the counter on a phone, and at a desk.
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=844)
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need rights there that few have")
at_both_widths = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])

# How long one example takes tells of the machine and of what else it does, and of nothing that is tested.
settings.register_profile("servicebook", deadline=None)
settings.load_profile("servicebook")

MakeProject = Callable[[Mapping[str, str]], Path]
Serve = Callable[[Path], str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `--quick` leaves out: what is heavy, and what says of itself that it is slow."""
    for item in items:
        if is_heavy(item):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the collector of cycles what lives to the end: ten thousand tests, schemas, the engine itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this run of the tests, the same for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first of the workers makes and all share."""
    home = shared_folder(tmp_path_factory)
    folder, lock = home / name, home / f"{name}.lock"
    while not folder.exists():
        try:
            lock.mkdir()
        except FileExistsError:
            time.sleep(0.1)
            continue
        try:
            if not folder.exists():
                make(home / f"{name}.making")
                (home / f"{name}.making").rename(folder)
        finally:
            lock.rmdir()
    return folder


class SharedPaper(FileCache):
    """What builds printed in this run of the tests, for all projects and workers.

    A build of the smallest project takes half a second, and its hundred sheets take four. What is printed
    depends on what the key is made of and on nothing else: `test_paper` prints all of it a second time.
    """

    def __init__(self, root: Path | None, name: str = "files") -> None:
        super().__init__(None, name if root is None else "paper")

    def forget_unused(self) -> None:
        """Forget nothing: another project may print it."""


@contextmanager
def unprinted() -> Iterator[None]:
    """Have builds print no sheet, where pages alone are looked at.

    A hundred sheets take longer than their site, and one word of the settings has all of them printed anew.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("servicebook.paper.files.write_files", lambda *_: 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests' cache apart from the user's, one for all workers."""
    folder = shared_folder(tmp_path_factory) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        for module in ("base.cache", "building.stamp"):
            patch.setattr(f"servicebook.{module}.user_cache_path", lambda name: folder / name)
        patch.setattr("servicebook.base.cache.FileCache", SharedPaper)
        patch.setattr(TemplateCache, "get_cache_key", _key_of_its_own)
        yield


def _key_of_its_own(cache: TemplateCache, name: str, filename: str | None = None) -> str:
    """Return a template's key for what it was compiled with, so that no project takes another's place.

    A user's cache keeps one of each template. Here projects of many words and languages are made by turns,
    and to compile their templates takes half of the time of a small one.
    """
    key = jinja2.BytecodeCache.get_cache_key(cache, name, filename)
    return f"{key}-{cache.get_source_checksum('')}"


@pytest.fixture(scope="session", autouse=True)
def _disk_at_leisure() -> Iterator[None]:
    """Wait for no disk: who looks at a file sees what was written, whether or not the disk has it.

    The tests that end a program in the middle of its work (`tests/faults.py`) start one that waits.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _git_asked_once() -> Iterator[None]:
    """Have git asked once, not by every build, what the macros' plugin gives to pages: twelve processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "get_git_info", functools.cache(context.get_git_info))
        yield


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Return a function that copies the minimal project and writes the given files over it.

    A file whose text is empty is left out of the project.
    """

    return functools.partial(copy_project, tmp_path / "project")


def copy_project(folder: Path, files: Mapping[str, str]) -> Path:
    """Copy the minimal project into a folder, write the files given over it, and return the folder."""
    shutil.copytree(ROOT / "tests" / "projects" / "minimal", folder, dirs_exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="session")
def reference_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the reference playbook's site, built once for all tests."""

    def make(folder: Path) -> None:
        build_project(ROOT, folder, "mkdocs", messages_in("es"), lambda step: None)

    return made_once(tmp_path_factory, "reference", make)


def disk_full_after(count: int) -> Callable[[Path, str], None]:
    """Return a `write_file` that finds the disk full after so many files."""
    room = iter(range(count))

    def write(path: Path, text: str) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_file(path, text)

    return write


class Fresh(SimpleHTTPRequestHandler):
    """Sends what lies in its folder now, and says nothing: the test's own output is what counts."""

    def do_GET(self) -> None:
        # Its answer goes by whole seconds: a page built anew within one would be told as the one before.
        del self.headers["If-Modified-Since"]
        super().do_GET()

    def end_headers(self) -> None:
        # A host that says nothing lets a browser guess from a page's age how long it is fresh: on a slow
        # machine, a test that builds anew was shown the page of before.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Loopback(ThreadingHTTPServer):
    """A server for a browser that is driven."""

    daemon_threads = True
    # A browser opens many connections at once; one that finds the queue full waits for seconds.
    request_queue_size = 128


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Return a function that serves a folder on loopback and gives its address."""
    servers: list[Loopback] = []

    # So many milliseconds late comes each script when `SERVICEBOOK_SLOW` says so: a test that reads what a
    # script shows before it waited for it then fails every time, not once in a hundred runs.
    late = int(os.environ.get("SERVICEBOOK_SLOW", "0")) / 1000

    class Late(Fresh):
        def do_GET(self) -> None:
            if self.path.partition("?")[0].endswith(".js"):
                time.sleep(late)
            super().do_GET()

    def start(folder: Path) -> str:
        handler = functools.partial(Late, directory=str(folder))
        server = Loopback(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def reference_url(reference_site: Path, serve: Serve) -> str:
    """Return the address of the reference site."""
    return serve(reference_site)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return Playwright, started once."""
    # Nothing waits so long but what fails: on a machine with much else to do a page may take its time.
    expect.set_options(timeout=30_000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return a headless Chromium; without one the test fails and says how to get it, it is never skipped."""
    started = playwright.chromium.launch(executable_path=find_browser(playwright), args=["--no-sandbox"])
    yield started
    started.close()


@pytest.fixture
def viewport() -> ViewportSize:
    """Return the window that a test looks through: a phone's, unless it is marked `at_both_widths`."""
    return PHONE


def find_browser(playwright: Playwright) -> str:
    """Return the path of a Chromium; without one the test fails and says how to get it."""
    asked = os.environ.get("SERVICEBOOK_BROWSER")
    candidates = [asked] if asked else [shutil.which(name) for name in BROWSERS]
    candidates.append(playwright.chromium.executable_path)
    found = next((path for path in candidates if path and Path(path).exists()), None)
    if found is None:
        pytest.fail(
            "No Chromium: run `python scripts/test.py`, which installs one, or set SERVICEBOOK_BROWSER."
        )
    return found
