"""The site as a good host sends it: compressed where that pays, and kept by the browser where it may be."""

from __future__ import annotations

import functools
import gzip
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Fonts and pictures are compressed already.
COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".webmanifest", "")
YEAR = "public, max-age=31536000, immutable"


class Host(SimpleHTTPRequestHandler):
    """Sends files compressed, and notes in `sent` the size of each answer by its path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a small answer must not wait for the one before to be acknowledged
    sent: dict[str, int] = {}  # noqa: RUF012 - one for all answers, on purpose

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body = path.read_bytes()
        packed = path.suffix in COMPRESSED
        if packed:
            body = gzip.compress(body, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", YEAR if "/assets/" in self.path else "no-cache")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        # Before it goes: who asked may look at what was sent as soon as it has come.
        self.sent[unquote(urlsplit(self.path).path)] = len(body)
        self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing: what the command prints is what counts."""


class _Server(ThreadingHTTPServer):
    # A browser opens many connections at once; one that finds the queue full waits for seconds.
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser hangs up on what it no longer wants."""


def serve(folder: Path) -> str:
    """Serve a folder on loopback until the program ends; returns its address."""
    server = _Server(("127.0.0.1", 0), functools.partial(Host, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"
