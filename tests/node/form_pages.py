"""The editors' forms as somebody with a browser has them: opened, filled in and saved."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from servicebook.cli.main import run
from tests.node import PROGRAMS, find_node

# What is typed into the required fields of a new entry; the others take a sentence.
TYPED = {
    "reviewed": "2026-11-22",
    "recheck": "2027-05-22",
    "expression": "cosas",
    "key": "cosas",
    "result": "1",
}
SENTENCE = "Señala con «sí»: aquí, año tras año, y 100 % a tiempo; mañana también."


@contextlib.contextmanager
def served_forms(project: Path) -> Iterator[Path]:
    """Write the page of a project's forms and yield its folder; a server here keeps what they save."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [find_node(), str(PROGRAMS / "node_modules/decap-server/dist/index.js")],
        env={
            **os.environ,
            "MODE": "fs",
            "PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "GIT_REPO_DIRECTORY": str(project),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    while "listening" not in server.stdout.readline():
        assert server.poll() is None
    out = project / "admin"
    call = ["admin", "--cms", str(PROGRAMS / "cms"), "--out", str(out)]
    proxy = f"http://127.0.0.1:{port}/api/v1"
    assert run([*call, "--proxy", proxy, "--lang", "es", "--project", str(project)]) == 0
    yield out
    server.kill()
    server.communicate()


@contextlib.contextmanager
def logged_in(browser: Browser, address: str) -> Iterator[Page]:
    """Open the forms' page, enter, and yield it; at the end it must have asked nobody else for anything."""
    context = browser.new_context(locale="es-MX", viewport={"width": 1200, "height": 1400})
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith(("http://127.0.0.1", "data:", "blob:"))
            else elsewhere.append(sent.url)
        ),
    )
    opened.set_default_timeout(20_000)
    # What is left unsaved in a form that refused it is let go, and not taken up again in the next.
    opened.on("dialog", lambda asked: asked.dismiss() if "copia" in asked.message else asked.accept())
    opened.goto(address)
    opened.get_by_role("button", name="Iniciar sesión").click()
    opened.get_by_role("heading", name="Colecciones").wait_for()
    yield opened
    context.close()
    assert elsewhere == []


def open_form(page: Page, address: str, form: str) -> None:
    """Go to a form within the program, which takes seconds to load."""
    # From one form straight to the next the program keeps the first; and what it said of it, for seconds.
    page.goto(f"{address}#/nothing")
    expect(page.get_by_text("Escribiendo en la colección")).to_have_count(0)
    # All at once: of two the second is the first when that has gone.
    page.locator(".Toastify__toast").evaluate_all("all => all.forEach((one) => one.click())")
    expect(page.locator(".Toastify__toast")).to_have_count(0)
    page.goto(f"{address}#/collections/{form}")
    page.get_by_text("Escribiendo en la colección").wait_for()


def open_entry(page: Page, address: str, collection: str, entry: str) -> None:
    open_form(page, address, f"{collection}/entries/{entry}")
    # The form stands before its file has been read.
    page.wait_for_function("[...document.querySelectorAll('textarea, input')].some((one) => one.value)")


def save(page: Page) -> None:
    page.get_by_role("button", name="Publicar", exact=True).click()
    page.get_by_role("menuitem", name="Publicar ahora").click()


def save_new(page: Page) -> None:
    save(page)
    expect(page.get_by_text("Entrada guardada").first).to_be_visible()
    # The program then opens what it saved, and would do so too if another form had been asked for meanwhile.
    page.wait_for_url(re.compile("/entries/"))


class Filler:
    """Fills in what a form requires, as a person does: from the top, each field as its widget asks."""

    def __init__(self, page: Page, identity: str) -> None:
        self._page, self._typed = page, {"id": identity, **TYPED}

    def fill(self, fields: list[dict[str, Any]]) -> None:
        for field in fields:
            if field.get("required", True):
                self._fill(field)

    def _fill(self, field: dict[str, Any]) -> None:
        name, widget = field["name"], field["widget"]
        if widget == "object":
            self.fill(field["fields"])
        elif widget == "list":
            for _ in range(field.get("min", 1)):
                label = field["label"].lower()
                self._page.get_by_role("button", name=f"Agregar a «{label}»", exact=True).first.click()
                self.fill(field.get("fields") or [{**field["field"], "required": True}])
        elif widget in ("select", "relation"):
            self._choose(name)
        else:
            value = "1" if widget == "number" else self._typed.get(name, SENTENCE)
            self._blank(name, "textarea" if widget == "text" else "input").fill(value)
            # Ids further down are of parts of the entry.
            self._typed["id"] = "uno" if name == "id" else self._typed["id"]

    def _choose(self, name: str) -> None:
        """Take the first word offered, in the first list of words by this name that has none yet."""
        # The box describes itself by its placeholder as long as nothing is chosen in it.
        self._page.locator(f"input[id^='{name}-field'][aria-describedby*='placeholder']").first.click()
        self._page.get_by_role("option").first.click()
        self._page.keyboard.press("Escape")

    def _blank(self, name: str, tag: str) -> Locator:
        found = self._page.locator(f"{tag}[id^='{name}-field']")
        return next(one for one in found.all() if one.input_value() == "")
