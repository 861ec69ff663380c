"""The words that pages say by themselves: one catalogue a language, read whole; knows no page that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from .errors import UnknownError

Says = Mapping[str, Any]


@cache
def load(language: str = "en") -> Says:
    """A language's catalogue: part → name → words. Raises UnknownError, which names those that there are, for another."""
    folder = files(__package__) / "languages"
    known = sorted(each.name.removesuffix(".yml") for each in folder.iterdir() if each.name.endswith(".yml"))
    if language not in known:
        raise UnknownError(f"There are no words for the language “{language}”. There are: {', '.join(known)}.")
    return MappingProxyType(yaml.safe_load((folder / f"{language}.yml").read_text("utf-8")))
