"""The page of a reader's own record, part by part, with all that is known before anybody reads it; holds no record itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from . import page, reflections, scoring, views
from .bank import Bank
from .models import Chapter, code, fingerprint

PARTS = ("save", "come-back", "stand", "lean", "sure", "can-do", "reflections", "finished")
CORE = "samhsa-"  # the competencies that readers rate themselves on
LONGEST_BAND = 100  # opportunities beyond which a likely range is no longer listed


def draw(bank: Bank, links: str, order: Sequence[str] = ()) -> dict[str, str]:
    """The page's parts as HTML, by name: `begin` and each of PARTS.

    `links` stands before links to the book's pages; `order` is that of the chapters in the book.
    """
    says = bank.says["record"]

    def in_order(names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: order.index(name) if name in order else len(order))

    catalogue = views.catalogue(bank)
    chapters = [bank.chapter(name) for name in in_order(bank.chapter_paths)]
    shows = {
        "says": says,
        "version": bank.course.version,
        "links": links,
        "first": f"{links}before-you-start.html",
        "catalogue": page.as_data(catalogue),
        "more": page.as_data({**_more(bank, links, chapters), "print": fingerprint(catalogue)}),
        "groups": {
            "value": {name: value.title for name, value in bank.standards.values.items()},
            "category": {title: title for title in _categories(bank)},
            "chapter": {chapter.id: chapter.title for chapter in chapters},
        },
        "drifts": bank.drifts,
        "parts": _rated(bank, chapters),
        "chapters": chapters,
        "quizzes": [bank.form(name) for name in in_order(bank.quizzes)],
        "practice": [bank.form(name) for name in bank.form_paths if name not in bank.quizzes],
    }
    return {name: page.draw("record.html", part=name, **shows) for name in ("begin", *PARTS)}


def told(bank: Bank) -> str:
    """The fingerprint of what chapters tell other pages: their front matter, and their questions for reflection."""
    heads = {name: path.read_text("utf-8").partition("\n---")[0] for name, path in bank.chapter_paths.items()}
    return fingerprint([heads, reflections.prompts(bank)])


def _more(bank: Bank, links: str, chapters: Iterable[Chapter]) -> dict[str, Any]:
    """What the page's script needs beside the catalogue."""
    titles = {chapter.id: chapter.title for chapter in chapters}
    return {
        "bands": scoring.bands(LONGEST_BAND),
        "prompts": {
            name: {"title": titles[chapter], "link": f"{links}{chapter}.html#reflect-{name}", "prompt": prompt}
            for name, (chapter, prompt) in sorted(
                reflections.prompts(bank).items(), key=lambda each: list(titles).index(each[1][0])
            )
        },
        "numbers": {name: name.removeprefix(CORE) for name in bank.standards.statements if name.startswith(CORE)},
        "touched": {chapter.id: [name for name in chapter.standards if name.startswith(CORE)] for chapter in chapters},
    }


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
