"""A small course and records of it, for tests; run as `python -m tests.records` it writes tests/cases/records.json.

The file is read by Python and by JavaScript. What the views of a case should be is computed here by the real code and was
checked by hand where `says` tells what matters; test_record.py asserts those by themselves.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import rfc8785

from alongside.bank import Bank
from alongside.models import Chapter, Course
from alongside.record import Act, Record, RecordError, statement
from alongside.views import catalogue, plain, views

from .sample import CASES, Sample, item

ROOT = Path(__file__).parent.parent
BASE = "https://alongside.example/course/"
TO = CASES / "records.json"


class Small(Sample):
    """Nine items of three chapters, on every kind of scale."""

    def __init__(self, items: list[Any] | None = None) -> None:
        super().__init__(Bank(ROOT / "quizzes"), items or ITEMS)

    @cached_property
    def course(self) -> Course:
        return Course(iri=BASE, version="0.1.0")

    @cached_property
    def item_paths(self) -> MappingProxyType[str, Path]:
        return MappingProxyType({name: Path(name) for name in self._sample})

    @cached_property
    def chapter_paths(self) -> MappingProxyType[str, Path]:
        return MappingProxyType({name: Path(name) for name in ("alder", "birch", "cedar")})

    def chapter(self, name: str) -> Chapter:
        hours = {"alder": 1.5, "birch": 2.25, "cedar": 0.75}[name]
        objective = {"any": {"text": "Listen.", "standards": ["naps-9"]}}
        return Chapter.model_validate(
            {"id": name, "title": name.title(), "hours": hours, "standards": ["naps-9"], "objectives": objective}
        )


def _rated(*keys: str, drift: str = "fixing") -> dict[str, Any]:
    return {f"o{n}": {"key": key, "drift": drift if "in" in key else None} for n, key in enumerate(keys)}


_RATED = _rated("very-appropriate", "appropriate", "inappropriate", "very-inappropriate")
_BEST = {"ask": {"key": "best"}, "wait": {"key": "sound"}, "tell": {"key": "poor", "drift": "controlling"}}
_SEVERAL = {"sit": {"key": "do"}, "praise": {"key": "leave", "drift": "judging"}, "go": {"key": "leave", "drift": "withdrawing"}}
_MARKED = {"stay": {"key": "most"}, "mend": {"key": "least", "drift": "rescuing"}, "nod": {"key": "between", "drift": "uniform"}}
_RANKED = {"c": {"key": "3", "drift": "persuading"}, "a": {"key": "1"}, "b": {"key": "2", "drift": "fixing"}}
_FIVE = {f"r{n}": {"key": str(n), "drift": "exclusive" if n == 5 else None} for n in (3, 1, 5, 2, 4)}

ITEMS = [
    item("a-rated", "appropriateness", _RATED, chapter="alder", standards=["samhsa-I.4", "samhsa-I.1", "naps-9"]),
    item("a-best", "best", _BEST, chapter="alder", standards=["samhsa-II.1"]),
    item("a-several", "several", _SEVERAL, chapter="alder", standards=["samhsa-I.4", "samhsa-II.1"]),
    item("a-second-best", "best", _BEST, chapter="alder", standards=["samhsa-I.4"]),
    item("b-marked", "most-least", _MARKED, chapter="birch", value="never-controlling", standards=["samhsa-III.1"]),
    item("b-ranked", "rank-3", _RANKED, chapter="birch", value="never-controlling", standards=["samhsa-III.1", "naps-1"]),
    item("b-five", "rank-5", _FIVE, chapter="birch", value="never-controlling", standards=["naps-1"]),
    item("c-rated", "appropriateness", _rated("appropriate", "very-inappropriate", drift="judging"), chapter="cedar"),
    item("c-several", "several", _SEVERAL, chapter="cedar", value="a-shared-journey", standards=["icrc-1"]),
]
SMALL = Small()

GOOD = {
    "a-rated": {"o0": "very-appropriate", "o1": "appropriate", "o2": "inappropriate", "o3": "very-inappropriate"},
    "a-best": {"ask": "chosen"},
    "a-several": {"sit": "do", "praise": "leave", "go": "leave"},
    "a-second-best": {"ask": "chosen"},
    "b-marked": {"stay": "most", "mend": "least"},
    "b-ranked": {"a": "1", "b": "2", "c": "3"},
    "b-five": {f"r{n}": str(n) for n in range(1, 6)},
    "c-rated": {"o0": "appropriate", "o1": "very-inappropriate"},
    "c-several": {"sit": "do", "praise": "leave", "go": "leave"},
}
BAD = {
    "a-rated": {"o0": "very-inappropriate", "o1": "appropriate", "o2": "appropriate"},
    "a-best": {"tell": "chosen"},
    "a-several": {"praise": "do"},
    "a-second-best": {"wait": "chosen"},
    "b-marked": {"mend": "most", "stay": "least"},
    "b-ranked": {"a": "2", "b": "3", "c": "1"},
    "b-five": {"r1": "5", "r2": "4", "r3": "3", "r4": "2", "r5": "1"},
    "c-rated": {"o0": "very-inappropriate", "o1": "very-appropriate"},
    "c-several": {"go": "do", "sit": "leave", "praise": "do"},
}


class Maker:
    """Acts with ids from a seed, so that the same case is the same file."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.who = self.uuid()

    def uuid(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def act(self, what: str, at: str, **fields: Any) -> Act:
        at = at if at.endswith("Z") else f"{at}:00.000Z"
        common = {"id": self.uuid(), "at": at, "who": self.who, "version": "0.1.0", "what": what}
        return Act.model_validate({**common, **fields})

    def given(self, name: str, at: str, given: dict[str, str], form: str = "alder", **fields: Any) -> Act:
        one = SMALL.item(name if name in GOOD else "a-best")
        default = {"scale": one.scale, "print": one.print, "points": 0, "possible": 9, "took": 61, "form": form}
        return self.act(f"item/{name}", at, **{**default, "given": given, **fields})

    def good(self, name: str, at: str, **fields: Any) -> Act:
        return self.given(name, at, GOOD[name], **fields)

    def bad(self, name: str, at: str, **fields: Any) -> Act:
        return self.given(name, at, BAD[name], **fields)


def every_kind(make: Maker) -> list[Act]:
    """One act and more of every kind and every shape of response."""
    sitting = make.uuid()
    text = 'Was ich gehört habe: “nothing”.\nThen she said: \\ "/ \u2028\u2029 \u007f\u0001 \t 🙂 é ﬀ {[,]} [.] </script>'
    return [
        *(make.good(name, f"2026-11-0{n}T10:0{n}", points=n, possible=9, took=n * 40) for n, name in enumerate(GOOD, start=1)),
        *(make.bad(name, f"2026-11-1{n}T10:00:0{n}.00{n}Z", sure=1 + n % 3, form="review") for n, name in enumerate(BAD)),
        make.good("a-best", "2026-11-20T09:00", sitting=sitting, form="practice-a", points=7, possible=9),
        make.good("a-best", "2026-11-20T09:00", took=0, points=1, possible=3_000_000),
        make.good("a-best", "2026-11-20T09:00:00.001Z", took=86_400, points=1, possible=9_007_199_254_740_991),
        make.good("a-best", "2026-02-28T23:59:59.999Z", version="1.0.0-β 🙂", points=2, possible=3),
        make.given("gone-since", "1970-01-01T00:00", {"one-pair": "do"}, print="0123456789ab", scale="several"),
        make.act("form/practice-a", "2026-11-20T09:00", done=True, sitting=sitting),
        make.act("form/alder", "2024-02-29T09:00", done=True),
        make.act("chapter/alder", "2026-11-20T09:01", done=True),
        make.act("chapter/alder", "2026-11-20T09:02", done=False),
        *(
            make.act(f"rating/{name}", "2026-11-20T09:03", step=step)
            for name, step in [
                ("samhsa-I.4", "not-yet"),
                ("naps-12", "with-help"),
                ("samhsa-XII.4", "mostly"),
                ("icrc-1", "could-show"),
            ]
        ),
        make.act("reflection/alder-1", "2026-11-20T09:04", text=text),
        make.act("reflection/alder-1", "9998-12-31T23:59:59.999Z", text=""),
        make.act("reflection/alder-2", "2026-11-20T09:05", text="<img src=x onerror=alert(1)>"),
    ]


def views_cases() -> Iterable[dict[str, Any]]:
    """Records, each with the day and the zone in which it is read."""

    def case(says: str, acts: list[Act], today: str, zone: int = 0) -> dict[str, Any]:
        seen = views(SMALL, acts, date.fromisoformat(today), zone)
        return {"says": says, "today": today, "zone": zone, "acts": [act.row() for act in acts], "views": plain(seen)}

    make = Maker(2)
    yield case("nothing was given", [], "2026-11-21")
    yield case("everything at once", every_kind(make), "2026-11-21")
    yield case(
        "stale: another print, no such item, an option or response that is not there, a part of a once scale",
        [
            make.good("a-best", "2026-11-01T10:00", print="0123456789ab"),
            make.given("gone-since", "2026-11-01T10:00", {"ask": "chosen"}, print="0123456789ab"),
            make.given("a-best", "2026-11-01T10:01", {"shout": "chosen"}),
            make.given("a-best", "2026-11-01T10:01", {"ask": "chosen", "wait": "chosen"}),
            make.given("a-rated", "2026-11-01T10:01", {"o0": "do"}),
            make.given("b-marked", "2026-11-01T10:01", {"stay": "most"}),
            make.given("b-marked", "2026-11-01T10:01", {"stay": "most", "mend": "most"}),
            make.given("b-ranked", "2026-11-01T10:01", {"a": "1", "b": "2"}),
            make.good("a-best", "2026-11-01T10:02", scale="several"),
        ],
        "2026-11-21",
    )
    yield case(
        "the latest attempt stands, the first one leans, the later ones apart",
        [make.good("a-best", "2026-11-03T10:00"), make.bad("a-best", "2026-11-01T10:00"), make.bad("a-best", "2026-11-02T10:00")],
        "2026-11-04",
    )
    same = "2026-11-01T10:00"
    yield case("two at one instant are ordered by id", [make.bad("a-best", same), make.good("a-best", same)], "2026-11-01")
    held = [make.bad("a-best", "2026-11-01T12:00")]
    yield case("missed, and due in two days", held, "2026-11-02")
    yield case("due on the day", held, "2026-11-03")
    held = [*held, make.good("a-best", "2026-11-02T12:00")]
    yield case("held too early changes nothing", held, "2026-11-02")
    held = [*held, make.good("a-best", "2026-11-03T12:00", form="review")]
    yield case("held on the day: seven days more", held, "2026-11-03")
    held = [*held, make.good("a-best", "2026-11-15T12:00", form="review")]
    yield case("held late: twenty-one days from then", held, "2026-12-05")
    held = [*held, make.good("a-best", "2026-12-06T12:00", form="practice-a")]
    yield case("held three times: done", held, "2026-12-06")
    held = [*held, make.good("a-best", "2026-12-30T12:00")]
    yield case("held after that: done still", held, "2026-12-30")
    held = [*held, make.bad("a-best", "2026-12-31T12:00")]
    yield case("missed again: from the start", held, "2026-12-31")
    held = [*held, make.good("a-best", "2027-01-02T12:00"), make.bad("a-best", "2027-01-05T12:00")]
    yield case("missed at step one: back to step nothing", held, "2027-01-06")
    edge = [make.given("a-rated", "2026-11-01T12:00", {**GOOD["a-rated"], "o3": "appropriate"})]
    yield case("three quarters are not missed", edge, "2026-11-04")
    night = [
        make.bad("a-best", "2026-11-01T23:30"),
        make.good("a-best", "2026-11-04T00:30"),
        make.act("chapter/alder", "2026-11-04T00:30", done=True),
        make.act("reflection/alder-1", "2026-11-04T23:59:59.999Z", text="Late."),
        make.act("rating/samhsa-II.1", "2026-11-04T05:29:59.999Z", step="mostly"),
        make.act("rating/samhsa-II.1", "2026-11-04T05:30", step="could-show"),
    ]
    for zone in (0, 60, -60, 330, -330, 345, 840, -720):
        yield case(f"days are the reader's own: {zone} minutes east", night, "2026-11-04", zone)
    many = [make.bad(name, f"2026-11-01T10:0{n}") for n, name in enumerate(BAD)]
    yield case("what is due is mixed and cut at eight", many, "2026-11-03")
    yield case("nothing is due yet: the next day", many, "2026-11-02")
    some = [make.bad(name, "2026-11-01T10:00") for name in ("a-several", "a-rated", "a-second-best", "a-best", "c-several")]
    yield case("one chapter has more than the others can part", some, "2026-11-05")
    apart = [
        make.bad("a-best", "2026-11-01T10:00"),
        make.bad("a-rated", "2026-10-31T10:00"),
        make.bad("b-five", "2026-11-08T10:00"),
    ]
    yield case("the older first within a chapter, the next day that follows", apart, "2026-11-09")
    sure = [make.good(name, "2026-11-01T10:00", sure=1 + n % 3) for n, name in enumerate(GOOD)]
    sure += [make.bad(name, "2026-11-02T10:00", sure=3) for name in BAD]
    yield case("every attempt that says how sure", sure, "2026-11-02")
    yield case(
        "marks taken back, chapters that are gone, hours",
        [
            make.act("chapter/alder", "2026-11-01T10:00", done=True),
            make.act("chapter/birch", "2026-11-01T10:00", done=True),
            make.act("chapter/cedar", "2026-11-01T10:00", done=True),
            make.act("chapter/birch", "2026-11-02T10:00", done=False),
            make.act("chapter/gone", "2026-11-02T10:00", done=True),
            make.act("form/alder", "2026-11-02T10:00", done=True),
            make.act("form/birch", "2026-11-02T10:00", done=False),
        ],
        "2026-11-03",
    )
    yield case(
        "a rating stands beside the evidence; a text taken away is away",
        [
            make.act("rating/samhsa-I.4", "2026-11-01T10:00", step="could-show"),
            make.act("rating/samhsa-I.4", "2026-11-05T10:00", step="with-help"),
            make.act("rating/samhsa-V.1", "2026-11-05T10:00", step="not-yet"),
            make.good("a-rated", "2026-11-05T10:00"),
            make.bad("a-several", "2026-11-05T10:00"),
            make.act("reflection/alder-1", "2026-11-05T10:00", text="Mine."),
            make.act("reflection/alder-2", "2026-11-05T10:00", text="Gone."),
            make.act("reflection/alder-2", "2026-11-06T10:00", text=""),
        ],
        "2026-11-06",
    )
    acts = []
    for _ in range(150):
        name = make.random.choice(list(GOOD))
        at = f"2026-{make.random.randint(1, 12):02}-{make.random.randint(1, 28):02}T{make.random.randint(0, 23):02}:00"
        if make.random.random() < 0.1:
            acts.append(make.act(f"chapter/{make.random.choice(['alder', 'birch'])}", at, done=make.random.random() < 0.5))
        else:
            given = make.random.choice([GOOD[name], BAD[name]])
            acts.append(
                make.given(name, at, given, **({"sure": make.random.randint(1, 3)} if make.random.random() < 0.5 else {}))
            )
    yield case("a hundred and fifty acts at random", acts, "2026-12-29", -300)


def _put(value: Any, path: str, new: Any) -> Any:
    """A statement with one thing changed; `...` takes it away."""
    copy = json.loads(json.dumps(value))
    *way, last = path.split("|")
    at = copy
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    if new is ...:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = new
    return copy


def changed() -> Iterable[tuple[str, Any]]:
    """Statements that are not as they were written, each with what was done to it."""
    make = Maker(3)
    best = statement(make.good("a-best", "2026-11-01T10:00", points=1, possible=2, sure=2, sitting=make.uuid()), BASE)
    rated = statement(make.good("a-rated", "2026-11-01T10:00"), BASE)
    ranked = statement(make.good("b-ranked", "2026-11-01T10:00"), BASE)
    rating = statement(make.act("rating/samhsa-I.4", "2026-11-01T10:00", step="mostly"), BASE)
    told = statement(make.act("reflection/alder-1", "2026-11-01T10:00", text="Mine."), BASE)
    done = statement(make.act("chapter/alder", "2026-11-01T10:00", done=True), BASE)
    deep: Any = 1
    for _ in range(30):
        deep = {"a": deep}
    for what, path, new in [
        ("an id in capitals", "id", best["id"].upper()),
        ("an id of another version", "id", best["id"][:14] + "1" + best["id"][15:]),
        ("an id with a line end", "id", best["id"] + "\n"),
        ("an id that is a number", "id", 7),
        ("an id that is null", "id", None),
        ("no id", "id", ...),
        ("no timestamp", "timestamp", ...),
        ("a day that is not", "timestamp", "2026-02-30T10:00:00.000Z"),
        ("an hour that is not", "timestamp", "2026-02-03T24:00:00.000Z"),
        ("a second that is not", "timestamp", "2026-02-03T23:59:60.000Z"),
        ("no milliseconds", "timestamp", "2026-02-03T23:59:59Z"),
        ("a place's own time", "timestamp", "2026-02-03T23:59:59.000+01:00"),
        ("a year out of reach", "timestamp", "1969-12-31T23:59:59.999Z"),
        ("a year too far", "timestamp", "9999-01-01T00:00:00.000Z"),
        ("digits of another script", "timestamp", "٢026-02-03T23:59:59.000Z"),
        ("an actor that is a text", "actor", "me"),
        ("an actor with a name", "actor|name", "Dee"),
        ("an actor by mail", "actor|mbox", "mailto:dee@example.org"),
        ("another home", "actor|account|homePage", "https://elsewhere.example/"),
        ("a pseudonym that is a name", "actor|account|name", "dee"),
        ("another verb", "verb|id", "http://adlnet.gov/expapi/verbs/passed"),
        ("a verb in another language", "verb|display", {"en-GB": "answered"}),
        ("no object type", "object|objectType", ...),
        ("a capital in a name", "object|id", BASE + "item/A-best"),
        ("a name that leads up", "object|id", BASE + "item/../x"),
        ("a kind that is not", "object|id", BASE + "quiz/a-best"),
        ("only the base", "object|id", BASE),
        ("a prototype's name", "object|id", BASE + "__proto__/a-best"),
        ("another type", "object|definition|type", "http://adlnet.gov/expapi/activities/lesson"),
        ("another interaction", "object|definition|interactionType", "matching"),
        ("an interaction that is not", "object|definition|interactionType", "other"),
        ("a print of capitals", f"object|definition|extensions|{BASE}x/print", "0123456789AB"),
        ("a print of another length", f"object|definition|extensions|{BASE}x/print", "0123456789a"),
        ("no scale", f"object|definition|extensions|{BASE}x/scale", ...),
        ("a scale that is no name", f"object|definition|extensions|{BASE}x/scale", "constructor()"),
        ("one extension more", f"object|definition|extensions|{BASE}x/key", "best"),
        ("no response", "result|response", ...),
        ("an empty response", "result|response", ""),
        ("a response that is a list", "result|response", ["ask"]),
        ("a response with markup", "result|response", "<b>ask</b>"),
        ("a prototype as an option", "result|response", "__proto__"),
        ("more points than possible", "result|score|raw", 3),
        ("fewer points than none", "result|score|raw", -1),
        ("half a point", "result|score|raw", 0.5),
        ("points that are true", "result|score|raw", True),
        ("points that are a text", "result|score|raw", "1"),
        ("points without end", "result|score|raw", 10**30),
        ("nothing possible", "result|score|max", 0),
        ("a least that is not nothing", "result|score|min", 1),
        ("a least that is false", "result|score|min", False),
        ("a least that is null", "result|score|min", None),
        ("a share of its own", "result|score|scaled", 0.75),
        ("a time with a sign", "result|duration", "PT+61S"),
        ("a time with a space", "result|duration", "PT 61S"),
        ("a time with a nought before it", "result|duration", "PT061S"),
        ("a time of two days", "result|duration", "PT172800S"),
        ("a time in minutes", "result|duration", "PT1M1S"),
        ("surer than sure", f"result|extensions|{BASE}x/sure", 4),
        ("sure by half", f"result|extensions|{BASE}x/sure", 1.5),
        ("no word on how sure", "result|extensions", {}),
        ("success", "result|success", True),
        ("a sitting that is a name", "context|registration", "monday"),
        ("no version", "context|revision", ...),
        ("a version of no length", "context|revision", ""),
        ("a version too long", "context|revision", "1" * 41),
        ("another platform", "context|platform", "Beside"),
        ("a language", "context|language", "en"),
        ("no parent", "context|contextActivities", ...),
        ("two parents", "context|contextActivities|parent", best["context"]["contextActivities"]["parent"] * 2),
        ("a parent elsewhere", "context|contextActivities|parent|0|id", "https://elsewhere.example/form/alder"),
        ("a parent that is no form", "context|contextActivities|parent|0|id", BASE + "chapter/alder"),
        ("one thing more", "stored", "2026-11-01T10:00:01.000Z"),
        ("a prototype", "__proto__", {"a": 1}),
        ("something deep", "x", deep),
    ]:  # fmt: skip
        yield what, _put(best, path, new)
    for what, value, path, new in [
        ("pairs in another order", rated, "result|response", "[,]".join(reversed(rated["result"]["response"].split("[,]")))),
        ("a pair twice", rated, "result|response", "o0[.]do[,]o0[.]do"),
        ("a pair with two points", rated, "result|response", "o0[.]do[.]do"),
        ("half a pair", rated, "result|response", "o0"),
        ("an option that is no name", rated, "result|response", "__proto__[.]do"),
        ("one choice as a pair", rated, "result|response", "ask[.]chosen"),
        ("places as pairs", rated, "result|response", "a[.]1[,]b[.]2"),
        ("places that do not run", rated, "result|response", "a[.]1[,]b[.]3"),
        ("a place twice", ranked, "result|response", "a[,]a[,]b"),
        ("ten places", ranked, "result|response", "[,]".join("abcdefghij")),
        ("a step that is not", rating, "result|response", "always"),
        ("a rating with a score", rating, "result|score", {"raw": 1}),
        ("a standard that is no name", rating, "object|id", BASE + "rating/samhsa I.4"),
        ("a form in a rating's sitting", rating, "context|registration", best["context"]["registration"]),
        ("a text too long", told, "result|response", "x" * 20_001),
        ("a text too long by its signs", told, "result|response", "🙂" * 10_001),
        ("a text that is null", told, "result|response", None),
        ("a text of no length", told, "result|response", ""),
        ("a text that is done", told, "result|completion", True),
        ("a text and that it is away", told, "result|completion", False),
        ("a text away, and done", told, "result", {"completion": True}),
        ("a rating taken away", rating, "result", {"completion": False}),
        ("no result", told, "result", {}),
        ("done in words", done, "result|completion", "true"),
        ("done as a number", done, "result|completion", 1),
        ("a chapter answered", done, "verb|id", "http://adlnet.gov/expapi/verbs/answered"),
        ("a chapter with an interaction", done, "object|definition|interactionType", "choice"),
        ("a chapter in a sitting", done, "context|registration", best["context"]["registration"]),
    ]:  # fmt: skip
        yield what, _put(value, path, new)


def broken() -> Iterable[tuple[str, bytes | str, list[Act]]]:
    """Files that are refused: what is wrong, the file, and what was held before."""
    make = Maker(4)
    acts = [make.good("a-best", "2026-11-01T10:00"), make.act("reflection/alder-1", "2026-11-02T10:00", text="Mé.")]
    good = Record(BASE, acts).write()
    first, second = good.decode().splitlines(keepends=True)
    yield "nothing", b"", []
    yield "only blank lines", b"\n \t\r\n\n", []
    yield "a mark of byte order alone", b"\xef\xbb\xbf", []
    yield "a picture", b"\x89PNG\r\n\x1a\n\x00", []
    yield "UTF-16", good.decode().encode("utf-16"), []
    yield "Latin-1", good.decode().encode("latin-1"), []
    yield "a lone surrogate in bytes", b'"\xed\xa0\x80"\n', []
    yield "cut within a sign", good[: good.index("é".encode()) + 1], []
    for cut in (1, 2, len(first) // 2, len(first) - 2):
        yield f"cut at {cut}", first[:cut], []
    yield "cut in the second line", first + second[:-2], []
    yield "broken, with a line end", first[:40] + "\n", []
    yield "broken, and more after it", first[:40] + "\n" + second, []
    yield "a page of the web", "<!doctype html>\n<title>My record</title>\n", []
    yield "a table", "id,at,who\n1,2,3\n", []
    yield "a mark of byte order twice", "\ufeff\ufeff" + first, []
    for value in ("null", "1", '"text"', "[]", "{}", '{"object": null}', '{"object": []}', '{"object": {"id": 1}}', "NaN"):
        yield f"the value {value}", value + "\n", []
        yield f"the value {value} after a good line", first + value + "\n", []
    yield "not a number", first[:-3] + ',"x":NaN}\n', []
    yield "a number too large to be one", first[:-2] + ',"x":1e999}\n', []
    yield "a number of many digits", first[:-2] + ',"x":' + "9" * 400 + "}\n", []
    yield "two values in a line", first[:-1] + first, []
    yield "a comma at the end", first[:-2] + ",}\n", []
    yield "a list of statements", f"[{first[:-1]},{second[:-1]}]\n", []
    yield "another course", first.replace(BASE, "https://elsewhere.example/course/"), []
    yield "another course in the second line", first + second.replace(BASE, "https://elsewhere.example/"), []
    yield "the same course without its stroke", first.replace(BASE + "item", BASE[:-1] + "-2/item"), []
    yield "a lone surrogate in a text", second.replace("Mé", "\\ud800"), []
    yield "a lone surrogate in a name", first.replace('"ask"', '"\\udfff"'), []
    yield "a name twice, the last counts", first[:-2] + ',"id":"x"}\n', []
    told = json.loads(second)
    told["result"]["response"] = "Other."
    other = rfc8785.dumps(told).decode() + "\n"
    yield "one id says two things", first + second + other, []
    yield "one id says another thing than is held", first + other, acts
    for what, value in changed():
        yield what, json.dumps(value, ensure_ascii=False) + "\n", []


def taken() -> Iterable[tuple[str, str, list[Act], int]]:
    """Files that look odd and are taken: what is odd, the file, what was held before, and how many acts there are then."""
    make = Maker(5)
    acts = [make.good("a-best", "2026-11-01T10:00", points=2, possible=2), make.act("form/alder", "2026-11-02T10:00", done=True)]
    text = Record(BASE, acts).write().decode()
    first, second = text.splitlines(keepends=True)
    yield "as written", text, [], 2
    yield "with what is held already", text, acts, 2
    yield "a mark of byte order", "\ufeff" + text, [], 2
    yield "line ends of another system", text.replace("\n", "\r\n"), [], 2
    yield "blank lines", "\n \t\n" + first + "\n\r\n" + second + "\n\n", [], 2
    yield "no line end at the end", text[:-1], [], 2
    yield "another order, and twice", second + first + second, [], 2
    yield "not canonical, yet the same", json.dumps(json.loads(first), indent=None) + "\n", [], 1
    yield "numbers written otherwise", first.replace('"raw":2', '"raw":2.0').replace('"min":0', '"min":-0.0e3'), [], 1
    yield "signs written otherwise", first.replace("Alongside", "\\u0041longside").replace("/", "\\/"), [], 1
    yield "a name twice, the last is right", '{"id":"x",' + first[1:], [], 1


def write() -> dict[str, Any]:
    """The whole case file."""
    acts = Record(BASE, every_kind(Maker(1)))
    refused = []
    for says, data, held in broken():
        data = data if isinstance(data, bytes) else data.encode()
        try:
            Record(BASE, held).read(data)
        except RecordError as why:
            body = _body(data)
            refused.append({"says": says, **body, "held": [act.row() for act in held], "sentence": str(why)})
        else:
            raise AssertionError(f"{says} was taken")
    return {
        "about": "Written by `python -m tests.records`. Files are text, or hex where they are no UTF-8.",
        "base": BASE,
        "record": {
            "acts": [act.row() for act in acts],
            "statements": [statement(act, BASE) for act in acts],
            "bytes": acts.write().decode(),
        },
        "taken": [
            {"says": says, "text": text, "held": [act.row() for act in held], "acts": count}
            for says, text, held, count in taken()
        ],
        "refused": refused,
        "items": [{"id": one.id, "scale": one.scale} for one in ITEMS],
        "catalogue": catalogue(SMALL),
        "views": list(views_cases()),
    }


def _body(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"hex": data.hex()}


def dumps(cases: dict[str, Any]) -> str:
    """The case file's text: a case a line, so that a change of one is one line of a diff."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def part(value: Any) -> str:
        return "[\n" + ",\n".join(map(line, value)) + "\n]" if isinstance(value, list) else line(value)

    return "{\n" + ",\n".join(f"{line(name)}: {part(value)}" for name, value in cases.items()) + "\n}\n"


if __name__ == "__main__":
    TO.write_text(dumps(write()), "utf-8", newline="\n")
    print(f"Written: {TO}")
