"""What a reader wrote, as Markdown and as a Word file to take to supervision; owns the layout and none of the words."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .bank import Bank
from .errors import AlongsideError
from .views import Mark

TITLE = "My reflections"
WHOSE = "These are my own notes. They are for me, and for whoever I choose to show them to."
NONE = "Nothing is written here yet."

_PROMPT = re.compile(r"^[:`]{3,}\{reflect\} (\S+)\n(.*?)\n[:`]{3,}$", re.MULTILINE | re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")  # a terminal would obey some of these, and Word takes none


@dataclass(frozen=True)
class Note:
    """One reflection: the chapter and the question it stands under, the text, and the day."""

    chapter: str
    prompt: str
    text: str
    day: date


def prompts(bank: Bank) -> dict[str, tuple[str, str]]:
    """The chapter and the words of each question for reflection, by its name."""
    found: dict[str, tuple[str, str]] = {}
    for chapter, path in bank.chapter_paths.items():
        for slug, prompt in _PROMPT.findall(path.read_text("utf-8")):
            found[slug] = (chapter, " ".join(prompt.split()))
    return found


def notes(bank: Bank, reflections: Mapping[str, Mark]) -> list[Note]:
    """Reflections with their questions, chapter by chapter; one whose question is gone keeps its name."""
    asked = {slug: (bank.chapter(chapter).title, prompt) for slug, (chapter, prompt) in prompts(bank).items()}
    order = [name for name in asked if name in reflections] + [name for name in reflections if name not in asked]
    found = []
    for name in order:
        chapter, prompt = asked.get(name, ("Elsewhere", name))
        found.append(Note(chapter, prompt, _UNSEEN.sub("", reflections[name].name).strip(), reflections[name].day))
    return found


def markdown(found: list[Note]) -> str:
    """The notes as Markdown."""
    parts = [f"# {TITLE}", WHOSE if found else NONE]
    chapter = ""
    for note in found:
        if note.chapter != chapter:
            chapter = note.chapter
            parts.append(f"## {chapter}")
        parts += [f"### {note.prompt}", note.text, f"*{day(note.day)}*"]
    return "\n\n".join(parts) + "\n"


def word(found: list[Note]) -> bytes:
    """The notes as a Word file's bytes."""
    try:
        from docx import Document
    except ModuleNotFoundError:
        raise AlongsideError("A Word file needs python-docx. Type: pip install 'alongside[word]'.") from None
    document = Document()
    document.core_properties.title, document.core_properties.author = TITLE, ""
    document.add_heading(TITLE, 0)
    document.add_paragraph(WHOSE if found else NONE)
    chapter = ""
    for note in found:
        if note.chapter != chapter:
            chapter = note.chapter
            document.add_heading(chapter, 1)
        document.add_heading(note.prompt, 2)
        for paragraph in note.text.split("\n"):
            document.add_paragraph(paragraph)
        document.add_paragraph().add_run(day(note.day)).italic = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def day(when: date) -> str:
    """A day as it is said: 5 November 2026."""
    return f"{when.day} {when:%B %Y}"
