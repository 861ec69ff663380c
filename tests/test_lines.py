"""Files as authors write them: what is read, with its line, and what is refused, with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.errors import FileError, Place
from alongside.lines import DEEPEST, LARGEST, parse_yaml, read_front_matter, read_text, read_yaml

FILE = Path("some.yml")
WORDS = "yes no on off true False null Null ~ 1 1.0 -0 0x1F 0o17 1e3 .inf .nan 2026-01-01 12:30:00 1_000 <<"
GUESSED = WORDS.split()
PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"], exclude_characters="\ufeff\x85"))


@pytest.mark.parametrize(
    ("raw", "line", "what"),
    [
        (b"a: 1\n\tb: 2\n", 2, "There is a tab in this line."),
        (b"a:\n  b: 1\n\tc: 2\n", 3, "There is a tab in this line."),
        (b"\xef\xbb\xbfa: 1\n", 1, "byte-order mark"),
        (b"\xff\xfea\x00", 1, "not UTF-8"),
        (b"a: 1\nb: caf\xe9\n", 2, "not UTF-8"),
        (b"a: 1\nb: x\x00y\n", 2, "control character"),
        (b"a: 1\nb: x\x07y\n", 2, "control character"),
        (b"a: &x 1\n", 1, "Anchors and aliases"),
        (b"a: 1\nb: *x\n", 2, "Anchors and aliases"),
        (b"a: 1\nb: 2\na: 3\n", 3, "“a” stands here twice (first in line 1)."),
        (b"o:\n  x: 1\n  x: 2\n", 3, "“x” stands here twice (first in line 2)."),
        (b"a: 1\n---\nb: 2\n", 2, "A second document"),
        (b"a: one: two\n", 1, "put it in quotation marks or below a >"),
        (b"a: 1\n  b: 2\n", 2, "This is not YAML"),
        (b"a: [1, 2\n", 1, "This is not YAML"),
        (b"a: 'x\n", 1, "This is not YAML"),
        (b"[a]: 1\n", 1, "A name is expected here"),
        (b"? {a: b}\n: 1\n", 1, "A name is expected here"),
        (b"a: " + b"[" * (DEEPEST + 1), 1, f"Nested more than {DEEPEST} deep."),
        (b"#" * (LARGEST + 1), 1, "larger than 1 MB"),
    ],
)
def test_what_an_author_cannot_have_meant_is_refused_with_its_line(raw: bytes, line: int, what: str, tmp_path: Path) -> None:
    path = tmp_path / "some.yml"
    path.write_bytes(raw)
    with pytest.raises(FileError) as caught:
        read_yaml(path)
    (problem,) = caught.value.problems
    assert problem.place == Place(path, line)
    assert what in f"{problem.what} {problem.do}"


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        read_text(tmp_path / "gone.yml")
    with pytest.raises(FileError, match="Is a directory"):
        read_text(tmp_path)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_file_is_no_names(text: str) -> None:
    assert parse_yaml(text, FILE).data == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(GUESSED) | PRINTED.map(lambda text: json.dumps(text, ensure_ascii=False)),
            st.sampled_from(["", "\n", "# a remark\n\n"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=80, deadline=None)
def test_every_value_stays_the_text_it_was_and_keeps_its_line(rows: list[tuple[str, str]]) -> None:
    text, data, lines = "", {}, {}
    for number, (value, before) in enumerate(rows):
        text += before
        lines[f"k{number}"] = text.count("\n") + 1
        data[f"k{number}"] = json.loads(value) if value.startswith('"') else value
        text += f"k{number}: {value}\n"
    document = parse_yaml(text, FILE)
    assert document.data == data
    assert {name: document.place(name).line for name in data} == lines


@given(st.lists(st.sampled_from(GUESSED), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_names_and_lists_stay_text_too(words: list[str]) -> None:
    listed = parse_yaml("all:\n" + "".join(f"  - {word}\n" for word in words), FILE)
    assert listed.data == {"all": words}
    assert [listed.place("all", str(number)).line for number in range(len(words))] == [n + 2 for n in range(len(words))]
    named = parse_yaml("".join(f"{word}: {word}\n" for word in dict.fromkeys(words)), FILE)
    assert named.data == {word: word for word in words}
    assert parse_yaml(f"[{', '.join(words)}]", FILE).data == words


def test_folded_text_is_one_paragraph_and_begins_where_its_name_stands() -> None:
    document = parse_yaml("a: >\n  one\n  two\n\n  three\nb: x\n", FILE)
    assert document.data == {"a": "one two\nthree\n", "b": "x"}
    assert document.place("a").line == 1
    assert document.place("b").line == 6
    assert document.place("b", "unknown").line == 6
    assert document.place("unknown").line == 1


@given(PRINTED, st.integers(0, 3))
@settings(max_examples=50, deadline=None)
def test_the_page_below_the_front_matter_keeps_its_lines(words: str, blank: int) -> None:
    head = "---\n" + "\n" * blank + f"title: {json.dumps(words, ensure_ascii=False)}\nyes: no\n---\n"
    text = head + f"\x0c\u2028{words}\nlast\n"
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.md")
        path.write_text(text, "utf-8", newline="")
        document, body = read_front_matter(path)
    assert document.data == {"title": words, "yes": "no"}
    assert document.place("title").line == 2 + blank
    assert body.split("\n")[head.count("\n") :] == text.split("\n")[head.count("\n") :]
    assert body.split("\n").index("last") == text.split("\n").index("last")


def test_front_matter_may_be_missing_or_empty_and_must_be_closed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for text in ("", "# A page\n", "---\n---\n# A page\n"):
        page.write_text(text, "utf-8")
        assert read_front_matter(page)[0].data == {}
    page.write_text("---\ntitle: x\n\n# A page\n", "utf-8")
    with pytest.raises(FileError, match="never closed"):
        read_front_matter(page)


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"---\r\ntitle: x\r\nnotes: []\r\n---\r\n# A page\r\n")
    document, body = read_front_matter(page)
    assert document.data == {"title": "x", "notes": []}
    assert document.place("notes").line == 3
    assert body.split("\n")[4].strip() == "# A page"
