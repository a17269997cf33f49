"""The workflows of the code host, and the shell steps that they and people run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from servicebook.content.load import load_content
from servicebook.editing.codeowners import codeowners_text
from tests.conftest import ROOT, MakeProject
from tests.test_diff import edit, git, repository  # noqa: F401 - a fixture

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SCRIPTS = ROOT / "scripts/ci"
PROGRAMS = Path(sys.executable).parent
# Stands in for `gh`: notes each call, and answers from files named after what is asked for.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_LOG"
for word in "$@"; do
  case "$word" in body=@*) cp "${word#body=@}" "$GH_LOG.body" ;; esac
  [[ "${last:-}" == --body-file ]] && cp "$word" "$GH_LOG.body"
  last="$word"
done
case "$*" in
  *PATCH* | *POST*) ;;
  *pulls*) echo "${GH_PULL:-}" ;;
  *comments* | "issue list"*) [[ -z "${GH_EXISTING:-}" ]] || echo "$GH_EXISTING" ;;
esac
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put this environment's programs and a stand-in for `gh` first; returns where its calls are noted."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(programs), str(PROGRAMS), os.environ["PATH"]]))
    monkeypatch.setenv("GH_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("GITHUB_REPOSITORY", "casa/manual")
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    return tmp_path / "calls"


def step(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(SCRIPTS / name), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


# --- the files ---------------------------------------------------------------------------------------


def test_workflows_pass_the_security_audit() -> None:
    command = [
        str(PROGRAMS / "zizmor"),
        "--offline",
        "--no-progress",
        "--persona=pedantic",
        str(ROOT / ".github"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_and_nothing_is_permitted_by_default(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for used in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used
    workflow = yaml.load(text, yaml.CSafeLoader)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"]
        assert job["permissions"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_step_is_one_that_a_person_can_run(path: Path) -> None:
    for script in re.findall(r"scripts/ci/[a-z]+\.sh", path.read_text(encoding="utf-8")):
        assert os.access(ROOT / script, os.X_OK), script


def test_what_runs_a_proposal_reads_only_and_has_no_secret() -> None:
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        workflow = yaml.load(text, yaml.CSafeLoader)
        events = workflow[True]  # YAML 1.1 reads `on` so
        if "pull_request" in events:
            permissions = [job["permissions"] for job in workflow["jobs"].values()]
            assert permissions == [{"contents": "read"}] * len(workflow["jobs"])
            assert "secrets" not in text
            assert "github.token" not in text
        assert "pull_request_target" not in text


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[0-9]*.yml")), ids=lambda p: p.stem
)
def test_issue_form_is_one_that_the_code_host_takes(path: Path) -> None:
    form = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))
    for field in form["body"]:
        assert field["type"] in ("input", "textarea", "dropdown")
        assert field["attributes"]["label"]


def test_codeowners_are_current() -> None:
    content, _ = load_content(ROOT / "playbook")
    assert content.settings is not None
    text = codeowners_text(content.settings, content.entries, "playbook")
    assert (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8") == text, "run: servicebook codeowners"


def test_code_owners_leave_out_teams_that_nobody_can_ask(make_project: MakeProject) -> None:
    project = make_project({})
    content, _ = load_content(project / "playbook")
    assert content.settings is not None
    assert codeowners_text(content.settings, content.entries, "playbook") == ""


# --- the steps ---------------------------------------------------------------------------------------


def formatted(repository: Path) -> None:  # noqa: F811
    assert (
        subprocess.run([PROGRAMS / "servicebook", "fmt"], cwd=repository, capture_output=True).returncode == 0
    )
    git(repository, "commit", "-qam", "En su forma")


def test_check_step_annotates_the_changed_line(repository: Path, shell: Path) -> None:  # noqa: F811
    formatted(repository)
    assert step(repository, "check.sh").returncode == 0
    edit(repository, "Saludas a quien llega.", "Saludas de pie a quien llega.")
    edit(repository, "owner: servicio", "owner: servicios", "metrics/csat.yml")
    done = step(repository, "check.sh", "main")
    assert done.returncode == 1
    assert "::error file=playbook/metrics/csat.yml,line=3" in done.stdout
    assert "title=change-without-revision" in done.stdout
    assert step(repository, "check.sh").returncode == 1


def test_check_step_sees_only_what_the_proposal_changes(
    repository: Path,  # noqa: F811
    shell: Path,
    tmp_path: Path,
) -> None:
    """As the code host checks a proposal out: two commits deep, merged into a main branch that went on."""
    formatted(repository)
    git(repository, "switch", "-qc", "saludo")
    edit(repository, "reviewed: ", "review_every: 6\nreviewed: ")
    formatted(repository)
    git(repository, "switch", "-q", "main")
    edit(repository, "title: Satisfacción", "title: Contento", "metrics/csat.yml")
    git(repository, "commit", "-qam", "Otro cambio")
    git(repository, "merge", "-q", "--no-ff", "-m", "Propuesta", "saludo")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{repository}", str(clone))
    done = step(clone, "check.sh", "HEAD^1")
    assert done.returncode == 0, done.stdout
    assert "EXT-01" in done.stdout
    assert "csat" not in done.stdout


def test_fetch_step_brings_one_commit(repository: Path, shell: Path, tmp_path: Path) -> None:  # noqa: F811
    base = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.strip()
    edit(repository, "level: essential", "level: expected")
    git(repository, "commit", "-qam", "Cambio")
    git(repository, "config", "uploadpack.allowReachableSHA1InWant", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", str(clone))
    assert step(clone, "fetch.sh", base).returncode == 0
    assert step(clone, "fetch.sh", base).returncode == 0
    done = subprocess.run([PROGRAMS / "servicebook", "diff", base], cwd=clone, capture_output=True, text=True)
    assert "Esperado" in done.stdout


def test_preview_step_makes_the_site_and_the_comment(repository: Path, shell: Path) -> None:  # noqa: F811
    edit(repository, "Saludas a quien llega.", "Saludas de pie a quien llega.")
    done = step(repository, "preview.sh", "main", "cambios/cambios.md", "https://example.org/1")
    assert done.returncode == 0, done.stderr
    assert (repository / "site/index.html").is_file()
    comment = (repository / "cambios/cambios.md").read_text(encoding="utf-8")
    assert comment.startswith("## Qué cambia en el manual")
    assert "(https://example.org/1)" in comment
    assert "Antes de unirlo falta" in comment
    assert "**de**" in comment or "**de pie**" in comment
    assert "copia este texto" in comment
    assert "```yaml\nid: EXT-01\n" in comment
    assert step(repository, "preview.sh", "no-such", "cambios/cambios.md").returncode != 0


@pytest.mark.parametrize(("existing", "method"), [("", "POST"), ("77", "PATCH")])
def test_comment_step_keeps_one_comment(
    existing: str, method: str, shell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_PULL", "12")
    monkeypatch.setenv("GH_EXISTING", existing)
    text = tmp_path / "cambios.md"
    text.write_text("á" * 40_000, encoding="utf-8")
    done = step(tmp_path, "comment.sh", "ana", "rama; rm -rf ~", str(text))
    assert done.returncode == 0, done.stderr
    calls = shell.read_text(encoding="utf-8")
    assert "head=ana:rama; rm -rf ~" in calls
    assert f"--method {method}" in calls
    assert ("issues/comments/77" in calls) == bool(existing)
    body = Path(f"{shell}.body").read_text(encoding="utf-8")
    assert body.startswith("<!-- servicebook: cambios -->\n")
    assert len(body.encode()) < 65_536


def test_comment_step_has_nothing_to_do_for_a_closed_proposal(shell: Path, tmp_path: Path) -> None:
    done = step(tmp_path, "comment.sh", "ana", "rama", str(tmp_path / "none"))
    assert done.returncode == 0
    assert "POST" not in shell.read_text(encoding="utf-8")


@pytest.mark.parametrize(("existing", "call"), [("", "issue create"), ("5", "issue edit 5")])
def test_review_step_keeps_one_issue(
    existing: str,
    call: str,
    shell: Path,
    repository: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GH_EXISTING", existing)
    done = step(repository, "review.sh", "Lo que toca", "revision")
    assert done.returncode == 0, done.stderr
    assert call in shell.read_text(encoding="utf-8")
    assert "- [ ] " in Path(f"{shell}.body").read_text(encoding="utf-8")


def test_install_step_takes_the_lock_with_its_hashes(shell: Path, tmp_path: Path) -> None:
    python = shell.parent / "programs/python"
    python.write_text('#!/usr/bin/env bash\necho "$*" >> "$GH_LOG"\n', encoding="utf-8")
    python.chmod(0o755)
    assert step(tmp_path, "install.sh").returncode == 0
    first, second = shell.read_text(encoding="utf-8").splitlines()
    assert "--require-hashes --requirement requirements.lock" in first
    assert "--no-deps" in second
