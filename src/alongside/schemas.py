"""JSON Schemas of the bank's files, for editors: made from the models, so that they cannot disagree with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .bank import Bank
from .models import Blueprint, Course, Drift, Form, Item, Model, Scale, Standards, Words

GIVEN = {"id", "chapter"}  # an item's are taken from where its file is, a form's id too


def schemas(bank: Bank) -> Mapping[Path, str]:
    """Each schema's file and text."""
    folder = bank.folder / "schemas"
    made = {
        "item": _schema(Item, "An item", GIVEN, bank),
        "form": _schema(Form, "A form", {"id"}, bank),
        "blueprint": _schema(Blueprint, "A blueprint", {"id"}, bank),
        "course": _schema(Course, "The course", set(), bank),
        "standards": _schema(Standards, "Standards", set(), bank),
        "words": _schema(Words, "Words", set(), bank),
        "scales": _mapping(Scale, "Scales"),
        "drifts": _mapping(Drift, "Drifts"),
    }
    return {folder / f"{name}.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in made.items()}


def stale(bank: Bank) -> Iterable[str]:
    """Sentences about schemas that differ from the models."""
    for path, text in schemas(bank).items():
        if not path.is_file() or path.read_text("utf-8") != text:
            yield f"{path} differs from the models."


def write(bank: Bank) -> Iterable[Path]:
    """Write every schema; yields each path."""
    for path, text in schemas(bank).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        yield path


def _schema(model: type[Model], title: str, given: set[str], bank: Bank) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    for name in given & set(schema.get("required", [])) | (given & {"id"}):
        schema["properties"].pop(name, None)
        schema["required"] = [each for each in schema["required"] if each != name]
    if model is Item:  # what the bank knows, offered while typing
        for name, known in {
            "scale": list(bank.scales),
            "value": list(bank.standards.values),
            "setting": list(bank.settings),
        }.items():
            schema["properties"][name]["enum"] = known
        schema["properties"]["standards"]["items"] = {"enum": list(bank.standards.statements)}
        schema["$defs"]["Option"]["properties"]["key"]["enum"] = sorted(
            {key for scale in bank.scales.values() for key in scale.keys}
        )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _mapping(model: type[Model], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    inner = schema.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "additionalProperties": {"$ref": f"#/$defs/{model.__name__}"},
        "$defs": {**inner, model.__name__: schema},
    }
