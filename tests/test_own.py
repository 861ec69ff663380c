"""The reader's own pages: missed scenes come back on their day, a practice form is handed in whole, marks are kept."""

from __future__ import annotations

import datetime
import itertools

import pytest
from playwright.sync_api import expect

from alongside import scoring
from alongside.bank import Bank

from .conftest import ROOT
from .test_keep import at_least, keyed, respond, rows, scene

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
FORM = REAL.form("mutual-respect")
QUIZ, REVIEW = "notebooks/mutual-respect.html", "book/review.html"
START = datetime.datetime(2026, 11, 21, 9, 0, tzinfo=datetime.UTC)


def missed(item):
    """Responses that earn less than three quarters: what is furthest from the key."""
    scale = REAL.scale_of(item)
    if scale.respond == "each":
        return {
            option: min(scale.responses, key=lambda response: scoring.points(item, scale, option, response))
            for option in item.options
        }
    key = keyed(item)
    if len(key) == 1:
        worst = min(item.options, key=lambda option: scoring.points(item, scale, option, "chosen"))
        return {worst: "chosen"}
    return dict(zip(key, reversed(key.values()), strict=True))


def on_day(page, days):
    page.clock.set_fixed_time(START + datetime.timedelta(days=days))


def status(page):
    return page.locator("[data-al-review] > [role=status]")


def test_a_missed_scene_comes_back_after_two_days_a_week_and_three_weeks(page, address):
    item, good = (REAL.item(name) for name in FORM.items[:2])
    on_day(page, 0)
    page.goto(address + REVIEW)
    expect(status(page)).to_contain_text("Nothing is due. A scene comes here two days after")
    page.goto(address + QUIZ)
    for each, given in ((item, missed(item)), (good, keyed(good))):
        respond(page, each, given)
        scene(page, each).get_by_role("button", name="Check").click()
    rows(page, 2)
    day = 0
    for count, gap in enumerate((2, 7, 21)):
        on_day(page, day + gap - 1)
        page.goto(address + REVIEW)
        expect(status(page)).to_contain_text(f"Nothing is due today. The next one is due on {date(day + gap)}.")
        expect(page.locator("[data-al-due] [data-al-quiz]")).to_have_count(0)
        day += gap
        on_day(page, day)
        page.reload()
        expect(status(page)).to_contain_text("One scene is due today.")
        expect(page.get_by_role("heading", name="Scene 1 of 1")).to_be_visible()
        due = page.locator("[data-al-due]")
        expect(due.locator("[data-al-item]")).to_have_attribute("data-al-item", item.id)
        assert not due.locator("input:checked").count(), "it is asked anew"
        respond(page, item, keyed(item))
        due.get_by_role("button", name="Check").click()
        assert at_least(page, 3 + count)[-1]["form"] == "review"
        expect(status(page)).to_contain_text("That is all for today.")
        expect(due.get_by_text("Key:").first).to_be_visible()
    page.reload()
    expect(status(page)).to_contain_text("Every scene that you missed has since gone well three times")
    expect(page.get_by_text("Still coming back: 0. Done: 1.")).to_be_visible()


def date(days):
    day = START + datetime.timedelta(days=days)
    return f"{day:%B} {day.day}, {day.year}"


def test_at_most_ten_minutes_come_on_one_day_and_neighbours_are_of_different_chapters(page, address):
    for name in ("mutual-respect", "never-controlling"):
        on_day(page, 0)
        page.goto(address + f"notebooks/{name}.html")
        for item in REAL.items_of(REAL.form(name)):
            respond(page, item, missed(item))
        page.get_by_role("button", name="Check the whole quiz").click()
        expect(page.get_by_role("heading", name="How it went")).to_be_focused()
    on_day(page, 2)
    page.goto(address + REVIEW)
    expect(status(page)).to_contain_text("8 scenes are due today. They take about 10 minutes.")
    shown = page.locator("[data-al-due] [data-al-item]")
    chapters = [REAL.item(each.get_attribute("data-al-item")).chapter for each in shown.all()]
    assert len(chapters) == 8
    assert all(one != other for one, other in itertools.pairwise(chapters))


def test_a_practice_form_shows_nothing_until_it_is_handed_in(page, address):
    form = REAL.form("practice-a")
    page.goto(address + "book/practice-a.html")
    expect(page.get_by_role("button", name="Check")).to_have_count(0)
    items = REAL.items_of(form)
    for item in items[:8]:
        respond(page, item, keyed(item))
    page.reload()  # a pause
    expect(page.get_by_text("Key:").first).not_to_be_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_text("Key:").first).not_to_be_visible()
    page.emulate_media(media="screen")
    for item in items[8:]:
        respond(page, item, keyed(item))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="How it went")).to_be_focused()
    expect(page.locator("[data-al-total]")).to_have_text("16")
    values = {item.value for item in items}
    for value in values:
        count = sum(item.value == value for item in items)
        expect(page.locator(f"[data-al-sum-of={value}]")).to_contain_text(f": {count} of {count} · guessing earns about")
    expect(page.get_by_role("heading", name="Which way you leaned")).to_be_visible()
    expect(page.get_by_text("Key:").first).to_be_visible()
    found = rows(page, 17)
    assert {row["what"] for row in found} == {f"item/{item.id}" for item in items} | {"form/practice-a"}
    assert len({row["sitting"] for row in found}) == 1
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("Key:").first).not_to_be_visible()
    expect(page.get_by_role("heading", name="How it went")).not_to_be_visible()


def test_a_timer_runs_only_where_it_is_wanted_and_ends_nothing(page, address):
    page.clock.install(time=START)
    page.goto(address + "book/practice-b.html")
    box = page.locator("[data-al-timer]")
    expect(box.get_by_role("button", name="Start the timer")).not_to_be_visible()
    box.locator("summary").click()
    box.get_by_label("Minutes").fill("6")
    box.get_by_role("button", name="Start the timer").click()
    expect(box.get_by_text("6 minutes left")).to_be_visible()
    page.clock.run_for(65_000)
    expect(box.get_by_text("5 minutes left")).to_be_visible()
    expect(box.get_by_role("status")).to_have_text("Five minutes are left.")
    box.get_by_role("button", name="Pause").click()
    page.clock.run_for(600_000)
    expect(box.get_by_text("5 minutes left")).to_be_visible()
    page.reload()
    box.locator("summary").click()
    box.get_by_role("button", name="Go on").click()
    box.get_by_role("button", name="5 minutes more").click()
    expect(box.get_by_text("10 minutes left")).to_be_visible()
    page.clock.run_for(601_000)
    expect(box.get_by_role("status")).to_have_text("The time is up. Go on for as long as you like.")
    item = REAL.item(REAL.form("practice-b").items[0])
    respond(page, item, keyed(item))
    box.get_by_role("button", name="Turn the timer off").click()
    expect(box.get_by_role("button", name="Start the timer")).to_be_visible()


@pytest.mark.parametrize(
    ("where", "label", "what"),
    [
        ("book/mutual-respect.html", "I have read this chapter", "chapter/mutual-respect"),
        (QUIZ, "I have finished this quiz", "form/mutual-respect"),
    ],
)
def test_a_reader_marks_what_is_finished_and_takes_it_back(page, address, where, label, what):
    page.goto(address + where)
    box = page.get_by_role("checkbox", name=label)
    box.check()
    [row] = rows(page, 1)
    assert (row["what"], row["done"]) == (what, True)
    page.reload()
    expect(box).to_be_checked()
    box.uncheck()
    assert rows(page, 2)[-1]["done"] is False
