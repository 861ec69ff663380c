"""The course away from its host: the worker that keeps it in a browser, and the same files as one archive; knows no Sphinx."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from .errors import AlongsideError

WORKER, MANIFEST, SCRIPT = "sw.js", "manifest.webmanifest", "_static/alongside/offline.js"
NO_READER_ASKS = {WORKER, ".buildinfo", ".nojekyll", "_headers", "objects.inv"}
NAMES = {".html", ".js", ".css", ".webmanifest"}  # what may name another file
SIZE = re.compile(r"(<\w+ data-al-size>)[^<]*(</)")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that an archive knows, so that the same course is the same bytes
READ_BY_ALL = 0o100644 << 16


class OfflineError(AlongsideError):
    """The course cannot be packed."""


def write_worker(site: Path, says: Mapping[str, Any], *, title: str, icon: str, start: str) -> str:
    """Write the worker and the manifest of a built site, and its size into the page that offers to keep it.

    `says` are the words of the part `offline`, `icon` and `start` are paths in the site. Returns the version: the same
    for the same files, whoever built them and when.
    """
    manifest = {
        "name": title,
        "short_name": title,
        "start_url": start,
        "scope": "./",
        "display": "standalone",
        "background_color": "#FBF8F3",
        "theme_color": "#FBF8F3",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml"}],
    }
    _write(site / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    paths = kept(site)
    _tell_size(site, megabytes(path.stat().st_size for path in paths))
    found = [[path.relative_to(site).as_posix(), _print(path), path.stat().st_size] for path in paths]
    version = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]
    course = {"version": version, "script": SCRIPT, "start": start, "says": dict(says), "files": found}
    own = (files(__package__) / "static" / "sw.js").read_text("utf-8")
    _write(site / WORKER, f"const COURSE = {json.dumps(course, ensure_ascii=False, separators=(',', ':'))};\n{own}")
    return version


def write_zip(site: Path, to: Path) -> Path:
    """Write a built site as an archive that works by opening its index.html; the same bytes for the same site."""
    if not (site / "index.html").is_file():
        raise OfflineError(f"There is no built book in {site}. Type: make book")
    names = {path.relative_to(site).as_posix() for path in kept(site)}
    names |= {name for name in NO_READER_ASKS if (site / name).is_file()} - {".buildinfo"}
    beside = to.with_suffix(".new")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in sorted(names):
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, READ_BY_ALL
                archive.writestr(entry, (site / name).read_bytes())
        beside.replace(to)
    except OSError as why:
        if beside.is_file():
            beside.unlink()
        raise OfflineError(f"{to} cannot be written ({why.strerror}). Name a file in a folder that is yours.") from None
    return to


def kept(site: Path) -> list[Path]:
    """The files that a reader may need, sorted: all but what the theme brings and no page, script or style names."""
    found = [path for path in site.rglob("*") if path.is_file() and path.relative_to(site).as_posix() not in NO_READER_ASKS]
    found = [path for path in found if not ("_static" in path.parts and _source(path))]
    texts = "\n".join(path.read_text("utf-8") for path in found if path.suffix in NAMES)
    unnamed = {name for name in {path.name for path in found if "_static" in path.parts} if name not in texts}
    mine = [path for path in found if "_static" not in path.parts or path.name not in unnamed]
    return sorted(mine, key=lambda path: path.relative_to(site).as_posix())


def megabytes(sizes: Iterable[int]) -> str:
    """A number of bytes as readers are told it."""
    return f"{max(sum(sizes) / 1e6, 0.1):.1f}"


def _source(path: Path) -> bool:
    """Whether a file only served to make another: the theme's own stylesheets are all in course.css."""
    return path.suffix in {".map", ".txt"} or (path.suffix == ".css" and path.parent.name != "alongside")


def _print(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _tell_size(site: Path, size: str) -> None:
    for path, text in _pages(site):
        if (told := SIZE.sub(rf"\g<1>{size}\g<2>", text)) != text:
            _write(path, told)


def _pages(site: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(site.rglob("*.html")):
        text = path.read_text("utf-8")
        if "data-al-size" in text:
            yield path, text


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
