"""The whole way of one reader: a phone on a slow line, from the front page to a saved record, and on to a laptop and a printer."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

from alongside import scoring
from alongside.bank import Bank

from .conftest import ROOT
from .test_keep import keyed, respond, scene
from .test_own import missed

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
QUIZ = REAL.form("everyones-voice")
START = datetime.datetime(2026, 11, 21, 9, 0, tzinfo=datetime.UTC)
PHONE = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "accept_downloads": True,
}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}


def open_phone(browser, wrong):
    context = browser.new_context(**PHONE)
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.on(
        "request", lambda asked: wrong.append(asked.url) if "127.0.0.1" not in asked.url and asked.url[:4] == "http" else None
    )
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.clock.set_fixed_time(START)
    return context, page


def fits(page):
    """Nothing on the page is wider than the phone, once its style is there."""
    page.wait_for_load_state("load")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_a_readers_way(browser, address, tmp_path):
    wrong: list[str] = []
    phone, page = open_phone(browser, wrong)

    # the front page, and the way on
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Before you start").last.tap()
    expect(page.get_by_role("heading", name="Before you start", level=1)).to_be_visible()

    # a chapter: a warm-up, a reflection, a mark
    page.goto(address + "book/everyones-voice.html")
    fits(page)
    warm = page.locator("[data-al-item]").first
    item = REAL.item(warm.get_attribute("data-al-item"))
    respond(page, item, keyed(item))
    warm.get_by_role("button", name="Check").tap()
    expect(warm.get_by_text("Key:").first).to_be_visible()
    box = page.locator("textarea[data-al-reflect]").first
    box.fill("My aunt, who was never asked.")
    box.blur()
    page.get_by_role("checkbox", name="I have read this chapter").tap()

    # its quiz: two missed, the rest as keyed, once with a reload in between
    page.get_by_role("link", name="Next").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quiz: Everyone’s voice")
    fits(page)
    items = REAL.items_of(QUIZ)
    for number, each in enumerate(items):
        respond(page, each, missed(each) if number < 2 else keyed(each))
        if number == 5:
            page.reload()
    scene(page, items[0]).get_by_text("Very sure").tap()
    page.get_by_role("button", name="Check the whole quiz").tap()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()
    earned = scoring.score(REAL, QUIZ, {each.id: missed(each) if n < 2 else keyed(each) for n, each in enumerate(items)})
    expect(page.locator("[data-al-total]")).to_have_text(scoring.shown(earned.points))
    page.get_by_role("checkbox", name="I have finished this quiz").tap()

    # my record
    page.get_by_role("link", name="My record").last.tap()
    expect(page.get_by_role("heading", name="Where I stand")).to_be_visible()
    fits(page)
    row = page.locator("[data-al-stand=value] [data-al-row=everyones-voice]")
    expect(row).to_contain_text(f"of {len(items) + 1} · guessing earns about")
    expect(page.get_by_text("My aunt, who was never asked.")).to_be_visible()

    # two days later: what was missed comes back
    page.clock.set_fixed_time(START + datetime.timedelta(days=2))
    page.goto(address + "book/review.html")
    expect(page.get_by_text("2 scenes are due today.")).to_be_visible()
    fits(page)
    for each in items[:2]:
        respond(page, each, keyed(each))
        scene(page, each).get_by_role("button", name="Check").tap()
    expect(page.get_by_text("That is all for today.")).to_be_visible()

    # a practice form, with a pause
    page.goto(address + "book/practice-a.html")
    fits(page)
    practice = REAL.items_of(REAL.form("practice-a"))
    for number, each in enumerate(practice):
        respond(page, each, keyed(each))
        if number == 8:
            page.goto(address + "book/drifts.html")
            page.go_back()
    page.get_by_role("button", name="Hand in").tap()
    expect(page.locator("[data-al-total]")).to_have_text(str(len(practice)))

    # save on the phone, open on the laptop: it says the same
    page.goto(address + "book/my-record.html")
    expect(page.get_by_role("heading", name="Where I stand")).to_be_visible()
    stood = page.locator("[data-al-part=stand]").inner_text()
    with page.expect_download() as getting:
        page.get_by_role("button", name="Save my record").tap()
    file = tmp_path / getting.value.suggested_filename
    getting.value.save_as(file)
    assert file.name == "alongside-record-2026-11-23.jsonl"
    laptop = browser.new_context(viewport={"width": 1280, "height": 800})
    other = laptop.new_page()
    other.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    other.clock.set_fixed_time(START + datetime.timedelta(days=2))
    other.goto(address + "book/my-record.html")
    other.locator("input[type=file]").set_input_files(file)
    expect(other.get_by_role("heading", name="Where I stand")).to_be_visible()
    words = stood.split()
    expect(other.locator("[data-al-part=stand]")).to_contain_text(words[-1])
    assert other.locator("[data-al-part=stand]").inner_text().split() == words
    expect(other.get_by_text("My aunt, who was never asked.")).to_be_visible()

    # and on paper
    other.emulate_media(media="print")
    assert len(other.pdf()) > 20_000
    assert not wrong, "\n".join(wrong)
    phone.close()
    laptop.close()
