"""The words that pages say by themselves: one catalogue a language, read whole; knows no page that uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from .errors import UnknownError

Says = Mapping[str, Any]
FIRST = "en"  # the catalogue that the others are copies of


@cache
def load(language: str = FIRST) -> Says:
    """A language's catalogue: part → name → words.

    Raises UnknownError, which names those that there are, for another, and for one that lacks words or what is filled in.
    """
    folder = files(__package__) / "languages"
    known = sorted(each.name.removesuffix(".yml") for each in folder.iterdir() if each.name.endswith(".yml"))
    if language not in known:
        raise UnknownError(f"There are no words for the language “{language}”. There are: {', '.join(known)}.")
    says = yaml.safe_load((folder / f"{language}.yml").read_text("utf-8"))
    if language != FIRST and (wrong := list(lacking(load(FIRST), says))):
        raise UnknownError(
            f"languages/{language}.yml is not whole: {'. '.join(wrong[:12])}. Copy what is missing from {FIRST}.yml."
        )
    return MappingProxyType(says)


def lacking(first: Any, other: Any, name: str = "") -> Iterator[str]:
    """What a catalogue lacks beside the first: names, and the {words in braces} that are filled in."""
    if isinstance(first, Mapping):
        for key, each in first.items():
            here = f"{name}.{key}".lstrip(".")
            if not isinstance(other, Mapping) or key not in other:
                yield f"{here} is missing"
            else:
                yield from lacking(each, other[key], here)
    elif isinstance(first, str):
        filled = set(re.findall(r"\{(\w+)\}", first)) - set(re.findall(r"\{(\w+)\}", str(other)))
        yield from (f"{name} lacks {{{each}}}" for each in sorted(filled))
