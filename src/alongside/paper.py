"""The course on paper, one document and one PDF of its built pages; printed by WeasyPrint rather than a browser, because a
browser cannot put page numbers into a table of contents or behind a link. Owns what stands around the pages, and no page."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from . import leaves as pages
from . import page, press
from .bank import Bank
from .leaves import Leaf, PaperError, fill, say, text_of
from .lines import read_yaml

SIZES = {"letter": "8.5in 11in", "a4": "210mm 297mm"}
SHORT = 10  # characters of a response that still head a column of an answer sheet
COLUMNS, ROWS, HEAD = 3, 38, 1.5  # an answer sheet's page: its columns, the rows in one, and what a scene's head takes of them


def size(name: str) -> str:
    """What a paper size measures; raises PaperError, which names those that there are."""
    if name.lower() not in SIZES:
        raise PaperError(f"There is no paper size “{name}”. Choose one of: {', '.join(SIZES)}.")
    return SIZES[name.lower()]


def write(bank: Bank, site: Path, to: Path, *, paper: str = "letter", trainers: bool = False) -> Path:
    """Write the built pages of `site` as one PDF on `paper`, a name of SIZES. Raises PaperError or PressError."""
    style = (files(__package__) / "static" / "paper.css").read_text("utf-8")
    made = press.pdf(html(bank, site, trainers=trainers), f"@page {{ size: {size(paper)} }}\n{style}")
    beside = to.with_name(f"{to.name}.new")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(made)
        beside.replace(to)
    except OSError as why:
        raise PaperError(f"{to} cannot be written ({why.strerror}). Name a file in a folder that is there.") from None
    return to


def html(bank: Bank, site: Path, *, trainers: bool = False) -> str:
    """The whole book as one document: what is printed."""
    leaves, foot = pages.read(bank, site, trainers=trainers)
    root = bank.folder.parent
    config = read_yaml(root / "_config.yml").data
    closing = [leaf for leaf in leaves if leaf.closes]
    help_now = _help(foot)
    quizzes = [leaf for leaf in leaves if leaf.quiz]
    keyed = [leaf for leaf in leaves if any(scene.keyed for scene in leaf.scenes)]
    middle = [leaf for leaf in leaves if not leaf.closes]
    glossary = next((leaf for leaf in leaves if leaf.soup.select_one("dl.glossary")), None)
    says = bank.says["paper"]
    licence = foot.select_one("footer .al-quiet")
    return (
        page.environment()
        .get_template("paper/book.html")
        .render(
            title=config["title"],
            author=config.get("author", ""),
            language=bank.course.language,
            version=bank.course.version,
            mark=(root / config["logo"]).resolve().as_uri() if "logo" in config else "",
            licence=text_of(licence) if licence else "",
            says=bank.says,
            paper=says,
            say=say(bank),
            fill=fill,
            help=help_now,
            contents=list(_contents(says, middle, closing, quizzes, keyed, help_now)),
            leaves=middle,
            closing=closing,
            quizzes=[_sheet(says, leaf) for leaf in quizzes],
            keyed=keyed,
            first=_first(keyed),
            drifts=bank.drifts,
            glossary=glossary and glossary.anchor,
            references=closing[0].anchor if closing else "",
        )
    )


# -- what stands around the pages


def _contents(
    says: Any, middle: list[Leaf], closing: list[Leaf], quizzes: list[Leaf], keyed: list[Leaf], help_now: Any
) -> Iterator[dict[str, Any]]:
    def entry(level: int, title: str, anchor: str) -> dict[str, Any]:
        return {"level": level, "title": title, "anchor": anchor}

    yield entry(1, says["how"], "al-how")
    for leaf in middle:
        if leaf.opens:
            yield entry(1, leaf.opens, f"{leaf.anchor}--part")
        yield entry(leaf.level, leaf.title, leaf.anchor)
    if quizzes:
        yield entry(1, says["sheets"], "al-sheets")
        yield from (entry(2, leaf.title, f"{leaf.anchor}--sheet") for leaf in quizzes)
    if keyed:
        yield entry(1, says["reasons"], "al-keys")
        yield from (entry(2, leaf.title, f"{leaf.anchor}--keys") for leaf in keyed)
    yield from (entry(1, leaf.title, leaf.anchor) for leaf in closing)
    if help_now:
        yield entry(1, help_now["title"], help_now["anchor"])


def _first(keyed: list[Leaf]) -> dict[str, str]:
    """Where each item's reasons stand in full: a practice form asks again what a quiz has asked."""
    found: dict[str, str] = {}
    for leaf in keyed:
        for scene in leaf.scenes:
            if scene.keyed:
                found.setdefault(scene.item.id, scene.anchor)
    return found


def _sheet(says: Any, leaf: Leaf) -> dict[str, Any]:
    """An answer sheet: long responses stand as numbers in its columns, with one line that says what they mean."""
    legends: list[list[str]] = []
    scenes = []
    for scene in leaf.scenes:
        words = list(scene.scale.responses.values())
        heads = words
        if scene.kind == "places":
            heads = [says["place"]]
        elif max(map(len, words)) > SHORT:
            heads = [str(number) for number in range(1, len(words) + 1)]
            if words not in legends:
                legends.append(words)
        scenes.append({"number": scene.number, "item": scene.item, "heads": heads})
    return {"title": leaf.title, "anchor": leaf.anchor, "legends": legends, "pages": list(_pages(scenes))}


def _pages(scenes: list[dict[str, Any]]) -> Iterator[list[list[dict[str, Any]]]]:
    """An answer sheet's scenes, page by page, in columns as even as they come; one page where they fit."""
    for rows in range(1, ROWS + 1):
        columns = _columns(scenes, rows)
        if len(columns) <= COLUMNS:
            break
    for first in range(0, len(columns), COLUMNS):
        yield columns[first : first + COLUMNS]


def _columns(scenes: list[dict[str, Any]], rows: int) -> list[list[dict[str, Any]]]:
    columns: list[list[dict[str, Any]]] = [[]]
    filled = 0.0
    for scene in scenes:
        high = len(scene["item"].options) + HEAD
        if columns[-1] and filled + high > rows:
            columns.append([])
            filled = 0.0
        columns[-1].append(scene)
        filled += high
    return columns


def _help(foot: BeautifulSoup) -> dict[str, Any] | None:
    """The lines to help that foot the website's pages: the first foots every page here, and all of them close the book."""
    section = foot.select_one(".al-help")
    if section is None:
        return None
    heading, first = section.select_one("h2"), section.select_one("li")
    for link in section.select("a"):
        link.unwrap()
    for name in section.select("b"):
        name.insert_after(": ")
    title = text_of(heading.extract()) if heading else ""
    return {
        "title": title,
        "anchor": "al-help",
        "line": text_of(first) if first else "",
        "body": Markup(section.decode_contents()),
    }
