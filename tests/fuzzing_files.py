"""Structure-aware nonsense, a file at a time: what reads, compares, writes or sets it again stands it.

Whatever a file says, nothing ends in an error that nobody foresaw or takes longer than two seconds, what is
refused has its place, and what is written again says the same: by `fmt`, and by the forms.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from servicebook.base import yaml_source
from servicebook.base.problems import Problem, has_errors
from servicebook.base.yaml_source import SourceError
from servicebook.checks.check import check_content
from servicebook.content.load import kinds_at, load_content
from servicebook.content.model.entries import FOLDERS
from servicebook.content.playbook import Playbook
from servicebook.content.shapes import shape_of
from servicebook.editing.compare import find_differences
from servicebook.editing.explain import as_data, as_markdown, as_text
from servicebook.editing.form.form import content_files, format_text
from servicebook.editing.versions import Version
from servicebook.language.messages import messages_in
from servicebook.paper.earlier import EarlierSheets, freeze_printed
from servicebook.paper.files import site_files
from servicebook.site.site import Site
from servicebook.views.audits import summarise
from servicebook.views.editions import edition_text
from servicebook.views.runs import Refused, read_run
from tests.conftest import ROOT, copy_project
from tests.fuzzing import SHAPES, TEXTS, Finding

SAY = messages_in("es")
DAY = dt.date(2026, 11, 25)
KINDS = kinds_at(ROOT)
SLOWEST = 2.0
# Signs that mean something to YAML, and those that editors and other programs leave behind.
SIGNS = [
    *("\t", "\r\n", "\r", "\0", "\ufeff", "\u2028", "\x85", "\x7f", "\ud7ff", "\U0010ffff"),
    *(
        "- ",
        "? ",
        ": ",
        ":",
        "#",
        " # nota",
        "&a ",
        "*a",
        "!!str ",
        "!!binary ",
        "<<: *a",
        "| ",
        ">-",
        "|+2",
        "---",
        "...",
    ),
    *("{", "}", "[", "]", ",", "'", '"', "%YAML 1.1\n", "@", "`", "~", "\\", "  ", "\n", "\n\n", "[[[[[[[["),
]
BLOCKS = [
    *(
        "nota: |\n  uno\n\n  dos\n",
        "nota: >\n  uno\n  dos\n\n   tres\n",
        "nota: |+\n  fin\n\n\n",
        "nota: >-\n\n  x\n",
    ),
    *(
        "nota: 'a''b'\n",
        'nota: "a\\u00e1\\n b"\n',
        "nota: 012\n",
        "nota: 1_000\n",
        "nota: 22:30\n",
        "nota: no\n",
        "nota: ~\n",
    ),
    *(
        "'nota con: dos': x\n",
        "? nota\n: x\n",
        "nota: {a: 1, b: [x, y]}\n",
        "nota: &a x\nde_nuevo: *a\n",
        "# sola\n",
    ),
    *(
        "nota:\n- a\n-\n  - b\n",
        "nota:\n    - a   # uno\n    # entre\n    - b\n",
        f"nota: {'x' * 5000}\n",
        f"nota: {'x ' * 2500}\n",
    ),
]


# Line and column, or the path of a value.
_PLACE = re.compile(r"[1-9]\d*:[1-9]\d*|[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*")


class FileFuzzer:
    """Spoils one file after another; the same seed gives the same ones."""

    def __init__(self, home: Path) -> None:
        project = copy_project(home / "project", {})
        self._root = project / "playbook"
        playbook = ROOT / "playbook"
        self._texts = [
            (path.relative_to(playbook).as_posix(), path.read_text("utf-8"))
            for path, _ in content_files(playbook, KINDS)
        ]
        minimal, _ = load_content(self._root, "playbook")
        self._edition = edition_text(freeze_printed(Playbook(minimal)), SAY)
        self._runs = [_run_of("ticked"), _run_of("graded")]
        self.steps: dict[str, Callable[[random.Random], None]] = {
            "fmt": self._fmt,
            "diff": self._diff,
            "edition": self._edition_file,
            "run": self._run_file,
        }

    def run(self, seed: str) -> Iterator[Finding]:
        """Spoil a file of a seed, hand it to what reads such files, and yield what goes wrong."""
        dice = random.Random(seed)  # noqa: S311 - nonsense to repeat, not a secret
        step = dice.choice([*self.steps])
        began = time.process_time()
        try:
            self.steps[step](dice)
            took = time.process_time() - began
            assert took < SLOWEST, f"{took:.1f} seconds"
        except Exception as error:
            yield Finding(seed, step, error)

    def text(self, dice: random.Random) -> tuple[str, str]:
        """Return a content file's path and its text, spoilt."""
        path, text = dice.choice(self._texts)
        return path, _spoilt(text, dice)

    def forms(
        self, seed: str, count: int, save: Callable[[list[dict[str, Any]]], list[Any]]
    ) -> Iterator[Finding]:
        """Hand `count` files to the forms' writer at once, half with an edit, and yield what goes wrong.

        `save` gives what the forms write for each, or `{"error": …}` where they could not read it.
        """
        dice = random.Random(seed)  # noqa: S311
        asked = []
        for _ in range(count):
            path, text = self.text(dice)
            data = _data_of(text)
            kind = _kind_of(path)
            edit = [["title"], dice.choice(TEXTS)] if dice.random() < 0.5 and kind in FOLDERS else None
            asked.append((kind, text, data, edit))
        files = [
            {"shape": kind, "text": text, "set": [edit] if edit else []} for kind, text, _, edit in asked
        ]
        for number, ((_, text, data, edit), written) in enumerate(zip(asked, save(files), strict=True)):
            try:
                _require_kept(text, data, edit, written)
            except (AssertionError, SourceError) as error:
                yield Finding(f"{seed}#{number}", "forms", error)

    def _fmt(self, dice: random.Random) -> None:
        path, text = self.text(dice)
        try:
            written = format_text(text, path, shape_of(_kind_of(path), KINDS))
        except SourceError as error:
            _require_place(error.problem)
            return
        assert _data_of(written) == _data_of(text), "fmt keeps the data"
        assert format_text(written, path, shape_of(_kind_of(path), KINDS)) == written, "fmt comes to rest"
        comments = sum(line.lstrip().startswith("#") for line in text.splitlines())
        assert written.count("#") >= comments or "|" in text or ">" in text, "fmt keeps the comments"

    def _diff(self, dice: random.Random) -> None:
        path, text = self.text(dice)
        before = {path: dict(self._texts)[path].encode()}
        after = {path: text.encode(errors="surrogatepass")}
        versions = [Version(one, "playbook") for one in dice.sample([before, after], 2)]
        differences = find_differences(versions[0], versions[1], [])
        as_text(differences, SAY)
        as_markdown(differences, versions[1].problems, versions[1], SAY, None)
        as_data(differences, SAY)
        for problem in (*versions[0].problems, *versions[1].problems):
            _require_place(problem)

    def _edition_file(self, dice: random.Random) -> None:
        file = self._root / "editions/1.yml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(_spoilt(self._edition, dice), encoding="utf-8", errors="surrogatepass")
        content, problems = load_content(self._root, "playbook")
        problems += check_content(content, DAY)
        for problem in problems:
            _require_place(problem)
        if not has_errors(problems):
            site = Site(Playbook(content))
            assert all(html for _, html in site.paper_pages())
            site.renderer.render("downloads", site.playbook)
            assert len([*EarlierSheets(site.playbook, SAY).all()]) < 100
            if dice.random() < 0.1:
                for one in site_files(site.playbook, SAY):
                    if "/ediciones/" in one.path:
                        assert one.make().startswith(b"%PDF")

    def _run_file(self, dice: random.Random) -> None:
        text = json.dumps(dice.choice(self._runs), ensure_ascii=False, indent=dice.choice((None, 1)))
        if dice.random() < 0.5:
            data = json.loads(text)
            _spoil_data(data, dice)
            text = json.dumps(data, ensure_ascii=False)
        else:
            text = _spoilt_lines(text, dice)
        read = read_run("a.json", text.encode(errors="surrogatepass"))
        if isinstance(read, Refused):
            assert "\n" not in SAY(f"audits.refused.{read.trouble}", file=read.file)
            assert _PLACE.fullmatch(read.place) or read.trouble == "foreign", read
        json.dumps(summarise([read], DAY))


def save_by_node(node: str, program: Path, admin: Path) -> Callable[[list[dict[str, Any]]], list[Any]]:
    """Return what has the forms write files, all in one process of node."""

    def save(files: list[dict[str, Any]]) -> list[Any]:
        call = [node, str(program), str(admin)]
        done = subprocess.run(call, input=json.dumps(files), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        saved: list[Any] = json.loads(done.stdout)
        return saved

    return save


def _require_place(problem: Problem) -> None:
    assert problem.location.line >= 1
    assert problem.location.column >= 1
    assert "\n" not in SAY.explain(problem)


def _require_kept(text: str, data: Any, edit: list[Any] | None, written: Any) -> None:
    """Require that a file that `check` can read still says what it said, but for what was edited."""
    if data is None or not isinstance(data, dict):
        return  # nothing that a form can be made of
    if isinstance(written, dict) and "YAMLException" in written["error"]:
        return  # what the browser's reader of YAML refuses is shown to nobody, and so not written
    assert isinstance(written, str), written
    if edit is None:
        assert _data_of(written) == data, "the forms keep the data"
        return
    wanted = copy.deepcopy(data)
    wanted["title"] = edit[1].strip().strip("\ufeff")  # which browsers take for a space
    found = _data_of(written)
    assert isinstance(found, dict), "what the forms write can be read"
    rest = {name: value for name, value in found.items() if name != "title"}
    assert rest == {name: value for name, value in data.items() if name != "title"}, (
        "an edit changes its own field"
    )
    assert found.get("title", "") in (wanted["title"], None), "an edit says what was asked"


def _data_of(text: str) -> Any:
    """Return what a text says; None for one that is refused."""
    problems: list[Problem] = []
    try:
        data = yaml_source.to_data(yaml_source.compose(text, "x"), "x", problems)
    except SourceError:
        return None
    return None if problems else data


def _kind_of(path: str) -> str:
    folder, slash, _ = path.partition("/")
    return (
        next(kind for kind, name in FOLDERS.items() if name == folder) if slash else path.removesuffix(".yml")
    )


def _spoilt(text: str, dice: random.Random) -> str:
    """Return YAML that says something else: its data, its lines, or how it is written."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        match dice.randrange(4):
            case 0:
                text = _spoilt_lines(text, dice)
            case 1:
                text = _rewritten(text, dice)
            case 2:
                lines = text.splitlines(keepends=True)
                # Behind a line that begins a field, so that most of what comes of it is YAML.
                starts = [i for i, line in enumerate(lines) if line[:1].isalpha()] or [0]
                lines.insert(dice.choice(starts), dice.choice(BLOCKS))
                text = "".join(lines)
            case _:
                text = _with_other_data(text, dice)
    return text


def _spoilt_lines(text: str, dice: random.Random) -> str:
    lines = text.split("\n")
    i = dice.randrange(len(lines))
    match dice.randrange(8):
        case 0:
            del lines[i]
        case 1:
            lines.insert(i, dice.choice(lines))
        case 2:
            lines[i] = " " * dice.randrange(5) + lines[i].lstrip()
        case 3:
            at = dice.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + dice.choice(SIGNS) + lines[i][at:]
        case 4:
            lines[i] = lines[i] + dice.choice((" ", "  # nota", "\r", "\t", " |", ":"))
        case 5:
            lines.insert(i, dice.choice(("", "", "# nota", "    # nota", "---", "...", "\t")))
        case 6:
            lines = lines[: i + 1]
        case _:
            lines[i] = lines[i].replace(": ", dice.choice((":", " : ", ":  ", ": \n  ", ": |\n    ")), 1)
    return "\n".join(lines)


def _rewritten(text: str, dice: random.Random) -> str:
    """Return the same data as another program writes it."""
    data = _data_of(text)
    if data is None:
        return text
    style = dice.choice((None, '"', "'", "|", ">"))
    written: str = yaml.safe_dump(
        data,
        default_flow_style=dice.choice((True, False, None)),
        default_style=style,
        width=dice.choice((20, 80, 10_000)),
        allow_unicode=dice.random() < 0.7,
        indent=dice.choice((2, 4)),
        sort_keys=dice.random() < 0.3,
        line_break=dice.choice(("\n", "\n", "\r\n")),
    )
    return written


def _with_other_data(text: str, dice: random.Random) -> str:
    data = _data_of(text)
    if not isinstance(data, dict | list):
        return text
    _spoil_data(data, dice)
    try:
        written: str = yaml.safe_dump(
            data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=400
        )
    except (yaml.YAMLError, RecursionError, ValueError):
        return text
    return written


def _spoil_data(data: Any, dice: random.Random) -> None:
    places = [*_places(data)]
    if not places:
        return
    holder, key = dice.choice(places)
    match dice.randrange(5):
        case 0:
            del holder[key]
        case 1:
            holder[key] = dice.choice(SHAPES)
        case 2 if isinstance(holder, dict):
            holder[dice.choice(TEXTS)] = holder.pop(key)
        case 3 if isinstance(holder, list):
            holder.insert(0, holder[key])
        case _:
            holder[key] = dice.choice(TEXTS)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(data, dict | list):
        for key in [*(data if isinstance(data, dict) else range(len(data)))]:
            yield data, key
            yield from _places(data[key])


def _run_of(kind: str) -> dict[str, Any]:
    """Return a run as the browser hands it over."""
    bands = [{"at_least": 75, "title": "Bien", "meaning": "Sigue."}, {"at_least": 0, "title": "Mal"}]
    rule = {"weights": {"essential": 3, "expected": 2}, "gate": ["essential"], "blank": "incomplete"}
    items = [
        {
            "section": "uno",
            "title": "Uno",
            "id": f"l.{i}",
            "text": f"Renglón {i}",
            "level": level,
            "digest": f"d{i}",
        }
        | {
            "answer": answer,
            "note": "Una nota",
            "action": {"what": "Hacer", "who": "Ana", "by": "2026-12-01"},
        }
        for i, (level, answer) in enumerate(
            [("essential", "yes"), ("expected", "no"), ("expected", "na"), ("x", "")]
        )
    ]
    about = {"format": "servicebook-run", "version": 2, "checklist": "l", "title": "Lista", "edition": "1"}
    visit = {"name": "Ana", "place": "Centro", "date": "2026-11-20"}
    graded = {**rule, "unobserved": "excluded", "bands": bands if kind == "graded" else []}
    return {**about, "rule": graded, "run": visit, "items": items}
