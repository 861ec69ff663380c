"""An example record of a reader who does not exist: the same every time from the same bank, and like a real one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from . import scoring
from .bank import Bank
from .models import Item
from .record import Act, Record

START = datetime(2026, 10, 12, 17, 30)
PLAN = (  # day, what, form: two quizzes that close a chapter, what comes back of them, and one of them again
    (0, "rate", ""),
    (1, "take", "mutual-respect"),
    (4, "again", "mutual-respect"),
    (9, "take", "never-controlling"),
    (12, "again", "mutual-respect"),
    (13, "again", "never-controlling"),
    (20, "take", "everyones-voice"),
    (33, "again", "mutual-respect"),
    (34, "rate", ""),
)
RATINGS = {
    "samhsa-I.4": ("mostly", "with-help"),
    "samhsa-I.5": ("could-show", "mostly"),
    "samhsa-III.3": ("not-yet", "mostly"),
    "naps-9": ("with-help", "mostly"),
}
WRITTEN = {
    "mutual-respect-1": "They knew what it is like to wait. They did not know what I was waiting for.",
    "mutual-respect-2": "The door code, and the list of who comes on Thursdays.\nI could say so at the start.",
    "never-controlling-1": "Last week. A no would have meant a longer bus ride for somebody.",
}


def write(bank: Bank, path: Path) -> Path:
    """Write the example."""
    return make(bank).save(path)


def stale(bank: Bank, path: Path) -> Iterator[str]:
    """A sentence where the example is not what the bank would make."""
    if not path.is_file() or path.read_bytes() != make(bank).write():
        yield f"{path} differs from the scenes of today."


def make(bank: Bank) -> Record:
    """The example's record."""
    who = _uuid("who")
    return Record(bank.course.iri, (_act(bank, who, *each) for each in _acts(bank)))


def _acts(bank: Bank) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
    missed: dict[str, list[str]] = {}
    first = True
    for day, what, name in PLAN:
        at = START + timedelta(days=day)
        if what == "rate":
            for number, (standard, steps) in enumerate(RATINGS.items()):
                yield f"rating/{standard}", at + timedelta(seconds=20 * number), {"step": steps[not first]}
            first = False
            continue
        if name not in bank.form_paths:
            continue
        items = bank.form(name).items if what == "take" else missed[name]
        missed[name] = []
        for item in map(bank.item, items):
            luck = random.Random(f"{day}/{item.id}")  # by its name, so that one scene changes nothing for another
            took = luck.randint(25, 110)
            at += timedelta(seconds=took)
            given = _given(bank, item, luck, 0.8 if what == "again" else 0.55)
            score = scoring.score_item(item, bank.scale_of(item), given)
            if score.tally.points < 1:
                missed[name].append(item.id)
            sure = {"sure": luck.choice((1, 2, 2, 3))} if luck.random() < 0.8 else {}
            yield f"item/{item.id}", at, {
                "form": "review" if what == "again" else name, "scale": item.scale, "print": item.print, "given": given,
                "points": score.earned, "possible": score.possible, "took": took, **sure,
            }  # fmt: skip
        if what == "take":
            for number, (slug, text) in enumerate(WRITTEN.items(), start=1):
                if slug.rpartition("-")[0] == name:
                    yield f"reflection/{slug}", at + timedelta(minutes=4 * number), {"text": text}
            yield f"chapter/{name}", at + timedelta(minutes=15), {"done": True}


def _given(bank: Bank, item: Item, luck: random.Random, knows: float) -> dict[str, str]:
    """What its reader responds: now what is keyed, now what came to mind."""
    scale, key = bank.scale_of(item), dict(scoring.keyed(item, bank.scale_of(item)))
    if scale.respond == "each":
        return {option: key[option] if luck.random() < knows else luck.choice(list(scale.responses)) for option in key}
    if luck.random() < knows:
        return key
    return dict(zip(luck.sample(sorted(item.options), len(scale.responses)), scale.responses, strict=True))


def _act(bank: Bank, who: str, what: str, at: datetime, fields: dict[str, Any]) -> Act:
    common = {"id": _uuid(f"{what}/{at}"), "at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "who": who, "version": bank.course.version}
    return Act.model_validate({**common, "what": what, **fields})


def _uuid(name: str) -> str:
    return str(UUID(int=random.Random(f"example/{name}").getrandbits(128), version=4))
