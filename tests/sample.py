"""Items for tests, built from the real scales: from cases, and at random for laws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from alongside.bank import Bank
from alongside.models import Form, Item

DRIFTS = [
    "controlling",
    "fixing",
    "judging",
    "clinical",
    "rescuing",
    "withdrawing",
    "self-focused",
    "uniform",
    "persuading",
    "exclusive",
]
CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


class Sample(Bank):
    """The real bank with items and forms of its own in place of the real ones."""

    def __init__(self, bank: Bank, items: list[Item], award: str = "share") -> None:
        super().__init__(bank.folder)
        self._sample = {item.id: item for item in items}
        self.only = Form(id="sample", title="A sample", award=award, items=tuple(self._sample))

    def item(self, name: str) -> Item:
        return self._sample[name]

    def form(self, name: str = "sample") -> Form:
        return self.only


def item(name: str, scale: str, options: Mapping[str, Mapping[str, Any]], **more: Any) -> Item:
    words = {option: {"text": f"Do {option}.", "why": f"Because of {option}.", **has} for option, has in options.items()}
    given = {
        "id": name,
        "chapter": "sample",
        "scene": "Somebody waits.",
        "ask": "What fits here?",
        "scale": scale,
        "value": "mutual-respect",
        "standards": ["samhsa-I.4", "naps-9"],
        "objective": "any",
        "reread": "mutual-respect#near-there",
        "setting": "drop-in",
        "options": words,
    }
    return Item.model_validate({**given, **more})


@st.composite
def items(draw: st.DrawFn, bank: Bank, name: str) -> Item:
    """An item of any scale, with keys and drifts as the scale allows."""
    scale_name = draw(st.sampled_from(sorted(bank.scales)))
    scale = bank.scales[scale_name]
    keys = [key for key, count in scale.exactly.items() for _ in range(count)]
    if len(keys) < len(scale.keys) or not scale.exactly:
        free = [key for key in scale.keys if key not in scale.exactly]
        keys += draw(st.lists(st.sampled_from(free), min_size=max(0, 3 - len(keys)), max_size=5 - len(keys)))
    keys = draw(st.permutations(keys))
    options = {}
    for number, key in enumerate(keys):
        drift = draw(st.sampled_from(DRIFTS)) if key in scale.drift or draw(st.booleans()) else None
        options[f"o{number}"] = {"key": key, "drift": drift}
    return item(name, scale_name, options)


@st.composite
def responses(draw: st.DrawFn, bank: Bank, one: Item) -> dict[str, str]:
    """Responses to an item: none, some or all."""
    scale = bank.scales[one.scale]
    if scale.respond == "each":
        given = {option: draw(st.sampled_from([None, *scale.responses])) for option in one.options}
        return {option: response for option, response in given.items() if response}
    order = draw(st.permutations(list(one.options)))
    given = dict(zip(order, scale.responses, strict=False))
    keep = draw(st.integers(0, len(given)) | st.just(len(given)))
    return dict(list(given.items())[:keep])


@st.composite
def sittings(draw: st.DrawFn, bank: Bank) -> tuple[Sample, dict[str, dict[str, str]]]:
    """A form of one to five items on any scales, and one sitting of it."""
    made = [draw(items(bank, f"item-{number}")) for number in range(draw(st.integers(1, 5)))]
    award = draw(st.sampled_from(["share", "all-or-nothing"]))
    given = {one.id: draw(responses(bank, one)) for one in made}
    return Sample(bank, made, award), {name: each for name, each in given.items() if each}
