"""The Sphinx extension: the directives of the course's pages; how a page is dressed is theme.py's."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from . import __version__, page, record_page, theme, views
from .bank import Bank, find_bank
from .errors import AlongsideError
from .models import Chapter, Form, Standard, code

TOLD = "alongside_told"


class BankDirective(SphinxDirective):
    """A directive that reads the bank, and has its page built again when what it read has changed."""

    @property
    def bank(self) -> Bank:
        bank: Bank = self.env.app.alongside_bank  # type: ignore[attr-defined]
        return bank

    @property
    def chapter(self) -> Chapter:
        return self.bank.chapter(self.env.docname.rsplit("/", 1)[-1])

    def run(self) -> list[nodes.Node]:
        """The directive's nodes; what is wrong becomes an error of the build, at the directive's own line."""
        try:
            return self.make()
        except AlongsideError as why:
            raise self.error(str(why)) from None

    def make(self) -> list[nodes.Node]:
        raise NotImplementedError

    def depends(self, paths: Iterable[Path]) -> None:
        for path in (*paths, *self.bank.folder.glob("*.yml"), *page.SOURCES):
            self.env.note_dependency(str(path))

    def depends_on_chapters(self) -> None:
        """Built again when a chapter tells other pages something else, and not at every word that is changed in one."""
        self.env.metadata[self.env.docname][TOLD] = record_page.told(self.bank)

    def raw(self, html: str) -> nodes.raw:
        return nodes.raw("", html, format="html")

    def written(self, text: str) -> list[nodes.Node]:
        """The nodes of a piece of Markdown."""
        return self.written_lines(text.splitlines())

    def written_lines(self, lines: list[str]) -> list[nodes.Node]:
        box = nodes.Element()
        self.state.nested_parse(StringList(lines, source=self.env.docname), self.content_offset, box)
        return box.children

    def to(self, docname: str) -> str:
        """The way from this page to another, as it stands in a link."""
        here = os.path.dirname(self.env.docname)
        return os.path.relpath(f"{docname}.html", here or ".").replace(os.sep, "/")


class QuizDirective(BankDirective):
    """`quiz FORM`: a form, live on the page; `:exam:` without key or reasons, `:held:` with reasons once it is handed in."""

    required_arguments = 1
    option_spec: ClassVar = {"exam": directives.flag, "held": directives.flag}

    def make(self) -> list[nodes.Node]:
        return self.drawn(self.bank.form(self.arguments[0]))

    def drawn(self, form: Form) -> list[nodes.Node]:
        self.depends([*(self.bank.item_paths[item] for item in form.items), *self.bank.form_paths.values()])
        links = self.to("book/index").removesuffix("index.html")
        html = page.render(
            self.bank,
            form,
            exam="exam" in self.options,
            held="held" in self.options,
            links=links,
            level=min(_depth(self.state_machine.node) + 1, 5),
        )
        return [self.raw(html)]


class ItemDirective(QuizDirective):
    """`item ID`: one item as a warm-up."""

    option_spec: ClassVar = {}

    def make(self) -> list[nodes.Node]:
        return self.drawn(page.single(self.bank.item(self.arguments[0])))


class PracticeDirective(QuizDirective):
    """`practice FORM`: a form that is handed in as a whole, with a timer for who wants one."""

    option_spec: ClassVar = {}

    def make(self) -> list[nodes.Node]:
        form = self.bank.form(self.arguments[0])
        self.options["held"] = None
        says, minutes = self.bank.says["practice"], math.ceil(len(form.items) * self.bank.course.seconds_a_scene / 60)
        spoken = {name: says[name] for name in ("minutes_left", "minute_left", "five", "over")}
        timer = page.draw("timer.html", form=form.id, says=says, spoken=spoken, minutes=minutes)
        return [self.raw(timer), *self.drawn(form)]


class ReviewDirective(BankDirective):
    """`review`: every scene, each to come back when the reader's own record says that it is due."""

    def make(self) -> list[nodes.Node]:
        self.depends(self.bank.item_paths.values())
        links = self.to("book/index").removesuffix("index.html")
        scenes = [
            (name, Markup(page.render(self.bank, page.single(self.bank.item(name)), links=links, prefix="review")))
            for name in self.bank.item_paths
        ]
        html = page.draw(
            "review.html",
            says=self.bank.says["review"],
            version=self.bank.course.version,
            scenes=scenes,
            catalogue=page.as_data(views.catalogue(self.bank)),
        )
        return [self.raw(html)]


class RecordDirective(BankDirective):
    """`record`: the reader's own record, a section a part."""

    def make(self) -> list[nodes.Node]:
        toc = self.bank.folder.parent / "_toc.yml"
        self.depends([*self.bank.item_paths.values(), *self.bank.form_paths.values(), toc])
        self.depends_on_chapters()
        order = re.findall(r"file: book/([a-z0-9-]+)", toc.read_text("utf-8"))
        drawn = record_page.draw(self.bank, self.to("book/index").removesuffix("index.html"), order)
        found: list[nodes.Node] = [self.raw(drawn.pop("begin"))]
        for name, html in drawn.items():
            title = nodes.title("", self.bank.says["record"]["titles"][name])
            found.append(nodes.section("", title, self.raw(html), ids=[name], names=[name]))
        return found


class ObjectivesDirective(BankDirective):
    """`objectives`: what the chapter's front matter says that a reader will be able to do."""

    def make(self) -> list[nodes.Node]:
        self.depends([])
        found = nodes.bullet_list(classes=["al-objectives"])
        for name, objective in self.chapter.objectives.items():
            codes = ", ".join(map(code, objective.standards))
            said = nodes.paragraph("", objective.text + " ")
            said += nodes.inline("", codes, classes=["al-codes"])
            found += nodes.list_item("", said, ids=[f"objective-{name}"])
        return [found]


class ReflectDirective(BankDirective):
    """`reflect ID`: a prompt, and room to write that stays on the reader's device."""

    required_arguments = 1
    has_content = True

    def make(self) -> list[nodes.Node]:
        name, says = directives.class_option(self.arguments[0])[0], self.bank.says["reflect"]
        box = nodes.container("", classes=["al-reflect"])
        prompt = nodes.container("", *self.written_lines(list(self.content)), ids=[f"reflect-{name}"])
        box += prompt
        box += self.raw(
            Markup(
                '<textarea rows="4" maxlength="20000" data-al-reflect="{0}" aria-labelledby="reflect-{0}" '
                'data-al-version="{1}"></textarea><p class="al-quiet">{2}</p>'
                '<p class="al-quiet" role="status" data-al-unkept hidden>{3}</p>'
            ).format(name, self.bank.course.version, says["kept"], says["unkept"])
        )
        return [box]


class ContentNoteDirective(BankDirective):
    """`content-note`: what a page touches, and with `:skip: label` the way past it."""

    has_content = True
    option_spec: ClassVar = {"skip": directives.unchanged_required}

    def make(self) -> list[nodes.Node]:
        box = nodes.container("", *self.written_lines(list(self.content)), classes=["al-note"])
        if target := self.options.get("skip"):
            box += self.written(f"[{self.bank.says['book']['skip']}](#{target})")
        return [box]


class TurnsDirective(BankDirective):
    """`turns`: a dialogue, a paragraph a turn; a line that begins with ~ is the note beside it."""

    has_content = True

    def make(self) -> list[nodes.Node]:
        box = nodes.container("", classes=["al-turns"])
        turn: list[str] = []
        for line in [*self.content, ""]:
            if line.strip():
                turn.append(line)
            elif turn:
                said = [row for row in turn if not row.startswith("~")]
                note = [row.removeprefix("~").strip() for row in turn if row.startswith("~")]
                one = nodes.container("", *self.written_lines(said), classes=["al-turn"])
                if note:
                    one += nodes.container("", *self.written_lines(note), classes=["al-beside"])
                box += one
                turn = []
        return [box]


class KeepOfflineDirective(BankDirective):
    """`keep-offline`: the button that keeps the course in the reader's browser, so that it opens without a network."""

    def make(self) -> list[nodes.Node]:
        self.depends([])
        return [self.raw(page.environment().get_template("offline.html").render(says=self.bank.says["offline"]))]


class DriftsDirective(BankDirective):
    """`drifts`: the ten drifts, each with what it costs and what to practise."""

    def make(self) -> list[nodes.Node]:
        self.depends([])
        return [self.drift(name) for name in self.bank.drifts]

    def drift(self, name: str) -> nodes.Node:
        drift = self.bank.drifts[name]
        section = nodes.section("", nodes.title("", drift.title), ids=[name], names=[name])
        says = self.bank.says["book"]
        section += self.written(f"{drift.does} {says['sounds'].format(sounds=drift.sounds.strip('“”'))}")
        section += self.written(f"**{says['costs']}** {drift.costs}")
        section += self.written(f"**{says['practise']}**\n\n" + "\n".join(f"- {each}" for each in drift.practise))
        return section


class WordsDirective(BankDirective):
    """`words`: the words that we choose, from words.yml."""

    def make(self) -> list[nodes.Node]:
        self.depends([self.bank.book / "words.yml"])
        rows = [f"{word.avoid}\n: **{word.instead}** {word.because}\n" for word in self.bank.words]
        box = nodes.container("", *self.written("\n".join(rows)), classes=["al-words"])
        return [box]


class CoverageDirective(BankDirective):
    """`coverage`: each statement of each framework, where it is taught and how often it is asked."""

    def make(self) -> list[nodes.Node]:
        toc = self.bank.folder.parent / "_toc.yml"  # which changes with each new chapter and form
        self.depends([*self.bank.item_paths.values(), *self.bank.form_paths.values(), toc])
        self.depends_on_chapters()
        taught = {name: self.bank.chapter(name) for name in self.bank.chapter_paths}
        asked: dict[str, dict[str, int]] = {}
        for form in map(self.bank.form, self.bank.quizzes):  # a practice form asks the same scenes once more
            for item in self.bank.items_of(form):
                for standard in item.standards:
                    counts = asked.setdefault(standard, {})
                    counts[form.id] = counts.get(form.id, 0) + 1
        return [self.framework(name, taught, asked) for name in self.bank.standards.frameworks]

    def framework(self, name: str, taught: dict[str, Chapter], asked: dict[str, dict[str, int]]) -> nodes.Node:
        framework = self.bank.standards.frameworks[name]
        mine = {key: each for key, each in self.bank.standards.statements.items() if key.startswith(f"{name}-")}
        section = nodes.section("", nodes.title("", framework.title), ids=[name], names=[name])
        section += self.written(f"{framework.note} {{cite:p}}`{framework.source}`")
        for group in dict.fromkeys(each.under for each in mine.values()):
            rows = [self.statement(key, each, taught, asked) for key, each in mine.items() if each.under == group]
            inner = nodes.section("", nodes.title("", group), ids=[nodes.make_id(f"{name}-{group}")])
            inner += nodes.container("", *self.written("\n".join(rows)), classes=["al-coverage"])
            section += inner
        return section

    def statement(self, key: str, statement: Standard, taught: dict[str, Chapter], asked: dict[str, dict[str, int]]) -> str:
        said = self.bank.says["book"]
        where = [f"[{chapter.title}](../book/{slug}.md)" for slug, chapter in taught.items() if key in chapter.standards]
        counts = [
            said["scenes" if count > 1 else "one_scene"].format(
                count=count, form=f"[{self.bank.form(form).title}](../notebooks/{form}.ipynb)"
            )
            for form, count in asked.get(key, {}).items()
        ]
        says = said["taught"].format(chapters=", ".join(where)) if where else said["not_taught"]
        says += " " + (said["asked"].format(forms=", ".join(counts)) if counts else said["not_asked"])
        ours = f" *{said['ours']}*" if statement.wording == "ours" else ""
        return f"- **{code(key)}** {statement.text}{ours}\\\n  {says}"


def _depth(node: Any) -> int:
    depth = 0
    while node is not None:
        depth += isinstance(node, nodes.section)
        node = node.parent
    return depth


def _told_otherwise(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    try:
        told = record_page.told(app.alongside_bank)  # type: ignore[attr-defined]
    except AlongsideError:
        return []  # the page of that chapter says so, with its line
    return [name for name, about in env.metadata.items() if about.get(TOLD, told) != told]


def _open_bank(app: Sphinx) -> None:
    app.alongside_bank = find_bank(Path(app.srcdir) / "quizzes")  # type: ignore[attr-defined]


def _drop_widget_state(app: Sphinx, doctree: nodes.document) -> None:
    """Jupyter's stored widget state holds the whole module a second time, for a manager that this page does not load."""
    for node in list(doctree.findall(nodes.raw)):
        if "application/vnd.jupyter.widget-state+json" in node.astext():
            node.parent.remove(node)


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "quiz": QuizDirective,
    "item": ItemDirective,
    "practice": PracticeDirective,
    "review": ReviewDirective,
    "record": RecordDirective,
    "objectives": ObjectivesDirective,
    "reflect": ReflectDirective,
    "content-note": ContentNoteDirective,
    "turns": TurnsDirective,
    "keep-offline": KeepOfflineDirective,
    "drifts": DriftsDirective,
    "words": WordsDirective,
    "coverage": CoverageDirective,
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the course's directives and its room to a Sphinx application."""
    app.add_config_value("alongside_help_now", {}, "html")
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.connect("builder-inited", _open_bank)
    app.connect("env-get-outdated", _told_otherwise)
    app.connect("doctree-read", _drop_widget_state)
    theme.connect(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
