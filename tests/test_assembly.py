"""Forms from blueprints: the course's own, and small banks held to every choice of items that there is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside import assembly, notebooks, scoring
from alongside.assembly import forms as files
from alongside.bank import Bank
from alongside.errors import Place
from alongside.models import Blueprint, Count

from . import sample
from .conftest import ROOT

REAL = Bank(ROOT / "quizzes")
PRACTICE = REAL.blueprint("practice")
LIGHT = PRACTICE.model_copy(update={"each_drift_at_least": 0, "items": 4, "scales": {}, "values": {}, "id": "light"})


# -- the practice forms


def within(count, asked):
    return asked.least <= count and (asked.most is None or count <= asked.most)


@pytest.fixture(scope="module")
def practice():
    return assembly.assemble(REAL, PRACTICE, files.seed_of(REAL, PRACTICE))


@pytest.mark.slow
def test_the_practice_forms_are_what_their_blueprint_and_the_items_give(practice):
    assert list(files.stale(REAL, practice)) == [], "Type: alongside assemble practice"


@pytest.mark.parametrize("name", PRACTICE.makes)
def test_a_practice_form_holds_what_its_blueprint_asks(name):
    items = REAL.items_of(REAL.form(name))
    assert len(items) == PRACTICE.items
    assert all(within(sum(item.value == value for item in items), asked) for value, asked in PRACTICE.values.items())
    assert all(within(sum(item.scale == scale for item in items), asked) for scale, asked in PRACTICE.scales.items())
    assert max(Counter(item.setting for item in items).values()) <= PRACTICE.each_setting_at_most
    shown = Counter(drift for item in items for drift in item.drifts.values())
    assert min(shown[drift] for drift in REAL.drifts) >= PRACTICE.each_drift_at_least - 1
    assert all(one.chapter != other.chapter for one, other in pairwise(items))
    served = {item for form in PRACTICE.draws_on for item in REAL.form(form).items}
    assert {item.id for item in items} <= served


def test_the_practice_forms_share_nothing_and_guessing_earns_the_same_on_both():
    one, other = map(REAL.form, PRACTICE.makes)
    assert not set(one.items) & set(other.items)
    guessing = [scoring.score(REAL, form, {}).guessing for form in (one, other)]
    assert abs(guessing[0] - guessing[1]) < Fraction(15, 100)  # of 16 points


def test_practice_forms_have_no_notebook_and_are_no_quizzes():
    assert not set(PRACTICE.makes) & set(REAL.quizzes)
    assert set(REAL.form_paths) == {*REAL.quizzes, *PRACTICE.makes}
    with pytest.raises(notebooks.NotebookError, match="has no notebook"):
        notebooks.build(REAL, REAL.form("practice-a"))


def test_a_seed_gives_the_same_bytes_and_another_seed_other_items():
    def made(seed):
        fresh = Bank(ROOT / "quizzes")
        return assembly.assemble(fresh, LIGHT, seed)

    first = made(1)
    assert list(files.texts(REAL, made(1)).values()) == list(files.texts(REAL, first).values())
    assert len({frozenset(form) for each in (first, made(2), made(3)) for form in each.forms}) == 6


# -- small banks


class Small(sample.Sample):
    """A bank of a few items, in any order, and a blueprint of which each line stands where its name says."""

    def __init__(self, items):
        super().__init__(REAL, items)

    @property
    def item_paths(self):
        return {name: Path(f"{name}.yml") for name in self._sample}

    def place(self, thing, *keys):
        return Place(Path("small.yml"), len(keys) + 1)


OPTIONS = {  # what guessing earns differs from one to the next
    "best": [["best", "poor"], ["best", "sound", "poor"], ["best", "poor", "poor", "poor"]],
    "several": [["do", "leave"]],
    "most-least": [["most", "least", "between"], ["most", "least", "between", "between"]],
}


@st.composite
def small_items(draw, number, name):
    scale = draw(st.sampled_from(sorted(OPTIONS)))
    keys = draw(st.sampled_from(OPTIONS[scale]))
    slides = REAL.scales[scale].drift
    drift = draw(st.sampled_from(["fixing", "judging"]))
    return sample.item(
        name,
        scale,
        {f"o{at}": {"key": key, "drift": drift if key in slides else None} for at, key in enumerate(keys)},
        value=draw(st.sampled_from(["mutual-respect", "everyones-voice"])),
        setting=draw(st.sampled_from(["ward", "group", "clinic"])),
        chapter=draw(st.sampled_from(["one", "two"])),
        enemies=draw(
            st.lists(st.sampled_from([f"item-{other}" for other in range(number) if f"item-{other}" != name]), max_size=1)
        ),
    )


@st.composite
def counts(draw, names, most):
    found = {}
    for name in draw(st.lists(st.sampled_from(names), unique=True)):
        least = draw(st.integers(0, most))
        found[name] = Count(least=least, most=draw(st.none() | st.integers(least, most)))
    return found


@st.composite
def small(draw):
    """A bank and a blueprint small enough to try every choice of items."""
    forms = draw(st.integers(1, 3))
    number = draw(st.integers(2, {1: 7, 2: 6, 3: 4}[forms]))
    bank = Small([draw(small_items(number, f"item-{each}")) for each in range(number)])
    items = draw(st.integers(1, 3))
    blueprint = Blueprint(
        id="small",
        title="Small",
        about="A few.",
        award=draw(st.sampled_from(["share", "all-or-nothing"])),
        forms=forms,
        items=items,
        overlap=draw(st.integers(0, 2)),
        values=draw(counts(["mutual-respect", "everyones-voice"], items)),
        scales=draw(counts(sorted(OPTIONS), items)),
        each_setting_at_most=draw(st.none() | st.integers(1, 2)),
        each_drift_at_least=draw(st.integers(0, 3)),
    )
    return bank, blueprint


def lines(bank, blueprint):
    """Each line of a blueprint as a test of one form, by where it stands; and of any two forms."""
    enemies = [{item.id, other} for item in map(bank.item, bank.item_paths) for other in item.enemies]
    found = {
        ("items",): lambda form: len(form) == blueprint.items,
        ("enemies",): lambda form: not any(pair <= {item.id for item in form} for pair in enemies),
    }
    for line, field in (("values", "value"), ("scales", "scale")):
        for name, asked in getattr(blueprint, line).items():
            found[line, name] = lambda form, asked=asked, field=field, name=name: within(
                sum(getattr(item, field) == name for item in form), asked
            )
    if most := blueprint.each_setting_at_most:
        found[("each_setting_at_most",)] = lambda form: max(Counter(item.setting for item in form).values(), default=0) <= most
    return found


def every(bank, blueprint, chosen=None):
    """Every choice of forms that meets a blueprint, or those of its lines that are chosen; drifts apart."""
    items = list(map(bank.item, bank.item_paths))
    tests = {keys: test for keys, test in lines(bank, blueprint).items() if chosen is None or keys in chosen}
    sets = [form for size in range(len(items) + 1) for form in combinations(items, size)]
    sets = [form for form in sets if all(test(form) for test in tests.values())]
    for forms in product(sets, repeat=blueprint.forms):
        shared = (len({item.id for item in one} & {item.id for item in other}) for one, other in combinations(forms, 2))
        if (chosen is not None and ("overlap",) not in chosen) or all(count <= blueprint.overlap for count in shared):
            yield forms


def shortfall(blueprint, forms):
    steps = 0
    for form in forms:
        shown = Counter(drift for item in form for drift in item.drifts.values())
        for drift in REAL.drifts:
            missing = max(0, blueprint.each_drift_at_least - shown[drift])
            steps += missing * (missing + 1) // 2
    return steps


def difference(bank, blueprint, forms):
    scales = [[(item, bank.scale_of(item)) for item in form] for form in forms]
    if blueprint.award == "share":
        earns = [sum(scoring.guessing(*each) / scoring.possible(*each) for each in form) for form in scales]
    else:
        earns = [sum(scoring.chance_of_all(*each) for each in form) for form in scales]
    return max(earns) - min(earns)


def loosened(blueprint, change):
    """The blueprint with lines changed as the error says."""
    given = blueprint.model_dump(exclude={"values", "scales"})
    counted = {line: {name: str(asked) for name, asked in getattr(blueprint, line).items()} for line in ("values", "scales")}
    for (line, *name), says in change.items():
        if name:
            counted[line][name[0]] = says
        else:
            given[line] = says
    return Blueprint.model_validate({**given, **counted})


QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(small(), st.integers(0, 9))
def test_the_forms_are_the_best_of_all_that_there_are_and_a_conflict_is_one(given_, seed):
    bank, blueprint = given_
    best = min(
        ((shortfall(blueprint, forms), difference(bank, blueprint, forms)) for forms in every(bank, blueprint)), default=None
    )
    if best is not None:
        made = assembly.assemble(bank, blueprint, seed)
        found = [tuple(map(bank.item, form)) for form in made.forms]
        assert {frozenset(item.id for item in form) for form in found} <= {
            frozenset(item.id for item in form) for forms in every(bank, blueprint) for form in forms
        }
        assert (shortfall(blueprint, found), difference(bank, blueprint, found)) == best
        assert made.difference == best[1]
        assert all(len(items) <= blueprint.overlap for items in made.overlap.values())
        assert all(set(made.forms[one]) & set(made.forms[other]) == set(made.overlap[blueprint.makes[one], blueprint.makes[other]])
                   for one, other in combinations(range(blueprint.forms), 2))  # fmt: skip
        return
    with pytest.raises(assembly.InfeasibleError) as why:
        assembly.assemble(bank, blueprint, seed)
    conflict = why.value.conflict
    named = {bound.keys for bound in conflict.bounds}
    assert not any(True for _ in every(bank, blueprint, named)), str(why.value)
    for keys in named:
        assert any(True for _ in every(bank, blueprint, named - {keys}))
    assert conflict.change
    assert any(True for _ in every(bank, loosened(blueprint, conflict.change)))
    assert all(": ".join(keys) in str(why.value) for keys in named - {("enemies",)})


@settings(QUICK, max_examples=40)
@given(small(), st.randoms(use_true_random=False))
def test_the_order_in_which_items_are_read_does_not_matter(given_, random):
    bank, blueprint = given_
    items = list(map(bank.item, bank.item_paths))
    random.shuffle(items)
    made = []
    for each in (bank, Small(items)):
        try:
            made.append(assembly.assemble(each, blueprint, 7).forms)
        except assembly.InfeasibleError as why:
            made.append(str(why))
    assert made[0] == made[1]


def test_an_item_that_another_replaces_does_not_serve():
    options = {"a": {"key": "do"}, "b": {"key": "leave", "drift": "fixing"}}
    bank = Small([sample.item("old", "several", options), sample.item("new", "several", options, replaces="old")])
    blueprint = Blueprint(id="small", title="Small", about="One.", forms=1, items=1)
    assert assembly.assemble(bank, blueprint, 1).forms == (("new",),)
    with pytest.raises(assembly.InfeasibleError, match="where 1 item serves"):
        assembly.assemble(bank, blueprint.model_copy(update={"items": 2}), 1)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.integers(0, 99))
def test_neighbours_differ_in_chapter_wherever_they_can(chapters, seed):
    options = {"a": {"key": "do"}, "b": {"key": "leave", "drift": "fixing"}}
    bank = Small([sample.item(f"item-{at}", "several", options, chapter=each) for at, each in enumerate(chapters)])
    blueprint = Blueprint(id="small", title="Small", about="All.", forms=1, items=len(chapters))
    (form,) = assembly.assemble(bank, blueprint, seed).forms
    met = sum(bank.item(one).chapter == bank.item(other).chapter for one, other in pairwise(form))
    most = max(Counter(chapters).values())
    assert met == max(0, 2 * most - len(chapters) - 1)


# -- the command


PAIR = """title: A pair
about: Two scenes to a form.
forms: 2
items: 2
scales: {appropriateness: at most 1}
"""


@pytest.fixture
def project(tmp_path):
    folder = Path(shutil.copytree(ROOT / "tests" / "project", tmp_path / "project"))
    (folder / "quizzes" / "blueprints").mkdir()
    (folder / "quizzes" / "blueprints" / "pair.yml").write_text(PAIR, "utf-8")
    return folder


def command(project, *words):
    return subprocess.run(
        [sys.executable, "-m", "alongside.cli", "assemble", *words],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_writes_the_forms_says_what_they_hold_and_knows_when_they_are_stale(project):
    assert "is not there" in command(project, "pair", "--check").stderr
    done = command(project, "pair", "--seed", "4")
    assert done.returncode == 0, done.stderr
    assert "Guessing earns about" in done.stdout
    assert "Seed 4. Shared by two forms: nothing." in done.stdout
    assert command(project, "pair", "--check").returncode == 0
    bank = Bank(project / "quizzes")
    form = bank.form("pair-b")
    assert (form.title, form.kind, form.assembled.blueprint, form.assembled.seed) == ("A pair B", "practice", "pair", 4)
    before = bank.form_paths["pair-b"].read_bytes()
    assert command(project, "pair").returncode == 0
    assert bank.form_paths["pair-b"].read_bytes() == before
    path = project / "quizzes" / "blueprints" / "pair.yml"
    path.write_text(PAIR.replace("forms: 2", "forms: 1"), "utf-8")
    done = command(project, "pair", "--check")
    assert done.returncode == 1
    assert "pair-b.yml is not made by its blueprint any more" in done.stderr
    assert "Type: alongside assemble pair" in done.stderr


def test_the_command_says_which_lines_cannot_be_met(project):
    (project / "quizzes" / "blueprints" / "pair.yml").write_text(PAIR.replace("items: 2", "items: 4"), "utf-8")
    done = command(project, "pair")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("quizzes/blueprints/pair.yml:4: “items: 4” (line 4, where 6 items serve)")
    assert "The least change that would do is “items: 3”" in done.stderr or "overlap" in done.stderr
    assert [path.name for path in (project / "quizzes" / "forms").iterdir()] == ["common-room.yml"]


def test_a_form_made_by_hand_is_not_written_over(project):
    by_hand = project / "quizzes" / "forms" / "pair-a.yml"
    by_hand.write_text("title: Mine\nitems: [late-bus]\n", "utf-8")
    done = command(project, "pair")
    assert done.returncode == 1
    assert "pair-a.yml is made by hand" in done.stderr
    assert by_hand.read_text("utf-8").startswith("title: Mine")
    assert not (project / "quizzes" / "forms" / "pair-b.yml").exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("scales: {best: 3 to 2}", "3 is more than 2"),
        ("scales: {best: some}", "write a count as 3, as 3 to 4, as at least 3 or as at most 4"),
        ("draws_on: [no-such-form]", "There is no form “no-such-form”"),
        ("forms: 0", "forms"),
    ],
)
def test_a_blueprint_that_cannot_be_read_is_said_in_plain_words(project, line, says):
    key = line.partition(":")[0]
    kept = [row for row in PAIR.splitlines() if not row.startswith(f"{key}:")]
    (project / "quizzes" / "blueprints" / "pair.yml").write_text("\n".join([*kept, line, ""]), "utf-8")
    done = command(project, "pair")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
