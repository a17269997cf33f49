"""The command line: the only module that prints.

Every command imports what it needs when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from servicebook import __version__
from servicebook.base.problems import BuildError, ContentError, Problem, has_errors, sort_problems
from servicebook.checks.glyphs import FontMissingError
from servicebook.language.messages import LANGUAGES, Messages, language_of, messages_in

if TYPE_CHECKING:
    from servicebook.content.content import Content
    from servicebook.content.playbook import Playbook
    from servicebook.editing.difference import Difference
    from servicebook.editing.new import NewError
    from servicebook.paper.files import File

EXIT_CLEAN, EXIT_PROBLEMS, EXIT_USAGE = 0, 1, 2
FORMATS = ("text", "github", "json")
FMT_FORMATS = (*FORMATS, "markdown")
EXPORT_FORMATS = ("pdf", "xlsx", "csv", "json")
REVIEW_FORMATS = ("text", "markdown", "json")
DIFF_FORMATS = ("text", "markdown", "json", "github")


class CallError(Exception):
    """Raised when a command was called wrongly; the sentence is ready to print."""


def main() -> NoReturn:
    """Run the command line of this process."""
    # A command lives for seconds and frees everything at its end; looking for garbage in a large playbook
    # meanwhile costs half of a build's time. `serve`, which stays, turns it on again.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may be set to a code page without ñ; what it cannot show must not stop us.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read us has gone
            stream.flush()
    # What is left to do at a usual exit is to free a playbook object by object, a tenth of a build's time.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code: 0 clean, 1 problems found, 2 wrong use."""
    say = messages_in(_language_asked(arguments))
    try:
        code = make_cli(say).main(list(arguments), prog_name="servicebook", standalone_mode=False)
        return code if isinstance(code, int) else EXIT_CLEAN
    except ContentError as error:
        _print_problems(error.problems, "text", say)
        return EXIT_PROBLEMS
    except (CallError, click.UsageError) as error:
        _complain(_usage_sentence(error, say))
        return EXIT_USAGE
    except FontMissingError as error:
        _complain(say("cli.font-missing", font=error.name, folder=_shown(error.folder)))
        return EXIT_USAGE
    except OSError as error:
        _complain(say("cli.unusable", file=_shown(Path(error.filename or "")), reason=say.refusal(error)))
        return EXIT_USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return EXIT_PROBLEMS


class _Option(click.Option):
    """An option whose help is what the catalogue says and no English word of click's besides."""

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        return {}


def _context_in(say: Messages) -> type[click.Context]:
    """Return the context of commands whose help has its headings in one language."""

    class Formatter(click.HelpFormatter):
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, f"{say('cli.heading.usage')} ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(say(f"cli.heading.{heading.lower()}"))

    class Context(click.Context):
        formatter_class = Formatter

    return Context


def make_cli(say: Messages) -> click.Group:  # noqa: C901 - a module a command comes next
    """Return the command line in one language."""
    languages = click.Choice(LANGUAGES)
    path = click.Path(path_type=Path)
    path.name = say("cli.metavar.path")
    text = click.types.StringParamType()
    text.name = say("cli.metavar.text")
    context = _context_in(say)
    directory = click.argument("directory", metavar=f"[{say('cli.metavar.folder')}]", default=".", type=path)
    project = click.option("--project", default=".", type=path, help=say("cli.option.project"))
    today = click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar=say("cli.metavar.date"),
        help=say("cli.option.today"),
    )

    @click.group(
        help=say("cli.help"),
        add_help_option=False,
        options_metavar=say("cli.metavar.options"),
        subcommand_metavar=say("cli.metavar.command"),
    )
    @click.help_option("--help", "-h", help=say("cli.option.help"))
    @click.version_option(__version__, message="servicebook %(version)s", help=say("cli.option.version"))
    @click.option("--lang", type=languages, help=say("cli.option.lang"), expose_value=False)
    def group() -> None:
        """Every command is below."""

    group.context_class = context

    def command(name: str) -> Callable[[Callable[..., int]], click.Command]:
        def register(function: Callable[..., int]) -> click.Command:
            wrapped = click.option(
                "--lang", type=languages, help=say("cli.option.lang"), expose_value=False, hidden=True
            )(function)
            wrapped = click.help_option("--help", "-h", help=say("cli.option.help"))(wrapped)
            said = say(f"cli.command.{name}")
            made: click.Command = group.command(
                name,
                help=said,
                short_help=said,
                add_help_option=False,
                options_metavar=say("cli.metavar.options"),
            )(wrapped)
            made.context_class = context
            return made

        return register

    @command("check")
    @directory
    @click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", help=say("cli.option.format")
    )
    @click.option("--strict", is_flag=True, help=say("cli.option.strict"))
    @today
    def _check(directory: Path, form: str, strict: bool, today: dt.datetime | None) -> int:
        problems = _find_problems(directory, today.date() if today else dt.date.today(), say)
        _print_problems(problems, form, say)
        return EXIT_PROBLEMS if has_errors(problems) or (strict and problems) else EXIT_CLEAN

    @command("build")
    @click.option(
        "--engine", type=click.Choice(("mkdocs", "zensical")), default="mkdocs", help=say("cli.option.engine")
    )
    @click.option("--site-dir", type=path, default="site", help=say("cli.option.site-dir"))
    @project
    def _build(engine: str, site_dir: Path, project: Path) -> int:
        from servicebook.building.build import build_project, is_replaceable

        _require_project(project, say)
        if not is_replaceable(project / site_dir):
            raise CallError(say("build.not-a-site", folder=site_dir))
        try:
            with _Progress(say) as step:
                report = build_project(project, site_dir, engine, say, step)
        except BuildError as error:
            _complain(f"{error}\n{say('build.failed')}")
            return EXIT_PROBLEMS
        _print_problems(report.warnings, "text", say, stream=sys.stderr)
        key = "build.done" if report.made else "build.current"
        click.echo(say(key, site=site_dir, seconds=f"{report.seconds:.1f}", count=report.pages))
        return EXIT_CLEAN

    @command("serve")
    @click.option(
        "--port",
        cls=_Option,
        type=click.IntRange(0, 65535),
        metavar=say("cli.metavar.number"),
        default=8000,
        help=say("cli.option.port"),
    )
    @project
    def _serve(port: int, project: Path) -> int:
        from servicebook.building.server import serve_project

        gc.enable()
        _require_project(project, say)
        return serve_project(project, port, say, click.echo)

    @command("new")
    @click.argument("kind", metavar=f"[{say('cli.metavar.kind')}]", required=False)
    @click.argument("identity", metavar="[ID]", required=False)
    @project
    def _new(kind: str | None, identity: str | None, project: Path) -> int:
        from servicebook.editing.new import NewError, write_skeleton

        root = _playbook_of(project, say)
        try:
            kind, identity, answers = _ask_what_is_missing(root, kind, identity, say)
            path = write_skeleton(root, kind, identity, say, answers)
        except NewError as error:
            raise CallError(_new_sentence(error, say)) from error
        click.echo(say("new.done", path=_shown(path)))
        return EXIT_CLEAN

    @command("init")
    @click.argument("folder", metavar=say("cli.metavar.folder"), type=path)
    def _init(folder: Path) -> int:
        from servicebook.editing.init import InitError, write_project

        try:
            write_project(folder, say, dt.date.today())
        except InitError as error:
            raise CallError(say(f"init.{error.rule}", folder=_shown(folder), **error.values)) from error
        click.echo(say("init.done", folder=_shown(folder)))
        return EXIT_CLEAN

    @command("fmt")
    @directory
    @click.option("--check", "only_look", is_flag=True, help=say("cli.option.fmt-check"))
    @click.option(
        "--format", "form", type=click.Choice(FMT_FORMATS), default="text", help=say("cli.option.fmt-format")
    )
    def _fmt(directory: Path, only_look: bool, form: str) -> int:
        from servicebook.editing.explain import forms_as_markdown
        from servicebook.editing.form.form import find_unformatted, format_playbook

        root = _playbook_of(directory, say)
        if form == "markdown":
            texts = {one.shown: one.written for one in find_unformatted(root, _shown(root), [])}
            click.echo(forms_as_markdown(texts, say), nl=False)
            return EXIT_PROBLEMS if texts else EXIT_CLEAN
        changed, problems = format_playbook(root, _shown(root), write=not only_look)
        _print_problems(sort_problems(problems), form, say)
        if form == "text" and not only_look:
            click.echo("\n".join([*changed, say("fmt.done", count=len(changed))]))
        return EXIT_PROBLEMS if problems else EXIT_CLEAN

    @command("diff")
    @click.argument("old", metavar=say("cli.metavar.revision"))
    @click.argument("new", metavar=f"[{say('cli.metavar.revision')}]", required=False)
    @click.option(
        "--format",
        "form",
        type=click.Choice(DIFF_FORMATS),
        default="text",
        help=say("cli.option.diff-format"),
    )
    @click.option("--enforce", is_flag=True, help=say("cli.option.diff-enforce"))
    @click.option("--preview", type=text, help=say("cli.option.diff-preview"))
    @project
    def _diff(old: str, new: str | None, form: str, enforce: bool, preview: str | None, project: Path) -> int:
        from servicebook.editing.compare import find_differences
        from servicebook.editing.explain import as_markdown
        from servicebook.editing.policy import find_breaches
        from servicebook.editing.versions import VersionError, read_commit, read_folder

        root = _playbook_of(project, say)
        shown = _shown(root)
        try:
            before = read_commit(root, shown, old)
            after = read_commit(root, shown, new) if new else read_folder(root, shown)
        except VersionError as error:
            raise CallError(say(f"diff.error.{error.rule}", **error.values)) from error
        differences = find_differences(before, after, say("diff.numbers").split())
        problems = list(after.problems)
        if enforce:
            problems += find_breaches(before, after, differences)
        problems = sort_problems(problems)
        if form == "markdown":
            click.echo(as_markdown(differences, problems, after, say, preview).rstrip("\n"))
        else:
            _print_differences(differences, problems, form, say)
        return EXIT_PROBLEMS if has_errors(problems) else EXIT_CLEAN

    @command("review")
    @directory
    @click.option(
        "--format",
        "form",
        type=click.Choice(REVIEW_FORMATS),
        default="text",
        help=say("cli.option.review-format"),
    )
    @today
    def _review(directory: Path, form: str, today: dt.datetime | None) -> int:
        from servicebook.views import upkeep

        content, problems = _load(directory, say)
        if content.settings is None:
            raise ContentError(problems)
        day = today.date() if today else dt.date.today()
        tasks = upkeep.find_tasks(content.entries, content.settings, day)
        if form == "json":
            text = json.dumps(upkeep.as_data(tasks, day, say), ensure_ascii=False, indent=1)
        elif form == "markdown":
            text = upkeep.as_markdown(tasks, content.settings, day, say)
        else:
            text = upkeep.as_text(tasks, content.settings, say)
        click.echo(text.rstrip("\n"))
        return EXIT_CLEAN

    @command("admin")
    @click.option("--cms", type=path, default=Path(".servicebook/cms"), help=say("cli.option.cms"))
    @click.option("--out", type=path, default=Path("site/admin"), help=say("cli.option.admin-out"))
    @click.option(
        "--backend", type=click.Choice(("github", "gitlab")), default="github", help=say("cli.option.backend")
    )
    @click.option("--repository", default="", type=text, help=say("cli.option.repository"))
    @click.option("--base-url", default="", type=text, help=say("cli.option.base-url"))
    @click.option("--proxy", default="", type=text, help=say("cli.option.proxy"))
    @project
    def _admin(
        cms: Path, out: Path, backend: str, repository: str, base_url: str, proxy: str, project: Path
    ) -> int:
        from servicebook.editing.cms import Backend, CmsError, write_admin

        content, problems = _load(project, say)
        if content.settings is None:
            raise ContentError(problems)
        if not (repository or proxy):
            raise CallError(f"{say('cli.missing-argument', name='--repository')} {say('cli.see-help')}")
        host = Backend(backend, repository, base_url=base_url, proxy=proxy)
        try:
            write_admin(out, cms, content.settings, host, content.root, say)
        except CmsError as error:
            raise CallError(say("cms.missing", folder=_shown(cms))) from error
        click.echo(say("cms.done", folder=_shown(out)))
        return EXIT_CLEAN

    @command("codeowners")
    @click.option(
        "--out",
        type=path,
        default=Path(".github/CODEOWNERS"),
        help=say("cli.option.codeowners-out"),
    )
    @project
    def _codeowners(out: Path, project: Path) -> int:
        from servicebook.editing.codeowners import codeowners_text

        content, problems = _load(project, say)
        if content.settings is None:
            raise ContentError(problems)
        out.parent.mkdir(parents=True, exist_ok=True)
        text = codeowners_text(content.settings, content.entries, content.root.name)
        out.write_text(text, encoding="utf-8", newline="\n")
        click.echo(say("codeowners.done", file=out))
        return EXIT_CLEAN

    @command("schema")
    @click.option("--out", type=path, default=Path("schemas"), help=say("cli.option.schema-out"))
    def _schema(out: Path) -> int:
        from servicebook.content.load import kinds_at
        from servicebook.content.schema import schema_names, schema_text

        out.mkdir(parents=True, exist_ok=True)
        kinds = kinds_at(Path())
        for name in schema_names(kinds):
            (out / f"{name}.json").write_text(schema_text(name, say, kinds), encoding="utf-8", newline="\n")
        click.echo(say("schema.done", count=len(schema_names(kinds)), folder=out))
        return EXIT_CLEAN

    @command("export")
    @click.argument("identities", metavar="[ID]...", nargs=-1)
    @click.option(
        "--format",
        "form",
        cls=_Option,
        type=click.Choice(EXPORT_FORMATS),
        required=True,
        help=say("cli.option.export-format"),
    )
    @click.option("--out", type=path, default=Path("export"), help=say("cli.option.export-out"))
    @project
    def _export(identities: tuple[str, ...], form: str, out: Path, project: Path) -> int:
        from servicebook.paper.files import files_of, write_files

        playbook = _read(project, say)
        files = files_of(playbook, playbook.say)
        chosen = _chosen([file for file in files if file.format == form], identities, say)

        def write(path: str, content: bytes) -> None:
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(content)

        click.echo(say("export.done", count=write_files(chosen, write), folder=_shown(out)))
        return EXIT_CLEAN

    @command("edition")
    @click.argument("name", metavar=say("cli.metavar.name"))
    @project
    def _edition(name: str, project: Path) -> int:
        from servicebook.content.content import EDITIONS_FOLDER
        from servicebook.views.editions import edition_text, freeze

        playbook = _read(project, say)
        named = playbook.settings.edition.name
        if name != named:
            raise CallError(say("edition.other-name", name=name, named=named))
        path = _playbook_of(project, say) / EDITIONS_FOLDER / f"{name}.yml"
        if path.exists():
            raise CallError(say("edition.exists", path=_shown(path)))
        path.parent.mkdir(exist_ok=True)
        text = edition_text(freeze(playbook), playbook.say)
        path.write_text(text, encoding="utf-8", newline="\n")
        click.echo(say("edition.done", path=_shown(path)))
        return EXIT_CLEAN

    return group


# --- a new entry -------------------------------------------------------------------------------------


def _ask_what_is_missing(
    root: Path, kind: str | None, identity: str | None, say: Messages
) -> tuple[str, str, dict[str, str]]:
    """Return the kind, the id and the answers of a new entry; asks only a person at a terminal."""
    from servicebook.content.declarations import read_kinds
    from servicebook.editing.new import questions_for

    if not sys.stdin.isatty():
        for name, value in ((say("cli.metavar.kind"), kind), ("ID", identity)):
            if not value:
                raise CallError(f"{say('cli.missing-argument', name=name)} {say('cli.see-help')}")
        return kind or "", identity or "", {}
    kinds = read_kinds(root)
    named = say.with_words(kinds.words)
    kind = kind or _ask("kind", {name: named(f"name.{name}") for name in kinds}, say)
    questions = questions_for(root, kind)
    identity = identity or _ask_id(root, kind, say)
    return (
        kind,
        identity,
        {question.field: _ask(question.field, question.choices, say) for question in questions},
    )


def _ask_id(root: Path, kind: str, say: Messages) -> str:
    """Ask for the id of a new entry until it is one that can be used."""
    from servicebook.editing.new import NewError, free_ids, path_of_new

    free = free_ids(root, kind) or [say(f"new.example.{kind}")]
    while True:
        identity: str = click.prompt(say("new.ask.id", examples=", ".join(free))).strip()
        try:
            path_of_new(root, kind, identity, say)
        except NewError as error:
            click.echo(_new_sentence(error, say))
        else:
            return identity


def _new_sentence(error: NewError, say: Messages) -> str:
    """Return why an entry cannot be made, in plain words."""
    sentence = say(f"new.{error.rule}", **error.values)
    if error.values.get("suggestion"):
        sentence += f" {say('problem.did-you-mean', **error.values)}"
    return sentence


def _ask(name: str, choices: Mapping[str, str], say: Messages) -> str:
    """Ask until there is an answer: one of `choices` by its id or its number, or any text without them."""
    numbered = dict(enumerate(choices, start=1))
    for number, word in numbered.items():
        click.echo(f"  {number}. {choices[word]} ({word})")
    while True:
        answer: str = click.prompt(say(f"new.ask.{name}")).strip()
        if not choices or answer in choices:
            return answer
        if answer.isdecimal() and int(answer) in numbered:
            return numbered[int(answer)]
        click.echo(say("cli.choices", choices=", ".join(choices)))


# --- what commands share -----------------------------------------------------------------------------


def _find_problems(directory: Path, today: dt.date, say: Messages) -> list[Problem]:
    from servicebook.checks.check import check_content

    content, problems = _load(directory, say)
    return sort_problems([*problems, *check_content(content, today)])


def _load(directory: Path, say: Messages) -> tuple[Content, list[Problem]]:
    from servicebook.content.load import load_content

    return load_content(_playbook_of(directory, say))


def _playbook_of(directory: Path, say: Messages) -> Path:
    from servicebook.content.load import find_playbook

    try:
        return find_playbook(directory)
    except FileNotFoundError:
        raise CallError(say("cli.no-playbook", folder=_shown(directory))) from None


def _read(project: Path, say: Messages) -> Playbook:
    """Return the playbook of a project. Raises ContentError for errors, CallError where there is none."""
    from servicebook.site.site import read_playbook

    _playbook_of(project, say)
    playbook, _ = read_playbook(project, dt.date.today())
    return playbook


def _chosen(files: Sequence[File], identities: Sequence[str], say: Messages) -> list[File]:
    """Return the files of the names given, or all of them; a name without a file is a mistake to tell."""
    from servicebook.content.complaints import suggest

    known = {file.id for file in files}
    for identity in identities:
        if identity not in known:
            text = say("export.unknown", id=identity)
            near = suggest(identity, known)
            raise CallError(f"{text} {say('problem.did-you-mean', suggestion=near)}" if near else text)
    return [file for file in files if not identities or file.id in identities]


def _require_project(directory: Path, say: Messages) -> None:
    if not (directory / "mkdocs.yml").is_file():
        raise CallError(say("cli.no-project", folder=_shown(directory)))


def _shown(path: Path) -> str:
    """Return a path as the person sees it from where they are."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _print_problems(problems: Sequence[Problem], form: str, say: Messages, stream: Any = None) -> None:
    """Print problems as text, as annotations of GitHub's workflow commands, or as JSON."""
    if form == "json":
        found = [_problem_data(problem, say) for problem in problems]
        click.echo(json.dumps({"problems": found}, ensure_ascii=False, indent=1))
        return
    for problem in problems:
        place, sentence = problem.location, say.explain(problem)
        if form == "github":
            spot = f"file={_github_text(place.path, ',:')},line={place.line},col={place.column}"
            click.echo(f"::{problem.severity} {spot},title={problem.rule}::{_github_text(sentence)}")
        else:
            click.echo(f"{place}: {problem.severity}[{problem.rule}]: {sentence}", file=stream)
    if form == "text" and problems and stream is None:
        errors = sum(problem.severity == "error" for problem in problems)
        counts = (say("check.errors", count=errors), say("check.warnings", count=len(problems) - errors))
        click.echo(", ".join(counts), err=True)


def _print_differences(
    differences: Sequence[Difference], problems: Sequence[Problem], form: str, say: Messages
) -> None:
    """Print what changed and what the changes lack, for a terminal, for annotations, or as data."""
    from servicebook.editing import explain

    if form == "json":
        data = {
            **explain.as_data(differences, say),
            "problems": [_problem_data(one, say) for one in problems],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif form == "github":
        for one in differences:
            title, sentence = explain.as_annotation(one, say)
            spot = f"file={one.location.path},line={one.location.line}"
            click.echo(f"::notice {spot},title={_github_property(title)}::{_github_text(sentence)}")
        _print_problems(problems, form, say)
    else:
        click.echo(explain.as_text(differences, say))
        _print_problems(problems, form, say, stream=sys.stderr)


def _problem_data(problem: Problem, say: Messages) -> dict[str, object]:
    return {
        "path": problem.location.path,
        "line": problem.location.line,
        "column": problem.location.column,
        "severity": str(problem.severity),
        "rule": problem.rule,
        "message": say.explain(problem),
    }


def _github_text(text: str, also: str = "") -> str:
    """Escape what a workflow command would read as its own syntax; a property escapes `,` and `:` also."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _github_property(text: str) -> str:
    return _github_text(text).replace(":", "%3A").replace(",", "%2C")


def _complain(sentence: str) -> None:
    click.echo(sentence, err=True)


def _language_asked(arguments: Sequence[str]) -> str:
    """Return the language of `--lang`, wherever it stands, or the locale's; help needs it before parsing."""
    for i, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            value = arguments[i + 1]
        if value in LANGUAGES:
            return value
    return language_of()


def _usage_sentence(error: Exception, say: Messages) -> str:
    """Return what was wrong with a call, in plain words: click's own sentences are English only."""
    match error:
        case click.NoSuchOption():
            text = say("cli.no-such-option", name=error.option_name)
            near = error.possibilities
        case click.exceptions.NoSuchCommand():
            text = say("cli.no-such-command", name=error.command_name)
            near = error.possibilities
        case click.MissingParameter():
            name = error.param.human_readable_name if error.param else ""
            text, near = say("cli.missing-argument", name=name), None
        case click.BadParameter():
            name = error.param.opts[0] if error.param else ""
            choices = getattr(error.param.type, "choices", ()) if error.param else ()
            text = say("cli.bad-value", name=name)
            text += f" {say('cli.choices', choices=', '.join(choices))}" if choices else ""
            near = None
        case click.BadOptionUsage():
            text, near = say("cli.option-value", name=error.option_name), None
        case click.UsageError():
            # What is left of click's own complaints is words that no argument takes.
            extra = re.search(r"\((.*)\)$", error.message)
            text, near = say("cli.too-many", words=extra[1]) if extra else say("cli.usage"), None
        case _:
            text, near = str(error), None
    if near:
        text += f" {say('problem.did-you-mean', suggestion=next(iter(near)))}"
    return f"{text} {say('cli.see-help')}" if isinstance(error, click.UsageError) else text


class _Progress:
    """Shows the step under way on a terminal, and nothing where nobody watches (CI, a pipe).

    A line that is written over: a spinner would need a thread, and a process with threads cannot share
    its work.
    """

    def __init__(self, say: Messages) -> None:
        self._say = say
        self._watched = sys.stderr.isatty() and not os.environ.get("CI")

    def __enter__(self) -> Callable[[str], None]:
        self._step("read")
        return self._step

    def __exit__(self, *_: object) -> None:
        self._write("")

    def _step(self, name: str) -> None:
        self._write(self._say(f"build.step.{name}"))

    def _write(self, text: str) -> None:
        if self._watched:
            click.echo(f"\r\033[K{text}", nl=False, err=True)
