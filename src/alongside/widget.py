"""`Quiz`, the ipywidget: Python draws it and scores it, the browser holds the responses; knows no file but the bank."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from . import page, scoring
from .bank import find_bank
from .errors import ResponseError

if TYPE_CHECKING:
    import pandas as pd

MODULE = page.module() + "\nexport default { render };\n"


class Quiz(anywidget.AnyWidget):
    """A form as a live quiz in JupyterLab, Notebook 7, VS Code and Colab.

    `form` names it; `bank` is the folder `quizzes/` where it is not found by itself; `site` is the address of the built
    book's pages, as in https://example.org/course/book/, for links to them; `exam=True` sends no key and no reason to the
    browser. The kernel holds the bank all the same: where sitters share it, collect `responses` and score them elsewhere.
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
    ) -> None:
        self._bank = find_bank(bank)
        self._form = self._bank.form(form)
        self._exam, self._site = exam, site
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


def _exactly(number: Fraction) -> str:
    return f"{float(number):.3f}"
