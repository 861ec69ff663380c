"""What a reader gives is kept on the device: as rows that are only added, over tabs, and through whatever befalls a page."""

from __future__ import annotations

import contextlib
import random
import re

import pytest
from playwright.sync_api import Error, expect

from alongside import scoring
from alongside.bank import Bank

from .conftest import ROOT

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
FORM = REAL.form("mutual-respect")
QUIZ = "notebooks/mutual-respect.html"
CHAPTER = "book/mutual-respect.html"
ROWS = """() => new Promise((resolve, reject) => {
  const asks = indexedDB.open("alongside", 1);
  asks.onerror = () => reject(asks.error);
  asks.onupgradeneeded = () => { asks.transaction.abort(); resolve([]); };
  asks.onsuccess = () => {
    const all = asks.result.transaction("acts").objectStore("acts").getAll();
    all.onsuccess = () => { asks.result.close(); resolve(all.result); };
  };
})"""
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def scene(page, item):
    return page.locator(f"[data-al-item={item.id}]")


def respond(page, item, given):
    """Marks what is given, as a reader's fingers do."""
    page.evaluate(
        """([item, given]) => {
      for (const [option, response] of Object.entries(given)) {
        const at = document.querySelector(`[data-al-item="${item}"] [data-al-option="${option}"]`);
        const input = at.querySelector(`input[value="${response}"]`) ?? at.querySelector("select");
        if (input.tagName === "SELECT") { input.value = response; input.dispatchEvent(new Event("change", {bubbles: true})); }
        else input.click();
      }
    }""",
        [item.id, given],
    )


def keyed(item):
    return dict(scoring.keyed(item, REAL.scale_of(item)))


def at_least(page, count):
    """The rows kept, once there are so many, oldest first."""
    for _ in range(100):
        found = page.evaluate(ROWS)
        if len(found) >= count:
            break
        page.wait_for_timeout(50)
    return sorted(found, key=lambda row: (row["at"], row["id"]))


def rows(page, count):
    """So many rows and no more, oldest first."""
    found = at_least(page, count)
    assert len(found) == count, found
    return found


def test_a_selection_is_a_draft_and_check_makes_one_row(page, address):
    item = REAL.item(FORM.items[0])
    page.goto(address + QUIZ)
    respond(page, item, keyed(item))
    page.wait_for_timeout(300)
    assert page.evaluate(ROWS) == []
    scene(page, item).get_by_role("radio", name="Fairly sure").check()
    scene(page, item).get_by_role("button", name="Check").dblclick()
    [row] = rows(page, 1)
    assert UUID.match(row.pop("id"))
    assert UUID.match(row.pop("who"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row.pop("at"))
    assert 0 <= row.pop("took") < 60
    most = scoring.possible(item, REAL.scale_of(item))
    assert row == {
        "version": REAL.course.version, "what": f"item/{item.id}", "form": FORM.id, "scale": item.scale, "print": item.print,
        "given": keyed(item), "points": most, "possible": most, "sure": 2,
    }  # fmt: skip
    page.reload()
    expect(scene(page, item).get_by_text("Key:").first).to_be_visible()
    scene(page, item).get_by_role("button", name="Try this one again").click()
    respond(page, item, keyed(item))
    scene(page, item).get_by_role("button", name="Check").click()
    first, second = rows(page, 2)
    assert first["who"] == second["who"]
    assert "sure" not in second


def test_blanks_and_halves_are_no_rows(page, address):
    once = next(item for item in REAL.items_of(FORM) if item.scale == "most-least")
    page.goto(address + QUIZ)
    page.get_by_role("button", name="Check the whole quiz").click()
    page.get_by_role("button", name="Check the whole quiz").click()
    page.wait_for_timeout(300)
    assert page.evaluate(ROWS) == []
    page.get_by_role("button", name="Start again").click()
    respond(page, once, {once.shown[0]: "most"})
    for _ in range(2):
        scene(page, once).get_by_role("button", name="Check").click()
    page.wait_for_timeout(300)
    assert page.evaluate(ROWS) == []


def test_two_tabs_write_one_record_and_one_draft(page, context, address):
    first, second = (REAL.item(name) for name in FORM.items[:2])
    page.goto(address + QUIZ)
    other = context.new_page()
    other.goto(address + QUIZ)
    respond(page, first, keyed(first))
    respond(other, second, keyed(second))
    for tab in (page, other):
        for item in (first, second):
            for option, response in keyed(item).items():
                at = scene(tab, item).locator(f"[data-al-option={option}]")
                if at.locator("select").count():
                    expect(at.locator("select")).to_have_value(response)
                else:
                    expect(at.locator(f"input[value={response}]")).to_be_checked()
    scene(page, first).get_by_role("button", name="Check").click()
    scene(other, second).get_by_role("button", name="Check").click()
    found = rows(page, 2)
    assert {row["what"] for row in found} == {f"item/{first.id}", f"item/{second.id}"}
    assert len({row["who"] for row in found}) == 1
    expect(scene(page, second).get_by_text("Key:").first).to_be_visible()


def test_what_one_tab_forgets_is_forgotten_in_the_other(page, context, address):
    item = REAL.item(FORM.items[0])
    page.goto(address + QUIZ)
    respond(page, item, keyed(item))
    scene(page, item).get_by_role("button", name="Check").click()
    [before] = rows(page, 1)
    other = context.new_page()
    other.goto(address + "book/my-record.html")
    other.get_by_role("button", name="Forget everything").click()
    other.locator("[data-al-forget-yes]").click()
    expect(other.get_by_text("Nothing is here yet")).to_be_visible()
    expect(scene(page, item).get_by_text("Key:").first).not_to_be_visible()
    respond(page, item, keyed(item))
    scene(page, item).get_by_role("button", name="Check").click()
    [after] = rows(page, 1)
    assert after["who"] != before["who"], "a name that was forgotten is not written again"


def test_a_browser_that_refuses_a_base_says_so_and_the_page_goes_on(page, address):
    page.add_init_script("""Object.defineProperty(window, "indexedDB", {value: {open() { throw new Error("refused"); }}});""")
    item = REAL.item(FORM.items[0])
    page.goto(address + QUIZ)
    respond(page, item, keyed(item))
    scene(page, item).get_by_role("button", name="Check").click()
    expect(scene(page, item).get_by_role("status")).to_contain_text("does not keep answers")
    expect(scene(page, item).get_by_text("Key:").first).to_be_visible()


def test_a_full_store_keeps_what_was_given_until_there_is_room(page, address):
    page.add_init_script("""const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = function (row) {
        if (localStorage.getItem("full")) throw new DOMException("full", "QuotaExceededError");
        return add.call(this, row);
      };""")
    item = REAL.item(FORM.items[0])
    page.goto(address + QUIZ)
    page.evaluate("localStorage.setItem('full', 'yes')")
    respond(page, item, keyed(item))
    scene(page, item).get_by_role("button", name="Check").click()
    expect(scene(page, item).get_by_role("status")).to_contain_text("does not keep answers")
    assert page.evaluate(ROWS) == []
    page.evaluate("localStorage.removeItem('full')")
    page.reload()
    rows(page, 1)


def test_a_record_that_has_grown_and_was_never_saved_is_spoken_of(page, address):
    page.goto(address + QUIZ)
    note = page.get_by_text("Much of your record is not in a saved copy yet")
    for _ in range(2):  # sixteen scenes twice
        for item in REAL.items_of(FORM):
            respond(page, item, keyed(item))
        expect(note).not_to_be_visible()
        page.get_by_role("button", name="Check the whole quiz").click()
        expect(page.get_by_role("heading", name="How it went")).to_be_focused()
        page.get_by_role("button", name="Start again").click()
    expect(note).to_be_visible()
    note.get_by_role("link", name="Save my record").click()
    page.get_by_role("button", name="Save my record").click()
    expect(page.get_by_text("is on its way to your downloads")).to_be_visible()
    page.goto(address + QUIZ)
    page.wait_for_timeout(300)
    expect(note).not_to_be_visible()


def test_a_reflection_is_a_draft_at_once_and_a_row_when_its_writer_goes_on(page, address):
    page.goto(address + CHAPTER)
    box = page.locator("textarea[data-al-reflect]").first
    box.fill("Once, on a bus.")
    page.reload()
    expect(box).to_have_value("Once, on a bus.")
    box.press("End")
    box.type(" Twice.")
    box.blur()
    [row] = rows(page, 1)
    assert row["text"] == "Once, on a bus. Twice."
    assert row["what"] == f"reflection/{box.get_attribute('data-al-reflect')}"
    assert not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('alongside:reflect'))")
    page.reload()
    expect(box).to_have_value("Once, on a bus. Twice.")


def test_a_tab_killed_at_any_moment_loses_nothing_given(browser, address):
    """A hundred sittings, each cut off at a random moment; what was checked before the cut is there afterwards, once."""
    luck = random.Random(20261121)
    context = browser.new_context()
    items = [item for item in REAL.items_of(FORM) if REAL.scale_of(item).respond == "each"][:4]
    sit = """([items, cut]) => void (async () => {
      const wait = (ms) => new Promise((go) => setTimeout(go, ms));
      await wait(cut % 7);
      for (const item of items) {
        const at = document.querySelector(`[data-al-item="${item}"]`);
        at.querySelector("[data-al-retry]:not([hidden])")?.click();
        for (const option of at.querySelectorAll("[data-al-option]")) {
          option.querySelector("input").click();
          await wait(1);
        }
        at.querySelector("[data-al-check]").click();
        console.log("given " + item);
        await wait(5);
      }
    })()"""
    before: set[str] = set()
    given: list[str] = []
    heard = 0
    for sitting in range(101):
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto(address + QUIZ, wait_until="domcontentloaded")
        page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('alongside:pending'))")
        kept = at_least(page, len(before) + len(given))
        new = [row["what"] for row in kept if row["id"] not in before]
        assert new[: len(given)] == given, "what was given is there, once and in order; a last word may not have reached us"
        assert len(new) <= len(items)
        before, heard = {row["id"] for row in kept}, heard + len(given)
        if sitting < 100:
            cut = luck.randrange(1, 120)
            page.evaluate(sit, [[item.id for item in items], cut])
            page.wait_for_timeout(cut)
            with contextlib.suppress(Error):
                page.goto("chrome://crash", timeout=2000)
        given = [f"item/{text.removeprefix('given ')}" for text in said if text.startswith("given ")]
        page.close()
    assert heard >= 20, "the sittings were cut off before anything was given"
    context.close()
