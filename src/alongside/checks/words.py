"""Checks of words: those that the course avoids, and how the others are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Place, Problem
from ..models import Word
from . import prose
from .check import check
from .course import Course, item_texts

ABOUT = frozenset({"words.md", "glossary.md"})


@check(
    "No word to avoid stands where the course speaks.",
    do="Write what the line offers instead; book/words.yml says why.",
    reason="What we call people gets into notes, and the notes arrive before the person does.",
)
def no_word_to_avoid_is_used(course: Course) -> Iterator[Problem]:
    """Look for the patterns of book/words.yml in pages and items, titles and drifts.

    What stands in quotation marks or backticks is let pass on pages about language: words.md, glossary.md, and any page
    with `about-language: true` in its front matter.
    """
    patterns = [(word, pattern) for word in course.words if (pattern := _pattern(word))]
    for page in [*course.pages, *course.beside]:
        about = page.path.name in ABOUT or page.says.get("about-language") == "true"
        for block in page.blocks:
            text = prose.unquoted(block.text) if about else block.text
            for word, pattern in patterns:
                for match in pattern.finditer(text) if not word.within else ():
                    yield _problem(Place(page.path, block.line + text.count("\n", 0, match.start())), match[0], word)
    for item in course.items:
        for keys, text in item_texts(item):
            for word, pattern in patterns:
                for match in pattern.finditer(text):
                    yield _problem(course.place_of(course.place(item, *keys), match[0]), match[0], word)
    path = course.bank.folder / "drifts.yml"
    for name, drift in course.drifts.items():
        for text in (drift.title, drift.does, drift.costs, drift.instead, *drift.practise):
            for word, pattern in patterns:
                for match in pattern.finditer(text) if not word.within else ():
                    place = course.place_of(course.place_of(Place(path), f"{name}:"), match[0])
                    yield _problem(place, match[0], word)


@check(
    "Every word to avoid has a pattern that works.",
    do="Mend the pattern; it is a Python regular expression.",
    reason="A word that is never found is on the list for nothing.",
)
def every_pattern_of_a_word_works(course: Course) -> Iterator[Problem]:
    """Compile each pattern."""
    for word in course.words:
        if _pattern(word) is None:
            place = course.place_of(Place(course.book / "words.yml"), f"avoid: {word.avoid}")
            yield Problem(place, f"The pattern of “{word.avoid}” is no regular expression.", "")


@check(
    "Every word is spelt, and spelt as in Britain.",
    do="Write what the line offers. A name is left alone when it has its capital.",
    reason="A slip in spelling makes a reader doubt the rest, and sends a screen reader or a translation astray.",
)
def every_word_is_spelt_as_in_britain(course: Course) -> Iterator[Problem]:
    """Look words up in codespell's lists, in pages, items, forms, drifts and our own wording of standards."""
    names = _names(course)
    for page in [*course.pages, *course.beside]:
        for block in page.blocks:
            for at, word, write in prose.misspelt(block.text, names):
                place = Place(page.path, block.line + block.text.count("\n", 0, at))
                yield Problem(place, f"“{word}”: write {write}.", "")
    for place, text in _other_texts(course):
        for _, word, write in prose.misspelt(text, names):
            yield Problem(course.place_of(place, word), f"“{word}”: write {write}.", "")


def _other_texts(course: Course) -> Iterator[tuple[Place, str]]:
    for item in course.items:
        for keys, text in item_texts(item):
            yield course.place(item, *keys), text
    for form in course.forms:
        yield course.place(form, "title"), form.title
    for blueprint in course.blueprints:
        yield course.place(blueprint, "title"), blueprint.title
        yield course.place(blueprint, "about"), blueprint.about
    for chapter in course.chapters:
        for name, objective in chapter.objectives.items():
            yield course.place(chapter, "objectives", name, "text"), objective.text
    for name, drift in course.drifts.items():
        place = course.place_of(Place(course.bank.folder / "drifts.yml"), f"{name}:")
        for text in (drift.title, drift.does, drift.sounds, drift.costs, drift.instead, *drift.practise):
            yield place, text
    if course.standards:
        path = course.bank.folder / "standards.yml"
        for name, statement in course.standards.statements.items():
            if statement.wording == "ours":
                yield course.place_of(Place(path), f"{name}:"), statement.text


def _names(course: Course) -> frozenset[str]:
    """Words that have a capital inside a sentence somewhere, so that they may have one at its beginning too."""
    texts = [block.text for page in course.pages for block in page.blocks if block.kind == "text"]
    return frozenset().union(*map(prose.names, [*texts, *(text for item in course.items for _, text in item_texts(item))]))


def _pattern(word: Word) -> re.Pattern[str] | None:
    """The word's pattern, or the word itself with whatever parts its words; None where it is no regular expression."""
    plain = r"\b" + r"\s+".join(map(re.escape, word.avoid.split())) + r"\b"
    try:
        return re.compile((word.pattern or plain).replace(" ", r"\s+"), re.I)
    except re.error:
        return None


def _problem(place: Place, found: str, word: Word) -> Problem:
    return Problem(place, f"“{' '.join(found.split())}”: say {word.instead}.", "")
