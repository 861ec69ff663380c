"""Takes out of a stylesheet what no page of a built book can use; by hand, because the tools that do this need Node.

The theme's stylesheet is most of what a page weighs, and a slow phone matches each of its rules against each element.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2

HOLD_RULES = {"media", "supports", "layer", "container"}
NAME = re.compile(r"-?[A-Za-z_][\w-]*")


def used_names(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Class names that stand in a page, and every word of a script, which may set it as one."""
    found: set[str] = set()
    for page in pages:
        for names in re.findall(r'class="([^"]*)"', page):
            found.update(names.split())
    for script in scripts:
        found.update(NAME.findall(script))
    return found


def purge(css: str, used: set[str]) -> str:
    """The stylesheet without rules that need a class nobody has, and without fonts: the course loads none."""
    stems = tuple(name for name in used if name.endswith("-"))  # a script may put a name together
    return "\n".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used, stems))


def purged(css: str, used: set[str], cache: Path) -> str:
    """The same, or what came of the same stylesheet and names before, from the folder `cache`."""
    names = used & set(NAME.findall(css)) | {name for name in used if name.endswith("-")}
    digest = hashlib.sha256("\n".join([Path(__file__).read_text("utf-8"), css, *sorted(names)]).encode()).hexdigest()[:24]
    done = cache / f"{digest}.css"
    if not done.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        beside = done.with_suffix(".new")
        beside.write_text(purge(css, used), "utf-8", newline="\n")
        beside.replace(done)
    return done.read_text("utf-8")


def _kept(rules: Iterable[Any], used: set[str], stems: tuple[str, ...]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _selectors(rule.prelude) if _may_match(one, used, stems)]
            if selectors:
                yield f"{','.join(map(_text, selectors))}{{{_text(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in HOLD_RULES and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(_kept(inner, used, stems)):
                yield f"@{rule.at_keyword}{_text(rule.prelude, strip=False)}{{{kept}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword != "font-face":
            yield rule.serialize()


def _selectors(prelude: Iterable[Any]) -> list[list[Any]]:
    """A selector list, taken apart at its outer commas."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _may_match(selector: list[Any], used: set[str], stems: tuple[str, ...]) -> bool:
    """Whether every class outside brackets is one that somebody has; :not(), :is() and the like are let stand."""
    classes = (after.value for dot, after in pairwise(selector) if dot == "." and after.type == "ident")
    return all(name in used or name.startswith(stems) for name in classes)


def _text(tokens: Iterable[Any], *, strip: bool = True) -> str:
    text: str = tinycss2.serialize(tokens)
    return text.strip() if strip else text
