"""Which items have been released, and with what substance: quizzes/frozen.yml; changes no item."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .bank import Bank
from .errors import AlongsideError, FileError, Problem
from .lines import read_yaml

HEAD = "# Items that have been released, and the fingerprint of each: written by `alongside freeze`, never by hand.\n"


def frozen_path(bank: Bank) -> Path:
    """Where the released items are listed."""
    return bank.folder / "frozen.yml"


def read_frozen(bank: Bank) -> Mapping[str, str]:
    """The fingerprint of each released item; none where nothing has been released. Raises FileError."""
    path = frozen_path(bank)
    if not path.is_file():
        return {}
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        what = "Each line should be an item and its fingerprint."
        raise FileError([Problem(document.place(), what, "Take the file back from version control.")])
    problems = [
        Problem(document.place(name), f"“{name}” has no fingerprint of 12 hex digits.", "Take the line back as it was.")
        for name, print_ in document.data.items()
        if not (isinstance(print_, str) and re.fullmatch(r"[0-9a-f]{12}", print_))
    ]
    if problems:
        raise FileError(problems)
    return dict(document.data)


def freeze(bank: Bank, names: Iterable[str]) -> Path:
    """Release items: write the fingerprint of each beside those that are there, whole or not at all.

    A chapter's name stands for all items in its folder, warm-ups too.
    Raises UnknownError or FileError for an item that cannot be read, AlongsideError for one released before and changed since.
    """
    prints = dict(read_frozen(bank))
    for name in _items(bank, names):
        item = bank.item(name)
        if prints.setdefault(name, item.print) != item.print:
            raise AlongsideError(
                f"{bank.place(item)}: “{name}” was released and has been changed since. Put it back as it was, "
                f"and make a new item with the line “replaces: {name}”."
            )
    path = frozen_path(bank)
    beside = path.with_name(f"{path.name}.new")
    try:
        lines = (f'{name}: "{print_}"\n' for name, print_ in sorted(prints.items()))
        beside.write_text(HEAD + "".join(lines), "utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as why:
        beside.unlink(missing_ok=True)
        raise AlongsideError(f"{path} cannot be written ({why.strerror}).") from None
    return path


def _items(bank: Bank, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        inside = [item for item, path in bank.item_paths.items() if path.parent.name == name]
        yield from inside if inside and name not in bank.item_paths else [name]
