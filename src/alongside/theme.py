"""What a built page carries besides its text: our look, the help-now footer, and nothing from elsewhere; owns no content."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import minify
from sphinx.application import Sphinx
from sphinx.config import Config

from . import offline, page
from .purge import purged, used_names

TEMPLATES = Path(str(files(__package__) / "templates" / "book"))
ASSETS = "_static/alongside"
HELP_HERE = "<!-- help-now -->"  # on a page, becomes the first line of the setting alongside_help_now
STYLES = ("basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css")
UNUSED = (
    "_static/scripts/fontawesome.js",
    "_static/scripts/fontawesome.js.map",
    "_static/vendor/fontawesome",
    "_static/webpack-macros.html",
    "_static/sbt-webpack-macros.html",
)

SCRIPTS = {  # a page's script: what on the page asks for it, and what it brings beside the quiz
    "record.js": ("data-al-record", ("record.js", "save.js", "views.js", "review.js", "record-page.js")),
    "review.js": ("data-al-review", ("views.js", "review.js")),
    "practice.js": ("data-al-timer", ("timer.js",)),
    "quiz.js": ("data-al-quiz", ()),
}
STYLED = {"record.css": "data-al-record"}  # styles that few pages need: what on a page asks for them

ENTRANCE = """<!doctype html>
<html lang="{1}">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={0}.html">
<link rel="icon" href="_static/mark.svg">
<title>{3}</title>
<p><a href="{0}.html">{2}</a></p>
</html>
"""


def connect(app: Sphinx) -> None:
    """Dress the pages that Sphinx writes."""
    app.connect("config-inited", _use_templates)
    app.connect("builder-inited", _write_assets)
    app.connect("html-page-context", _dress, priority=900)
    app.connect("build-finished", _tidy)


def _use_templates(app: Sphinx, config: Config) -> None:
    config.templates_path = [str(TEMPLATES), *config.templates_path]
    options = dict(config.html_theme_options)
    options["footer_content_items"] = "help-now.html, licence.html"
    config.html_theme_options = options
    config.html_sidebars = {"**": ["close-menu.html", "sbt-sidebar-nav.html"]}  # name and search stand in the top bar


def _write_assets(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    # the theme draws some templates before a page's own context is there
    app.config.html_context["says"] = app.alongside_bank.says["book"]  # type: ignore[attr-defined]
    folder = Path(app.outdir) / ASSETS
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {name: page.classic_script(*modules) for name, (_, modules) in SCRIPTS.items()}
    scripts["save.js"] = page.classic_script("record.js", "save.js", begins="onSavePage")
    scripts |= {name: _static(name) for name in ("offline.js", "folder.js")}
    for name, script in scripts.items():  # half as much for a slow line
        (folder / name).write_text(minify.string("text/javascript", script), "utf-8", newline="\n")
    for name in STYLED:
        (folder / name).write_text(_static(name), "utf-8", newline="\n")


def _look() -> str:
    return page.style() + _static("book.css")


def _static(name: str) -> str:
    return (files(__package__) / "static" / name).read_text("utf-8")


def _dress(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Adds the quiz's script where something on the page needs it; takes out the theme's inline scripts, which a CSP forbids."""
    context["css_files"] = []  # they are in course.css
    context["course_print"] = hashlib.sha256("".join([_look(), *map(_static, STYLED)]).encode()).hexdigest()[:8]
    context["page_styles"] = [name for name, sign in STYLED.items() if sign in context.get("body", "")]
    context["help_now"] = app.config.alongside_help_now
    says = context["says"]
    context["theme_toc_title"], context["theme_search_bar_text"] = says["here"], says["search_in"]
    body = context.get("body", "")
    if HELP_HERE in body:
        line = app.builder.templates.render("help-line.html", context)
        body = body.replace(HELP_HERE, line)
    # docutils gives a list of sources children that are no list items, by a role that ARIA has given up
    context["body"] = body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    context["own_mark"] = _mark(app, pagename, body)
    for name, (sign, _) in SCRIPTS.items():  # the first that fits brings all that its page needs
        if sign in body or (sign == "data-al-quiz" and context["own_mark"]):
            app.add_js_file(f"alongside/{name}", priority=100)
            break
    if "data-al-keeping" in body:
        app.add_js_file("alongside/offline.js", priority=110)
    if pagename == "search":
        app.add_js_file("alongside/folder.js", priority=900)
    scripts = context.get("script_files", [])
    scripts[:] = [script for script in scripts if getattr(script, "filename", script)]
    if pagename != "search":  # whose own scripts follow these at once; elsewhere none has to run before the page is read
        tag = context["js_tag"]
        context["js_tag"] = lambda script: tag(script).replace("<script ", "<script defer ", 1)


def _mark(app: Sphinx, pagename: str, body: str) -> dict[str, str]:
    """What stands at the end of a page that adds to the record: a mark for a chapter or quiz, and a way to save, if need be."""
    bank, name = app.alongside_bank, pagename.rsplit("/", 1)[-1]  # type: ignore[attr-defined]
    says, what = bank.says["mark"], ""
    if pagename == f"book/{name}" and name in bank.chapter_paths:
        what = "chapter"
    elif pagename == f"notebooks/{name}" and name in bank.form_paths:
        what = "form"
    elif not any(sign in body for sign in ("data-al-quiz", "data-al-reflect")):
        return {}
    here = {"base": bank.course.iri, "saved": bank.says["record"]["saved"], "file": bank.says["record"]["file"]}
    return {
        "what": what and f"{what}/{name}",
        "label": what and says[what],
        "version": bank.course.version,
        "record": says["record"],
        "save": says["save"],
        "alone": says["alone"],
        "remind": says["remind"],
        "here": json.dumps(here),
    }


def _tidy(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for name in UNUSED:
        shutil.rmtree(out / name) if (out / name).is_dir() else (out / name).unlink(missing_ok=True)
    bank = app.alongside_bank  # type: ignore[attr-defined]
    if bank.says["direction"] == "rtl":  # which the theme does not know of
        for path in out.rglob("*.html"):
            path.write_text(path.read_text("utf-8").replace("<html", '<html dir="rtl"', 1), "utf-8", newline="\n")
    pages = [path.read_text("utf-8") for path in out.rglob("*.html")]
    (out / "_headers").write_text(_headers(pages), "utf-8", newline="\n")
    _write_course_style(app, pages)
    (out / ".nojekyll").touch()
    (out / "index.html").write_text(
        ENTRANCE.format(app.config.root_doc, bank.course.language, bank.says["book"]["enter"], app.config.project),
        "utf-8",
        newline="\n",
    )
    says = bank.says["offline"]
    start = f"{app.config.root_doc}.html"
    offline.write_worker(out, says, title=app.config.html_title or app.config.project, icon="_static/mark.svg", start=start)


def _write_course_style(app: Sphinx, pages: Iterable[str]) -> None:
    """All stylesheets as one, without what no page can use: a phone asks for six files at a time, and waits for each."""
    static = Path(app.outdir) / "_static"
    used = used_names(pages, (path.read_text("utf-8") for path in static.rglob("*.js")))
    sheets = [*(static / name for name in STYLES), *sorted(static.glob("mystnb.*.css"))]
    merged = [purged(path.read_text("utf-8"), used, Path(app.doctreedir) / "purged") for path in sheets]
    (Path(app.outdir) / ASSETS / "course.css").write_text("\n".join([*merged, _look()]), "utf-8", newline="\n")


def _headers(pages: Iterable[str]) -> str:
    """The headers that a static host should send, in the form that several of them read."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?!javascript))[^>]*>(.*?)</script>", re.S)
    found = {script for page in pages for script in inline.findall(page)}
    digests = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found)
    policy = [
        "default-src 'none'",
        "script-src 'self' " + " ".join(f"'sha256-{digest}'" for digest in digests),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]
    lines = {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in lines.items())
