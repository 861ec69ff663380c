"""`Quiz`, the ipywidget: Python draws it and scores it, the browser holds the responses; knows no file but bank and record."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from . import page, scoring
from .bank import find_bank
from .errors import AlongsideError, ResponseError
from .record import Act, Record, RecordError, new

if TYPE_CHECKING:
    import pandas as pd

MODULE = page.module() + "\nexport default { render };\n"


class Quiz(anywidget.AnyWidget):
    """A form as a live quiz in JupyterLab, Notebook 7, VS Code and Colab.

    `form` names it; `bank` is the folder `quizzes/` where it is not found by itself; `site` is the address of the built
    book's pages, as in https://example.org/course/book/, for links to them; `exam=True` sends no key and no reason to the
    browser. The kernel holds the bank all the same: where sitters share it, collect `responses` and score them elsewhere.
    `record` names the file of a reader's record: what is checked is added to it, and the page My record opens it.
    """

    _esm = MODULE
    _css = page.style()

    html = traitlets.Unicode().tag(sync=True)
    responses = traitlets.Dict().tag(sync=True)
    checked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    acts: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        form: str,
        *,
        bank: str | Path | None = None,
        site: str | None = None,
        exam: bool = False,
        responses: scoring.Responses | None = None,
        record: str | Path | None = None,
    ) -> None:
        self._bank = find_bank(bank)
        self._form = self._bank.form(form)
        self._exam, self._site = exam, site
        self._path = Path(record) if record else None
        if self._path and not self._path.parent.is_dir():
            raise RecordError(f"{self._path} cannot be written: there is no folder {self._path.parent}. Name one that is there.")
        self._heard = 0  # how many of `acts` are in the file
        self._who = _whose(self.record) or str(uuid.uuid4())
        prefix = f"al{secrets.token_hex(3)}"  # two kernels' quizzes may stand on one page
        super().__init__(
            html=page.render(self._bank, self._form, exam=exam, links=site, prefix=prefix),
            responses={item: dict(given) for item, given in (responses or {}).items()},
        )

    @property
    def result(self) -> scoring.Result:
        """The sitting as it stands, scored: points, possible and guessing, by item, value, competency and drift."""
        return scoring.score(self._bank, self._form, self.responses)

    def frame(self) -> pd.DataFrame:
        """One row an option, in the form's order: what was responded, what it earned, the drift and whether it was shown.

        Columns form, item, value, scale, option, response (missing where blank), points, drift, leaned (missing where
        there was no opportunity). An incomplete response on a `one` or `once` scale counts as a blank.
        """
        import pandas as pd  # a quiz starts without it

        rows = []
        for item in self._bank.items_of(self._form):
            scale = self._bank.scale_of(item)
            given = scoring.whole(item, scale, self.responses.get(item.id, {}))
            for option in item.shown:
                response, drift = given.get(option), item.drifts.get(option)
                met = drift and (option in given or (given and scale.respond != "each"))
                rows.append(
                    {
                        "form": self._form.id,
                        "item": item.id,
                        "value": item.value,
                        "scale": item.scale,
                        "option": option,
                        "response": response,
                        "points": scoring.points(item, scale, option, response) if response else 0,
                        "drift": drift,
                        "leaned": scoring.leaned(item, scale, option, given) if met else None,
                    }
                )
        kinds = {"points": "int64", "leaned": "boolean"} | dict.fromkeys(
            ("form", "item", "value", "scale", "option", "response", "drift"), "string"
        )
        return pd.DataFrame(rows).astype(kinds)

    @property
    def record(self) -> Record:
        """The record as its file holds it now; empty where there is none yet. Raises RecordError where it is broken."""
        empty = Record(self._bank.course.iri)
        return empty.opened(self._path) if self._path and self._path.exists() else empty

    def pin(self) -> str:
        """One line that changes when a scene, an option, a key or a point of the form does, and shows none of them."""
        items = self._bank.items_of(self._form)
        key = {item.id: scoring.keyed(item, self._bank.scale_of(item)) for item in items}
        full, blank = (scoring.score(self._bank, self._form, given).total for given in (key, {}))
        return (
            f"{self._form.title}: {len(items)} items, {full.possible} possible; the key earns {scoring.shown(full.points)}, "
            f"a blank {scoring.shown(blank.points)}, guessing {_exactly(blank.guessing)}; "
            f"print {self._bank.form_print(self._form)}"
        )

    @traitlets.validate("responses")
    def _known(self, proposal: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        """Refuses, with the record named, what the form does not ask."""
        responses: dict[str, dict[str, str]] = proposal["value"]
        try:
            scoring.score(self._bank, self._form, responses)
        except ResponseError as why:
            raise traitlets.TraitError(str(why)) from None
        return responses

    @traitlets.validate("acts")
    def _sound(self, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Refuses, with what is wrong, an act that the form does not ask."""
        acts: list[dict[str, Any]] = proposal["value"]
        try:
            for act in acts:
                self._act(act)
        except (LookupError, TypeError, ValueError, AlongsideError) as why:
            raise traitlets.TraitError(f"This is no act of the form {self._form.id}: {why}") from None
        return acts

    @traitlets.observe("acts")
    def _keep(self, change: Mapping[str, Any]) -> None:
        """Adds to the file what was checked since; an incomplete response on a `one` or `once` scale is a blank."""
        acts = change["new"]
        if len(acts) < self._heard:  # a page that was drawn anew begins again
            self._heard = 0
        if self._path:
            record = self.record  # another quiz may have added to the file since
            self._who = _whose(record) or self._who
            if given := [row for row in map(self._act, acts[self._heard :]) if row]:
                record.add(given).save(self._path)
        self._heard = len(acts)

    def _act(self, act: Mapping[str, Any]) -> Act | None:
        """A row of what the browser says was checked; None where it is a blank."""
        if act["item"] not in self._form.items:
            raise ResponseError(f"The form {self._form.id} does not ask {act['item']}.")
        item = self._bank.item(act["item"])
        scale = self._bank.scale_of(item)
        given = scoring.whole(item, scale, act["responses"])
        if not given:
            return None
        score = scoring.score_item(item, scale, given)
        return new(
            self._bank.course, self._who, f"item/{item.id}", form=self._form.id, scale=item.scale, print=item.print,
            given=dict(given), points=score.earned, possible=score.possible, took=act["took"], sure=act.get("sure"),
        )  # fmt: skip

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live quiz; beside it, for a page without a kernel, the same quiz as HTML that is the same every time."""
        shown = super()._repr_mimebundle_(**kwargs)
        data, rest = (shown[0], shown[1:]) if isinstance(shown, tuple) else (shown, ())
        if data is None:
            return shown
        data = dict(data) | {
            "text/plain": repr(self),
            "text/html": page.render(self._bank, self._form, exam=self._exam, links=self._site or "../book/"),
        }
        return (data, *rest) if rest else data

    def __repr__(self) -> str:
        return f"Quiz({self._form.id!r})"


def _whose(record: Record) -> str | None:
    """The pseudonym of the latest act."""
    return record.acts[-1].who if record.acts else None


def _exactly(number: Fraction) -> str:
    return f"{float(number):.3f}"
