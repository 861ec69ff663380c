"""What items, scales, forms, blueprints, standards, drifts, words and chapters are: frozen, typed, closed to the unknown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from string import ascii_lowercase
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar

import rfc8785
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

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
FRAMEWORKS = {"samhsa": "SAMHSA", "naps": "N.A.P.S.", "ncps": "NCPS", "icrc": "IC&RC"}
Award = Literal["share", "all-or-nothing"]
Kind = Literal["quiz", "practice"]


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


class Assembled(Model):
    """What a form was made from: the same blueprint, seed and items give the same form on every machine."""

    blueprint: Slug
    seed: int = Field(ge=0)


class Form(Model):
    """An ordered list of items, and how each is awarded."""

    id: Slug
    title: Text
    chapter: Slug | None = Field(None, description="The chapter it closes; practice and certification forms have none.")
    kind: Kind = Field("quiz", description="quiz: it has a notebook of its own · practice: sat whole, on a page of the book.")
    award: Award = Field("share", description="An item earns its share, or everything or nothing.")
    assembled: Assembled | None = Field(None, description="What it was made from; such a form is never written by hand.")
    items: tuple[Slug, ...] = Field(min_length=1)


class Count(Model):
    """How many: at least so many, and at most so many where `most` says so."""

    least: int = 0
    most: int | None = None

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


COUNT = r"(\d{1,3})|(\d{1,3}) to (\d{1,3})|at least (\d{1,3})|at most (\d{1,3})"


def _count(given: Any) -> Count:
    if isinstance(given, Count):
        return given
    found = re.fullmatch(COUNT, str(given))
    if not found:
        raise ValueError("write a count as 3, as 3 to 4, as at least 3 or as at most 4")
    one, low, high, least, most = (int(each) if each else None for each in found.groups())
    if low is not None and high is not None and low > high:
        raise ValueError(f"{low} is more than {high}")
    if one is not None:
        low = high = one
    return Count(least=low or least or 0, most=most if high is None else high)


_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 999}, {"type": "string", "pattern": f"^({COUNT})$"}]}
Counts = Annotated[Count, BeforeValidator(_count), WithJsonSchema(_SCHEMA)]


class Blueprint(Model):
    """What forms must contain, so that any of them may stand for another."""

    id: Slug
    title: Text = Field(description="The forms are called so, with a letter: Practice form A.")
    about: Text = Field(description="One sentence: what these forms are for.")
    kind: Kind = Field("practice", description="What kind of form is made.")
    award: Award = Field("share", description="An item earns its share, or everything or nothing.")
    forms: int = Field(ge=1, le=26, description="How many forms.")
    items: int = Field(ge=1, le=999, description="How many items each form has.")
    overlap: int = Field(0, ge=0, description="How many items any two of the forms may share.")
    draws_on: tuple[Slug, ...] = Field((), description="The forms whose items serve; without it, every item of the bank.")
    values: Frozen[Slug, Counts] = Field(
        default_factory=lambda: MappingProxyType({}), description="How many items of a value each form has."
    )
    scales: Frozen[Slug, Counts] = Field(
        default_factory=lambda: MappingProxyType({}), description="How many items on a scale each form has."
    )
    each_setting_at_most: int | None = Field(None, ge=1, description="How many items of a form may share a setting.")
    each_drift_at_least: int = Field(0, ge=0, description="How many options of a form show each drift, where the bank allows.")

    @property
    def makes(self) -> tuple[str, ...]:
        """The forms' ids: the blueprint's, and a letter."""
        return tuple(f"{self.id}-{letter}" for letter in ascii_lowercase[: self.forms])


class Course(Model):
    """What the course is called in a reader's record, and how long a scene takes."""

    iri: Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]+/$")] = Field(
        description="The names of things in records begin with it: an address that you hold, ending in /."
    )
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$")] = Field(
        description="Goes into every record; change it when scenes or keys change."
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = Field(
        "en", description="The language of what pages say by themselves: a file of src/alongside/languages/."
    )
    seconds_a_scene: int = Field(75, ge=10, le=600, description="How long a scene takes, for what fits ten minutes.")


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
    value: Slug | None = Field(None, description="The founding value that it teaches; a chapter that mixes them has none.")
    standards: tuple[Text, ...] = Field(min_length=1)
    objectives: Frozen[Slug, Objective] = Field(min_length=1)
    notes: tuple[Text, ...] = ()


def fingerprint(what: Any) -> str:
    """The first 12 hex digits of the SHA-256 of `what` as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(what)).hexdigest()[:12]


def code(standard: str) -> str:
    """A standard as it is shown: samhsa-I.4 as SAMHSA I.4."""
    framework, _, number = standard.partition("-")
    return f"{FRAMEWORKS.get(framework, framework)} {number}"
