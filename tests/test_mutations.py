"""Two thousand broken versions of the real YAML files: each is read, or refused at a place that is in it.

The mutations come from a generator with a fixed seed, so that a failure comes again; half of them spoil the
text, as a slip of the hand or a bad merge does, and half spoil the data in ways that are still good YAML.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.base.problems import Location
from servicebook.checks.check import check_content
from servicebook.content.load import load_content
from servicebook.language.messages import messages_in
from tests.conftest import ROOT

PLAYBOOK = ROOT / "playbook"
FILES = sorted(path.relative_to(PLAYBOOK) for path in PLAYBOOK.rglob("*.yml"))
BASE = (Path("playbook.yml"), Path("sources.yml"))
ROUNDS, EACH = 20, 100
TODAY = dt.date(2026, 11, 22)
LANGUAGES = (messages_in("es"), messages_in("en"))

PIECES = [
    *(
        ":",
        ": ",
        "- ",
        "\n",
        "\n\n",
        "\t",
        " ",
        "  ",
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        "#",
        "|",
        ">",
        ">-",
        "%",
        "@",
    ),
    *(
        "`",
        "?",
        "? ",
        "=",
        "-",
        "\\",
        "&a",
        "*a",
        "<<: *a\n",
        "!!python/name:os",
        "---\n",
        "...\n",
        "a: b: c",
    ),
    *(
        "~",
        "null",
        "no",
        "22:30",
        "012",
        "1e999",
        ".nan",
        "\x00",
        "\x07",
        "\x85",
        "\u2028",
        "\ufeff",
        "\r",
        "\r\n",
    ),
    *('"\\x07"', "ñ", "💡", "\u0301", "{{ 7*7 }}", "<b>", "[x](javascript:y)"),
    *("9" * 400, "[" * 300, "- " * 50, "a" * 3000),
]
ODD_VALUES: list[Any] = [
    *(None, "", " ", [], {}, [[]], [None], {"a": None}, {"id": "a"}, {"1": 2}, ["a"] * 50),
    *(True, False, 0, -1, 1.5, 10**30, float("inf"), dt.date(2026, 1, 1)),
    *("x" * 5000, "a\nb", "2026-02-30", "EXT-99", "csat", "[x](y)", "*"),
]


def spoil_text(data: bytes, chance: random.Random) -> bytes:
    """Return a file's bytes after a few slips of the hand."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice([1, 1, 2, 8, 80]))
        other = chance.randrange(len(data) + 1)
        data = chance.choice(
            [
                data[:at] + data[to:],
                data[:at] + chance.choice(PIECES).encode("utf-8") + data[at:],
                data[:at] + chance.choice(PIECES).encode("utf-8") + data[to:],
                data[:at] + chance.randbytes(chance.randint(1, 3)) + data[at:],
                data[:at] + data[other : other + 60] + data[at:],
                data[:at],
                _spoil_lines(data, chance),
            ]
        )
    return data


def _spoil_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    changes: list[Callable[[], None]] = [
        lambda: lines.__setitem__(one, b" " * chance.randint(1, 5) + lines[one]),
        lambda: lines.__setitem__(one, lines[one].lstrip()),
        lambda: lines.__setitem__(one, lines[one].replace(b":", b"", 1)),
        lambda: lines.__setitem__(one, lines[other]),
        lambda: lines.insert(one, lines[other]),
        lambda: lines.__delitem__(one),
    ]
    chance.choice(changes)()
    return b"".join(lines)


def spoil_data(data: bytes, chance: random.Random) -> bytes:
    """Return a file whose YAML is good and whose content is not."""
    tree = yaml.load(data, Loader=yaml.CBaseLoader)  # noqa: S506 - our own files, as text only
    for _ in range(chance.randint(1, 3)):
        places = list(_places(tree))
        if not places:
            break
        holder, key = chance.choice(places)
        match chance.randrange(4):
            case 0:
                holder[key] = _copy(chance.choice(ODD_VALUES))
            case 1 if isinstance(holder, dict):
                holder[f"{key}x"] = holder.pop(key)
            case 1 | 2:
                del holder[key]
            case _:
                from_holder, from_key = chance.choice(places)
                holder[key] = _copy(from_holder[from_key])
    style = chance.choice([None, False, True])
    text: str = yaml.dump(
        tree, Dumper=yaml.CSafeDumper, allow_unicode=True, default_flow_style=style, sort_keys=False
    )
    return text.encode()


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(pairs):
        yield tree, key
        yield from _places(value)


def _copy(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _copy(value) for key, value in tree.items()}
    return [_copy(value) for value in tree] if isinstance(tree, list) else tree


def is_inside(place: Location, playbook: Path) -> bool:
    """Tell whether an editor can go to a place: an existing line, and a column up to just after its end."""
    data = (playbook / place.path.removeprefix("playbook/")).read_bytes()
    lines = re.split(r"\r\n|\r|\n", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    return 1 <= place.line <= len(lines) and 1 <= place.column <= len(lines[place.line - 1]) + 1


@pytest.mark.slow
@pytest.mark.parametrize("part", range(ROUNDS))
def test_a_broken_file_is_refused_at_its_place(part: int, tmp_path: Path) -> None:
    for name in BASE:
        (tmp_path / name).write_bytes((PLAYBOOK / name).read_bytes())
    for seed in range(part * EACH, (part + 1) * EACH):
        chance = random.Random(seed)  # noqa: S311 - a test's dice
        name = chance.choice(FILES)
        spoil = chance.choice([spoil_text, spoil_data])
        good = (PLAYBOOK / name).read_bytes()
        data = spoil(good, chance)
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        content, problems = load_content(tmp_path, "playbook")
        problems = [*problems, *check_content(content, TODAY)]
        for problem in problems:
            where = f"seed {seed}: {problem}"
            assert is_inside(problem.location, tmp_path), where
            for say in LANGUAGES:
                assert say.explain(problem).isprintable(), where
        path.write_bytes(good) if name in BASE else path.unlink()
