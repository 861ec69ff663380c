"""YAML as plain data with the line of every value; refuses what an author could not have meant.

PyYAML's own loaders guess types (`no` becomes False, `1` a number) and drop line numbers, so the data is built here from
its events: every scalar stays the string that the author wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from .errors import FileError, Place, Problem

Path_ = tuple[str, ...]

LARGEST = 1_000_000  # bytes; the longest real file is under 20 kB
DEEPEST = 12

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """What a file says, and the line where each value of it begins."""

    path: Path
    data: Any
    lines: Mapping[Path_, int]

    def place(self, *keys: str) -> Place:
        """The place of a value, or of the nearest thing around it that exists."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return Place(self.path, self.lines.get(keys, 1))


def read_yaml(path: Path) -> Document:
    """Read one YAML file whole.

    Raises FileError: unreadable, not UTF-8, over 1 MB, nested over 12 deep, or not the plain YAML that authors need.
    """
    return parse_yaml(read_text(path), path)


def read_front_matter(path: Path) -> tuple[Document, str]:
    """A Markdown page's front matter, and the page below it with its lines still in their places."""
    text = read_text(path)
    lines = text.split("\n")  # and not splitlines, which counts lines that no editor does
    if lines[0].strip() != "---":
        return Document(path, {}, {}), text
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            head = "\n" + "\n".join(lines[1:number]) + "\n"
            body = "\n" * (number + 1) + "\n".join(lines[number + 1 :])
            return parse_yaml(head, path), body
    _fail(path, 1, "The front matter is opened by --- and never closed.", "Put --- on a line of its own below it.")


def read_text(path: Path) -> str:
    """A text file as UTF-8, refused with a reason where it cannot be one."""
    try:
        if path.stat().st_size > LARGEST:
            _fail(path, 1, f"The file is larger than {LARGEST // 1_000_000} MB.", "Split it, or take out what was pasted.")
        raw = path.read_bytes()
    except OSError as why:
        _fail(path, 1, f"The file cannot be read ({why.strerror}).", "Check its name and its rights.")
    if raw.startswith(b"\xef\xbb\xbf"):
        _fail(path, 1, "The file begins with a byte-order mark.", "Save it again as “UTF-8”, not “UTF-8 with BOM”.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1
        _fail(path, line, "A character here is not UTF-8.", "Save the file as UTF-8.")


def parse_yaml(text: str, path: Path) -> Document:
    """Data and lines of a YAML text; `path` only names it in errors."""
    lines: dict[Path_, int] = {}
    try:
        events = yaml.parse(text, Loader=_Loader)
        data = _build(_Events(events, path), (), lines, path)
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        rows = text.removesuffix("\n").split("\n")
        line = min(mark.line + 1, len(rows)) if mark else 1  # an end that comes too soon is said of the last line
        if "\t" in rows[line - 1]:
            _fail(path, line, "There is a tab in this line.", "Indent with spaces.")
        _fail(path, line, f"This is not YAML: {why.problem}.", _hint(str(why.problem)))
    except yaml.YAMLError as why:
        position = getattr(why, "position", 0)
        line = text[: position if isinstance(position, int) else 0].count("\n") + 1
        _fail(path, line, "A control character stands here.", "Delete it; it may be invisible.")
    return Document(path, data, lines)


class _Events:
    """PyYAML's events with the envelope taken off and the depth counted."""

    def __init__(self, events: Iterator[Any], path: Path) -> None:
        self._events, self._path, self._depth, self._documents = events, path, 0, 0

    def __iter__(self) -> Iterator[Any]:
        for event in self._events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                _fail(
                    self._path,
                    line,
                    "Anchors and aliases (& and *) are not used here.",
                    "Write the value out, or quote it.",
                )
            if isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    _fail(self._path, line, "A second document begins here (---).", "Keep one document a file.")
            if isinstance(event, yaml.CollectionStartEvent):
                self._depth += 1
                if self._depth > DEEPEST:
                    _fail(self._path, line, f"Nested more than {DEEPEST} deep.", "Look for a bracket that is not closed.")
            if isinstance(event, yaml.CollectionEndEvent):
                self._depth -= 1
            if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
                yield event


def _build(events: _Events, at: Path_, lines: dict[Path_, int], path: Path) -> Any:
    coming = iter(events)
    data = _node(coming, None, at, lines, path)
    for _ in coming:  # what follows is looked at too, so that a second document is refused and not dropped
        pass
    return data


def _node(events: Iterator[Any], event: Any, at: Path_, lines: dict[Path_, int], path: Path) -> Any:
    event = event or next(events, None)
    if event is None:
        return {}
    lines[at] = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        found: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(_node(events, event, (*at, str(len(found))), lines, path))
        return found
    data: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            _fail(path, line, "A name is expected here, before the colon.", "Quote it if it begins with [ or {.")
        key = event.value
        if key in data:
            _fail(path, line, f"“{key}” stands here twice (first in line {lines[(*at, key)]}).", "Keep one of them.")
        data[key] = _node(events, None, (*at, key), lines, path)
        lines[(*at, key)] = line
    return data


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "If the text holds a colon and a space, put it in quotation marks or below a >."
    if "block end" in problem or "indent" in problem:
        return "Check that the line is indented like its neighbours."
    return "Compare it with a file that works."


def _fail(path: Path, line: int, what: str, do: str) -> NoReturn:
    raise FileError([Problem(Place(path, line), what, do)])
