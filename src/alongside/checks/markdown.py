"""A page of the book as a reader sees it: its text with the lines kept, and what it points to; draws nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..lines import Document, read_front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NOT_PROSE = frozenset(
    {"bibliography", "code", "code-block", "code-cell", "eval-rst", "image", "list-table", "math", "raw", "toctree"}
)


@dataclass(frozen=True)
class Block:
    """A run of visible text; line breaks in it are the file's. `within` is the directive that it stands in, if any."""

    line: int
    kind: str  # heading, text or cell
    text: str
    within: str = ""


@dataclass(frozen=True)
class Mark:
    """Something on a page that is not text: a link, an image, a citation, a directive; `more` is its text or argument."""

    line: int
    name: str
    more: str = ""


@dataclass(frozen=True)
class Page:
    """One Markdown file, read."""

    path: Path
    front: Document
    blocks: list[Block] = field(default_factory=list)
    links: list[Mark] = field(default_factory=list)
    images: list[Mark] = field(default_factory=list)
    cites: list[Mark] = field(default_factory=list)
    directives: list[Mark] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def says(self) -> Mapping[str, object]:
        """The front matter, where it is names with colons."""
        return self.front.data if isinstance(self.front.data, dict) else {}

    def sections(self) -> Iterator[tuple[int, str, list[Block]]]:
        """Each heading's line and words, and the blocks below it."""
        line, title, found = 1, "the opening", list[Block]()
        for block in self.blocks:
            if block.kind == "heading":
                yield line, title, found
                line, title, found = block.line, block.text, []
            else:
                found.append(block)
        yield line, title, found


def read_page(path: Path) -> Page:
    """Read one page; raises FileError where its text or front matter cannot be read."""
    front, body = read_front_matter(path)
    page = Page(path, front)
    _walk(page, body, 1, "")
    return page


def _walk(page: Page, text: str, first: int, within: str) -> None:
    """Add what a text holds, whose first line is line `first` of the file."""
    kind, row = "text", first
    for token in _parser().parse(text):
        line = token.map[0] + first if token.map else row
        match token.type:
            case "heading_open":
                kind = "heading"
            case "td_open" | "th_open":
                kind = "cell"
            case "heading_close" | "td_close" | "th_close":
                kind = "text"
            case "tr_open":
                row = line
            case "inline":
                seen = _inline(page, token, line)
                if seen.strip():
                    page.blocks.append(Block(line, kind, seen, within))
            case "myst_target":
                page.labels.setdefault(token.content, line)
            case "html_block":
                _html(page, token.content, line)
            case "fence" | "colon_fence":
                _directive(page, token, line, within)


def _inline(page: Page, token: Token, first: int) -> str:
    seen, line = "", first
    for child in token.children or []:
        match child.type:
            case "text":
                seen += child.content
            case "code_inline":
                seen += f"`{child.content}`"
            case "softbreak" | "hardbreak":
                seen += "\n"
                line += 1
            case "link_open":
                page.links.append(Mark(line, str(child.attrs["href"])))
            case "image":
                page.images.append(Mark(line, str(child.attrs["src"]), child.content))
            case "html_inline":
                _html(page, child.content, line)
            case "myst_role":
                name = str(child.meta["name"])
                if name.startswith("cite"):
                    page.cites.extend(Mark(line, key.strip()) for key in child.content.split(","))
                else:
                    seen += child.content.partition(" <")[0]
    return seen


def _directive(page: Page, token: Token, line: int, within: str) -> None:
    found = re.fullmatch(r"\{([\w:+-]+)\}\s*(.*)", token.info.strip())
    if not found:
        return
    name, argument = found.groups()
    page.directives.append(Mark(line, name, argument))
    rows = token.content.split("\n")
    options = {}
    while rows and (option := re.fullmatch(r":([\w-]+):\s*(.*)", rows[0])):
        options[option[1]] = option[2]
        rows.pop(0)
    if name in ("image", "figure"):
        page.images.append(Mark(line, argument, options.get("alt", "")))
    if name not in NOT_PROSE:
        text = "\n".join(row.removeprefix("~ ") if name == "turns" else row for row in rows)
        _walk(page, text, line + 1 + len(options), name)


def _html(page: Page, text: str, line: int) -> None:
    for image in re.finditer(r"<img\b[^>]*>", text):
        alt = re.search(r"""\balt=["']([^"']*)""", image[0])
        source = re.search(r"""\bsrc=["']([^"']*)""", image[0])
        at = line + text.count("\n", 0, image.start())
        page.images.append(Mark(at, source[1] if source else "", alt[1] if alt else ""))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    plain = MarkdownIt("commonmark").enable("table")
    return plain.use(colon_fence_plugin).use(myst_role_plugin).use(myst_block_plugin)
