"""The steps of the walk, the same for every engine: each is made of what a driver can do (goto, press, choose, write, ask …)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from alongside.models import Item

from ..test_keep import ROWS

UNTIL = 15  # seconds in which something comes about
# A scene out of sight is not laid out (content-visibility), so it is brought into sight first.
SEEN = """async (at) => {
  const found = document.querySelector(at);
  if (!found) return null;
  if (found.closest(".al-item") && !found.innerText.trim()) {
    found.closest(".al-option, .al-item").scrollIntoView({behavior: "instant", block: "center"});
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }
  return found.getClientRects().length ? found.innerText : null;
}"""
GIVEN = """(at) => Object.fromEntries([...document.querySelectorAll(`${at} [data-al-option]`)].flatMap((option) => {
  const input = option.querySelector("input:checked") ?? option.querySelector("select");
  return input?.value ? [[option.dataset.alOption, input.value]] : [];
}))"""
SURE = """(at) => document.querySelector(`${at} [data-al-sure] input:checked`)?.value ?? """ + '""'
LOCAL = "() => Object.keys(localStorage).filter((key) => key.startsWith('alongside:')).sort()"


class Driver(Protocol):
    """What each engine's driver can do."""

    apart: bool
    version: str
    downloads: Path

    def goto(self, address: str) -> None: ...
    def reload(self) -> None: ...
    def press(self, at: str) -> None: ...
    def choose(self, at: str, value: str) -> None: ...
    def write(self, at: str, text: str) -> None: ...
    def give(self, at: str, path: Path) -> None: ...
    def ask(self, function: str, *words: Any) -> Any: ...


class Walk:
    """A reader's steps in one browser."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.saved = driver, 0
        self.goto, self.reload, self.press, self.write, self.ask = (
            driver.goto, driver.reload, driver.press, driver.write, driver.ask,
        )  # fmt: skip

    def until(self, ask: Callable[[], Any], what: str | Callable[[], str]) -> Any:
        """What is asked for, once it is so."""
        end = time.monotonic() + UNTIL
        while not (found := ask()):
            assert time.monotonic() < end, (
                f"{self.driver.version}: {what if isinstance(what, str) else what()} did not come about"
            )
            time.sleep(0.05)
        return found

    def text(self, at: str) -> str | None:
        """The words of what is in sight; None where it is not."""
        return self.ask(SEEN, at)

    def says(self, at: str, words: str) -> None:
        seen: list[str] = []
        self.until(
            lambda: seen.append(self.text(at) or "") or words in seen[-1], lambda: f"“{words}” in {at}, which says {seen[-1]!r},"
        )

    def rows(self, count: int = 0) -> list[dict[str, Any]]:
        """The rows of IndexedDB, oldest first, once there are so many."""
        self.until(lambda: len(self.ask(ROWS)) >= count, lambda: f"{count} rows (of {len(self.ask(ROWS))})")
        return sorted(self.ask(ROWS), key=lambda row: (row["at"], row["id"]))

    # -- a scene

    def respond(self, item: Item, given: Mapping[str, str], *, by_buttons: bool = False) -> None:
        """Mark what is given, by a press on each; a ranking by its lists, or by its buttons alone."""
        at = scene(item)
        if by_buttons:
            for option in sorted(given, key=given.__getitem__):
                self.press(f"{at} [data-al-option='{option}'] [data-al-move='-1']")
            return
        for option, response in given.items():
            row = f"{at} [data-al-option='{option}']"
            if self.ask("(row) => Boolean(document.querySelector(`${row} select`))", row):
                self.driver.choose(f"{row} select", response)
            else:
                self.press(f"{row} label:has(input[value='{response}'])")

    def sure(self, item: Item, step: int) -> None:
        self.press(f"{scene(item)} [data-al-sure] label:has(input[value='{step}'])")

    def given(self, item: Item) -> tuple[dict[str, str], str]:
        """What is marked at a scene, and how sure."""
        return self.ask(GIVEN, scene(item)), self.ask(SURE, scene(item))

    def check(self, item: Item) -> None:
        self.press(f"{scene(item)} [data-al-check]")

    def reasons(self, item: Item) -> str:
        """The words of a scene's reasons that are in sight."""
        return " ".join(
            self.text(f"{scene(item)} [data-al-option='{option}'] .al-why[open] .al-mark ~ p") or "" for option in item.shown
        )

    # -- the record

    def save(self, at: str = "[data-al-save]") -> Path:
        """Press Save my record; gives the file that arrives, under a name of its own: one engine writes over the last one."""
        self.press(at)
        whole = lambda: [path for path in self.driver.downloads.glob("alongside-*.jsonl") if path.read_bytes().endswith(b"\n")]  # noqa: E731
        [found] = self.until(whole, "the saved file")
        self.saved += 1
        return found.rename(found.with_name(f"saved-{self.saved}.jsonl"))

    def open(self, *paths: Path) -> None:
        for path in paths:
            self.driver.give("[data-al-open]", path)

    def forget(self) -> None:
        self.press("[data-al-forget]")
        self.press("[data-al-forget-yes]")

    def kept(self) -> list[str]:
        """The names of what localStorage holds of ours."""
        return self.ask(LOCAL)


def scene(item: Item) -> str:
    return f"[data-al-item='{item.id}']"
