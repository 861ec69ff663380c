"""`alongside …`: parses, calls and prints; nothing else, and nothing imports it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from . import __version__
from .bank import Bank, find_bank
from .errors import AlongsideError

OUT = Console(soft_wrap=True, highlight=False, markup=False)
# the build takes what is written to sys.stderr; what we say goes past it
ERR = Console(file=sys.__stderr__, soft_wrap=True, highlight=False, markup=False)

app = typer.Typer(
    help="The course for peer specialists: read it, write it, check it, hand it out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
READ, WRITE, MAKE, GIVE = "Read the course", "Write and check it", "Make what is generated", "Hand it out"

Where = Annotated[Path | None, typer.Option("--bank", help="The folder quizzes/, where it is not found by itself.")]
Only = Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something is stale.")]


def main() -> None:
    """Run a command: 0 done · 1 something is wrong with the content · 2 wrong words on the command line · 130 stopped by hand."""
    try:
        app()
    except AlongsideError as why:
        ERR.print(str(why), markup=False)
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        OUT.print(f"alongside {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass


@app.command(rich_help_panel=READ)
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen.")] = 8000,
    prefix: Annotated[str, typer.Option(help="A path to serve it under, as a host with sub-paths does.")] = "/",
    build: Annotated[bool, typer.Option(help="Build first; --no-build serves what is there.")] = True,
    bank: Where = None,
) -> None:
    """Build the book and serve it on this machine."""
    from .serve import open_server

    root = _root(find_bank(bank))
    prefix = f"/{prefix.strip('/')}/".replace("//", "/")
    server = open_server(_build(root) if build else root / "_build" / "html", port, prefix)
    with server:
        OUT.print("Press Ctrl+C to stop. The course is at:")
        OUT.print(f"http://127.0.0.1:{server.server_port}{prefix}")
        sys.stdout.flush()
        server.serve_forever()


@app.command(rich_help_panel=READ)
def book(
    clean: Annotated[bool, typer.Option(help="Build everything anew.")] = False,
    bank: Where = None,
) -> None:
    """Build the book into _build/html, warnings as errors."""
    OUT.print(f"Built: {_build(_root(find_bank(bank)), clean)}")


@app.command(rich_help_panel=WRITE)
def check(
    only: Annotated[list[str] | None, typer.Option(help="A check by its name; may be given again.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
    names: Annotated[bool, typer.Option("--list", help="The checks, each with its reason.")] = False,
    bank: Where = None,
) -> None:
    """Hold chapters, scenes and pages to the rules for authors."""
    from . import checks

    if names:
        checks.print_checks(OUT)
        return
    report = checks.run(find_bank(bank), only)
    if as_json:
        OUT.print_json(data=report.as_json())
    else:
        checks.print_report(report, OUT)
    if report.failed:
        raise typer.Exit(1)


@app.command(rich_help_panel=WRITE)
def freeze(
    names: Annotated[list[str], typer.Argument(help="The items that are being released, or chapters, for all of theirs.")],
    bank: Where = None,
) -> None:
    """Release items: what they ask and how they are keyed may not change any more."""
    from . import frozen

    OUT.print(f"Written: {frozen.freeze(find_bank(bank), names)}")


@app.command(rich_help_panel=MAKE)
def notebooks(
    forms: Annotated[list[str] | None, typer.Argument(help="Forms; all where none is named.")] = None,
    only: Only = False,
    bank: Where = None,
) -> None:
    """Write and run the quiz notebooks, one a form."""
    from rich.progress import BarColumn, Progress, TextColumn

    from . import notebooks as made

    found = find_bank(bank)
    names, folder = forms or list(found.form_paths), _root(found) / "notebooks"
    if only:
        _stop_if(made.stale(found, names, folder), "Type: alongside notebooks")
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), console=ERR, transient=True) as progress:
        task = progress.add_task("Running notebooks", total=len(names))
        for path in made.write(found, names, folder):
            OUT.print(f"Written: {path}")
            progress.advance(task)


@app.command(rich_help_panel=MAKE)
def schemas(only: Only = False, bank: Where = None) -> None:
    """Write the JSON Schemas with which an editor helps an author."""
    from . import schemas as made

    found = find_bank(bank)
    if only:
        _stop_if(made.stale(found), "Type: alongside schemas")
        return
    for path in made.write(found):
        OUT.print(f"Written: {path}")


@app.command(rich_help_panel=GIVE)
def page(
    form: Annotated[str, typer.Argument(help="The form.")],
    to: Annotated[Path, typer.Option("--to", "-o", help="The file to write.")],
    exam: Annotated[bool, typer.Option(help="As it is sat: no key, no points, no reasons in the file.")] = False,
    bank: Where = None,
) -> None:
    """Write a quiz as one page that opens without a server."""
    from . import page as made

    found = find_bank(bank)
    text = made.alone(found, found.form(form), exam=exam)
    try:
        to.write_text(text, "utf-8", newline="\n")
    except OSError as why:
        raise AlongsideError(f"{to} cannot be written ({why.strerror}). Name a file in a folder that is there.") from None
    OUT.print(f"Written: {to}")


@app.command(rich_help_panel=GIVE)
def paper(
    size: Annotated[str, typer.Option(help="The paper: letter or a4.")] = "letter",
    trainers: Annotated[bool, typer.Option(help="With the pages for trainers.")] = False,
    to: Annotated[Path | None, typer.Option("--to", "-o", help="The file to write; _build/paper/alongside.pdf.")] = None,
    bank: Where = None,
) -> None:
    """Write the book as one PDF: quizzes as forms, answer sheets, the reasons in an appendix."""
    from . import paper as made

    found = find_bank(bank)
    made.size(size)  # before a build that takes a while
    site = _build(_root(found))
    with ERR.status("Printing the book"):
        path = made.write(found, site, to or site.parent / "paper" / "alongside.pdf", paper=size, trainers=trainers)
    OUT.print(f"Written: {path}")


def _root(bank: Bank) -> Path:
    return bank.folder.parent.resolve()


def _build(root: Path, clean: bool = False) -> Path:
    from .build import build_book

    with ERR.status("Building the book"):
        return build_book(root, clean=clean)


def _stop_if(problems: Iterable[str], what_to_do: str) -> None:
    found = list(problems)
    for problem in found:
        ERR.print(problem, markup=False)
    if found:
        _fail(what_to_do)


def _fail(what: str) -> NoReturn:
    ERR.print(what, markup=False)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
