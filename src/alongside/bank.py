"""What items, scales, forms, standards, drifts and chapters are, and how they are read; judges none of them."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar

import rfc8785
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    model_validator,
)

from .errors import FileError, Place, Problem, UnknownError
from .lines import Document, read_front_matter, read_yaml

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
K = TypeVar("K")
V = TypeVar("V")
Frozen = Annotated[Mapping[K, V], AfterValidator(MappingProxyType), PlainSerializer(dict)]
DriftName = Literal[
    "controlling", "fixing", "judging", "clinical", "rescuing",
    "withdrawing", "self-focused", "uniform", "persuading", "exclusive",
]  # fmt: skip
ABOVE_BETTER = "above-better"


class Model(BaseModel):
    """Frozen, and closed: a field that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Model):
    """One thing that could be done, with its key and the reason for it."""

    text: Text = Field(description="One act, as a plain sentence.")
    key: Slug = Field(description="How it is keyed: a row of the scale's points table.")
    why: Text = Field(description="One to three sentences to the reader: what it does to the person and the relationship.")
    drift: DriftName | None = Field(None, description="The drift that it shows, where its key asks for one.")


class Item(Model):
    """A scene, a question and some options, each with a key and a reason."""

    id: Slug
    chapter: Slug
    scene: Text = Field(description="40 to 120 words, with the one fact that decides it.")
    ask: Text = Field(description="What is to be judged: what fits, or how appropriate each option is.")
    scale: Slug = Field(description="One of scales.yml.")
    value: Slug = Field(description="One of the five founding values.")
    standards: tuple[Text, ...] = Field(min_length=1, description="What it asks of: samhsa-…, naps-…, ncps-…, icrc-….")
    objective: Slug = Field(description="One of its chapter's objectives.")
    reread: Text = Field(description="chapter#section to go back to.")
    setting: Slug = Field(description="Where the scene is set: one of settings.yml.")
    sources: tuple[Text, ...] = Field((), description="Keys of book/references.bib.")
    options: Frozen[Slug, Option] = Field(min_length=2, description="Three to five options, named for the act.")
    recall: bool = Field(False, description="True where it asks for a fact and not for judgement.")
    enemies: tuple[Slug, ...] = Field((), description="Items that must not stand in the same form.")
    replaces: Slug | None = Field(None, description="The released item whose place this one takes.")

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Option ids in the order in which they are shown: fixed by a hash, so the order in the file says nothing."""
        return tuple(sorted(self.options, key=lambda name: hashlib.sha256(f"{self.id}/{name}".encode()).digest()))

    @cached_property
    def drifts(self) -> Mapping[str, str]:
        """The drift of each option that names one."""
        return MappingProxyType({name: option.drift for name, option in self.options.items() if option.drift})

    def substance(self) -> dict[str, Any]:
        """What makes it this item and no other; a change of any of it after release is a new item."""
        return {
            "id": self.id,
            "scene": self.scene,
            "ask": self.ask,
            "scale": self.scale,
            "options": {name: {"text": option.text, "key": option.key} for name, option in self.options.items()},
        }

    @cached_property
    def print(self) -> str:
        """The item's fingerprint: the first 12 hex digits of the SHA-256 of its substance as RFC 8785 JSON."""
        return fingerprint(self.substance())


class Scale(Model):
    """How options may be responded to, and what each response earns against each key (`points`: key, response)."""

    respond: Literal["each", "one", "once"] = Field(
        description="each: every option gets a response · one: one option is chosen · once: each response is given to one option"
    )
    how: Text = Field(description="One line above the options: how to answer.")
    responses: Frozen[Slug, Text] = Field(min_length=1, description="Each response and the words that show it.")
    points: Frozen[Slug, Frozen[Slug, int]] = Field(
        min_length=2, description="Rows are keys, columns responses; what is not written earns 0."
    )
    keys: Frozen[Slug, Text] = Field(description="Each key and the words that show it.")
    fits: tuple[Slug, ...] = Field((), description="Keys that count as fitting.")
    drift: tuple[Slug, ...] = Field(description="Keys whose option must name a drift.")
    leans: tuple[Slug, ...] | Literal["above-better"] = Field(
        description="Responses that, given to an option with a drift, show it; above-better: ranked above a better-keyed option."
    )
    exactly: Frozen[Slug, int] = Field(
        default_factory=lambda: MappingProxyType({}), description="How many options of an item must have this key."
    )
    judged: bool = Field(True, description="True where the scale asks for rating, ranking or most and least.")

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        if set(self.keys) != set(self.points):
            raise ValueError("keys and the rows of points must be the same names")
        for name, row in self.points.items():
            if unknown := set(row) - set(self.responses):
                raise ValueError(f"the row {name} gives points to {', '.join(sorted(unknown))}, which is no response")
        if unknown := {*self.drift, *self.exactly, *self.fits} - set(self.keys):
            raise ValueError(f"{', '.join(sorted(unknown))} is no key of this scale")
        if self.leans != ABOVE_BETTER and (unknown := set(self.leans) - set(self.responses)):
            raise ValueError(f"leans names {', '.join(sorted(unknown))}, which is no response")
        if self.leans == ABOVE_BETTER and list(self.keys) != list(self.responses):
            raise ValueError("above-better needs the same places as keys and as responses")
        return self


class Form(Model):
    """An ordered list of items, and how each is awarded."""

    id: Slug
    title: Text
    chapter: Slug | None = Field(None, description="The chapter it closes; practice and certification forms have none.")
    award: Literal["share", "all-or-nothing"] = Field("share", description="An item earns its share, or everything or nothing.")
    items: tuple[Slug, ...] = Field(min_length=1)


class Drift(Model):
    """One way of sliding out of the peer role, and what to do about it."""

    title: Text
    does: Text
    sounds: Text
    costs: Text
    practise: tuple[Text, ...]
    instead: Text


class Framework(Model):
    """A document that standards come from."""

    title: Text
    source: Text = Field(description="Key of book/references.bib.")
    note: Text


class Standard(Model):
    """One statement of a framework; `wording` says whether it is as published or ours."""

    text: Text
    under: str = ""
    wording: Literal["published", "ours"]


class Value(Model):
    """One of the five founding values."""

    title: Text


class Standards(Model):
    """What items are mapped to."""

    values: Frozen[Slug, Value]
    frameworks: Frozen[Slug, Framework]
    statements: Frozen[Text, Standard]


class Word(Model):
    """Words that the course avoids, and what it says instead."""

    avoid: Text
    instead: Text
    because: Text
    pattern: str | None = Field(None, description="A regular expression, where the plain words match too much.")
    within: Literal["scenes"] | None = Field(None, alias="in", description="scenes: the rule holds in items alone.")


class Words(Model):
    """The file book/words.yml."""

    words: tuple[Word, ...]


class Objective(Model):
    """What a reader will be able to do, and the competencies that it serves."""

    text: Text
    standards: tuple[Text, ...] = Field(min_length=1)


class Chapter(Model):
    """What a chapter says of itself in its front matter."""

    id: Slug
    title: Text
    part: str = ""
    hours: float = Field(gt=0)
    value: Slug
    standards: tuple[Text, ...] = Field(min_length=1)
    objectives: Frozen[Slug, Objective] = Field(min_length=1)
    notes: tuple[Text, ...] = ()


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

    def chapter(self, name: str) -> Chapter:
        return self.read_chapter(_look_up(name, self.chapter_paths, "chapter", self.book))

    def read_chapter(self, path: Path) -> Chapter:
        """What one page says of itself, whatever the other pages are like."""
        return self._model(Chapter, path, {"id": path.stem}, known=set(Chapter.model_fields))

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

    def place(self, thing: Item | Form | Chapter, *keys: str) -> Place:
        """Where a value of an item, form or chapter stands."""
        return self._document(self.path(thing)).place(*keys)

    def path(self, thing: Item | Form | Chapter) -> Path:
        """The file of an item, form or chapter."""
        match thing:
            case Item():
                return self.folder / "items" / thing.chapter / f"{thing.id}.yml"
            case Form():
                return self.folder / "forms" / f"{thing.id}.yml"
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
                return Bank(path)
        raise UnknownError(f"{given} is not a bank: it holds no scales.yml. Name the folder quizzes/ of the course.")
    here = Path.cwd()
    for parent in (here, *here.parents):
        if (parent / "quizzes" / "scales.yml").is_file():
            return Bank(parent / "quizzes")
    if (installed := Path(__file__).parent / "quizzes").is_dir():
        return Bank(installed)
    raise UnknownError("No bank was found: there is no quizzes/scales.yml here or above. Set ALONGSIDE_BANK to its folder.")


def fingerprint(what: Any) -> str:
    """The first 12 hex digits of the SHA-256 of `what` as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(what)).hexdigest()[:12]


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
