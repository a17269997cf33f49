"""What stands for nothing in YAML is nothing, unless it is quoted."""

from __future__ import annotations

import pytest

from servicebook.cli.main import run
from tests.conftest import MakeProject


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_field_left_empty_is_no_value(
    written: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + f"replaced_by: {written}\n", encoding="utf-8")
    assert run(["check", str(project)]) == 0, capsys.readouterr().out
