"""Let Lighthouse judge the reference site as a phone sees it: `python scripts/lighthouse.py`.

It is apart from the default tests because npm fetches it, and because what it says of speed is only true on a
machine with nothing else to do: the best of three runs counts. Fails when a score is below `LEAST`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import environment
import host

LIGHTHOUSE = "lighthouse@12.8.2"
FOLDER = environment.ROOT / ".servicebook" / "lighthouse"
PAGES = (
    "",
    "estandares/",
    "estandares/ext-01/",
    "clientes/molesto/",
    "listas/apertura-mostrador/",
    "listas/auditoria-mensual/",
    "listas/comparar/",
    "semana/",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 100
TRIES = 3

Report = dict[str, Any]


def main() -> int:
    """Build the site, judge a page of each kind that is used most and print their scores."""
    environment.prepare()
    npm, browser = (
        environment.find_program(("npm", "npm.cmd")),
        environment.find_program(environment.BROWSERS),
    )
    if npm is None or environment.find_program(("node",)) is None:
        environment.say("no-node")
        return 1
    if browser is None:
        environment.say("no-browser")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment.run([npm, "install", "--silent", "--no-save", "--prefix", str(FOLDER), LIGHTHOUSE])
    if environment.run_module("servicebook", "build", "--site-dir", "site") != 0:
        return 1
    url = host.serve(environment.ROOT / "site")
    reports = {page: _best_of(url + page, browser) for page in PAGES}
    environment.say("lighthouse-table")
    for page, report in reports.items():
        environment.say("lighthouse-row", page=page or "/", scores=" | ".join(map(str, _scores(report))))
    for page, report in reports.items():
        for title, value in _found(report):
            environment.say("lighthouse-found", page=page or "/", title=title, value=value)
    return 0 if all(_is_good(report) for report in reports.values()) else 1


def _best_of(url: str, browser: str) -> Report:
    """Return the first report without a fault, else the last: speed is retried, the rest does not change."""
    for _ in range(TRIES):
        report = _report_on(url, browser)
        if _is_good(report):
            break
    return report


def _report_on(url: str, browser: str) -> Report:
    program = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    flags = ["--quiet", "--output=json", "--output-path=stdout", f"--only-categories={','.join(CATEGORIES)}"]
    command = ["node", str(program), url, *flags, "--chrome-flags=--headless=new --no-sandbox"]
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": browser}, stdout=subprocess.PIPE, encoding="utf-8"
    )
    if done.returncode != 0:
        environment.say("failed", command=" ".join(command))
        raise SystemExit(1)
    report: Report = json.loads(done.stdout)
    return report


def _scores(report: Report) -> list[int]:
    return [round(100 * report["categories"][name]["score"]) for name in CATEGORIES]


def _is_good(report: Report) -> bool:
    return min(_scores(report)) >= LEAST


def _found(report: Report) -> list[tuple[str, str]]:
    """Return the title and the value of each audit that took points away."""
    names = {ref["id"] for one in report["categories"].values() for ref in one["auditRefs"] if ref["weight"]}
    audits = [report["audits"][name] for name in sorted(names)]
    short = [audit for audit in audits if audit["score"] is not None and audit["score"] < 0.9]
    return [(audit["title"], audit.get("displayValue", "")) for audit in short]


if __name__ == "__main__":
    sys.exit(main())
