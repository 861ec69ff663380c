"""The numbers that the rules hold content to, in one place; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What is asked of a full course; a test with a small one lowers them."""

    options: tuple[int, int] = (3, 5)
    scene_words: tuple[int, int] = (40, 120)
    why_sentences: tuple[int, int] = (1, 3)
    why_words: int = 6
    length_ratio: float = 1.75  # the longest option over the shortest, in words
    length_slack: int = 4  # words of difference that are never too many: 3 against 7 says little
    repeated_stems: int = 3

    form_items: int = 14  # of a chapter's form
    mixed_items: int = 12  # of the form of a chapter that mixes the values
    part_drift: int = 8  # options that show each drift, over the forms of a part
    form_drifts: int = 6
    form_scales: int = 5  # families: the three rank scales are one
    few: int = 6  # items under which a share of a form is not judged
    longest_best: float = 1 / 3
    one_place: float = 1 / 2
    warm_wrong: float = 1 / 3
    plain_best: float = 1 / 3
    judged: float = 1 / 2
    recall: float = 1 / 10

    objectives: tuple[int, int] = (3, 5)
    chapter_words: tuple[int, int] = (2000, 3000)
    grade: float = 8.0
    section_grade: float = 9.0
    section_words: int = 100  # a shorter section is too small to grade

    above_chance: float = 0.10
    guess_items: int = 12  # under which the classifier says nothing
