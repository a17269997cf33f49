"""Two versions of a playbook as plain data: the files of a folder, or of one commit, and nothing deeper."""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from yaml.nodes import Node

from servicebook.base import yaml_source
from servicebook.base.files import digest_of, files_in, path_below
from servicebook.base.problems import Location, Problem, RuleError
from servicebook.base.programs import find_program
from servicebook.content.content import EDITIONS_FOLDER, LISTS, MEDIA_FOLDER
from servicebook.content.declarations import kinds_in
from servicebook.content.kinds import USUAL, Kinds
from servicebook.content.model.settings import Settings
from servicebook.content.reading import SETTINGS_FILE, is_entry_file
from servicebook.content.shapes import Shape, shape_of
from servicebook.language.messages import on_one_line

# A branch, a tag or a hash, and how far back from it: `HEAD~2`.
_REVISION = re.compile(r"(?P<name>\w[\w./-]*)(?P<back>(?:[~^]\d*)*)")
# What git tells its hooks: with the first alone it would take the playbook's folder for the repository's top.
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"})
_SHORT_HASH = re.compile(r"(?=\D*\d)[0-9a-f]{4,39}")


class VersionError(RuleError):
    """Raised when a version cannot be read; `rule` names the sentence, under `diff.error.`."""


@dataclass(frozen=True)
class Document:
    """An entry, or one element of a list file, or `playbook.yml`, as it was written.

    `kind` is the kind of entry, or `playbook`, `glossary`, `sources`, `foundations`; `place` is the
    document's own place in its file.
    """

    kind: str
    id: str
    path: str
    data: Mapping[str, Any]
    place: tuple[int, ...] = ()
    kinds: Kinds = USUAL

    @property
    def shape(self) -> Shape:
        """Return what the document may hold."""
        shape = shape_of(self.kind, self.kinds)
        return shape.inner or shape

    @property
    def is_entry(self) -> bool:
        """Tell whether it is an entry: what has a page, a status and a history."""
        return self.kind in self.kinds

    @property
    def former_ids(self) -> list[str]:
        """The ids that an entry had before; what is not checked may say anything in their place."""
        value = self.data.get("former_ids")
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def get(self, name: str) -> Any:
        """Return a field's value, its default where it is left out."""
        value = self.data.get(name)
        if value is None:
            field_ = self.shape.field(name)
            value = field_.default if field_ else None
        return value


@dataclass
class Version:
    """The content files of one version by their path below the playbook's folder."""

    files: Mapping[str, bytes]
    shown_root: str
    problems: list[Problem] = field(default_factory=list)
    # What tells the pictures and other files from what they were, by the path that entries name.
    media: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def documents(self) -> dict[tuple[str, str], Document]:
        """Return every document that can be read, by kind and id; `problems` tells of the others."""
        return {(one.kind, one.id): one for one in self._read()}

    @cached_property
    def kinds(self) -> Kinds:
        """Return the kinds that the version declares; the built-in ones alone where that cannot be read."""
        return kinds_in(self.files.get(SETTINGS_FILE, b""))

    @cached_property
    def words(self) -> dict[str, str]:
        """Return what the version calls what it declares, by key; of a word it is `word.<vocabulary>.<id>`.

        Of a `playbook.yml` with faults nobody knows more than the kinds.
        """
        settings = self.documents.get(("playbook", "playbook"))
        try:
            known = Settings.model_validate(settings.data).words if settings else {}
        except ValidationError:
            known = {}
        titles = {
            f"word.{name}.{word}": title
            for name, words in known.items()
            for word, title in words.items()
            if title
        }
        return {**self.kinds.words, **titles}

    @cached_property
    def by_path(self) -> dict[str, Document]:
        """Return a document of each file that could be read, by its path."""
        return {one.path: one for one in self.documents.values()}

    @cached_property
    def unread(self) -> frozenset[str]:
        """Return the paths of the files that are there and that cannot be read as YAML."""
        known = self.by_path
        told = {one.location.path.removeprefix(f"{self.shown_root}/") for one in self.problems}
        return frozenset(told - known.keys())

    def declares_no(self, kind: str) -> bool:
        """Tell whether the version surely has no such kind: what it declares can be read, without it."""
        settings = self.by_path.get(SETTINGS_FILE)
        if kind in self.kinds or settings is None:
            return False
        declared = settings.data.get("kinds")
        return declared is None or (isinstance(declared, dict) and kind not in declared)

    def locate(self, document: Document, loc: tuple[str | int, ...], *, at_key: bool = False) -> Location:
        """Return where `loc` of a document stands, or the deepest place on the way to it."""
        shown = f"{self.shown_root}/{document.path}"
        if document.path not in self._roots:
            text, _ = yaml_source.decode(self.files[document.path], shown)
            self._roots[document.path] = yaml_source.compose(text, shown)
        node = yaml_source.find_node(self._roots[document.path], (*document.place, *loc), at_key)
        return yaml_source.location_of(node, shown)

    @cached_property
    def _roots(self) -> dict[str, Node]:
        """The nodes of files that were looked into: one with a hundred changes is read once."""
        return {}

    def _read(self) -> Iterator[Document]:
        for path, data in sorted(self.files.items()):
            kind = kind_of_file(path, self.kinds)
            if kind is None:
                continue
            shown = f"{self.shown_root}/{path}"
            try:
                text, _ = yaml_source.decode(data, shown)
                value = yaml_source.to_data(yaml_source.compose(text, shown), shown, self.problems)
            except yaml_source.SourceError as error:
                self.problems.append(error.problem)
                continue
            if isinstance(value, dict):
                yield Document(kind, on_one_line(str(value.get("id") or kind)), path, value, kinds=self.kinds)
            elif isinstance(value, list):
                for place, item in enumerate(value):
                    if isinstance(item, dict) and item.get("id"):
                        yield Document(kind, on_one_line(str(item["id"])), path, item, (place,), self.kinds)


def kind_of_file(path: str, kinds: Kinds = USUAL) -> str | None:
    """Return what a file below the playbook's folder holds, or None for what is no content."""
    folder, _, name = path.rpartition("/")
    if not is_entry_file(name):
        return None
    if not folder:
        return name.removesuffix(".yml") if name in (SETTINGS_FILE, *LISTS) else None
    return kinds.by_folder.get(folder)


def may_hold_content(path: str) -> bool:
    """Tell whether a file below the playbook's folder may be content, whatever kinds there are."""
    folder, _, name = path.rpartition("/")
    return is_entry_file(name) and "/" not in folder and not folder.startswith((".", EDITIONS_FOLDER))


def read_folder(root: Path, shown_root: str) -> Version:
    """Return the version that stands in a folder."""
    files = {}
    problems = []
    for path in sorted([*root.glob("*.yml"), *root.glob("*/*.yml")]):
        name = path.relative_to(root).as_posix()
        # Of a link git holds where it leads, and not what stands there.
        is_link = path.is_file() and (path.is_symlink() or (path.parent != root and path.parent.is_symlink()))
        if may_hold_content(name) and not is_link:
            try:
                files[name] = yaml_source.read_bytes(path, f"{shown_root}/{name}")
            except yaml_source.SourceError as error:
                problems.append(error.problem)
    media = {
        path_below(root, file): digest_of(Path(file.path).read_bytes())
        for file in files_in(root / MEDIA_FOLDER)
        if file.is_file()  # to read a pipe is to wait for its other end
    }
    return Version(files, shown_root, problems, media)


def read_commit(root: Path, shown_root: str, revision: str) -> Version:
    """Return the version of the same folder in a commit. Raises VersionError.

    Asks git for that one commit's files alone, so that a clone without history will do, and for all of them:
    what `.gitattributes` keeps out of archives (`export-ignore`) is compared too.
    """
    commit = _git(
        root, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    listed = _git(root, revision, "ls-tree", "-r", "-z", "--full-name", commit.decode().strip())
    if not listed:
        raise VersionError("not-in-revision", revision=revision)
    above = len(os.fsdecode(_git(root, revision, "rev-parse", "--show-prefix")).rstrip("\n"))
    wanted = {name: (digest, name[above:]) for digest, name in _regular(listed) if _is_read(name[above:])}
    asked = "".join(f"{digest} {name}\n" for name, (digest, _) in wanted.items())
    given = io.BytesIO(_git(root, revision, "cat-file", "--batch", "--filters", asked=asked))
    files, media = {}, {}
    for _, name in wanted.values():
        head = given.readline().decode(errors="replace").split()
        if not (head and head[-1].isdecimal()):  # a clone that leaves contents out cannot fetch it now
            raise VersionError("closed-repository", reason=" ".join(head))
        content = given.read(int(head[-1]))
        given.readline()
        if may_hold_content(name):
            files[name] = content
        else:
            media[name] = digest_of(content)
    return Version(files, shown_root, media=media)


def _regular(listed: bytes) -> Iterator[tuple[str, str]]:
    """Yield digest and name of each regular file that `git ls-tree` lists: of no link, and no module."""
    for line in listed.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, digest = about.decode().split()
        if mode.startswith("100"):
            yield digest, os.fsdecode(name)


def _is_read(name: str) -> bool:
    # A line of what git is asked is a name, so one with the end of a line in it cannot be asked for.
    return "\n" not in name and (may_hold_content(name) or name.startswith(f"{MEDIA_FOLDER}/"))


def _git(root: Path, revision: str, *arguments: str, asked: str = "") -> bytes:
    done = _call(root, *arguments, asked=asked)
    if done.returncode:
        raise _why_missing(root, revision)
    return done.stdout


def _call(root: Path, *arguments: str, asked: str = "") -> subprocess.CompletedProcess[bytes]:
    git = find_program("git")
    if git is None:
        raise VersionError("no-git")
    return subprocess.run(  # noqa: S603
        [git, *arguments],
        cwd=root,
        # In the language that we understand, whatever that of the person is.
        env={**{name: os.environ[name] for name in os.environ.keys() - _OF_A_HOOK}, "LC_ALL": "C"},
        input=os.fsencode(asked),
        capture_output=True,
        check=False,
    )


def _why_missing(root: Path, revision: str) -> VersionError:
    """Return why git finds no such revision, and what would bring it where something would."""
    opened = _call(root, "rev-parse", "--is-shallow-repository")
    if opened.returncode:
        said = opened.stderr.decode(errors="replace")
        if "not a git repository" in said:
            return VersionError("no-repository")
        return VersionError("closed-repository", reason=on_one_line(said.partition("\n")[0]))
    if not _call(root, "rev-list", "--all", "--max-count=1").stdout.strip():
        return VersionError("no-commits")
    remotes = _call(root, "remote").stdout.decode(errors="replace").split()
    named = _REVISION.fullmatch(revision)
    if not (remotes and named):
        return VersionError("no-revision", revision=revision)
    is_shallow = opened.stdout.strip() == b"true"
    if named["back"] or _SHORT_HASH.fullmatch(named["name"]):
        # A server gives names and whole hashes only: what stands before them comes with the history.
        rule = "history-cut" if is_shallow else "no-revision"
        return VersionError(rule, revision=revision, command=f"git fetch {_deeper(root, named)}")
    remote = next((one for one in remotes if named["name"].startswith(f"{one}/")), "")
    name = named["name"].removeprefix(f"{remote}/") if remote else named["name"]
    depth = "--depth=1 " if is_shallow else ""  # in a whole clone it would cut the history off
    command = f"git fetch {depth}{remote or remotes[0]} {name}"
    return VersionError("not-fetched", revision=revision, command=command)


def _deeper(root: Path, named: re.Match[str]) -> str:
    """Return the option that brings as much more history as a revision goes back."""
    known = _call(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named['name']}^{{commit}}")
    if not named["back"] or known.returncode:
        return "--unshallow"
    steps = re.findall(r"([~^])(\d*)", named["back"])
    return f"--deepen={sum(int(number or 1) if sign == '~' else 1 for sign, number in steps)}"
