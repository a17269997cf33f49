"""LibreOffice, which computes workbooks as a reader's program does."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest


def calculate(workbooks: dict[str, bytes], folder: Path) -> dict[str, dict[str, list[list[str]]]]:
    """Open workbooks in LibreOffice, compute them again, and return the cells of each, by sheets."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.fail(
            "No LibreOffice: `python scripts/test.py` installs it, or `apt-get install libreoffice-calc`."
        )
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    # Compute on opening, always: a number kept in the file would prove nothing.
    (profile / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry"><item '
        'oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" '
        'oor:op="fuse"><value>0</value></prop></item></oor:items>',
        encoding="utf-8",
    )
    for name, content in workbooks.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    profile_url = f"-env:UserInstallation={profile.parent.as_uri()}"
    # UTF-8, cells as they are shown, formulas computed, every sheet in a file of its own.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    paths = [folder / f"{name}.xlsx" for name in workbooks]
    subprocess.run(
        [office, profile_url, "--headless", "--convert-to", form, "--outdir", folder, *paths],
        check=True,
        capture_output=True,
        timeout=400,
    )
    return {name: _sheets_of(name, folder) for name in workbooks}


def _sheets_of(name: str, folder: Path) -> dict[str, list[list[str]]]:
    found = {}
    for path in sorted(folder.glob(f"{name}-*.csv")):
        sheet = path.stem.removeprefix(f"{name}-")
        found[sheet] = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    return found
