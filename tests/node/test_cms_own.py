"""The editors' forms in a browser, of a playbook as `init` makes it, with ids of forms of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from servicebook.cli.main import run
from tests.node.form_pages import Filler, open_form, save_new

IDS = r"""
ids:
  metric: "[0-9]{2}"
  behaviour: Par_[0-9]+
  standard: REC-[A-Z]{2}-[0-9]{2}\.[0-9]{2}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "manual"
    assert run(["init", str(folder), "--lang", "es"]) == 0
    settings = folder / "playbook/playbook.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + IDS, encoding="utf-8")
    # Their ids are not of these forms.
    for name in ("metrics/csat.yml", "standards/EXT-01.yml"):
        (folder / "playbook" / name).unlink()
    assert run(["fmt", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(
    ("kind", "identity"),
    [("metric", "07"), ("behaviour", "Par_1"), ("standard", "REC-AB-01.02")],
)
def test_new_file_is_named_as_its_id_is(
    kind: str, identity: str, page: Page, address: str, project: Path
) -> None:
    config = json.loads((project / "admin/config.json").read_text(encoding="utf-8"))
    fields = next(one["fields"] for one in config["collections"] if one["name"] == kind)
    for _ in range(2):
        open_form(page, address, f"{kind}/new")
        Filler(page, identity).fill(fields)
        save_new(page)
        # What was saved is opened, and can be saved again.
        page.wait_for_function("[...document.querySelectorAll('input')].some((one) => one.value)")
    assert sorted(path.stem for path in (project / f"playbook/{kind}s").iterdir()) == [
        identity,
        f"{identity}-1",
    ]
