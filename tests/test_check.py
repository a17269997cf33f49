"""What `servicebook check` says of bad content: the cases of `cases/check`, and those that need odd files.

A case is one YAML file: the files that it writes over the minimal project's playbook, the pieces of text
that it changes in them, what is said then, and the exit code.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.base import yaml_source
from servicebook.cli.main import run
from tests.conftest import ROOT, MakeProject, needs_links

CASES = sorted((ROOT / "tests" / "cases" / "check").glob("*.yml"))
LINE = re.compile(r"^playbook/[^:]+:\d+:\d+: (error|warning)\[[a-z0-9-]+\]: [^\n]+[.?:»)%/]$")
TODAY = "2026-11-22"

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def check(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Return a function that checks the minimal project from its own folder: exit code and output."""
    monkeypatch.chdir(make_project({}))
    monkeypatch.setenv("LANG", "es_MX.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)

    def run_check(*options: str, today: str = TODAY) -> tuple[int, str]:
        code = run(["check", "--today", today, *options])
        return code, capsys.readouterr().out

    return run_check


def write(name: str, text: str | bytes) -> Path:
    """Write a file of the playbook of the project that is the working directory."""
    path = Path("playbook", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def arrange(case: dict[str, Any]) -> None:
    """Write the files of a case and change what it changes."""
    for name, text in case.get("write", {}).items():
        write(name, text)
    for name, changes in case.get("edit", {}).items():
        text = Path("playbook", name).read_text(encoding="utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{old!r} must stand once in {name}"
            text = text.replace(old, new)
        write(name, text)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, check: Check) -> None:
    case = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    arrange(case)
    today = str(case.get("today", TODAY))
    code, said = check(today=today)
    assert said == case["says"]
    assert code == case["exit"]
    # The same problems in English, each on one line of the promised form.
    _, english = check("--lang", "en", today=today)
    places = re.compile(r"^.*?\]: ", re.MULTILINE)
    assert places.findall(english) == places.findall(said)
    for line in [*said.splitlines(), *english.splitlines()]:
        assert LINE.match(line), line
    assert "«" not in english


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 100


# A slip for each thing that libyaml complains of, and the rule that tells it.
SLIPS = [
    ("statement: uno: dos", "syntax-colon"),
    ("do: [uno: dos: tres]", "syntax-bracket"),
    ("do: [uno, {a: b:c: d}]", "syntax-bracket"),
    ("do: [uno, dos", "syntax-bracket"),
    ("do: {uno: dos", "syntax-bracket"),
    ("do: [uno, dos}", "syntax-bracket"),
    ("statement: 'uno", "syntax-quote"),
    ('statement: "uno', "syntax-quote"),
    ('statement: "uno\n---\ndos"', "syntax-quote"),
    ('statement: "uno" dos', "syntax-after"),
    ("statement: [uno] dos", "syntax-after"),
    ("do: [uno, dos]]", "syntax-after"),
    ("do:\n  - uno\n]", "syntax-after"),
    ('statement: "C:\\casa"', "syntax-escape"),
    ('statement: "\\xZZ"', "syntax-escape"),
    ('statement: "\\uD800"', "syntax-escape"),
    ("statement: *", "syntax-star"),
    ("statement: &", "syntax-star"),
    ("statement: !<uno dos", "syntax-star"),
    ("statement: !x!uno dos", "syntax-star"),
    ("statement: !%GG dos", "syntax-star"),
    ("statement: | uno", "syntax-block"),
    ("statement: >0\n  uno", "syntax-block"),
    ("statement: |\n\t uno", "tab"),
    ("%hola uno", "syntax-percent"),
    ("%YAML uno", "syntax-percent"),
    ("statement: @uno", "syntax-character"),
    ("statement: `uno`", "syntax-character"),
    ("statement: %uno", "syntax-character"),
    ("statement: ,uno", "syntax-character"),
    ("statement: - uno", "syntax-character"),
    ("statement: ? uno", "syntax-character"),
    ("\tstatement: uno", "tab"),
    ("verification:\n\tquestion: uno", "tab"),
    ("do:\n  - uno\n dos", "syntax-key"),
    ("do:\n  - uno\n  dos: tres", "syntax-dash"),
    ("verification:\n    question: uno\n  how: dos", "syntax-key"),
    ("uno", "syntax-missing-colon"),
    ("---\nuno: dos", "several-documents"),
    ("...\nuno", "syntax-key"),
]


# Files that break off within brackets, and where the bracket stands that is told as open.
BROKEN_OFF = [
    "id: >[",
    "id: >{",
    "id: >[uno,",
    "id: >[uno:",
    "id: [uno, >[dos,\n",
    ">[",
    "- >{",
    "id: [[uno], >{dos:\n\n",
]


@pytest.mark.parametrize("text", BROKEN_OFF)
def test_a_file_that_breaks_off_within_brackets_names_the_one_that_is_open(text: str, check: Check) -> None:
    before, _, after = text.partition(">")
    write("standards/EXT-01.yml", before + after)
    code, said = check()
    assert code == 1
    assert said.startswith(f"playbook/standards/EXT-01.yml:1:{len(before) + 1}: error[syntax-bracket]"), said


@pytest.mark.parametrize(("text", "rule"), SLIPS, ids=lambda value: value)
def test_slip_is_told_in_plain_words(text: str, rule: str, check: Check) -> None:
    write("standards/EXT-01.yml", f"id: EXT-01\n{text}\ntitle: Saludar\n")
    code, said = check()
    assert code == 1
    assert f"[{rule}]" in said.splitlines()[0], said
    assert "expected" not in said.splitlines()[0]


# --- files that are not text, or not files ------------------------------------------------------------


def standard() -> str:
    return Path("playbook/standards/EXT-01.yml").read_text(encoding="utf-8")


def test_bytes_that_are_not_utf8(check: Check) -> None:
    write("standards/EXT-01.yml", standard().encode().replace("Saludó".encode(), "Saludó".encode("latin-1")))
    assert check() == (
        1,
        "playbook/standards/EXT-01.yml:17:19: error[not-utf8]: "
        "El archivo no está en UTF-8 (byte F3). Guárdalo de nuevo con codificación UTF-8.\n",
    )


def test_utf16_is_not_utf8(check: Check) -> None:
    write("standards/EXT-01.yml", standard().encode("utf-16"))
    code, said = check()
    assert code == 1
    assert said.startswith("playbook/standards/EXT-01.yml:1:1: error[not-utf8]: ")


def test_byte_order_mark_is_a_warning_and_shifts_nothing(check: Check) -> None:
    write("standards/EXT-01.yml", b"\xef\xbb\xbf" + standard().replace("essential", "alto").encode())
    assert check() == (
        1,
        "playbook/standards/EXT-01.yml:1:1: warning[bom]: "
        "El archivo empieza con una marca invisible (BOM). Guárdalo como «UTF-8 sin BOM».\n"
        "playbook/standards/EXT-01.yml:11:8: error[choice]: "
        "«alto» no es un valor de «level». Puede ser: essential, expected, excellence.\n",
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_accepted(check: Check, end: str) -> None:
    write("standards/EXT-01.yml", standard().replace("\n", end))
    assert check() == (0, "")
    write("standards/EXT-01.yml", standard().replace("essential", "alto").replace("\n", end))
    assert check()[1].startswith("playbook/standards/EXT-01.yml:11:8: error[choice]: ")


@pytest.mark.parametrize(
    ("character", "code"), [("\x00", "0000"), ("\x1b", "001B"), ("\x85", "0085"), ("\u2028", "2028")]
)
def test_control_characters_are_named_by_code_and_place(check: Check, character: str, code: str) -> None:
    write("standards/EXT-01.yml", standard().replace("¿Saludó?", f"¿Sa{character}ludó?"))
    assert check() == (
        1,
        "playbook/standards/EXT-01.yml:17:16: error[control-character]: "
        f"Hay un carácter de control invisible (U+{code}). Bórralo.\n",
    )


def test_a_large_file_is_refused_before_it_is_read(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("standards/EXT-02.yml", "")
    with path.open("r+b") as file:
        file.truncate(50_000_000)
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        assert self.name != "EXT-02.yml", "the large file must not be read"
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert check() == (
        1,
        "playbook/standards/EXT-02.yml:1:1: error[too-large]: El archivo mide 50.0 MB y el límite es 1 MB. "
        "Una ficha cabe en unas cuantas líneas: revisa si pegaste algo que no va aquí.\n",
    )


@pytest.mark.parametrize(
    "text",
    ["".join(f"k{i}: v\n" for i in range(30_000)), 'id: "' + "a\u00ad" * 100_000 + '"\n'],
    ids=["fields", "signs"],
)
def test_of_a_file_with_thousands_of_faults_a_hundred_are_told(check: Check, text: str) -> None:
    write("standards/EXT-02.yml", text)
    code, said = check()
    assert code == 1
    assert 101 <= said.count("\n") <= 150
    assert "error[more-problems]: El archivo tiene más fallas que las 100 que se dicen." in said


def test_a_hundred_faults_are_all_told(check: Check) -> None:
    plain = Path("playbook/standards/EXT-01.yml").read_text(encoding="utf-8").replace("EXT-01", "EXT-02")
    fields = [f"k{i}: v\n" for i in range(101)]
    write("standards/EXT-02.yml", plain + "".join(fields[:100]))
    assert check()[1].count("\n") == 100
    assert "more-problems" not in check()[1]
    write("standards/EXT-02.yml", plain + "".join(fields))
    assert check()[1].count("error[more-problems]") == 1


DEEP = {
    "brackets": "a: " + "[" * 10_000,
    "closed-brackets": "a: " + "[" * 10_000 + "]" * 10_000,
    "braces": "a: " + "{b: " * 10_000,
    "dashes": "- " * 10_000 + "a",
    "question-marks": "? " * 10_000 + "a",
    "indentation": "\n".join(" " * depth + "a:" for depth in range(1_000)),
    "lists": "\n".join(f"{'  ' * depth}- a:" for depth in range(500)),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused(check: Check, text: str) -> None:
    write("standards/EXT-02.yml", text)
    code, said = check()
    assert code == 1
    assert re.fullmatch(
        r"playbook/standards/EXT-02\.yml:\d+:\d+: error\[too-deep\]: Hay más de 20 niveles, uno dentro de "
        r"otro\. Ninguna ficha los necesita: revisa la sangría\.\n",
        said,
    )


def test_what_is_as_deep_as_may_be_is_taken() -> None:
    levels = yaml_source.MAX_DEPTH - 1
    yaml_source.compose("[" * levels + "[], " * 200 + "]" * levels, "file.yml")


@pytest.mark.parametrize(
    ("sign", "length"), [("*a ", 900_000), ("& ", 900_000), ("[a](", 100_000), ("[a](EXT-99) ", 300_000)]
)
def test_a_text_full_of_signs_takes_no_longer_than_its_length(check: Check, sign: str, length: int) -> None:
    """What looks back from each sign to the beginning took a minute for the first; the last took twelve
    seconds of looking for the near name of one id."""
    text = Path("playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    said = sign * (length // len(sign))
    write("standards/EXT-01.yml", re.sub(r"(?m)^statement: .*$", lambda _: f"statement: x {said}", text))
    begun = time.process_time()
    check()
    assert time.process_time() - begun < 6


@pytest.mark.parametrize("text", [*DEEP.values(), "a: &a [j]\nb: [*a, *a]"], ids=[*DEEP, "alias"])
def test_what_is_deep_or_repeats_itself_is_refused_before_nodes_are_made(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def get_single_node(self: object) -> None:
        raise AssertionError("such a file must not be composed")

    monkeypatch.setattr(yaml_source._Composer, "get_single_node", get_single_node)
    with pytest.raises(yaml_source.SourceError) as error:
        yaml_source.compose(text, "file.yml")
    assert error.value.problem.rule in ("too-deep", "anchor")


@needs_links
@pytest.mark.parametrize("name", ["standards/EXT-01.yml", "glossary.yml", "playbook.yml"])
def test_content_that_is_a_link_is_not_published(check: Check, name: str) -> None:
    """A reviewer sees where it leads, and `servicebook diff` nothing of what it says."""
    path, outside = Path("playbook") / name, Path("afuera").absolute()
    if path.exists():
        path.rename(outside)
    else:
        outside.write_text("- {id: uno, title: Uno, definition: Uno.}\n", encoding="utf-8")
    path.symlink_to(outside)
    code, told = check()
    assert code == 1
    assert f"playbook/{name}:1:1: error[content-is-link]: «{path.name}» es un enlace" in told


@needs_links
@pytest.mark.parametrize("name", ["editions", "editions/2020.yml", "locale", "locale/qu", "locale/qu/a.yml"])
def test_editions_and_languages_that_are_links_are_not_published(check: Check, name: str) -> None:
    path, outside = Path("playbook") / name, Path("afuera").absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        outside.write_text("{}\n", encoding="utf-8")
    else:
        outside.mkdir()
    path.symlink_to(outside)
    code, told = check()
    assert code == 1
    assert f"playbook/{name}:1:1: error[content-is-link]" in told


@needs_links
def test_a_kind_that_manuals_share_by_a_link_is_read(check: Check) -> None:
    folder = Path("playbook/standards")
    folder.rename("shared")
    folder.symlink_to(Path("shared").absolute())
    code, told = check()
    assert code == 0
    assert "content-is-link" not in told


@needs_links
def test_a_whole_playbook_that_is_a_link_is_read(check: Check) -> None:
    Path("playbook").rename("manual")
    Path("playbook").symlink_to("manual")
    assert check()[0] == 0


@pytest.mark.parametrize("kind", ["folder"] if os.name == "nt" else ["folder", "loop", "broken", "fifo"])
def test_what_is_no_file(check: Check, kind: str) -> None:
    path = Path("playbook/standards/EXT-02.yml")
    make: dict[str, Callable[[], object]] = {
        "folder": path.mkdir,
        "loop": lambda: path.symlink_to(path.name),
        "broken": lambda: path.symlink_to("nowhere.yml"),
        "fifo": lambda: os.mkfifo(path),
    }
    make[kind]()
    assert check() == (
        1,
        "playbook/standards/EXT-02.yml:1:1: error[not-a-file]: Aquí debe haber un archivo y no una carpeta, "
        "un enlace roto u otra cosa. Bórralo o cámbialo por el archivo.\n",
    )


@needs_links
def test_a_folder_of_pages_that_is_a_broken_link_is_told_once(check: Check) -> None:
    Path("docs").rename("pages")
    Path("docs").symlink_to("nowhere")
    code, told = check()
    assert code == 1
    assert told.startswith("docs:1:1: error[not-a-file]")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("name", ["playbook.yml", "sources.yml"])
def test_a_folder_in_the_place_of_a_list_or_of_the_settings(check: Check, name: str) -> None:
    Path("playbook", name).unlink()
    Path("playbook", name).mkdir()
    code, said = check()
    assert code == 1
    assert said.startswith(f"playbook/{name}:1:1: error[not-a-file]: ")
    assert len(said.splitlines()) == 1


def test_a_file_without_permission(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if self.name == "EXT-01.yml":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert check() == (
        1,
        "playbook/standards/EXT-01.yml:1:1: error[unreadable]: "
        "No se pudo leer el archivo (no hay permiso). Revisa sus permisos y sus enlaces.\n",
    )


def test_what_a_file_says_cannot_command_the_terminal(check: Check) -> None:
    write("standards/EXT-01.yml", standard().replace("essential", '"\\e[2J\\e]0;hola\\a"'))
    _, said = check()
    assert "\x1b" not in said
    assert "\x07" not in said


# --- forms of the output -------------------------------------------------------------------------------


def test_json_is_for_machines(check: Check) -> None:
    write("standards/EXT-01.yml", standard().replace("essential", "esential"))
    code, said = check("--format", "json")
    assert code == 1
    assert json.loads(said) == {
        "problems": [
            {
                "path": "playbook/standards/EXT-01.yml",
                "line": 11,
                "column": 8,
                "severity": "error",
                "rule": "choice",
                "message": "«esential» no es un valor de «level». Puede ser: essential, expected, "
                "excellence. ¿Quisiste decir «essential»?",
            }
        ]
    }


def test_json_of_a_clean_playbook_is_still_json(check: Check) -> None:
    code, said = check("--format", "json")
    assert code == 0
    assert json.loads(said) == {"problems": []}


def test_github_annotations(check: Check) -> None:
    write("standards/EXT-01.yml", standard().replace("presencial", "100%"))
    code, said = check("--format", "github", "--lang", "en")
    assert code == 1
    assert said == (
        "::error file=playbook/standards/EXT-01.yml,line=8,col=12,title=unknown-word::“100%25” is not among "
        "the channels of playbook.yml. They are: presencial, telefono.\n"
    )


def test_github_warning_and_odd_file_name(check: Check) -> None:
    write("a,b%.txt", "x")
    code, said = check("--format", "github")
    assert code == 0
    assert said.startswith("::warning file=playbook/a%2Cb%25.txt,line=1,col=1,title=stranger::«a,b%25.txt» ")


# --- language, exit codes, use -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LANG": "en_US.UTF-8"}, "There is no playbook"),
        ({"LANG": "es_MX.UTF-8"}, "no hay un manual"),
        ({"LANG": "pt_BR.UTF-8"}, "Não há um manual"),
        ({"LANG": "pt"}, "Não há um manual"),
        ({"LANG": "pt_PT@euro"}, "Não há um manual"),
        ({"LANG": "pl_PL.UTF-8"}, "no hay un manual"),
        ({"LANG": "C.UTF-8"}, "no hay un manual"),
        ({"LANG": ""}, "no hay un manual"),
        ({"LANG": "es_MX.UTF-8", "LC_ALL": "en"}, "There is no playbook"),
        ({"LANG": "en_GB", "LC_MESSAGES": "es_ES"}, "no hay un manual"),
    ],
)
def test_language_of_the_locale_where_there_is_no_playbook(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(["check"]) == 2
    assert word in capsys.readouterr().err


def test_language_of_the_playbook_comes_before_the_locale(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("standards/EXT-01.yml", standard().replace("libro", "nada"))
    monkeypatch.setenv("LC_ALL", "en")
    assert "No existe" in check()[1]
    assert "There is" in check("--lang", "en")[1]
    assert "Não existe" in check("--lang=pt")[1]


def test_warnings_count_with_strict(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--strict")[0] == 0
    write("standards/nota.txt", "x")
    assert check()[0] == 0
    assert check("--strict")[0] == 1
    write("sources.yml", "")
    run(["check", "--today", TODAY])
    assert capsys.readouterr().err == "1 error, 1 aviso\n"


def test_a_folder_without_playbook_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--lang", "es"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "En «.» no hay un manual: falta playbook/playbook.yml.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["chek"], "No existe la orden «chek». ¿Quisiste decir «check»? Mira la ayuda con --help."),
        (["check", "--fromat", "json"], "No existe la opción «--fromat». ¿Quisiste decir «--format»?"),
        (["check", "--format", "xml"], "El valor de «--format» no sirve. Puede ser: text, github, json."),
        (["check", "--today", "ayer"], "no sirve. Se escribe año-mes-día, como 2026-01-31."),
        (["search", "x", "--most", "0"], "no sirve. Es un número entero de 1 a "),
        (["serve", "--port", "99999"], "no sirve. Es un número entero de 0 a 65535."),
        (["check", "--lang", "fr"], "El valor de «--lang» no sirve. Puede ser: es, en, pt."),
        (["check", "one", "two"], "Sobra en la orden: two."),
        (["check", "one", "two", "three"], "Sobra en la orden: two three."),
        (
            ["check", "--format"],
            "La opción --format no se escribe así: o le falta su valor, o no lleva ninguno.",
        ),
        (["fmt", "--check=yes"], "La opción --check no se escribe así"),
        (["check", "nowhere"], "En «nowhere» no hay un manual: falta playbook/playbook.yml."),
        (["check", "x" * 5000], "(el nombre es demasiado largo)"),
        (["new"], "Falta «TIPO»."),
        (["schema", "--out", "mkdocs.yml"], "No se pudo usar «mkdocs.yml» (ya existe)."),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
def test_wrong_use_is_told_and_exits_2(
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(make_project({}))
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert "Traceback" not in said.err
