"""How often a program that sees only the options, and no scene, finds the best one: advice, with its interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..errors import Place, Problem
from ..scoring import jeffreys
from .check import check
from .course import Course, best, length

FOLDS = 20  # items are left out one by one up to here, and in as many groups from there on


@dataclass(frozen=True)
class Guess:
    """Right guesses of so many items, beside what chance gives; `band` is the 90 % Jeffreys interval of the share."""

    right: int
    of: int
    chance: float

    @property
    def band(self) -> tuple[float, float]:
        return jeffreys(self.right, self.of)

    def __str__(self) -> str:
        low, high = self.band
        return (
            f"{self.right} of {self.of} best options found without the scene; chance finds {self.chance * self.of:.1f} "
            f"(90 % interval of the share: {low:.0%} to {high:.0%}; chance {self.chance:.0%})"
        )


@check(
    "The options alone do not give the key away.",
    do="Look at what the best options have in common: a verb, a length, a tone. Give some wrong ones the same.",
    reason="What can be learnt without the scenes is a knack for quizzes.",
    rule=False,
)
def the_options_alone_do_not_give_the_key_away(course: Course) -> Iterator[Problem]:
    """Flag the bank when the interval's lower end beats chance by more than ten points."""
    guess = guessed(course)
    if guess and guess.band[0] > guess.chance + course.limits.above_chance:
        yield Problem(Place(course.bank.folder / "items"), f"{guess}.", "")


@lru_cache(maxsize=1)  # asked by the check and by the summary of one report
def guessed(course: Course) -> Guess | None:
    """Train on all other items' options, guess the best of each item's; None for a bank too small to say.

    Logistic regression on words and word pairs (tf-idf); the longest and the shortest option carry a word that says so.
    Items in which every option is best, or none, are set aside.
    """
    items = [(item, best(item, scale)) for item, scale in course.scaled]
    items = [(item, top) for item, top in items if 0 < len(top) < len(item.options)]
    if len(items) < course.limits.guess_items:
        return None
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    rows: list[str] = []
    marks: list[bool] = []
    groups: list[int] = []
    for number, (item, top) in enumerate(items):
        lengths = [length(option) for option in item.options.values()]
        for name in item.shown:  # not as in the file, where the best often comes first and would win every tie
            option = item.options[name]
            ends = " the_longest" * (length(option) == max(lengths)) + " the_shortest" * (length(option) == min(lengths))
            rows.append(option.text + ends)
            marks.append(name in top)
            groups.append(number)
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(class_weight="balanced", C=10)
    )
    folds = GroupKFold(min(len(items), FOLDS))
    chances = cross_val_predict(model, rows, marks, groups=groups, cv=folds, method="predict_proba")[:, 1]
    right, chance, at = 0, 0.0, 0
    for item, top in items:
        names = item.shown
        guesses = chances[at : at + len(names)]
        right += names[int(guesses.argmax())] in top
        chance += len(top) / len(names)
        at += len(names)
    return Guess(right, len(items), chance / len(items))
