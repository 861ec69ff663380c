"""The built pages as leaves of a book on paper: without what only a screen can use, with forms for quizzes and links that
say their page; knows no order but _toc.yml's, and prints nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup
from bs4.element import Comment, Tag
from markupsafe import Markup, escape

from . import page
from .bank import Bank
from .errors import AlongsideError
from .models import Item, Scale

TRAINERS = "book/trainers/"
# what only a screen can use; data-al-screen marks a part of a page that is nothing on paper
SCREEN = (
    "script, style, noscript, template, button, dialog, input, select, canvas, [hidden], [data-al-live], [data-al-screen],"
    " .headerlink, svg[aria-hidden], .visually-hidden, .cell details, .cell_input, .al-reflect > .al-quiet"
)


class PaperError(AlongsideError):
    """The course cannot be put on paper; says what is missing."""


@dataclass(frozen=True)
class Scene:
    """One scene where it stands on paper."""

    item: Item
    scale: Scale
    number: int
    label: str
    anchor: str
    reread: str
    keyed: bool

    @property
    def kind(self) -> str:
        return page.kind(self.scale)


@dataclass
class Leaf:
    """One page of the book on paper, with the scenes that stand on it."""

    name: str
    part: str
    soup: Tag
    title: str = ""
    opens: str = ""  # the part's title, on its first page
    quiz: bool = False
    scenes: list[Scene] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return _anchor(self.name)

    @property
    def closes(self) -> bool:
        """References close a book, wherever the website has them."""
        return self.soup.select_one(".citation-list") is not None

    @property
    def level(self) -> int:
        return 2 if self.part else 1

    @property
    def body(self) -> Markup:
        return Markup(self.soup.decode_contents())


def read(bank: Bank, site: Path, *, trainers: bool = False) -> tuple[list[Leaf], BeautifulSoup]:
    """The leaves of the book, and the page whose foot carries help and licence. Raises PaperError where a page is missing."""
    root = bank.folder.parent
    leaves, foot = _gather(bank, root, site, trainers)
    names = {leaf.name: leaf for leaf in leaves}
    for leaf in leaves:
        if leaf.closes:
            leaf.part = ""
    opened = {""}
    for leaf in leaves:
        _draw_forms(bank, leaf, names)
        _clean(bank, leaf)
        _link(bank, leaf, site, names)
        _mark(leaf)
        leaf.opens = leaf.part if leaf.part not in opened else ""
        opened.add(leaf.part)
    return leaves, foot


def fill(words: str, **anchors: str) -> Markup:
    """Words in whose {braces} the page numbers of anchors stand, once they are printed."""
    links = {name: Markup('<a class="page" href="#{}"></a>').format(anchor) for name, anchor in anchors.items()}
    return Markup(escape(words).format(**links))


def say(bank: Bank) -> Callable[..., Markup]:
    """What turns a name of the catalogue's part `paper` into its words, filled."""
    return lambda name, **anchors: fill(bank.says["paper"][name], **anchors)


# -- which pages, in which order


def _gather(bank: Bank, root: Path, site: Path, trainers: bool) -> tuple[list[Leaf], BeautifulSoup]:
    """The pages that are read on paper, and the page whose foot carries help and licence."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    order = parse_toc_yaml(str(root / "_toc.yml"))
    found: list[Leaf] = []
    foot: BeautifulSoup | None = None
    for name, part in _order(order, order.root.docname, ""):
        if name.startswith(TRAINERS) and not trainers:
            continue
        path = site / f"{name}.html"
        if not path.is_file():
            raise PaperError(f"{path} is not there, though _toc.yml names {name}. Type: make book")
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        foot = foot or soup
        article = soup.select_one("article")
        if article is None or article.select_one("h1") is None:
            raise PaperError(f"{path} has no heading. Give the page a first line that begins with #.")
        leaf = Leaf(name, part, article)
        whole = article.select_one(".cell [data-al-quiz], [data-al-held]")
        if whole and _is_form(bank, whole):
            _only_the_form(bank, leaf, whole)
        elif article.select_one(".cell, [data-al-record], [data-al-review]"):
            continue  # a notebook without a quiz is a program, and a record is on a device: neither is anything on paper
        for one in article.select(SCREEN):
            one.decompose()
        heading = article.select_one("h1")
        if heading and text_of(article).removeprefix(text_of(heading)).strip():
            leaf.title = text_of(heading)
            found.append(leaf)
    if foot is None:
        raise PaperError(f"{root / '_toc.yml'} names no page.")
    return found, foot


def _order(order: Any, name: str, part: str) -> Iterator[tuple[str, str]]:
    yield name, part
    for tree in order[name].subtrees:
        for each in map(str, tree.items):
            if each in order:
                yield from _order(order, each, tree.caption or part)


def _is_form(bank: Bank, drawn: Tag) -> bool:
    return str(drawn["data-al-quiz"]) in bank.form_paths


def _only_the_form(bank: Bank, leaf: Leaf, whole: Tag) -> None:
    """A quiz's page speaks of buttons; on paper its heading and its form are kept, and our own words between them."""
    leaf.quiz = True
    heading = leaf.soup.select_one("h1")
    section = BeautifulSoup("<section><p></p></section>", "html.parser")
    section.section.insert(0, heading.extract())  # type: ignore[union-attr]
    words = f"{escape(bank.says['paper']['quiz'])} {fill(bank.says['paper']['sheet_of'], page=f'{leaf.anchor}--sheet')}"
    section.p.append(BeautifulSoup(words, "html.parser"))  # type: ignore[union-attr]
    section.section.append(whole.extract())  # type: ignore[union-attr]
    leaf.soup.clear()
    leaf.soup.append(section)


# -- what stands on a page


def _draw_forms(bank: Bank, leaf: Leaf, names: dict[str, Leaf]) -> None:
    """Every quiz becomes a form to mark with a pen; warm-ups are counted through the page."""
    says = bank.says["paper"]
    warm_ups = 0
    for drawn in leaf.soup.select("[data-al-quiz]"):
        form = (
            bank.form(str(drawn["data-al-quiz"])) if _is_form(bank, drawn) else page.single(bank.item(str(drawn["data-al-quiz"])))
        )
        numbered = _is_form(bank, drawn)
        scenes = []
        for number, item in enumerate(bank.items_of(form), start=1):
            warm_ups += not numbered
            label = says["scene"].format(number=number) if numbered else says["warm_up"].format(number=warm_ups)
            target, _, section = item.reread.partition("#")
            reread = f"{_anchor(f'book/{target}')}--{section}" if f"book/{target}" in names and section else ""
            anchor = f"{leaf.anchor}--scene-{form.id}-{item.id}"
            scene = Scene(item, bank.scale_of(item), number, label, anchor, reread, "data-al-of" in drawn.attrs)
            scenes.append(scene)
        leaf.scenes += scenes
        before = drawn.find_previous(re.compile(r"^h[1-6]$"))
        level = min(int(before.name[1]) + 1, 6) if isinstance(before, Tag) else 2
        text = page.environment().get_template("paper/form.html").render(scenes=scenes, level=level, say=say(bank))
        drawn.replace_with(BeautifulSoup(text, "html.parser"))


def _clean(bank: Bank, leaf: Leaf) -> None:
    """Takes off what only a screen or a script reads, and gives room to write."""
    for comment in leaf.soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for room in leaf.soup.select("textarea"):
        room.replace_with(_new("div", **{"class": "lines"}))
    for word in leaf.soup.select(".al-words dt"):
        word.string = bank.says["paper"]["avoid"].format(words=text_of(word))
    for label in leaf.soup.select(".citation > .label"):
        label.decompose()
    for summary in leaf.soup.select("details > summary"):
        summary.name = "p"
    for folded in leaf.soup.select("details"):
        folded.name = "div"
    for head in leaf.soup.select("thead th"):
        head["scope"] = "col"
    for follows in leaf.soup.select("p + ul, p + ol, p + .form, p + table, p + div"):
        if isinstance(said := follows.find_previous_sibling(True), Tag):
            said["class"] = " ".join([*(said.get("class") or []), "leads"])  # “A scene to try:” stays with its scene
    for each in leaf.soup.find_all(True):
        for name in [name for name in each.attrs if name in ("style", "role", "title") or name.startswith(("aria-", "data-"))]:
            del each[name]


def _link(bank: Bank, leaf: Leaf, site: Path, names: dict[str, Leaf]) -> None:
    """Links between pages become links within one document that say their page; addresses outside are written out."""
    before, _, after = bank.says["paper"]["see"].partition("{page}")
    for link in leaf.soup.select("a[href]"):
        href = str(link["href"])
        if "page" in (link.get("class") or []):
            continue
        if re.match(r"(tel|sms):", href):
            link.unwrap()
        elif re.match(r"[a-z]+:", href):
            said = text_of(link)
            shown = href.removeprefix("mailto:")
            link["class"] = "" if said.removeprefix("doi:") in shown or shown in said else "out"
        else:
            _link_within(leaf, link, href, names, (before, after))
    for image in leaf.soup.select("img[src]"):
        path = (site / leaf.name).parent / unquote(str(image["src"]))
        image["src"] = path.resolve().as_uri()
    for each in leaf.soup.select("[id]"):
        name = str(each["id"])
        each["id"] = name if name.startswith(f"{leaf.anchor}--") else f"{leaf.anchor}--{name}"


def _link_within(leaf: Leaf, link: Tag, href: str, names: dict[str, Leaf], words: tuple[str, str]) -> None:
    target, part = urldefrag(href)
    name = posixpath.normpath(posixpath.join(posixpath.dirname(leaf.name), target)).removesuffix(".html") if target else leaf.name
    other = names.get(name)
    if other is None:  # a page that is not in this book
        link.unwrap()
        return
    link["href"] = f"#{other.anchor}--{part}" if part else f"#{other.anchor}"
    if link.select_one(".std-term"):
        link["class"] = "term"
    elif link.find_parent(class_="bibtex-citation"):
        link["class"] = "cited"
    else:
        link["class"] = "to"
        link["data-before"], link["data-after"] = words


def _mark(leaf: Leaf) -> None:
    """Headings step down below their part's; the page's own becomes a bookmark, and below it those of its sections."""
    for level in range(5, 0, -1):
        for heading in leaf.soup.select(f"h{level}"):
            heading.name = f"h{level + leaf.level - 1}"
            if level == 1:
                heading["data-mark"], heading["id"] = str(leaf.level), leaf.anchor
            elif level == leaf.level == 2 and not heading.find_parent(class_="scene"):
                heading["data-mark"] = "3"


def _anchor(name: str) -> str:
    return name.replace("/", "-")


def text_of(of: Tag | BeautifulSoup) -> str:
    """An element's words on one line."""
    return " ".join(of.get_text().split())


def _new(name: str, **attributes: str) -> Tag:
    return BeautifulSoup("", "html.parser").new_tag(name, attrs=dict(attributes))
