"""Items as HTML: the only caller of the template; knows no Sphinx, no notebook and no browser."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from . import scoring
from .bank import Bank
from .models import ABOVE_BETTER, Form, Item, Scale

SPOKEN = ("mine", "blank", "partly", "open", "checked", "unkept")  # what the module says, in the catalogue's words
HERE = Path(__file__).parent
SOURCES = (Path(__file__), *HERE.glob("templates/*.html"), *HERE.glob("languages/*.yml"))  # what a drawn page hangs on


def render(
    bank: Bank,
    form: Form,
    *,
    exam: bool = False,
    held: bool = False,
    links: str | None = "",
    level: int = 2,
    prefix: str = "al",
) -> str:
    """A form as HTML, the same bytes every time.

    `exam` leaves out key, points, drift and reason. `held` opens reasons once the whole is handed in. `links` stands before
    links to the book's pages; None makes none. `level` is the heading level of a scene, `prefix` begins every id, so that
    two copies can share a page.
    """
    items = bank.items_of(form)
    scores = {item.id: scoring.score_item(item, bank.scale_of(item), {}, form.award) for item in items}
    unit = math.lcm(*(score.possible for score in scores.values()))
    chances = math.lcm(1, *(chance.denominator for item in items for chance in _chances(bank, item).values()))
    uid = f"{prefix}-{form.id}"  # parts are joined by what no slug holds, so that no two ids meet
    shows = {
        "id": form.id,
        "uid": uid,
        "items": [
            _item(bank, item, uid, number if len(items) > 1 else 0, unit, chances, exam)
            for number, item in enumerate(items, start=1)
        ],
        "exam": exam,
        "held": held,
        "links": links,
        "level": level,
        "says": bank.says["quiz"],
    }
    if not exam:
        met: dict[str, int] = {}
        for drift in (drift for item in items for drift in item.drifts.values()):
            met[drift] = met.get(drift, 0) + 1
        shows |= {
            "award": form.award,
            "version": bank.course.version,
            "spoken": {name: bank.says["quiz"][name] for name in SPOKEN},
            "values": _values(bank, items, scores),
            "unit": unit,
            "chances": chances,
            "guessing": scoring.shown(sum((score.tally.guessing for score in scores.values()), scoring.Tally().guessing)),
            "drifts": [{"id": name, "title": drift.title} for name, drift in bank.drifts.items() if name in met],
            "bands": scoring.bands(max(met.values(), default=0)),
        }
    return environment().get_template("quiz.html").render(shows)


def alone(bank: Bank, form: Form, *, exam: bool = False) -> str:
    """A form as a page of its own, with its style and module inside, that opens from a folder."""
    return (
        environment()
        .get_template("alone.html")
        .render(
            language=bank.course.language,
            direction=bank.says["direction"],
            title=form.title,
            quiz=Markup(render(bank, form, exam=exam, links=None)),
            style=Markup(style()),
            script=Markup(classic_script().replace("</", "<\\/")),
        )
    )


def draw(template: str, **shows: Any) -> str:
    """One of the templates beside quiz.html, filled."""
    return environment().get_template(template).render(shows)


def as_data(value: Any) -> Markup:
    """Plain data as JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def style() -> str:
    """The quiz's look."""
    return _static("quiz.css")


def module() -> str:
    """The quiz's behaviour, as an ECMAScript module."""
    return _static("quiz.js")


def joined(*names: str) -> str:
    """Modules of static/ as one text, each in a scope of its own; a folder's files may not load modules."""
    return "\n".join(map(_scoped, names))


def _scoped(name: str) -> str:
    text = re.sub(r"^import [^;]*;\n", "", _static(name), flags=re.M)
    gives = ", ".join(re.findall(r"^export (?:async )?(?:const|let|function|class) (\w+)", text, flags=re.M))
    return f"const {{ {gives} }} = (() => {{\n{re.sub(r'^export ', '', text, flags=re.M)}\nreturn {{ {gives} }};\n}})();"


def classic_script(*more: str, begins: str = r"on\w*Page") -> str:
    """The quiz, the keeping of what it is given, and `more` modules, as a classic script that brings a whole page to life.

    It begins where modules export a function that is named as `begins` says, a pattern.
    """
    text = joined("quiz.js", "keep.js", *more)
    calls = "\n".join(f"{name}(document);" for name in re.findall(rf"^function ({begins})\(", text, flags=re.M))
    return f'(() => {{\n"use strict";\n{text}\n{calls}\n}})();\n'


def _values(bank: Bank, items: Sequence[Item], scores: Mapping[str, scoring.ItemScore]) -> list[dict[str, Any]]:
    mine: dict[str, list[scoring.ItemScore]] = {}
    for item in items:
        mine.setdefault(item.value, []).append(scores[item.id])
    return [
        {
            "id": value,
            "title": bank.standards.values[value].title,
            "count": len(some),
            "guessing": scoring.shown(sum((score.tally.guessing for score in some), scoring.Tally().guessing)),
        }
        for value, some in sorted(mine.items(), key=lambda each: list(bank.standards.values).index(each[0]))
    ]


def _item(bank: Bank, item: Item, uid: str, number: int, unit: int, chances: int, exam: bool) -> dict[str, Any]:
    scale = bank.scale_of(item)
    name = f"{uid}_{item.id}"
    shows: dict[str, Any] = {
        "id": item.id,
        "uid": name,
        "print": item.print,
        "label": bank.says["quiz"]["scene_n"].format(n=number) if number else "",
        "scale": item.scale,
        "value": item.value,
        "scene": [paragraph for paragraph in item.scene.split("\n") if paragraph.strip()],
        "ask": item.ask,
        "how": scale.how,
        "respond": scale.respond,
        "kind": kind(scale),
        "options": [_option(bank, item, scale, option, name, chances, exam) for option in item.shown],
    }
    if not exam:
        most = scoring.possible(item, scale)
        page, _, section = item.reread.partition("#")
        shows |= {
            "possible": most,
            "unit": unit // most,
            "guessing": scoring.shown(scoring.guessing(item, scale)),
            "words": {response: scale.keys.get(response, words.lower()) for response, words in scale.responses.items()},
            "reread": f"{page}.html#{section}",
        }
    return shows


def _option(bank: Bank, item: Item, scale: Scale, name: str, uid: str, chances: int, exam: bool) -> dict[str, Any]:
    option = item.options[name]
    shows: dict[str, Any] = {
        "id": name,
        "uid": f"{uid}_{name}",
        "text": option.text,
        "lean": "",
        "choices": [
            {"response": response, "words": words, "marks": "" if exam else _marks(item, scale, name, response)}
            for response, words in scale.responses.items()
        ],
    }
    if not exam:
        fits = option.key in scale.fits
        shows |= {
            "key": scale.keys[option.key],
            "why": option.why,
            "drift": option.drift,
            "sign": "fits" if fits else "drifts" if option.drift else "between",
        }
        attributes = {}
        if scale.leans == ABOVE_BETTER:
            attributes["rank"] = option.key
        if option.drift:
            attributes |= {"drift": option.drift, "chance": str(_chances(bank, item)[name] * chances)}
            drift = bank.drift(option.drift)
            shows |= {
                "drift_title": drift.title,
                "drift_word": bank.says["quiz"]["leans_to" if fits else "drift"],
                "instead": drift.instead,
            }
        shows["lean"] = _attributes(attributes)
    return shows


def _marks(item: Item, scale: Scale, option: str, response: str) -> Markup:
    attributes = {"points": str(scoring.points(item, scale, option, response))}
    if option in item.drifts and scale.leans != ABOVE_BETTER and response in scale.leans:
        attributes["leans"] = ""
    return _attributes(attributes)


def _attributes(values: Mapping[str, str]) -> Markup:
    return Markup("").join(Markup(' data-al-{}="{}"').format(name, escape(value)) for name, value in values.items())


def _chances(bank: Bank, item: Item) -> Mapping[str, Any]:
    scale = bank.scale_of(item)
    return {option: scoring.chance_of_lean(item, scale, option) for option in item.drifts}


def kind(scale: Scale) -> str:
    """How a scale is drawn: a row of radio buttons each, one list of them, two columns of them, or place pickers."""
    if scale.respond == "each":
        return "each"
    if len(scale.responses) == 1:
        return "one"
    return "places" if scale.leans == ABOVE_BETTER else "marks"


@cache
def environment() -> Environment:
    """Where templates are found, and how they are filled: escaped, and with nothing left undefined."""
    return Environment(loader=PackageLoader("alongside"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _static(name: str) -> str:
    return (files(__package__) / "static" / name).read_text("utf-8")


def single(item: Item) -> Form:
    """A form of one item, for a chapter's warm-up; it is no released form."""
    return Form(id=item.id, title=item.id, items=(item.id,))
