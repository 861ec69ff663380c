"""Everything that the checks look at, read once; what cannot be read is kept as problems and hides nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from ..bank import Bank
from ..errors import FileError, Place, Problem
from ..frozen import read_frozen
from ..lines import read_text, read_yaml
from ..models import Blueprint, Chapter, Drift, Form, Item, Option, Scale, Standards, Word
from . import prose
from .limits import Limits
from .markdown import Page, read_page

T = TypeVar("T")
Asked = Sequence[tuple[Item, Scale]]


class Course:
    """A bank and the book beside it. `unread` holds a problem for each file that could not be read."""

    def __init__(self, bank: Bank, limits: Limits) -> None:
        self.bank, self.limits = bank, limits
        self.root, self.book = bank.folder.parent, bank.book
        self.unread: list[Problem] = []
        self.scales: Mapping[str, Scale] = self._read(lambda: bank.scales) or {}
        self.standards: Standards | None = self._read(lambda: bank.standards)
        self.drifts: Mapping[str, Drift] = self._read(lambda: bank.drifts) or {}
        self._read(lambda: bank.course)
        self.settings: Mapping[str, str] = self._read(lambda: bank.settings) or {}
        self.frozen: Mapping[str, str] = self._read(lambda: read_frozen(bank)) or {}
        self.words: Sequence[Word] = self._read(lambda: bank.words) or () if self.book.is_dir() else ()
        self.items = self._read_items()
        self.by_id = {item.id: item for item in reversed(self.items)}
        self.matched = {id(item) for item in self.items if self._matches(item)}
        self.forms: list[Form] = self._read_all(bank.read_form, bank.folder.glob("forms/*.yml"))
        self.blueprints: list[Blueprint] = self._read_all(bank.read_blueprint, bank.folder.glob("blueprints/*.yml"))
        self.pages: list[Page] = self._read_all(read_page, self.book.rglob("*.md"))
        self.beside: list[Page] = self._read_all(read_page, [*self.root.glob("*.md"), *bank.folder.glob("*.md")])
        chapters = [page.path for page in self.pages if page.path.parent == self.book and "objectives" in page.says]
        self.chapters: list[Chapter] = self._read_all(bank.read_chapter, chapters)
        self.toc = self._read(self._read_toc) or {}
        self.references = self._read(self._read_references)
        self.texts = self._read_texts()

    # -- what it asks for

    @cached_property
    def by_page(self) -> Mapping[Path, Page]:
        """Each page of the book by its path."""
        return {page.path: page for page in self.pages}

    def scale(self, item: Item) -> Scale | None:
        """The scale of an item; None where the two do not agree, which is reported elsewhere."""
        return self.scales[item.scale] if id(item) in self.matched else None

    def asked(self, form: Form) -> Asked:
        """The items of a form that could be read, each with its scale."""
        found = (self.by_id.get(name) for name in form.items)
        return [(item, scale) for item in found if item and (scale := self.scale(item))]

    def whole(self, form: Form | None) -> bool:
        """Whether every item of a form could be read: of a form with a hole in it nothing is said as a whole."""
        return form is not None and len(self.asked(form)) == sum(name in self.present for name in form.items)

    @cached_property
    def present(self) -> frozenset[str]:
        """The ids that have a file, read or not."""
        return frozenset(path.stem for path in self.bank.folder.glob("items/*/*.yml"))

    @cached_property
    def scaled(self) -> Asked:
        """Every item with its scale."""
        return [(item, scale) for item in self.items if (scale := self.scale(item))]

    def form_of(self, chapter: Chapter) -> Form | None:
        return next((form for form in self.forms if form.chapter == chapter.id), None)

    def chapter_forms(self) -> Iterator[Form]:
        return (form for form in self.forms if form.chapter)

    def chapter(self, name: str | None) -> Chapter | None:
        return next((chapter for chapter in self.chapters if chapter.id == name), None)

    def place(self, thing: Item | Form | Blueprint | Chapter, *keys: str) -> Place:
        return self.bank.place(thing, *keys)

    def place_of(self, place: Place, words: str) -> Place:
        """The line, from a place on, where some words stand; the place itself where a line break parts them."""
        rows = self.texts.get(place.path, "").split("\n")
        for number, row in enumerate(rows[place.line - 1 :], start=place.line):
            if words in row:
                return Place(place.path, number)
        return place

    # -- how it is read

    def _read(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except FileError as why:
            self.unread += [problem for problem in why.problems if problem not in self.unread]
            return None

    def _read_all(self, read: Callable[[Path], T], paths: Iterable[Path]) -> list[T]:
        found = (self._read(partial(read, path)) for path in sorted(paths))
        return [each for each in found if each is not None]

    def _read_items(self) -> list[Item]:
        self._read(lambda: self.bank.item_paths)  # says where two share an id
        for path in sorted(self.bank.folder.glob("items/*.yml")):
            what = "An item stands outside a chapter's folder."
            self.unread.append(Problem(Place(path), what, "Move it to items/<chapter>/."))
        return self._read_all(self.bank.read_item, self.bank.folder.glob("items/*/*.yml"))

    def _matches(self, item: Item) -> bool:
        if not self.scales:
            return False
        problems = list(self.bank.mismatches(item))
        self.unread += problems
        return not problems

    def _read_toc(self) -> Mapping[str, Place]:
        """Each file that _toc.yml names, without its ending, and where."""
        path = self.root / "_toc.yml"
        if not path.is_file():
            return {}
        document = read_yaml(path)
        found: dict[str, Place] = {}

        def walk(node: Any, *keys: str) -> None:
            if isinstance(node, dict):
                for name in ("file", "root"):
                    if isinstance(node.get(name), str):
                        found[re.sub(r"\.(md|ipynb)$", "", node[name])] = document.place(*keys, name)
                for name, value in node.items():
                    walk(value, *keys, name)
            elif isinstance(node, list):
                for number, value in enumerate(node):
                    walk(value, *keys, str(number))

        walk(document.data)
        return found

    def _read_references(self) -> frozenset[str] | None:
        from pybtex.database import BibliographyDataError, parse_string
        from pybtex.exceptions import PybtexError

        path = self.book / "references.bib"
        if not path.is_file():
            return frozenset()
        try:
            return frozenset(parse_string(read_text(path), "bibtex").entries)
        except (PybtexError, BibliographyDataError) as why:
            place = Place(path, int(getattr(why, "lineno", None) or 1))
            raise FileError([Problem(place, f"This is not BibTeX: {why}.", "Compare it with its neighbours.")]) from None

    def _read_texts(self) -> Mapping[Path, str]:
        patterns = ("*.md", "_*.yml", "book/**/*.md", "book/**/*.yml", "book/**/*.bib")
        own = ("*.yml", "*.md", "items/*/*.yml", "forms/*.yml", "keys/*.yml", "blueprints/*.yml")
        paths = {path for pattern in patterns for path in self.root.glob(pattern)}
        paths |= {path for pattern in own for path in self.bank.folder.glob(pattern)}
        found = {path: self._read(partial(read_text, path)) for path in sorted(paths)}
        return {path: text for path, text in found.items() if text is not None}


def item_texts(item: Item) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of an item that is read by a trainee, and where it stands."""
    yield ("scene",), item.scene
    yield ("ask",), item.ask
    for name, option in item.options.items():
        yield ("options", name, "text"), option.text
        yield ("options", name, "why"), option.why


def best(item: Item, scale: Scale) -> list[str]:
    """The best-keyed options. Scales on which each option is rated list their keys from worst to best, others from best."""
    places = [list(scale.keys).index(option.key) for option in item.options.values() if option.key in scale.fits]
    if not places:
        return []
    top = list(scale.keys)[max(places) if scale.respond == "each" and len(scale.fits) > 1 else min(places)]
    return [name for name, option in item.options.items() if option.key == top]


def wrong(item: Item, scale: Scale) -> dict[str, Option]:
    """The options that slide: those keyed so that they must name a drift, and those that name one all the same."""
    return {
        name: option
        for name, option in item.options.items()
        if option.key in scale.drift or (option.drift and option.key not in scale.fits)
    }


def length(option: Option) -> int:
    """How long an option is, in words."""
    return len(prose.words(option.text))
