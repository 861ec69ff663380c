"""Assembled forms as files of `quizzes/forms/`, and as a table: written whole, and never over a form made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rich.table import Table

from ..bank import Bank
from ..models import Blueprint, Form
from ..scoring import shown
from . import Assembly
from .programme import AssemblyError

HEAD = "# Made by `alongside assemble {0}` from blueprints/{0}.yml, never by hand.\n"
SEED = 1  # where no form says another
TITLES = {"values": "Value", "scales": "Scale", "settings": "Setting", "chapters": "Chapter", "drifts": "Drift (options)"}


def seed_of(bank: Bank, blueprint: Blueprint) -> int:
    """The seed that the blueprint's forms were made with, so that making them again changes no more than it must."""
    made = _made(bank, blueprint)
    return next((form.assembled.seed for form in made if form.assembled), SEED)


def texts(bank: Bank, assembly: Assembly) -> Mapping[Path, str]:
    """Each form's file and text. Raises AssemblyError where a form made by hand has the name."""
    blueprint = assembly.blueprint
    found: dict[Path, str] = {}
    for name, items in zip(blueprint.makes, assembly.forms, strict=True):
        path = bank.folder / "forms" / f"{name}.yml"
        if name in bank.form_paths and bank.read_form(path).assembled is None:
            raise AssemblyError(f"{path} is made by hand. Rename it, or the blueprint {blueprint.id}.")
        lines = [
            f"title: {_quoted(f'{blueprint.title} {name[-1].upper()}')}",
            f"kind: {blueprint.kind}",
            f"award: {blueprint.award}",
            "assembled:",
            f"  blueprint: {blueprint.id}",
            f"  seed: {assembly.seed}",
            "items:",
            *(f"  - {item}" for item in items),
        ]
        found[path] = HEAD.format(blueprint.id) + "\n".join(lines) + "\n"
    return found


def write(bank: Bank, assembly: Assembly) -> Iterable[Path]:
    """Write every form, all of them or none; their paths."""
    found = texts(bank, assembly)
    beside = {path: path.with_name(f"{path.name}.new") for path in found}
    try:
        for path, text in found.items():
            path.parent.mkdir(exist_ok=True)
            beside[path].write_text(text, "utf-8", newline="\n")
        for path, new in beside.items():
            new.replace(path)
    except OSError as why:
        for new in beside.values():
            new.unlink(missing_ok=True)
        raise AssemblyError(f"{why.filename} cannot be written ({why.strerror}).") from None
    return list(found)


def stale(bank: Bank, assembly: Assembly) -> Iterator[str]:
    """Sentences about forms that are not what the blueprint and the items give today."""
    found = texts(bank, assembly)
    for path, text in found.items():
        if not path.is_file():
            yield f"{path} is not there."
        elif path.read_text("utf-8") != text:
            yield f"{path} differs from what its blueprint and the items give today."
    for form in _made(bank, assembly.blueprint):
        if bank.path(form) not in found:
            yield f"{bank.path(form)} is not made by its blueprint any more: delete it."


def table(assembly: Assembly) -> Table:
    """What each form holds, beside what the blueprint asks of it."""
    blueprint = assembly.blueprint
    shown_ = Table(box=None, pad_edge=False, title=blueprint.title, title_justify="left", caption_justify="left")
    shown_.add_column("")
    for name in blueprint.makes:
        shown_.add_column(name, justify="right")
    shown_.add_column("asked")
    shown_.add_row("Items", *(str(len(form)) for form in assembly.forms), str(blueprint.items))
    shown_.add_row("Guessing earns about", *map(shown, assembly.guessing), "as alike as can be")
    shown_.add_row("  exactly", *map(str, assembly.guessing), f"difference {assembly.difference}")
    for part, rows in assembly.content.items():
        shown_.add_section()
        shown_.add_row(TITLES[part])
        for name, counts in rows.items():
            shown_.add_row(f"  {name}", *map(str, counts), _asked(blueprint, part, name))
    shared = "; ".join(f"{one} and {other}: {', '.join(items)}" for (one, other), items in assembly.overlap.items() if items)
    shown_.caption = f"Seed {assembly.seed}. Shared by two forms: {shared or 'nothing'}."
    if assembly.short:
        shown_.caption += f" Too few to show {_listed(assembly.short)} as often as asked."
    return shown_


def _asked(blueprint: Blueprint, part: str, name: str) -> str:
    match part:
        case "values":
            return str(blueprint.values.get(name, ""))
        case "scales":
            return str(blueprint.scales.get(name, ""))
        case "settings":
            return f"at most {blueprint.each_setting_at_most}" if blueprint.each_setting_at_most else ""
        case "drifts":
            return f"at least {blueprint.each_drift_at_least}" if blueprint.each_drift_at_least else ""
        case _:
            return ""


def _made(bank: Bank, blueprint: Blueprint) -> list[Form]:
    forms = map(bank.read_form, bank.form_paths.values())
    return [form for form in forms if form.assembled and form.assembled.blueprint == blueprint.id]


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _quoted(text: str) -> str:
    """A title as YAML: plain where it can be, in quotation marks where a colon or a mark would be read as something else."""
    return text if text.replace(" ", "").isalnum() else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
