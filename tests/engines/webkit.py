"""Drives WebKitGTK's own small browser through WebKitWebDriver and selenium, on a screen that nobody sees."""

from __future__ import annotations

import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

from . import needs

ASK = """const done = arguments[arguments.length - 1], [words] = arguments;
Promise.resolve().then(() => (%s)(...words)).then((gives) => done({gives}), (error) => done({wrong: String(error)}));"""

INTO_SIGHT = """const [found, done] = arguments;
const reach = (times) => {
  found.scrollIntoView({behavior: "instant", block: "center"});
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const { left, top, width, height } = found.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    if (there && (found.contains(there) || there.contains(found)) || !times) done(there?.outerHTML.slice(0, 200));
    else setTimeout(reach, 50, times - 1);
  }));
};
reach(40);"""


class WebKit:
    """One WebKitGTK with nothing kept from before."""

    apart = False  # from a folder, all files share one storage

    def __init__(self, folder: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service

        self.downloads = folder / "home"  # where this browser puts what is saved
        self.downloads.mkdir()
        self._screen, display = _screen()
        try:
            options = Options()
            options.binary_location = needs.mini_browser()
            options.add_argument("--automation")
            with warnings.catch_warnings():  # selenium's own
                warnings.simplefilter("ignore", DeprecationWarning)
                self._driver = webdriver.WebKitGTK(
                    options=options, service=Service(needs.webkit(), env=_env(display, folder / "home"))
                )
        except BaseException:
            self._end_screen()
            raise
        self._driver.set_script_timeout(30)
        self._driver.set_page_load_timeout(60)
        self._driver.set_window_size(1000, 900)
        self.version = f"WebKitGTK {self._driver.capabilities['browserVersion']}"

    def _at(self, at: str) -> Any:
        """The element, in the middle of what is seen: this driver reaches nothing that is not laid out yet."""
        from selenium.webdriver.support.wait import WebDriverWait

        found = WebDriverWait(self._driver, 20).until(lambda driver: driver.find_element("css selector", at))
        self._driver.execute_async_script(INTO_SIGHT, found)
        return found

    def goto(self, address: str) -> None:
        self._driver.get(address)

    def reload(self) -> None:
        self._driver.refresh()

    def press(self, at: str) -> None:
        self._at(at).click()

    def choose(self, at: str, value: str) -> None:
        from selenium.webdriver.support.select import Select

        Select(self._at(at)).select_by_value(value)

    def write(self, at: str, text: str) -> None:
        self._at(at).send_keys(text)

    def give(self, at: str, path: Path) -> None:
        self._at(at).send_keys(str(path))

    def ask(self, function: str, *words: Any) -> Any:
        answer = self._driver.execute_async_script(ASK % function, list(words))
        assert "wrong" not in answer, answer["wrong"]
        return answer.get("gives")

    def wrong(self) -> list[str]:
        return []  # WebDriver tells of no errors

    def close(self) -> None:
        try:
            self._driver.quit()
        finally:
            self._end_screen()

    def _end_screen(self) -> None:
        self._screen.terminate()
        self._screen.wait(20)


def _screen() -> tuple[subprocess.Popen[bytes], str]:
    """A screen in memory, and its name."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        [needs.screen(), "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as said:
        return screen, f":{said.readline().strip()}"


def _env(display: str, home: Path) -> dict[str, str]:
    """What the browser is told of its surroundings: nothing of whoever runs the tests."""
    own = {"DISPLAY": display, "HOME": str(home), "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    folders = {f"XDG_{name}_HOME": str(home / f".{name.lower()}") for name in ("CACHE", "CONFIG", "DATA")}
    return {**os.environ, **own, **folders}
