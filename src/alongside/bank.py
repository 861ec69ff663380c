"""How the bank is read: file by file as it is asked for, with the place of everything; judges nothing."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from . import says
from .errors import FileError, Place, Problem, UnknownError
from .lines import Document, read_front_matter, read_yaml
from .models import Blueprint, Chapter, Course, Drift, Form, Item, Model, Option, Scale, Standards, Word, Words, fingerprint

M = TypeVar("M", bound=Model)


class Bank:
    """The folder `quizzes/`, read file by file as it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._documents: dict[Path, Document] = {}
        self._items: dict[str, Item] = {}

    @property
    def book(self) -> Path:
        """The folder of the chapters, beside `quizzes/`; an installed copy of the bank has none."""
        return self.folder.parent / "book"

    # -- what it holds

    @cached_property
    def scales(self) -> Mapping[str, Scale]:
        return self._mapping("scales.yml", Scale)

    @cached_property
    def drifts(self) -> Mapping[str, Drift]:
        return self._mapping("drifts.yml", Drift)

    @cached_property
    def settings(self) -> Mapping[str, str]:
        document = self._document(self.folder / "settings.yml")
        if not isinstance(document.data, dict):
            raise FileError([Problem(document.place(), "Names with colons are expected here.", "Compare a file that works.")])
        return MappingProxyType({name: str(words) for name, words in document.data.items()})

    @cached_property
    def standards(self) -> Standards:
        path = self.folder / "standards.yml"
        return self._model(Standards, path, {})

    @cached_property
    def course(self) -> Course:
        return self._model(Course, self.folder / "course.yml", {})

    @cached_property
    def says(self) -> says.Says:
        """What pages say by themselves, in the course's language."""
        return says.load(self.course.language)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return self._model(Words, self.book / "words.yml", {}).words

    @cached_property
    def item_paths(self) -> Mapping[str, Path]:
        """Each item's file; raises FileError where two chapters use one id."""
        found: dict[str, Path] = {}
        for path in sorted(self.folder.glob("items/*/*.yml")):
            if other := found.get(path.stem):
                what = f"The id “{path.stem}” is taken by {Place(other)}."
                raise FileError([Problem(Place(path), what, "Rename this one after its situation.")])
            found[path.stem] = path
        return MappingProxyType(found)

    @cached_property
    def form_paths(self) -> Mapping[str, Path]:
        return MappingProxyType({path.stem: path for path in sorted(self.folder.glob("forms/*.yml"))})

    @property
    def quizzes(self) -> tuple[str, ...]:
        """The forms that are quizzes: each has a notebook, and its items are counted where the course is mapped."""
        return tuple(name for name, path in self.form_paths.items() if self.read_form(path).kind == "quiz")

    @cached_property
    def blueprint_paths(self) -> Mapping[str, Path]:
        return MappingProxyType({path.stem: path for path in sorted(self.folder.glob("blueprints/*.yml"))})

    @cached_property
    def chapter_paths(self) -> Mapping[str, Path]:
        """Chapters are the pages of the book that state objectives; each has a form of the same name."""
        pages = sorted(self.book.glob("*.md"))
        return MappingProxyType({page.stem: page for page in pages if "objectives" in self._document(page).data})

    def item(self, name: str) -> Item:
        """One item, sound in itself and against its scale; raises UnknownError or FileError."""
        if name not in self._items:
            item = self.read_item(_look_up(name, self.item_paths, "item", self.folder))
            if problems := list(self.mismatches(item)):
                raise FileError(problems)
            self._items[name] = item
        return self._items[name]

    def read_item(self, path: Path) -> Item:
        """The item of one file, whatever its scale and its neighbours are like."""
        return self._model(Item, path, {"id": path.stem, "chapter": path.parent.name})

    def form(self, name: str) -> Form:
        path = _look_up(name, self.form_paths, "form", self.folder)
        form = self.read_form(path)
        if repeated := {item for item in form.items if form.items.count(item) > 1}:
            what = f"{', '.join(sorted(repeated))} stands in the form twice."
            raise FileError([Problem(self._document(path).place("items"), what, "Keep one.")])
        for number, item in enumerate(form.items):
            if item not in self.item_paths:
                place = self._document(path).place("items", str(number))
                raise FileError([Problem(place, f"There is no item “{item}”.", _near(item, self.item_paths))])
        return form

    def read_form(self, path: Path) -> Form:
        """The form of one file, whether or not its items exist."""
        return self._model(Form, path, {"id": path.stem})

    def blueprint(self, name: str) -> Blueprint:
        return self.read_blueprint(_look_up(name, self.blueprint_paths, "blueprint", self.folder))

    def read_blueprint(self, path: Path) -> Blueprint:
        """The blueprint of one file, whether or not what it names exists."""
        return self._model(Blueprint, path, {"id": path.stem})

    def chapter(self, name: str) -> Chapter:
        return self.read_chapter(_look_up(name, self.chapter_paths, "chapter", self.book))

    def read_chapter(self, path: Path) -> Chapter:
        """What one page says of itself, whatever the other pages are like."""
        return self._model(Chapter, path, {"id": path.stem}, known=set(Chapter.model_fields))

    def drift(self, name: str) -> Drift:
        if name not in self.drifts:
            raise UnknownError(f"There is no drift “{name}” in {self.folder / 'drifts.yml'}. {_near(name, self.drifts)}")
        return self.drifts[name]

    def items_of(self, form: Form) -> tuple[Item, ...]:
        return tuple(map(self.item, form.items))

    def scale_of(self, item: Item) -> Scale:
        return self.scales[item.scale]

    def form_print(self, form: Form) -> str:
        """The form's fingerprint: it changes when the award, an item's substance, or a scale's points do."""
        items = self.items_of(form)
        scales = {item.scale: self.scale_of(item) for item in items}
        return fingerprint(
            {
                "form": form.id,
                "award": form.award,
                "items": [item.substance() for item in items],
                "scales": {
                    name: {
                        "respond": scale.respond,
                        "responses": list(scale.responses),
                        "points": {key: dict(row) for key, row in scale.points.items()},
                    }
                    for name, scale in scales.items()
                },
            }
        )

    # -- where it is

    def place(self, thing: Item | Form | Blueprint | Chapter, *keys: str) -> Place:
        """Where a value of an item, form, blueprint or chapter stands."""
        return self._document(self.path(thing)).place(*keys)

    def path(self, thing: Item | Form | Blueprint | Chapter) -> Path:
        """The file of an item, form, blueprint or chapter."""
        match thing:
            case Item():
                return self.folder / "items" / thing.chapter / f"{thing.id}.yml"
            case Form():
                return self.folder / "forms" / f"{thing.id}.yml"
            case Blueprint():
                return self.folder / "blueprints" / f"{thing.id}.yml"
            case Chapter():
                return self.book / f"{thing.id}.md"

    def _document(self, path: Path) -> Document:
        if path not in self._documents:
            self._documents[path] = read_front_matter(path)[0] if path.suffix == ".md" else read_yaml(path)
        return self._documents[path]

    def _mapping(self, file: str, model: type[M]) -> Mapping[str, M]:
        document = self._document(self.folder / file)
        if not isinstance(document.data, dict):
            raise FileError([Problem(document.place(), "Names with colons are expected here.", "Compare a file that works.")])
        return MappingProxyType({name: _parse(model, document, document.data[name], (name,)) for name in document.data})

    def _model(self, model: type[M], path: Path, given: dict[str, str], known: set[str] | None = None) -> M:
        document = self._document(path)
        data = document.data
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if known is None or name in known}
            if taken := set(given) & set(data):
                what = f"“{min(taken)}” is taken from the file's place and is not written in it."
                raise FileError([Problem(document.place(min(taken)), what, "Delete this line.")])
            data = {**data, **given}
        return _parse(model, document, data, ())

    def mismatches(self, item: Item) -> Iterator[Problem]:
        """Where an item and its scale do not agree."""
        scale = self.scales.get(item.scale)
        if scale is None:
            yield Problem(self.place(item, "scale"), f"There is no scale “{item.scale}”.", _near(item.scale, self.scales))
            return
        for name, option in item.options.items():
            if option.key not in scale.keys:
                place = self.place(item, "options", name, "key")
                yield Problem(place, f"“{option.key}” is no key of {item.scale}.", f"Choose one of: {', '.join(scale.keys)}.")
        for key, count in scale.exactly.items():
            have = sum(option.key == key for option in item.options.values())
            if have != count:
                what = f"{item.scale} needs {count} option keyed {key}; here are {have}."
                yield Problem(self.place(item, "options"), what, "Change a key, or the scale.")


def find_bank(folder: str | Path | None = None) -> Bank:
    """The bank: the folder given, else ALONGSIDE_BANK, else the nearest parent's `quizzes/`, else the installed copy."""
    if given := folder or os.environ.get("ALONGSIDE_BANK"):
        for path in (Path(given), Path(given) / "quizzes"):
            if (path / "scales.yml").is_file():
                return Bank(path.resolve())
        raise UnknownError(f"{given} is not a bank: it holds no scales.yml. Name the folder quizzes/ of the course.")
    here = Path.cwd()
    for parent in (here, *here.parents):
        if (parent / "quizzes" / "scales.yml").is_file():
            return Bank(parent / "quizzes")
    if (installed := Path(__file__).parent / "quizzes").is_dir():
        return Bank(installed)
    raise UnknownError("No bank was found: there is no quizzes/scales.yml here or above. Set ALONGSIDE_BANK to its folder.")


def _look_up(name: str, paths: Mapping[str, Path], kind: str, folder: Path) -> Path:
    if name not in paths:
        raise UnknownError(f"There is no {kind} “{name}” in {folder}. {_near(name, paths)}")
    return paths[name]


def _near(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=3)
    return f"Did you mean {' or '.join(close)}?" if close else f"There are: {', '.join(list(known)[:12]) or 'none'}."


def _parse(model: type[M], document: Document, data: Any, at: tuple[str, ...]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as why:
        raise FileError([_problem(model, document, at, error) for error in why.errors()]) from None


def _problem(model: type[Model], document: Document, at: tuple[str, ...], error: Any) -> Problem:
    keys = (*at, *(str(part) for part in error["loc"] if part != "[key]"))
    place, field = document.place(*keys), keys[-1] if keys else "file"
    given = str(error.get("input", ""))[:60]
    match error["type"]:
        case "missing":
            inside = f" in “{keys[-2]}”" if len(keys) > 1 else ""
            return Problem(place, f"“{field}” is missing{inside}.", "Add it.")
        case "extra_forbidden":
            names = [*model.model_fields, *Option.model_fields] if model is Item else list(model.model_fields)
            close = difflib.get_close_matches(field, names, n=1)
            return Problem(place, f"“{field}” is no field here.", f"Did you mean {close[0]}?" if close else "Delete it.")
        case "string_too_short":
            return Problem(place, f"“{field}” is empty.", "Fill it in.")
        case "string_pattern_mismatch":
            return Problem(place, f"“{given}” is no name.", "Use small letters, digits and hyphens, as in missed-group.")
        case "literal_error":
            return Problem(place, f"“{given}” is not known here.", f"Choose {error['ctx']['expected']}.")
        case "string_type":
            return Problem(place, f"“{field}” should be text.", "Write it after the colon, or below a >.")
        case "value_error":
            return Problem(place, f"In “{field}”: {error['ctx']['error']}.", "")
        case _:
            return Problem(place, f"“{field}”: {error['msg']}.", "Compare a file that works.")
