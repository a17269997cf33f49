"""Take the pictures that the README shows: `python scripts/pictures.py`."""

import sys
from typing import Literal

import environment
import host

FOLDER = environment.ROOT / ".github" / "pictures"
# Name, address, width and height in CSS pixels, colour scheme.
PICTURES: tuple[tuple[str, str, int, int, Literal["light", "dark"]], ...] = (
    ("estandar", "estandares/ext-02/", 390, 844, "light"),
    ("lista", "listas/llamada-telefonica/", 390, 844, "dark"),
    ("inicio", "", 1280, 800, "light"),
)


def main() -> int:
    """Build the site and photograph it."""
    environment.enter(__file__)
    if environment.run_module("servicebook", "build", "--site-dir", "site") != 0:
        return 1
    from playwright.sync_api import sync_playwright

    url = host.serve(environment.ROOT / "site")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = environment.find_program(environment.BROWSERS)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address, width, height, scheme in PICTURES:
            page = browser.new_page(reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            page.goto(url + address, wait_until="networkidle")
            page.locator(".pb-search__open").wait_for()
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
