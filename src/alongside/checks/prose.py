"""What can be counted in English text: words, sentences, stems, a reading grade, a misspelling; knows no course."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
SHORT = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)"
END = re.compile(SHORT + r"[.!?…][”\"’')\]]*\s+(?=[“\"‘'(\[]?[A-Z0-9])")
QUOTED = re.compile(r"“[^”\n]*(?:\n[^”\n]*)*”|\"[^\"\n]*(?:\n[^\"\n]*)?\"|`[^`]*`")
_STOP = """
    a about after again all also am an and any are around as at away back be because been before being both but by can
    come comes could did do does done down each even ever every few first for from get gets give given gives go goes going
    had has have having he her here hers him his how i if in into is it its just keep last leave let like made make makes
    many may me might mind more most much must my near need new next no not now of off on once one only or other our out
    over own put right said same say saying says see she should so some still such take takes tell telling tells than that
    the their them then there these they thing things think this those though time to today told too two under until up us
    very want wanted wants was way we well were what when where which while who whom whose why will with without would yes
    yet you your yours ask asked asking asks answer better call called day know known knows look looks talk person people
    three four five six seven eight nine ten eleven twelve
    i'd i'll i'm i've you'd you'll you're you've he'd he'll he's she'd she'll she's it'd it'll it's we'd we'll we're we've
    they'd they'll they're they've that's there's what's who's isn't aren't wasn't weren't don't doesn't didn't won't
    wouldn't can't cannot couldn't shouldn't hasn't haven't hadn't
"""
STOP = frozenset(_STOP.split())
# American in the dictionary's eyes, but British English too, or at home in it.
_BOTH = """
    analog artifact artifacts biased cognizant focused focuses focusing grayscale journaling license licensed licenses
    licensing meter meters practice practices program routing salable specialties specialty stories story tidbit tidbits
    writable
"""
BOTH = frozenset(_BOTH.split())


def words(text: str) -> list[str]:
    """The words of a text; a hyphenated one is one."""
    return WORD.findall(text)


def sentences(text: str) -> int:
    """How many sentences a text has; one inside quotation marks that goes on counts as part of its neighbour."""
    return len(END.findall(text.strip())) + 1


def stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning: no stop words, no names."""
    found = set()
    for match in WORD.finditer(text.replace("’", "'")):
        word = re.sub(r"'s$", "", match[0])
        if (word[0].isupper() and not _begins(text, match.start())) or word.lower() in STOP or len(word) < 3 or word.isdigit():
            continue
        found.add(_stemmer_of(word.lower()))
    return frozenset(found)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade (Kincaid and others 1975), as textstat counts it."""
    import textstat

    return float(textstat.flesch_kincaid_grade(text))


def closed(text: str) -> str:
    """A run of text that ends as a sentence does, so that what follows is not counted as part of it."""
    text = " ".join(text.split())
    return text if re.search(r"[.!?…:][”\"’')\]*_]*$", text) else f"{text}."


def unquoted(text: str) -> str:
    """The text with what stands in quotation marks blotted out, every other character in its place."""
    return QUOTED.sub(lambda match: re.sub(r"[^\n]", "·", match[0]), text)


def names(text: str) -> frozenset[str]:
    """The words that have a capital inside a sentence."""
    return frozenset(match[0] for match in re.finditer(r"\b[A-Z][a-z]+", text) if not _begins(text, match.start()))


def misspelt(text: str, known_names: frozenset[str] = frozenset()) -> list[tuple[int, str, str]]:
    """Each misspelling: where it begins, the word, and what to write. Names and what stands in `…` are left alone."""
    known = _misspellings()
    seen = re.sub(r"`[^`]*`|\b\w+://\S+", lambda match: re.sub(r"[^\n]", "·", match[0]), text)
    found = []
    for match in re.finditer(r"[A-Za-z]+(?:[’'][A-Za-z]+)*", seen):
        word = match[0].replace("’", "'")
        write = known.get(word.lower()) or known.get(re.sub(r"'s$", "", word.lower()))
        if write and not (word[0].isupper() and (word.isupper() or word in known_names or _named(seen, match))):
            found.append((match.start(), match[0], write))
    return found


def _named(text: str, match: re.Match[str]) -> bool:
    """Whether a capital stands for a name: inside a sentence, or beside another capital."""
    beside = re.match(r"[ \n](?:and |of |for |in |the )?[A-Z]", text[match.end() :])
    return bool(beside) or not _begins(text, match.start())


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \n\t*_(“\"‘'")
    return not before or before[-1] in ".!?:…|"


@cache
def _misspellings() -> dict[str, str]:
    """codespell's dictionaries, and its British-to-American one read backwards."""
    data = files("codespell_lib") / "data"
    found: dict[str, str] = {}
    for line in (data / "dictionary_en-GB_to_en-US.txt").read_text("utf-8").splitlines():
        british, american = line.lower().split("->")
        if american not in BOTH:
            found[american.rstrip(",").strip()] = british
    for name in ("dictionary.txt", "dictionary_rare.txt"):
        for line in (data / name).read_text("utf-8").splitlines():
            wrong, right = line.lower().split("->")
            *fixes, reason = right.split(",") if "," in right else [right, ""]
            if not reason.strip():  # one with a reason is switched off
                found.setdefault(wrong, " or ".join(fix.strip() for fix in fixes[:3]))
    return found


@cache
def _stemmer_of(word: str) -> str:
    import snowballstemmer

    return str(snowballstemmer.stemmer("english").stemWord(word))
