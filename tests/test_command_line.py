"""How commands end and what they print, whatever happens: to people, pipes, machines that read lines."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from servicebook.base.problems import BuildError, ContentError
from servicebook.base.reads import recorded
from servicebook.building.build import build_project
from servicebook.checks.files import check_files
from servicebook.cli import main
from servicebook.cli.main import make_cli, run
from servicebook.editing.compare import find_differences
from servicebook.editing.policy import find_breaches
from servicebook.editing.versions import read_folder
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import MakeProject, needs_links

SAY = messages_in("es")
SERVICEBOOK = [sys.executable, "-m", "servicebook"]


def test_what_whoever_calls_has_us_ignore_ends_nothing() -> None:
    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(name, signal.SIG_DFL) for name in names}
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        main._end_in_order()
        assert [name for name in names if signal.getsignal(name) is signal.SIG_IGN] == [signal.SIGTERM]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def test_an_error_that_nobody_foresaw_is_one_sentence_and_a_file(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secreto")

    for place, order in (
        ("servicebook.content.load.load_content", "check"),
        ("servicebook.editing.form.form.format_playbook", "fmt"),
        ("servicebook.building.builder.build", "build"),
        ("servicebook.paper.files.write_files", "export"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            project_named = [str(project)] if order in ("check", "fmt") else ["--project", str(project)]
            more = ["--format", "csv"] if order == "export" else []
            assert run([order, *project_named, *more, "--lang", "es"]) == 3, order
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "Traceback" not in said
        file = Path(said.partition("detalles están en ")[2].partition(";")[0])
        assert "ZeroDivisionError: secreto" in file.read_text(encoding="utf-8")
        file.unlink()


@pytest.mark.parametrize(
    ("arguments", "heading"),
    [([], "Uso: servicebook"), (["--lang", "es"], "Uso: servicebook"), (["--lang=en"], "Usage: servicebook")],
)
def test_who_names_no_command_is_shown_the_help(
    arguments: list[str], heading: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(heading)
    for command in ("check", "build", "fetch-cms"):
        assert re.search(rf"^ +{command} ", shown.err, re.MULTILINE)
    assert run([*arguments, "--help"]) == 0
    assert capsys.readouterr().out == shown.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_that_names_choices_names_all(language: str) -> None:
    told = 0
    for name, command in make_cli(messages_in(language)).commands.items():
        for option in command.params:
            choices = {*getattr(option.type, "choices", ())}
            said = {*re.findall(r"\w+", getattr(option, "help", None) or "")} & choices
            assert len(said) < 2 or said == choices, (name, option.name)
            told += len(said) > 1
    assert told


def test_an_error_before_the_language_is_known_is_one_sentence_too(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secreto")

    monkeypatch.setattr("servicebook.content.project.read_project", fail)
    assert run(["check", str(make_project({}))]) == 3
    said = capsys.readouterr().err
    assert said.startswith("Something failed inside servicebook")
    assert said.count("\n") == 1
    Path(said.partition("details are in ")[2].partition(";")[0]).unlink()


@pytest.mark.skipif(os.name == "nt", reason="such names are no names there")
@pytest.mark.parametrize("form", ["github", "text", "json"])
def test_no_name_and_no_value_forges_a_command_of_the_code_host(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    forged = "\n::error file=x::forjado\r::add-mask::x"
    project = make_project(
        {
            f"playbook/standards/a{forged}.yml": "id: x\n",
            f"playbook/{forged}": "x",
            "playbook/standards/EXT-02.yml": 'id: "EXT-02\\n::error::forjado"\n"\\n::error::forjado": 1\n',
        }
    )
    (project / "docs/fuera\n::error::forjado").symlink_to("/etc/hostname")
    assert run(["check", str(project), "--format", form, "--lang", "es"]) == 1
    out = capsys.readouterr().out
    assert "forjado" in out
    commands = [line for line in out.replace("\r", "\n").splitlines() if line.startswith("::")]
    assert all(line.startswith(("::error file=", "::warning file=")) for line in commands)
    assert not [line for line in commands if line.startswith(("::error file=x", "::error::", "::add-mask"))]


@pytest.mark.skipif(os.name == "nt", reason="the shell there closes nothing")
@pytest.mark.parametrize(
    "shell",
    [
        "{0} check >&-",
        "{0} check 2>&- | head -c 1",
        "{0} build | (exec <&-; sleep 3)",
        "{0} build >/dev/full",
        "{0} --help >&- 2>&-",
        "{0} fmt </dev/null >/dev/full",
    ],
)
def test_a_closed_pipe_is_no_traceback(make_project: MakeProject, shell: str) -> None:
    project = make_project({"playbook/standards/EXT-02.yml": "x: 1\n"})
    done = subprocess.run(
        ["bash", "-c", shell.format(f"{sys.executable} -m servicebook")],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_project_is_built_from_another_folder(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = make_project(
        {"piezas/x.html": "pieza", "docs/prueba.md": "# Prueba\n\n{% include 'x.html' %}\n"}
    )
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace(
        "      on_undefined", "      include_dir: piezas\n      on_undefined"
    )
    settings.write_text(text, encoding="utf-8")
    (tmp_path / "otra").mkdir()
    monkeypatch.chdir(tmp_path / "otra")
    assert run(["build", "--project", os.path.relpath(project), "--lang", "es"]) == 0
    assert "pieza" in (project / "site/prueba/index.html").read_text(encoding="utf-8")
    shutil.rmtree(project / "piezas")
    with pytest.raises(ContentError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert [problem.values["option"] for problem in refused.value.problems] == ["include_dir"]


def test_what_could_not_be_read_is_not_called_unwritable(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(project / "docs/index.md"))

    monkeypatch.setattr("servicebook.building.builder.build", fail)
    with pytest.raises(BuildError) as refused:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    assert "docs/index.md" in str(refused.value)
    assert "escribir" not in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("modules: [servicebook.macros]|modules: [servicebook.macros, nada_de_nada]", "nada_de_nada"),
        ("name: material|name: mkdocs", "material"),
        ("theme:|use_directory_urls: false\ntheme:", "use_directory_urls"),
        ("theme:|hooks: [nada.py]\ntheme:", "nada.py"),
        ("on_undefined: strict|on_undefined: severo", "«macros» falló (ValueError: "),
    ],
)
def test_what_the_product_cannot_serve_is_told_in_words(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], settings: str, said: str
) -> None:
    project = make_project({})
    old, _, new = settings.partition("|")
    file = project / "mkdocs.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run(["build", "--project", str(project), "--lang", "es"]) == 1
    told = "".join(capsys.readouterr())
    assert said in told
    assert "Traceback" not in told


def test_an_address_that_no_program_can_take_apart_is_told_at_its_line(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_project({"docs/x.md": "---\ntitle: x\n---\n# x\n\n[a](http://℀.example/)\n"}))
    assert run(["build", "--lang", "es"]) == 1
    assert "docs/x.md:6:1: error[dead-link]" in "".join(capsys.readouterr())


@pytest.mark.parametrize("ids", ["[[]]", "[{a: 1}]", "x", "{x: 1}", "[null]"])
def test_a_comparison_takes_any_former_ids(make_project: MakeProject, ids: str) -> None:
    root = make_project({}) / "playbook"
    before = read_folder(root, "playbook")
    entry = root / "standards/EXT-01.yml"
    entry.write_text(f"{entry.read_text(encoding='utf-8')}former_ids: {ids}\n", encoding="utf-8")
    after = read_folder(root, "playbook")
    for old, new in ((before, after), (after, before)):
        differences = find_differences(old, new, [])
        assert {difference.loc[0] for difference in differences} <= {"former_ids"}
        find_breaches(old, new, differences)


MISSING = {
    "component": (
        {"tema/components/title.html": '\n{% from "components/titel.html" import title %}\n'},
        "tema/components/title.html:2:1: error[override-no-template]",
        "¿Quisiste decir «components/title.html»?",
    ),
    "component-of-a-component": (
        {"tema/components/standard.html": "{% macro standard(a) %}\n{% include 'nada.html' %}{% endmacro %}"},
        "tema/components/standard.html:2:1: error[override-no-template]",
        "«nada.html»",
    ),
    "base": (
        {"tema/main.html": '\n{% extends "bas.html" %}\n'},
        "tema/main.html:2:1: error[override-no-template]",
        "¿Quisiste decir «base.html»?",
    ),
    "page": (
        {"docs/x.md": "---\ntitle: x\ntemplate: mian.html\n---\n# x\n"},
        "docs/x.md:3:1: error[no-template]",
        "¿Quisiste decir «main.html»?",
    ),
    "no-text": (
        {"docs/x.md": "---\ntemplate: [1]\n---\n# x\n"},
        "docs/x.md:2:1: error[no-template]",
        "«[1]»",
    ),
    "macro": (
        {"tema/components/standard.html": "{% macro estandar(a) %}x{% endmacro %}"},
        "tema/components/standard.html:1:1: error[override-no-macro]",
        "Falta la macro «standard»",
    ),
    "import": (
        {
            "tema/components/standard.html": "{% from 'components/ref.html' import reff %}\n\n"
            "{% macro standard(a) %}{{ reff(1) }}{% endmacro %}"
        },
        "tema/components/standard.html:3: el código",
        "'reff'",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_a_template_that_is_missing_is_named_with_its_place(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    files, place, said = MISSING[name]
    project = make_project({"tema/x.txt": "x", **files})
    settings = project / "mkdocs.yml"
    used = settings.read_text(encoding="utf-8").replace("theme:\n", "theme:\n  custom_dir: tema\n")
    settings.write_text(used, encoding="utf-8")
    monkeypatch.chdir(project)
    assert run(["build", "--lang", "es"]) == 1
    told = "".join(capsys.readouterr())
    assert place in told
    assert said in told
    assert "escribir" not in told


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("theme: {name: {x: 1}}", "theme"),
        ("theme: {name: [1]}", "theme"),
        ("theme: {name: material, palette: 3}", "theme"),
        ("theme: {name: material, features: true}", "theme"),
        ("theme: {name: material, static_templates: [1]}", "theme"),
    ],
)
def test_an_option_over_which_mkdocs_or_the_theme_stumbles_is_named_with_its_place(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], line: str, name: str
) -> None:
    project = make_project({})
    settings = project / "mkdocs.yml"
    kept = re.sub(r"theme:\n(  .*\n)+", "", settings.read_text(encoding="utf-8"))
    settings.write_text(f"{line}\n{kept}", encoding="utf-8")
    assert run(["build", "--project", str(project), "--lang", "es"]) == 1
    said = "".join(capsys.readouterr())
    assert re.search(rf"mkdocs.yml:1:\d+: error\[bad-option\]: .*«{name}»", said), said


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("docs/a.md", "# A\n\n<<<<<<< HEAD\nUno\n=======\nDos\n>>>>>>> otra\n", "docs/a.md:3:1"),
        ("docs/a.md", "# A\n\nUno\n\n>>>>>>> otra\n", "docs/a.md:5:1"),
        ("docs/a.md", "```\nuno\n```\n~~~\nx\n```\n~~~\n<<<<<<< HEAD\n", "docs/a.md:8:1"),
        ("docs/a.md", "Título\n=======\n\n```\n<<<<<<< HEAD\n```\n", ""),
        ("docs/a.md", "````\n```\n>>>>>>> otra\n````\n\nUno >>>>>>> dos\n", ""),
        ("mkdocs.yml", "site_name: Uno\n=======\nsite_name: Dos\n", "mkdocs.yml:2:1"),
    ],
)
def test_what_git_left_where_two_versions_met_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], name: str, text: str, place: str
) -> None:
    project = make_project({name: text})
    code = run(["check", str(project), "--lang", "es"])
    told = "".join(capsys.readouterr())
    assert (f"{place}: error[merge-conflict]" in told) == bool(place), told
    assert place or "merge-conflict" not in told
    assert code == 1 or not place


@pytest.mark.skipif(os.name == "nt", reason="such names are no names there")
def test_check_says_what_a_build_would_stumble_over(make_project: MakeProject) -> None:
    hidden = {"docs/.oculto/x": "x", "docs/.oculto/sub/AUX.md": "# x\n"}
    project = make_project({"docs/CON.md": "# x\n", "docs/a:b.md": "# x\n", **hidden})
    (project / "docs/fuera.md").symlink_to("/etc/hostname")
    (project / "docs/carpeta").symlink_to("/etc")
    (project / "docs/dentro.md").symlink_to("index.md")
    (project / "media").mkdir()
    (project / "media/fuera").symlink_to("../../..")
    Path(os.fsdecode(os.fsencode(project / "docs") + b"/a\xf1o.md")).write_text("# x\n", encoding="utf-8")
    found = check_files(project, project / "playbook")
    assert sorted((problem.rule, Path(problem.location.path).name) for problem in found) == [
        ("link-outside", "carpeta"),
        ("link-outside", "fuera"),
        ("link-outside", "fuera.md"),
        ("name-not-on-windows", "CON.md"),
        ("name-not-on-windows", "a:b.md"),
        ("name-not-utf8", "a�o.md"),
    ]
    assert run(["check", str(project), "--lang", "es"]) == 1
    assert run(["build", "--project", str(project), "--lang", "es"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_what_no_build_can_read_is_told_for_what_it_is(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({"docs/cerrado.md": "# x\n"})
    os.mkfifo(project / "docs/tubo.md")
    # Content is read by its own names: a link there leads nobody in a circle.
    (project / "playbook/standards/vuelta").symlink_to("..")
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if self.name == "cerrado.md":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    found = check_files(project, project / "playbook")
    assert {(Path(one.location.path).name, one.rule, one.values.get("reason")) for one in found} == {
        ("cerrado.md", "unreadable", "EACCES"),
        ("tubo.md", "not-a-file", None),
    }


LINKS = {
    "/etc/hostname": "link-outside",
    "../../..": "link-outside",
    "nada": "not-a-file",
    "enlace.md": "not-a-file",
    ".": "link-back",
    "../docs": "link-back",
    "..": "link-back",
    "../otra": "link-back",
    "../media": "",
    "index.md": "",
}


@needs_links
@pytest.mark.parametrize("target", LINKS)
def test_check_and_build_say_the_same_of_a_link(make_project: MakeProject, target: str) -> None:
    project = make_project({"otra/x.md": "# Otra\n", "media/x.md": "# Medio\n"})
    settings = project / "mkdocs.yml"
    plain = settings.read_text(encoding="utf-8").replace("servicebook\n", "servicebook: {search: false}\n", 1)
    settings.write_text(plain, encoding="utf-8")
    (project / "otra/vuelta").symlink_to("../docs")
    (project / "docs/enlace.md").symlink_to(target)
    found = check_files(project, project / "playbook")
    assert [problem.rule for problem in found] == ([LINKS[target]] if LINKS[target] else [])
    if not found:
        build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)
    else:
        with pytest.raises(ContentError):
            build_project(project, Path("site"), "mkdocs", SAY, lambda step: None)


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_what_is_no_file_among_the_media_is_not_waited_for(make_project: MakeProject) -> None:
    media = make_project({"playbook/media/a.csv": "a\n"}) / "playbook/media"
    os.mkfifo(media / "pipe.csv")
    (media / "zero.csv").symlink_to("/dev/zero")
    assert [*read_folder(media.parent, "playbook").media] == ["media/a.csv"]


@needs_links
@pytest.mark.parametrize(("target", "rules"), [("../../fuera", ["link-outside"]), ("../dentro", [])])
def test_a_media_folder_that_is_a_link_publishes_nothing_from_outside(
    make_project: MakeProject, target: str, rules: list[str]
) -> None:
    project = make_project({"dentro/x.csv": "a\n"})
    (project.parent / "fuera").mkdir()
    (project / "playbook/media").symlink_to(target)
    assert [one.rule for one in check_files(project, project / "playbook")] == rules
    assert run(["check", str(project), "--lang", "es"]) == len(rules)


@needs_links
@pytest.mark.parametrize("room", ["docs", "media", "paginas"])
@pytest.mark.parametrize("target", ["/etc", "../..", "..", ".", "playbook", "nada"])
def test_a_folder_of_pages_that_is_itself_a_link_does_not_lead_out(
    make_project: MakeProject, room: str, target: str
) -> None:
    """What it leads to would be published; nor is all of a disk looked through before that is told."""
    project = make_project({})
    settings = project / "mkdocs.yml"
    if room == "paginas":
        settings.write_text(f"{settings.read_text(encoding='utf-8')}docs_dir: paginas\n", encoding="utf-8")
    if (project / room).exists():
        (project / room).rename(project / "aparte")
    (project / room).symlink_to(target)
    docs = project / room if room == "paginas" else None
    with recorded() as reads:
        found = check_files(project, project / "playbook", docs)
    rules = {".": ["link-back"], "playbook": [], "nada": ["not-a-file"]}
    wanted = rules.get(target, ["link-outside"])
    assert [(one.rule, Path(one.location.path).name) for one in found] == [(rule, room) for rule in wanted]
    assert all(Path(folder).resolve().is_relative_to(project.resolve()) for folder in reads.folders)
    if wanted:
        assert run(["check", str(project), "--lang", "es"]) == 1
        # Of a folder above the project MkDocs itself tells before anything is read.
        assert run(["build", "--project", str(project), "--lang", "es"]) in (1, 2)


@pytest.mark.skipif(os.name == "nt", reason="such files are none there")
def test_what_is_no_page_is_told_and_nobody_waits_for_it(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"docs/.oculto/x": "x"})
    (project / "docs/cafe.md").write_bytes("# Uno\n\nCafé\n".encode("latin-1"))
    (project / "docs/.oculto/todo").symlink_to("/")
    os.mkfifo(project / "docs/pipa.md")
    os.mkfifo(project / "docs/pipa.png")
    for order in (["check", str(project)], ["build", "--project", str(project)]):
        assert run([*order, "--lang", "es"]) == 1
        said = "".join(capsys.readouterr())
        assert "docs/cafe.md:3:4: error[not-utf8]" in said
        assert "docs/.oculto/todo:1:1: error[link-outside]" in said
        assert "docs/pipa.md:1:1: error[not-a-file]" in said
        assert "docs/pipa.png:1:1: error[not-a-file]" in said


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("standards/EXT-01.yml", "pillar: ", 'pillar: "" # ', "empty-required"),
        ("standards/EXT-01.yml", "roles: ", 'roles: [""] # ', "empty-element"),
        ("customers/vip.yml", "standards: ", 'standards: [""] # ', "empty-element"),
        ("playbook.yml", "address: ", "address: 'https://a/\"x' # ", "format-url"),
        ("playbook.yml", "address: ", "address: 'https://a:99999999' # ", "format-url"),
        ("playbook.yml", "name: ", "../../x", "format-name"),
        ("playbook.yml", "name: ", "nul", "reserved-name"),
    ],
)
def test_check_says_what_nothing_can_be_made_of(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, rule: str
) -> None:
    project = make_project({})
    path = project / "playbook" / name
    text = path.read_text(encoding="utf-8")
    if name == "playbook.yml" and old == "name: ":
        text = re.sub(r"(edition: \{name: )[^,]+", rf"\g<1>{new}", text)
    else:
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    run(["check", str(project), "--lang", "es"])
    assert f"error[{rule}]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("EXT-01:", "../../../../fuera:", "format-frozen"),
        ("EXT-01:", '"..":', "format-frozen"),
        ("kind: standard", "kind: nada", "edition-kind"),
        ("statement:", "nada:", "edition-part"),
        ("EXT-01.saludo:", "EXT-01.otro:", "edition-item"),
        ("EXT-01.saludo:", "'<b>':", "format-frozen"),
    ],
)
def test_an_edition_that_cannot_be_told_is_refused_and_writes_nothing_outside(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], old: str, new: str, rule: str
) -> None:
    project = make_project({})
    assert run(["edition", "1", "--project", str(project)]) == 0
    path = project / "playbook/editions/1.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert run(["check", str(project), "--lang", "es"]) == 1
    assert f"error[{rule}]" in capsys.readouterr().out
    assert run(["build", "--project", str(project), "--lang", "es"]) == 1
    assert not [*project.parent.glob("fuera*")]


def test_a_playbook_is_read_before_the_model_and_mkdocs_are_loaded() -> None:
    """The other cores read while this one loads those: so a build's time is not both, one after the other."""
    code = (
        "import servicebook.cli.main, servicebook.building.build, sys; "
        "print(sorted({'pydantic', 'mkdocs', 'jinja2', 'markdown_it'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (["codeowners"], ".github/CODEOWNERS"),
        (["schema"], "schemas/standard.json"),
        (["schema", "--out", "."], "playbook.json"),
        (
            ["admin", "--cms", "cms", "--out", "docs/admin", "--proxy", "http://x.mx/"],
            "docs/admin/index.html",
        ),
    ],
    ids=["codeowners", "schema", "schema-out", "admin"],
)
def test_no_command_replaces_a_file_that_somebody_wrote(
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    order: list[str],
    name: str,
) -> None:
    project = make_project({"cms/decap-cms.js": "//"})
    monkeypatch.chdir(project)
    file = project / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("* @me\n", encoding="utf-8")
    before = sorted(path for path in project.rglob("*"))
    for language in LANGUAGES:
        assert run(["--lang", language, *order]) == 2
        assert name in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "* @me\n"
    assert sorted(path for path in project.rglob("*")) == before
    file.unlink()
    assert run([*order, "--lang", "es"]) == 0
    written = file.read_bytes()
    assert run([*order, "--lang", "es"]) == 0, "what the command wrote itself it writes again"
    assert file.read_bytes() == written


def test_owners_are_told_to_stand_at_the_top_of_the_repository(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    for folder, told in ((project, True), (project.parent, False)):
        (project.parent / ".git").mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        assert run(["codeowners", "--lang", "es", "--project", str(project)]) == 0
        said = capsys.readouterr().err
        assert ("no está donde se busca, que es" in said) is told
        assert (str(project.parent / ".github/CODEOWNERS") in said) is told


def test_owners_that_stand_above_ours_stay(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({".github/CODEOWNERS": "* @me\n# servicebook codeowners\n"})
    monkeypatch.chdir(project)
    file, settings = project / ".github/CODEOWNERS", project / "playbook/playbook.yml"
    assert run(["codeowners", "--lang", "es"]) == 0
    assert file.read_text(encoding="utf-8") == "* @me\n# servicebook codeowners\n", "no team has a handle"
    text = settings.read_text(encoding="utf-8")
    named = text.replace("{title: Servicio}", '{title: Servicio, handle: "@x/a"}')
    settings.write_text(named, encoding="utf-8")
    for _ in range(2):
        assert run(["codeowners", "--lang", "es"]) == 0, capsys.readouterr().err
        held = file.read_text(encoding="utf-8")
        assert held.startswith("* @me\n# servicebook codeowners\n/.github/ @x/a\n")
        assert held.count("* @me") == held.count("# servicebook codeowners") == 1


def test_search_refuses_a_folder_that_is_somebody_s(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({".servicebook/search/apuntes.txt": "míos"})
    assert run(["search", "saludo", "--project", str(project)]) == 2
    assert "no es un sitio hecho aquí" in capsys.readouterr().err
    assert (project / ".servicebook/search/apuntes.txt").read_text(encoding="utf-8") == "míos"
