"""One walk through every scale and the record, in Firefox and in WebKitGTK; from a host, and from a folder."""

from __future__ import annotations

import pytest

from alongside import page as drawing
from alongside import scoring
from alongside.bank import Bank
from alongside.record import Record

from .. import sample
from ..conftest import ROOT, serving
from ..test_keyboard import one_item
from ..test_own import missed
from .walk import scene

pytestmark = pytest.mark.engines
REAL = Bank(ROOT / "quizzes")
SCALES = sorted(REAL.scales)
FORMS = [REAL.form(name) for name in REAL.quizzes]


def keyed(item):
    return dict(scoring.keyed(item, REAL.scale_of(item)))


def facts(row):
    """Of a row, what scoring.py says again."""
    return {name: row.get(name) for name in ("what", "form", "scale", "print", "given", "points", "possible", "sure")}


def expected(item, form, given, sure=None):
    score = scoring.score_item(item, REAL.scale_of(item), given)
    return {
        "what": f"item/{item.id}", "form": form, "scale": item.scale, "print": item.print,
        "given": given, "points": score.earned, "possible": score.possible, "sure": sure,
    }  # fmt: skip


def test_every_scale_is_answered_checked_and_kept(walk, tmp_path):
    made = [one_item(name).model_copy(update={"id": f"{name}-{way}"}) for name in SCALES for way in ("key", "miss")]
    bank = sample.Sample(REAL, made)
    host = tmp_path / "host"
    host.mkdir()
    (host / "index.html").write_text(drawing.alone(bank, bank.only), "utf-8")
    sitting = {item.id: keyed(item) if item.id.endswith("-key") else missed(item) for item in made}
    with serving(host) as address:
        walk.goto(address)
        for number, item in enumerate(made):
            ranked_by_hand = item.scale.startswith("rank") and item.id.endswith("-miss")
            walk.respond(item, sitting[item.id], by_buttons=ranked_by_hand)
            walk.sure(item, number % 3 + 1)
            assert walk.reasons(item).strip() == "", "nothing is told before Check"
        walk.reload()
        for number, item in enumerate(made):
            assert walk.given(item) == (sitting[item.id], str(number % 3 + 1)), "drafts are there after a reload"
        assert walk.rows() == [], "a draft is no act"
        for item in made:
            walk.check(item)
            score = scoring.score_item(item, REAL.scale_of(item), sitting[item.id])
            walk.says(f"{scene(item)} .al-say", f"Checked: {score.earned} of {score.possible}")
            for option in item.options:
                assert f"Because of {option}." in walk.reasons(item)
        found = walk.rows(len(made))
        assert [facts(row) for row in found] == [
            expected(item, bank.only.id, sitting[item.id], number % 3 + 1) for number, item in enumerate(made)
        ]
        assert len({row["who"] for row in found}) == 1
        result = scoring.score(bank, bank.only, sitting)
        walk.says("[data-al-total]", scoring.shown(result.points))
        lean = result.by_drift["fixing"]
        low, high = scoring.in_hundred(lean.shown, lean.opportunities)
        walk.says("[data-al-lean-of=fixing]", f"range {low} to {high} in")
        walk.reload()
        for item in made:
            assert f"Because of {item.shown[0]}." in walk.reasons(item), "reasons are there after a reload"
        walk.says("[data-al-total]", scoring.shown(result.points))
        assert walk.rows() == found


def one_of_each():
    """A scene of each scale that the quizzes use, with the quiz it stands in."""
    found = {}
    for form in FORMS:
        for item in REAL.items_of(form):
            found.setdefault(item.scale, (form, item))
    return list(found.values())


def shown(walk):
    """What My record says in figures and words: each table's row, each drift, each count."""
    walk.until(lambda: walk.text("[data-al-part=save]"), "My record")
    figures = """() => [...document.querySelectorAll("[data-al-figure], [data-al-sentence], [data-al-stale], [data-al-hours], [data-al-written]")]
      .filter((each) => each.getClientRects().length).map((each) => `${each.closest("[data-al-row], [data-al-lean]")?.dataset.alRow ?? ""} ${each.innerText}`)"""
    return walk.ask(figures)


def test_the_record_is_kept_shown_saved_forgotten_and_opened(sit_down, address):
    walk = sit_down()
    scenes = one_of_each()
    for number, (form, item) in enumerate(scenes):
        walk.goto(f"{address}notebooks/{form.id}.html")
        given = keyed(item) if number % 2 else missed(item)
        walk.respond(item, given)
        walk.sure(item, 2)
        walk.reload()
        assert walk.given(item) == (given, "2")
        walk.check(item)
        walk.until(lambda item=item: walk.reasons(item).strip(), "the reasons")
        assert facts(walk.rows(number + 1)[-1]) == expected(item, form.id, given, 2)
    walk.goto(f"{address}book/mutual-respect.html")
    walk.write("textarea[data-al-reflect]", "Once, on a bus.")
    walk.reload()
    assert walk.ask("() => document.querySelector('textarea[data-al-reflect]').value") == "Once, on a bus."
    walk.write("textarea[data-al-reflect]", " Twice.")
    walk.press("label:has([data-al-mark])")
    found = walk.rows(len(scenes) + 2)
    found = walk.rows()  # an engine may settle what is written when the page is loaded again, too
    assert {(row["what"].split("/")[0], row.get("text"), row.get("done")) for row in found[-2:]} == {
        ("reflection", "Once, on a bus. Twice.", None), ("chapter", None, True)
    }  # fmt: skip
    walk.goto(f"{address}book/my-record.html")
    before = shown(walk)
    assert any("Once, on a bus. Twice." in each for each in before)
    walk.says("[data-al-holds]", f"{len(found)} entries")
    saved = walk.save()
    assert saved.read_text("utf-8").count("\n") == len(found)
    assert [act.row() for act in Record.open(saved, REAL.course.iri)] == found
    walk.forget()
    walk.says("[data-al-said]", "Everything is forgotten")
    assert walk.rows() == []
    assert walk.kept() == []
    walk.open(saved)
    walk.says("[data-al-said]", f"New entries: {len(found)}. Here already: 0.")
    assert walk.rows(len(found)) == found
    walk.reload()
    assert shown(walk) == before
    laptop = sit_down()
    laptop.goto(f"{address}book/my-record.html")
    laptop.open(saved)
    laptop.says("[data-al-said]", f"New entries: {len(found)}.")
    laptop.open(saved)
    laptop.says("[data-al-said]", f"New entries: 0. Here already: {len(found)}.")
    laptop.reload()
    assert shown(laptop) == before


def test_from_a_folder_each_file_keeps_its_own_where_the_engine_has_it_so_and_saved_files_join(walk, folder):
    """Firefox as it comes gives each file a storage of its own; WebKitGTK has one for the folder."""
    apart, saved = walk.driver.apart, []
    scenes = [(form, REAL.item(form.items[0])) for form in FORMS[:2]]
    for number, (form, item) in enumerate(scenes, start=1):
        walk.goto((folder / "notebooks" / f"{form.id}.html").as_uri())
        walk.respond(item, keyed(item))
        walk.reload()
        assert walk.given(item)[0] == keyed(item)
        walk.check(item)
        walk.until(lambda item=item: walk.reasons(item).strip(), "the reasons")
        found = walk.rows(1 if apart else number)
        assert len(found) == (1 if apart else number)
        assert facts(found[-1]) == expected(item, form.id, keyed(item))
        saved.append(walk.save("[data-al-save-here] button"))
        assert [act.row() for act in Record.open(saved[-1], REAL.course.iri)] == found
    walk.goto((folder / "book" / "my-record.html").as_uri())
    walk.until(lambda: walk.text("[data-al-part=save]"), "My record")
    assert len(walk.rows()) == (0 if apart else 2)
    walk.press("[data-al-rates] summary")
    walk.press("[data-al-rate] label:has(input[value=mostly])")
    mine = walk.rows(1 if apart else 3)
    walk.says("[data-al-holds]", "one entry" if apart else "3 entries")
    alone = walk.save()
    for path in saved:
        walk.open(path)
        walk.says("[data-al-said]", "New entries: 1. Here already: 0." if apart else "New entries: 0.")
        walk.ask("() => { document.querySelector('[data-al-said]').textContent = ''; }")
    walk.open(alone)
    walk.says("[data-al-said]", "New entries: 0.")
    whats = {f"item/{item.id}" for _, item in scenes} | {mine[-1]["what"]}
    assert {row["what"] for row in walk.rows(3)} == whats
    walk.says("[data-al-holds]", "Your record holds 3 entries")
    walk.reload()
    walk.says("[data-al-holds]", "Your record holds 3 entries")
    assert {act.what for act in Record.open(walk.save(), REAL.course.iri)} == whats
