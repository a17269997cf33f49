"""Run the tests with everything that they drive: `python scripts/test.py [pytest's arguments]`."""

import os
import sys

import environment
import node_programs


def find_browser() -> str:
    """Return a Chromium for the browser tests, installed if there is none; "" for Playwright's own."""
    asked = os.environ.get("SERVICEBOOK_BROWSER") or environment.find_program(environment.BROWSERS)
    if asked:
        return asked
    if environment.install_packages("chromium"):
        return environment.find_program(environment.BROWSERS) or ""
    environment.say("installing-browser")
    if environment.run_module("playwright", "install", "chromium") != 0:
        environment.say("no-browser")
        raise SystemExit(1)
    return ""


def require_office() -> None:
    """Make sure of LibreOffice, which computes the sheets' formulas in a test."""
    if environment.find_program(environment.OFFICE):
        return
    if not environment.install_packages("libreoffice-calc-nogui"):
        environment.say("no-office")
        raise SystemExit(1)


if __name__ == "__main__":
    environment.prepare()
    browser = find_browser()
    require_office()
    node_programs.prepare()
    environment.say("testing")
    sys.exit(environment.run_module("pytest", *sys.argv[1:], environment={"SERVICEBOOK_BROWSER": browser}))
