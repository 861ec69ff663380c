"""A record of 20,000 acts: how soon its page shows it on a slow phone, the first time, later, and from a file."""

from __future__ import annotations

import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, Page

from alongside import scoring
from alongside.bank import Bank, find_bank

from . import figures
from .browser import PHONE, SLOWER, opened, serving
from .course import BIN, ROOT, copied
from .figures import Figure

ROUNDS = 3
ACTS, LIMIT = 20_000, 1000
ANEW = 2000  # our own limit: the whole record is counted anew after a new version of the course, and then not again
START = datetime(2023, 1, 2, 7, tzinfo=UTC)
PUT = """(rows) => new Promise((done, failed) => {
  const asks = indexedDB.open("alongside", 1);
  asks.onerror = () => failed(asks.error);
  asks.onsuccess = () => {
    const work = asks.result.transaction("acts", "readwrite"), store = work.objectStore("acts");
    for (const row of rows) store.add(row);
    work.oncomplete = () => { asks.result.close(); done(); };
  };
})"""
# when the page first says how many entries it holds, counted from the start of the visit or from a press
SHOWN = """(() => {
  window.shown = null;
  new MutationObserver(() => {
    const holds = document.querySelector("[data-al-holds]")?.textContent;
    if (!window.shown && holds?.includes("20000")) window.shown = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
})()"""


def take(rounds: int) -> tuple[list[Figure], str]:
    bank = find_bank(ROOT / "quizzes")
    rows = list(_rows(bank))
    with tempfile.TemporaryDirectory() as folder:
        course = copied(Path(folder) / "course")
        figures.said([BIN / "alongside", "book"], course)
        with serving(course / "_build" / "html") as at, opened() as browser:
            taken = [_visit(browser, f"{at}book/my-record.html", rows) for _ in range(rounds)]
    return [
        figures.within("20,000 acts, counted anew", figures.middle(taken, "first"), ANEW, "ms"),
        figures.within("20,000 acts, the page opened", figures.middle(taken, "again"), LIMIT, "ms"),
    ], f"CPU {SLOWER} x slower, served over loopback, from the start of the visit; medians of {rounds}."


def _rows(bank: Bank) -> Any:
    luck = random.Random(20261121)
    items = [bank.item(name) for name in bank.item_paths]
    for number in range(ACTS):
        item = luck.choice(items)
        scale = bank.scale_of(item)
        given = dict(scoring.keyed(item, scale))
        if len(given) > 1 and luck.random() < 0.4:
            given = dict(zip(given, luck.sample(list(given.values()), len(given)), strict=True))
        score = scoring.score_item(item, scale, given)
        yield {
            "id": str(UUID(int=luck.getrandbits(128), version=4)),
            "at": f"{START + timedelta(minutes=90 * number):%Y-%m-%dT%H:%M:%S}.000Z",
            "who": "5b0f3c1e-9a53-4c3f-8a53-0c5f1f4e7a01",
            "version": bank.course.version,
            "what": f"item/{item.id}",
            "form": item.chapter,
            "scale": item.scale,
            "print": item.print,
            "given": given,
            "points": score.earned,
            "possible": score.possible,
            "took": 40,
            "sure": 1 + number % 3,
        }


def _visit(browser: Browser, address: str, rows: list[dict[str, Any]]) -> dict[str, float]:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(address)
    for first in range(0, len(rows), 2000):
        page.evaluate(PUT, json.loads(json.dumps(rows[first : first + 2000])))
    page.add_init_script(SHOWN)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found = {"first": _opened(page), "again": _opened(page)}
    context.close()
    return found


def _opened(page: Page) -> float:
    page.reload()
    for _ in range(600):
        if shown := page.evaluate("() => window.shown"):
            page.wait_for_timeout(1500)  # what is kept of the count is written
            return float(shown)
        page.wait_for_timeout(100)
    raise figures.BenchmarkError("The page of the record showed no record within a minute.")
