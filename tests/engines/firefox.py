"""Drives Debian's Firefox over WebDriver BiDi: orders go to puppeteer-core, which runs in Node."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

from . import needs

HERE = Path(__file__).parent
LONGEST = 60  # seconds for one order


class Firefox:
    """One Firefox with a profile of its own."""

    apart = True  # from a folder, each file has a storage of its own

    def __init__(self, folder: Path) -> None:
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        home = folder / "home"
        home.mkdir()
        command = [needs.node(), HERE / "hand.mjs", needs.PACKAGES, needs.firefox(), self.downloads]
        self._said = (folder / "said.txt").open("w")
        self._node = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True, env={**os.environ, "HOME": str(home)},
        )  # fmt: skip
        self.version = str(self._order("version"))

    def _order(self, *words: Any) -> Any:
        late = threading.Timer(LONGEST, self._node.kill)
        late.start()
        try:
            self._node.stdin.write(json.dumps(words) + "\n")
            self._node.stdin.flush()
            line = self._node.stdout.readline()
        finally:
            late.cancel()
        assert line, f"Firefox's hand is gone; it said: {Path(self._said.name).read_text()}"
        answer = json.loads(line)
        assert "wrong" not in answer, answer["wrong"]
        return answer["gives"]

    def goto(self, address: str) -> None:
        self._order("goto", address)

    def reload(self) -> None:
        self._order("reload")

    def press(self, at: str) -> None:
        self._order("press", at)

    def choose(self, at: str, value: str) -> None:
        self._order("choose", at, value)

    def write(self, at: str, text: str) -> None:
        self._order("write", at, text)

    def give(self, at: str, path: Path) -> None:
        self._order("give", at, str(path))

    def ask(self, function: str, *words: Any) -> Any:
        return self._order("ask", function, words)

    def wrong(self) -> list[str]:
        return self._order("wrong")

    def close(self) -> None:
        self._node.stdin.close()
        try:
            self._node.wait(LONGEST)
        except subprocess.TimeoutExpired:
            self._node.kill()
        self._node.stdout.close()
        self._said.close()
