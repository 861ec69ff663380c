"""Serves a built folder on this machine with the headers that a static host should send; for looking, not for publishing."""

from __future__ import annotations

import errno
import functools
import gzip
import http.server
import socketserver
import sys
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from .errors import AlongsideError


class ServeError(AlongsideError):
    """The folder cannot be served."""


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Listens on 127.0.0.1 alone, and lets go of its threads at the end."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a reader who went on before the answer was through; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder: Path, port: int, prefix: str = "/") -> Server:
    """A server for `folder` under the path `prefix`, listening when this returns; port 0 takes a free one.

    Raises ServeError where the folder is not built or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise ServeError(f"There is no built book in {folder}. Type: make book")
    handler = functools.partial(Handler, folder=folder, prefix=prefix, headers=read_headers(folder / "_headers"))
    try:
        return Server(("127.0.0.1", port), handler)
    except OSError as why:
        if why.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ServeError(f"Port {port} is taken or not allowed. Choose another: make serve PORT={port + 80}") from None
        raise


def read_headers(path: Path) -> Mapping[str, str]:
    """The headers for every page, from the file that the build wrote."""
    if not path.is_file():
        return {}
    rows = (line.strip().partition(": ") for line in path.read_text("utf-8").splitlines() if line.startswith("  "))
    return {name: value for name, _, value in rows}


class Handler(http.server.SimpleHTTPRequestHandler):
    """One request: a file of the folder, compressed where the browser takes it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, folder: Path, prefix: str, headers: Mapping[str, str], **kwargs: Any) -> None:
        self._prefix, self._extra = prefix, headers
        super().__init__(*args, directory=str(folder), **kwargs)

    def do_GET(self) -> None:
        """Answer with the file, or with 404."""
        if not self.path.startswith(self._prefix):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.path = "/" + self.path.removeprefix(self._prefix)
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if not path.is_file():
            super().do_GET()
            return
        body = path.read_bytes()
        kind = self.guess_type(str(path))
        packed = "gzip" in self.headers.get("Accept-Encoding", "") and kind.startswith(("text/", "application/", "image/svg"))
        body = gzip.compress(body, 6) if packed else body
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the headers that the build wrote."""
        for name, value in self._extra.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whoever reads is not watched, here neither."""
