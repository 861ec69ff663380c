"""The page of a reader's own record, part by part, with all that is known before anybody reads it; holds no record itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from . import page, scoring, views
from .bank import Bank
from .models import Chapter, code

PARTS = ("save", "come-back", "stand", "lean", "sure", "can-do", "reflections", "finished")
CORE = "samhsa-"  # the competencies that readers rate themselves on
LONGEST_BAND = 100  # opportunities beyond which a likely range is no longer listed
REFLECT = re.compile(r"^:{3,}\{reflect\} *([a-z0-9-]+) *\n(.*?)\n:{3,} *$", re.M | re.S)


def draw(bank: Bank, links: str) -> dict[str, str]:
    """The page's parts as HTML, by name: `begin` and each of PARTS. `links` stands before links to the book's pages."""
    says = bank.says["record"]
    chapters = [bank.chapter(name) for name in bank.chapter_paths]
    shows = {
        "says": says,
        "version": bank.course.version,
        "links": links,
        "first": f"{links}before-you-start.html",
        "catalogue": page.as_data(views.catalogue(bank)),
        "more": page.as_data(_more(bank, links, chapters)),
        "groups": {
            "value": {name: value.title for name, value in bank.standards.values.items()},
            "category": {title: title for title in _categories(bank)},
            "chapter": {chapter.id: chapter.title for chapter in chapters},
        },
        "drifts": bank.drifts,
        "parts": _rated(bank, chapters),
        "chapters": chapters,
        "quizzes": [bank.form(name) for name in bank.quizzes],
        "practice": [bank.form(name) for name in bank.form_paths if name not in bank.quizzes],
    }
    return {name: page.draw("record.html", part=name, **shows) for name in ("begin", *PARTS)}


def _more(bank: Bank, links: str, chapters: Iterable[Chapter]) -> dict[str, Any]:
    """What the page's script needs beside the catalogue."""
    return {
        "bands": scoring.bands(LONGEST_BAND),
        "prompts": {
            name: {"title": chapter.title, "link": f"{links}{chapter.id}.html#reflect-{name}", "prompt": prompt}
            for chapter in chapters
            for name, prompt in _prompts(bank.book / f"{chapter.id}.md")
        },
        "numbers": {name: name.removeprefix(CORE) for name in bank.standards.statements if name.startswith(CORE)},
        "touched": {chapter.id: [name for name in chapter.standards if name.startswith(CORE)] for chapter in chapters},
    }


def _prompts(path: Any) -> Iterator[tuple[str, str]]:
    for name, prompt in REFLECT.findall(path.read_text("utf-8")):
        yield name, " ".join(prompt.split())


def _categories(bank: Bank) -> list[str]:
    return list(dict.fromkeys(each.under for name, each in bank.standards.statements.items() if name.startswith(CORE)))


def _rated(bank: Bank, chapters: Iterable[Chapter]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Part → category → the competencies that the part's chapters teach."""
    taught: dict[str, set[str]] = {}
    for chapter in chapters:
        taught.setdefault(chapter.part, set()).update(name for name in chapter.standards if name.startswith(CORE))
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for part, names in taught.items():
        for name, statement in bank.standards.statements.items():
            if name in names:
                one = {"id": name, "uid": name.replace(".", "_"), "code": code(name), "text": statement.text}
                found.setdefault(part, {}).setdefault(statement.under, []).append(one)
    return found
