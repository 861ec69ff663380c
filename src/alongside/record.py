"""A person's record: its acts, their xAPI statements, and the file that both stand in; draws no conclusion from them.

An act is a compact row. Its statement is derived from it, byte for byte the same here and in the browser (canonical JSON
by RFC 8785), and a file is taken only where every statement comes back the same from the row that was read out of it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from uuid import uuid4

import rfc8785
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from . import says
from .errors import AlongsideError
from .models import Course, Frozen, Model, Slug

LARGEST = 50_000_000  # bytes
LONGEST = 20_000  # UTF-16 code units of a reflection, as a browser counts them
MOST = 2**53 - 1  # the largest whole number that every JSON reader holds exactly

Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Count = Annotated[int, Field(ge=0, le=MOST)]
Step = Literal["not-yet", "with-help", "mostly", "could-show"]

_KINDS = {  # what an act is about: the fields that it must have, and those that it may
    "item": (frozenset(("form", "scale", "print", "given", "points", "possible", "took")), frozenset(("sure", "sitting"))),
    "rating": (frozenset(("step",)), frozenset()),
    "reflection": (frozenset(("text",)), frozenset()),
    "chapter": (frozenset(("done",)), frozenset()),
    "form": (frozenset(("done",)), frozenset(("sitting",))),
}
_OTHERS = frozenset(name for sets in _KINDS.values() for names in sets for name in names)
_VERB = "http://adlnet.gov/expapi/verbs/"
_TYPE = "http://adlnet.gov/expapi/activities/"
_TYPES = {"chapter": "lesson", "form": "assessment"}
_INTERACTIONS = {"rating": "likert", "reflection": "long-fill-in"}


class RecordError(AlongsideError):
    """A record file that is broken, foreign or at odds with what is held; nothing was changed."""


def _refused(why: str, number: int = 0) -> RecordError:
    """Why a file is not taken, in the words that the page says too."""
    words: str = says.load()["record"]["file"][why]
    return RecordError(words.format(n=number))


class Act(Model):
    """One thing that its reader gave or marked: a row that is never changed, and has only the fields of its kind."""

    model_config = ConfigDict(strict=True)

    id: Uuid
    at: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.[0-9]{3}Z$")]
    who: Uuid
    version: str
    what: Annotated[
        str,
        StringConstraints(
            pattern=r"^((item|reflection|chapter|form)/[a-z0-9]+(-[a-z0-9]+)*|rating/[A-Za-z0-9]+([.-][A-Za-z0-9]+)*)$"
        ),
    ]
    form: Slug | None = None
    scale: Slug | None = None
    print: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = None
    given: Frozen[Slug, Slug] | None = Field(None, min_length=1)
    points: Count | None = None
    possible: Annotated[int, Field(ge=1, le=MOST)] | None = None
    took: Annotated[int, Field(ge=0, le=86_400)] | None = None
    sure: Annotated[int, Field(ge=1, le=3)] | None = None
    sitting: Uuid | None = None
    step: Step | None = None
    text: str | None = None
    done: bool | None = None

    @property
    def kind(self) -> str:
        """What it is about: item, rating, reflection, chapter or form."""
        return self.what.partition("/")[0]

    @property
    def about(self) -> str:
        """The name of the item, standard, reflection, chapter or form."""
        return self.what.partition("/")[2]

    def row(self) -> dict[str, Any]:
        """The act as plain data: the fields that it has, and no others."""
        return {name: dict(value) if name == "given" else value for name, value in self if value is not None}

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        must, may = _KINDS[self.kind]
        has = {name for name in _OTHERS if getattr(self, name) is not None}
        if not must <= has <= must | may:
            raise ValueError(f"an act about {self.kind}/ has the fields {', '.join(sorted(must))}")
        year, month, day = int(self.at[:4]), int(self.at[5:7]), int(self.at[8:10])
        date(year, month, day)  # raises ValueError where there is no such day
        if not 1970 <= year <= 9998:
            raise ValueError("a year out of all reach")
        if not 1 <= _units(self.version) <= 40 or _units(self.text or "") > LONGEST:
            raise ValueError("a text that is too long, or a version of no length")
        if self.given is not None and self.points is not None and self.possible is not None:
            if self.points > self.possible:
                raise ValueError("more points than are possible")
            if _ranked(self.given) and sorted(self.given.values()) != [str(place + 1) for place in range(len(self.given))]:
                raise ValueError("places that do not run from 1")
        return self


def new(course: Course, who: str, what: str, **fields: Any) -> Act:
    """An act that is given now."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Act.model_validate({"id": str(uuid4()), "at": at, "who": who, "version": course.version, "what": what, **fields})


class Record:
    """A set of acts under a course's address; never changed, only made anew with more in it."""

    def __init__(self, base: str, acts: Iterable[Act] = ()) -> None:
        self.base = base
        held: dict[str, Act] = {}
        for act in acts:
            if held.setdefault(act.id, act) != act:
                raise RecordError("Two acts say different things under one id. Leave one of the two out.")
        self.acts = tuple(sorted(held.values(), key=lambda act: (act.at, act.id)))

    @classmethod
    def open(cls, path: str | Path, base: str) -> Record:
        """What a record file holds; raises RecordError, which names the file, where it cannot be taken whole."""
        return cls(base).opened(path)

    def opened(self, path: str | Path) -> Record:
        """This record together with what a file holds."""
        try:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as why:
            raise RecordError(f"{path} cannot be read ({why.strerror}). Name the file that Save my record made.") from None
        try:
            return self.read(data)
        except RecordError as why:
            raise RecordError(f"{path}: {why}") from None

    def read(self, data: bytes) -> Record:
        """This record together with what the bytes of a file hold.

        Raises RecordError with one sentence where anything in them is not as Alongside wrote it; the same act twice
        counts once.
        """
        held, found = {act.id: act for act in self.acts}, False
        for number, act in _acts(data, self.base):
            if held.setdefault(act.id, act) != act:
                raise _refused("other", number)
            found = True
        if not found:
            raise _refused("empty")
        return Record(self.base, held.values())

    def merge(self, other: Record) -> Record:
        """Both together, whichever is asked."""
        return self.add(other.acts)

    def add(self, acts: Iterable[Act]) -> Record:
        """This record with more acts."""
        return Record(self.base, (*self.acts, *acts))

    def write(self) -> bytes:
        """The record as a file's bytes: one canonical statement a line, by time; raises RecordError where it is empty."""
        if not self.acts:
            raise _refused("nothing")
        return b"".join(rfc8785.dumps(statement(act, self.base)) + b"\n" for act in self.acts)

    def save(self, path: str | Path) -> Path:
        """Write it to a file, whole or not at all."""
        path, data = Path(path), self.write()
        beside = None
        try:
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                beside = Path(file.name)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as why:
            if beside:
                beside.unlink(missing_ok=True)
            raise RecordError(f"{path} cannot be written ({why.strerror}). Name a file in a folder that is there.") from None
        return path

    def __len__(self) -> int:
        return len(self.acts)

    def __iter__(self) -> Iterator[Act]:
        return iter(self.acts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and (self.base, self.acts) == (other.base, other.acts)

    def __hash__(self) -> int:
        return hash((self.base, tuple(act.id for act in self.acts)))

    def __repr__(self) -> str:
        return f"<Record: {len(self)} acts>"


def statement(act: Act, base: str) -> dict[str, Any]:
    """An act as an xAPI statement."""
    verb = "completed" if act.kind in _TYPES else "answered"
    definition: dict[str, Any] = {"type": _TYPE + _TYPES.get(act.kind, "cmi.interaction")}
    context: dict[str, Any] = {"platform": "Alongside", "revision": act.version}
    result: dict[str, Any]
    if act.given is not None and act.points is not None and act.possible is not None:
        definition["interactionType"], response = _response(act.given)
        definition["extensions"] = {f"{base}x/print": act.print, f"{base}x/scale": act.scale}
        result = {
            "response": response,
            "score": {"raw": act.points, "min": 0, "max": act.possible, "scaled": act.points / act.possible},
            "duration": f"PT{act.took}S",
        }
        if act.sure is not None:
            result["extensions"] = {f"{base}x/sure": act.sure}
        context["contextActivities"] = {"parent": [{"objectType": "Activity", "id": f"{base}form/{act.form}"}]}
    elif act.kind in _TYPES:
        result = {"completion": act.done}
    else:
        definition["interactionType"] = _INTERACTIONS[act.kind]
        said = act.step or act.text
        result = {"response": said} if said else {"completion": False}  # record stores refuse a response that is empty
    if act.sitting is not None:
        context["registration"] = act.sitting
    return {
        "id": act.id,
        "timestamp": act.at,
        "actor": {"objectType": "Agent", "account": {"homePage": base, "name": act.who}},
        "verb": {"id": _VERB + verb, "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": base + act.what, "definition": definition},
        "result": result,
        "context": context,
    }


def _acts(data: bytes, base: str) -> Iterator[tuple[int, Act]]:
    """Each line's number and act; raises RecordError at the first line that holds none."""
    if len(data) > LARGEST:
        raise _refused("large")
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise _refused("binary") from None
    for number, line in enumerate(lines, start=1):
        if line.strip(" \t\r"):
            yield number, _act(line, number, number == len(lines), base)


def _act(line: str, number: int, last: bool, base: str) -> Act:
    """The act of one line; `last` where nothing ends it."""
    try:
        value = _JSON.decode(line)
    except RecursionError:
        raise _refused("changed", number) from None
    except ValueError:
        if last:
            raise _refused("cut", number) from None
        raise _refused("foreign", number) from None
    about = value.get("object") if isinstance(value, dict) else None
    name = about.get("id") if isinstance(about, dict) else None
    if not isinstance(name, str):
        raise _refused("foreign", number)
    if not name.startswith(base):
        raise _refused("elsewhere", number)
    try:
        act = Act.model_validate(_row(value, name.removeprefix(base), base))
    except (LookupError, TypeError, AttributeError, ValueError):  # whatever else stands where a statement's parts should
        raise _refused("changed", number) from None
    again = statement(act, base)
    if value != again or not _same(value["result"], again["result"]):  # Python finds 1 and true equal; only results hold numbers
        raise _refused("changed", number)
    return act


def _row(value: Mapping[str, Any], what: str, base: str) -> dict[str, Any]:
    """The fields of an act, read from where a statement has them; what else the statement holds is not looked at."""
    result, context = value["result"], value["context"]
    row: dict[str, Any] = {
        "id": value["id"],
        "at": value["timestamp"],
        "who": value["actor"]["account"]["name"],
        "version": context["revision"],
        "what": what,
    }
    kind = what.partition("/")[0]
    if kind == "item":
        definition, score = value["object"]["definition"], result["score"]
        row |= {
            "form": context["contextActivities"]["parent"][0]["id"].removeprefix(f"{base}form/"),
            "scale": definition["extensions"][f"{base}x/scale"],
            "print": definition["extensions"][f"{base}x/print"],
            "given": _given(definition["interactionType"], result["response"]),
            "points": _whole(score["raw"]),
            "possible": _whole(score["max"]),
            "took": int(result["duration"].removeprefix("PT").removesuffix("S")[:6]),
        }
        if "extensions" in result:
            row["sure"] = _whole(result["extensions"][f"{base}x/sure"])
    elif kind in _TYPES:
        row["done"] = result["completion"]
    elif kind == "rating":
        row["step"] = result["response"]
    elif kind == "reflection":
        row["text"] = result.get("response", "")
    if "registration" in context:
        row["sitting"] = context["registration"]
    return row


def _response(given: Mapping[str, str]) -> tuple[str, str]:
    """The interaction type and the response, by the shape of what was given."""
    if list(given.values()) == ["chosen"]:
        return "choice", next(iter(given))
    if _ranked(given):
        return "sequencing", "[,]".join(sorted(given, key=lambda option: given[option]))
    return "matching", "[,]".join(f"{option}[.]{given[option]}" for option in sorted(given))


def _given(interaction: str, response: str) -> dict[str, str]:
    if interaction == "choice":
        return {response: "chosen"}
    parts = response.split("[,]")
    if interaction == "sequencing":
        return {option: str(place) for place, option in enumerate(parts, start=1)}
    return {option: answer for option, answer in (part.split("[.]") for part in parts)}


def _ranked(given: Mapping[str, str]) -> bool:
    return all(len(response) == 1 and response in "123456789" for response in given.values())


def _whole(number: Any) -> Any:
    """1.0 is 1, as every other reader of JSON has it."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _units(text: str) -> int:
    """How long a browser finds a text."""
    return len(text.encode("utf-16-le")) // 2


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values have the same canonical form."""
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(
    parse_constant=_no_number,
    parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits),  # Python reads no number of thousands of digits
)
