"""One visit to a page in Chromium, as a desktop or as a slow phone: what it asked for and when it could be used."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, sync_playwright
from tests import chromium

from alongside.serve import open_server

from .figures import BenchmarkError

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
SLOWER = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
QUIET = 2500  # ms without a long task, after which the last one is taken to be the last
PATIENCE = 60_000

# Talks through the protocol alone: Playwright's own helpers are a script that would run, slowed, on the page.
WATCH = """(() => {
  const seen = window.seen = { ready: null, long: 0 };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) seen.long = Math.max(seen.long, task.startTime + task.duration);
  }).observe({ type: "longtask", buffered: true });
  const watch = new MutationObserver(() => {
    if (!(READY)) return;
    seen.ready = performance.now();
    watch.disconnect();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
})()"""
REPORT = """(() => {
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const { ready, long } = window.seen, parsed = page.domContentLoadedEventEnd;
  const quiet = page.loadEventEnd && ready ? performance.now() - Math.max(ready, long, page.loadEventEnd) : 0;
  return JSON.stringify({ quiet, paint: paint?.startTime ?? 0, ready, parsed, long, tti: Math.max(ready, parsed, long) });
})()"""


@dataclass(frozen=True)
class Quiz:
    """A page with a quiz: when it is ready, what to click and what a click does, the last three in the page's language."""

    address: str
    ready: str
    option: str
    effect: str


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a folder, served over loopback as `alongside serve` does it, for as long as the block lasts."""
    with open_server(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    """A Chromium that reaches no other machine."""
    program = chromium.find()
    if program is None:
        raise BenchmarkError(chromium.ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield browser
        browser.close()


def visit(browser: Browser, quiz: Quiz, *, slow: bool = False, click: bool = False) -> dict[str, Any]:
    """One visit with an empty cache.

    Milliseconds `paint`, `ready`, `parsed` (DOMContentLoaded), `long` (the end of the last long task) and `tti`, the
    latest of the last three; `kB` on the wire, `requests`, and `strangers`, the requests to another machine. With
    `click`, raises BenchmarkError where a click on an option has no effect.
    """
    context = browser.new_context(**PHONE)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    asked: list[str] = []
    sizes: list[float] = []
    protocol.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for domain in ("Network", "Page", "Runtime"):
        protocol.send(f"{domain}.enable")
    protocol.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH.replace("READY", quiz.ready)})
    if slow:
        protocol.send("Network.emulateNetworkConditions", NETWORK)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    protocol.send("Page.navigate", {"url": quiz.address})
    for _ in range(PATIENCE // 250):
        page.wait_for_timeout(250)
        seen = json.loads(_value(protocol, "window.seen && performance.timing.loadEventEnd ? " + REPORT + " : '{}'"))
        if seen.get("quiet", 0) > QUIET:
            break
    else:
        raise BenchmarkError(f"{quiz.address} was not ready after {PATIENCE // 1000} s.")
    if click:
        page.locator(quiz.option).first.click()
        page.wait_for_timeout(250)
        if not _value(protocol, quiz.effect):
            raise BenchmarkError(f"{quiz.address}: a click on an option had no effect.")
    context.close()
    http = [url for url in asked if urlsplit(url).scheme in ("http", "https")]
    strangers = [url for url in http if urlsplit(url).hostname != "127.0.0.1"]
    return seen | {"kB": sum(sizes) / 1000, "requests": len(http), "strangers": strangers}


def _value(protocol: CDPSession, expression: str) -> Any:
    return protocol.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})["result"].get("value")
