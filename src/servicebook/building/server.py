"""The live preview: a server on this machine that rebuilds what a change touches and reloads the page."""

from __future__ import annotations

import functools
import queue
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from servicebook.base.resources import theme_folder
from servicebook.building.preview import OWN_FOLDER, Echo, Preview
from servicebook.building.watching import Watcher
from servicebook.language.messages import Messages
from servicebook.site import search_index
from servicebook.site.render import render_alone

# A save is often several events (write, rename, touch); those that follow within this time are one change.
QUIET_SECONDS = 0.02
# How this machine is named by those on it.
_OUR_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
EVENTS_PATH = f"{OWN_FOLDER}events"
_OWN_FILES = {f"{OWN_FOLDER}{name}": name for name in ("reload.js", "problems.css")}


class Server(ThreadingHTTPServer):
    """Serves a preview on loopback; port 0 takes a free one."""

    daemon_threads = True
    # A browser opens many connections at once; one that finds the queue full waits for seconds.
    request_queue_size = 128

    def __init__(self, preview: Preview, port: int) -> None:
        """Raises OSError when the port is taken."""
        super().__init__(("127.0.0.1", port), functools.partial(_Handler, preview))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader who went away; whatever else goes wrong is answered where it happens."""


def serve_project(project: Path, port: int, say: Messages, echo: Echo) -> int:
    """Serve a project's site on loopback until interrupted. Returns the exit code: 2 if the port is taken."""
    changes: queue.Queue[Path] = queue.Queue()
    watcher = Watcher(project, changes)
    preview = Preview(project, say, echo, watcher.watch)
    try:
        server = Server(preview, port)
    except OSError:
        echo(say("serve.port-taken", port=port))
        preview.close()
        return 2
    try:
        preview.start()
        watcher.start()
        threading.Thread(target=_rebuild, args=(preview, changes), daemon=True).start()
        echo(say("serve.address", address=f"http://127.0.0.1:{server.server_port}/"))
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        watcher.stop()
        server.server_close()
        preview.close()
    return 0


def _rebuild(preview: Preview, changes: queue.Queue[Path]) -> None:
    """Take changes as they come, a burst of them at a time."""
    while True:
        paths = {changes.get()}
        while True:
            try:
                paths.add(changes.get(timeout=QUIET_SECONDS))
            except queue.Empty:
                break
        preview.refresh(paths)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the preview's folder; adds the reload script to pages and the stream that drives it."""

    def __init__(self, preview: Preview, *arguments: object) -> None:
        self._preview = preview
        super().__init__(*arguments, directory=str(preview.folder))  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Say nothing of requests: the terminal is for the state of the content."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_HEAD(self) -> None:
        self._answer(super().do_HEAD)

    def _answer(self, answer: Callable[[], None]) -> None:
        """Answer a request, whatever it asks for; one that is meant for another host is refused."""
        if not self._is_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        try:
            answer()
        except ConnectionError:
            self.close_connection = True  # the reader has gone
        except (ValueError, OSError):
            self.send_error(HTTPStatus.NOT_FOUND)  # a name that no file can have
        except Exception as error:
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
            self._preview.tell_crash(error)

    def _is_for_us(self) -> bool:
        """Tell whether the request names this machine: any page may have its own name lead here."""
        host = self.headers.get("Host", "").strip().lower()
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        return name in _OUR_NAMES

    def _get(self) -> None:
        # Asked before anything is read: what changes meanwhile is loaded once too often, not too seldom.
        self._version = self._preview.version
        if self.path.startswith(EVENTS_PATH):
            self._send_events()
        elif own := _OWN_FILES.get(self.path):
            self._send((theme_folder() / "preview" / own).read_bytes(), self.guess_type(own), HTTPStatus.OK)
        elif self._preview.problems or self._preview.failure:
            if self._wants_page():
                self._send_page(self._preview.page_of_problems(), HTTPStatus.SERVICE_UNAVAILABLE)
            else:
                super().do_GET()
        elif self._wants_page() and (page := self._page_file()):
            self._send_page(page.read_text(encoding="utf-8"), HTTPStatus.OK)
        elif self.path.startswith(f"/{search_index.FOLDER}/"):
            self._preview.refresh_search()
            super().do_GET()
        elif self._wants_page() and (page_of_paper := self._preview.paper_page(self._path())):
            self._send_page(page_of_paper, HTTPStatus.OK)
        elif sheet := self._preview.paper(self._path().strip("/")):
            self._send(sheet, self.guess_type(self.path), HTTPStatus.OK)
        elif self._is_lost() and (lost := self._preview.lost_page()):
            self._send_page(lost, HTTPStatus.NOT_FOUND)
        else:
            super().do_GET()

    def _path(self) -> str:
        return self.path.partition("?")[0].removeprefix("/")

    def _wants_page(self) -> bool:
        return self.path.partition("?")[0].endswith(("/", ".html"))

    def _is_lost(self) -> bool:
        """Tell whether a page is asked for, and not a file, that is not there."""
        path = Path(self.translate_path(self.path))
        return path.suffix in ("", ".html") and not path.exists()

    def _page_file(self) -> Path | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        return path if path.is_file() else None

    def _send_page(self, html: str, status: HTTPStatus) -> None:
        script = render_alone("live_reload", self._preview._say, OWN_FOLDER, self._version)
        self._send(
            html.replace("</body>", f"{script}</body>", 1).encode(), "text/html; charset=utf-8", status
        )

    def _send(self, body: bytes, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_events(self) -> None:
        """Tell the page each new version of the site, as server-sent events."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        version = self._version
        try:
            while True:
                self.wfile.write(f"data: {version}\n\n".encode())
                self.wfile.flush()
                version = self._preview.wait(version, 15)
        except OSError:
            return  # the page was closed
