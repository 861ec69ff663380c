"""Every check against a small sound project in `project/`, and against what `broken/` does to it, a file a check.

A broken file begins with lines that say what it is: `is` where it goes, `breaks` which check, `at` the file and line that are
reported, `wrong` what is wrong, `also` the checks that may speak as well. A .txt file holds several, each below `=== path`.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from alongside.bank import Bank, find_bank
from alongside.checks import CHECKS, Limits, Report, print_checks, print_report, run
from alongside.checks.course import Course
from alongside.checks.guess import guessed
from alongside.errors import AlongsideError, FileError, UnknownError
from alongside.frozen import freeze, read_frozen

HERE = Path(__file__).parent
SMALL = Limits(
    form_items=5, mixed_items=3, part_drift=1, form_drifts=3, form_scales=3, few=5, chapter_words=(100, 400), section_words=40
)
READS = "every_file_can_be_read"
ITEMS = "quizzes/items/common-room"


@dataclass(frozen=True)
class Broken:
    files: dict[str, bytes]
    breaks: str
    at: str
    also: frozenset[str]


def broken(path: Path) -> Broken:
    raw = path.read_bytes()
    says = {}
    for row in raw.decode("utf-8-sig").split("\n"):
        if found := re.match(r"[#%] (is|breaks|at|also|wrong): (.*)", row):
            says[found[1]] = found[2]
        elif row != "---":
            break
    files = {says["is"]: raw} if "is" in says else {}
    if not files:
        for part in raw.decode().split("\n=== ")[1:]:
            name, _, text = part.partition("\n")
            files[name] = (text if text.endswith("\n") else text + "\n").encode()
    assert says["wrong"]
    return Broken(files, says["breaks"], says["at"], frozenset(filter(None, says.get("also", "").split(", "))))


BROKEN = sorted(HERE.glob("broken/*"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "project", tmp_path / "project"))


def report_of(project: Path, limits: Limits = SMALL) -> Report:
    return run(Bank(project / "quizzes"), limits=limits)


def printed(report: Report) -> str:
    console = Console(file=io.StringIO(), width=60)
    print_report(report, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def reported(report: Report) -> dict[str, list[str]]:
    return {
        finding.check.name: [f"{problem.place.path}:{problem.place.line}" for problem in finding.problems]
        for finding in report.findings
    }


def test_the_sound_project_passes_every_check(project: Path) -> None:
    report = report_of(project)
    assert reported(report) == {}
    assert not report.failed
    assert f"{len(CHECKS)} checks held." in printed(report)
    assert "Looked at: 6 items, 1 form, 1 chapter, 3 pages." in printed(report)
    assert "Settings: drop-in 5 · group 1." in printed(report)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_reported_by_its_check_at_its_place(path: Path, project: Path) -> None:
    case = broken(path)
    for name, data in case.files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(data)
    report = report_of(project)
    found = reported(report)
    assert {case.breaks} <= set(found) <= {case.breaks} | case.also
    assert found[case.breaks] == [f"{project}/{case.at}"]
    check = next(check for check in CHECKS if check.name == case.breaks)
    assert report.failed == any(check.rule for check in CHECKS if check.name in found)
    text = printed(report)
    kind = "" if check.rule else " (advice)"
    assert f"{check.name} · 1{kind}\n  {check.sentence}\n  What to do: {check.do}\n  Why: {check.reason}\n    " in text
    assert f"{project}/{case.at}  " in text


def test_a_chapter_that_mixes_the_values_is_free_in_length_and_asks_them_all(project: Path) -> None:
    page, standards = project / "book/common-room.md", project / "quizzes/standards.yml"
    page.write_text(page.read_text("utf-8").replace("value: mutual-respect\n", ""), "utf-8")
    long = Limits(form_items=9, mixed_items=5, part_drift=1, form_drifts=3, form_scales=3, few=5, section_words=40)
    assert reported(report_of(project, long)) == {}
    both = "values:\n  own-pace: {title: One's own pace}\n"
    standards.write_text(standards.read_text("utf-8").replace("values:\n", both), "utf-8")
    found = reported(report_of(project, long))
    assert found == {"every_item_asks_its_chapters_value": [f"{page}:2"]}


def test_every_check_has_a_broken_file_and_every_broken_file_a_check() -> None:
    assert {broken(path).breaks for path in BROKEN} == {check.name for check in CHECKS}
    assert all(path.stem.startswith(broken(path).breaks) for path in BROKEN)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_is_a_true_sentence_with_a_reason(check) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){3,}", check.name)
    for said in (check.sentence, check.do, check.reason):
        assert re.fullmatch(r"[A-Z`“].*[.]", said, re.S)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"scene: " + b"a" * 10_000_000, "The file is larger than 1 MB."),
        (b"scene: " + b"[" * 100_000, "Nested more than 12 deep."),
        (b"scene: " + b"{a: " * 100_000, "Nested more than 12 deep."),
        (b"scene: \x00", "A control character stands here."),
        (b"scene: caf\xe9", "A character here is not UTF-8."),
        (b"- a\n- b\n", "should be"),
        (b"", "is missing."),
        (b"just words\n", "should be"),
    ],
    ids=["10-mb", "brackets-without-end", "braces-without-end", "nul", "latin-1", "a-list", "empty", "words"],
)
def test_a_hopeless_file_is_one_clear_error_and_hides_nothing_else(data: bytes, what: str, project: Path) -> None:
    (project / ITEMS / "bad-day.yml").write_bytes(data)
    scene = project / ITEMS / "wet-paint.yml"
    scene.write_text(scene.read_text("utf-8").replace("setting: drop-in", "setting: kitchen"), "utf-8")
    report = report_of(project)
    found = reported(report)
    assert set(found[READS]) == {f"{project}/{ITEMS}/bad-day.yml:1"}
    assert what in printed(report)
    assert found["every_setting_is_known"] == [f"{scene}:11"]


@pytest.mark.parametrize(
    "name", ["quizzes/scales.yml", "quizzes/standards.yml", "quizzes/drifts.yml", "quizzes/settings.yml", "quizzes/course.yml"]
)
def test_items_are_still_checked_when_a_shared_file_is_broken(name: str, project: Path) -> None:
    (project / name).write_text("- [\n", "utf-8")
    scene = project / ITEMS / "wet-paint.yml"
    scene.write_text(scene.read_text("utf-8").replace("#sit-down", "#sit-up"), "utf-8")
    found = reported(report_of(project))
    assert found[READS] == [f"{project}/{name}:1"]
    assert "every_reread_has_its_section" in found


@pytest.mark.parametrize(
    "name", ["_toc.yml", "book/words.yml", "book/references.bib", "book/common-room.md", "quizzes/frozen.yml"]
)
def test_a_file_of_bytes_is_reported_wherever_it_stands(name: str, project: Path) -> None:
    (project / name).write_bytes(b"\xff\xfe\x00a: [")
    found = reported(report_of(project))
    assert found[READS] == [f"{project}/{name}:1"]


def test_a_page_is_read_as_its_reader_sees_it(project: Path) -> None:
    page = project / "book/index.md"
    rows = [
        "Ann says “an addict” here, and `teh` is code.",  # a label, though quoted: this page is not about language
        "<!-- an addict -->",
        "```",
        "an addict",
        "```",
        ":::{turns}",
        "Ann: you see",
        "~ teh note",
        ":::",
        "| a | b |",
        "| --- | --- |",
        "| teh cup | [x](no.md) |",
        "",
        "Read it {cite:p}`kettle2020,",
        "saucer2021`.",
    ]
    text = page.read_text("utf-8")
    page.write_text(text + "\n" + "\n".join(rows) + "\n", "utf-8")
    first = text.count("\n") + 2
    found = reported(report_of(project))
    assert found["no_word_to_avoid_is_used"] == [f"{page}:{first}"]
    assert found["every_word_is_spelt_as_in_britain"] == [f"{page}:{first + 7}", f"{page}:{first + 11}"]
    assert found["every_link_leads_somewhere"] == [f"{page}:{first + 11}"]
    assert found["every_citation_is_in_the_references"] == [f"{page}:{first + 13}"]


def test_a_page_about_language_may_quote_what_it_warns_of(project: Path) -> None:
    page = project / "book/index.md"
    quotes = 'We do not say “an addict”, "addict" or `addict`.\n'
    page.write_text(page.read_text("utf-8").replace("title:", "about-language: true\ntitle:") + f"\n{quotes}", "utf-8")
    assert reported(report_of(project)) == {}
    page.write_text(page.read_text("utf-8") + "\nNot even of an addict.\n", "utf-8")
    assert set(reported(report_of(project))) == {"no_word_to_avoid_is_used"}


def test_a_hard_subject_needs_its_note_first_and_its_line_in_the_front_matter(project: Path) -> None:
    page = project / "book/index.md"
    text = page.read_text("utf-8")
    check = "every_hard_subject_has_a_content_note"
    noted = text.replace("# A small course\n", "# A small course\n\n:::{content-note}\nOne scene is about a suicide.\n:::\n")
    scene = "\nIt is about a suicide.\n"
    page.write_text(noted + scene, "utf-8")
    assert reported(report_of(project)) == {check: [f"{page}:{noted.count(chr(10)) + 2}"]}
    page.write_text(noted.replace("title:", "notes: [suicide]\ntitle:") + scene, "utf-8")
    assert reported(report_of(project)) == {}
    page.write_text(text + "\nRing the 988 Suicide & Crisis Lifeline.\n", "utf-8")
    assert reported(report_of(project)) == {}
    page.write_text(text.replace("title:", "notes: []\ntitle:") + "\nThe word suicide.\n", "utf-8")
    assert reported(report_of(project)) == {}
    item = project / ITEMS / "wet-paint.yml"
    item.write_text(item.read_text("utf-8").replace("A visitor leans", "An abusive visitor leans"), "utf-8")
    assert reported(report_of(project)) == {check: [f"{item}:2"]}


@pytest.mark.parametrize("name", ["book/common-room.md", "book/trainers/common-room.md", "notebooks/common-room.ipynb"])
def test_a_chapter_that_lacks_one_of_its_places_is_said_at_its_form(name: str, project: Path) -> None:
    (project / name).unlink()
    report = report_of(project)
    assert reported(report)["one_slug_stands_in_four_places"] == [f"{project}/quizzes/forms/common-room.yml:2"]
    assert f"There is no {name}." in printed(report)


def test_a_chapter_without_a_form_is_said_at_its_page(project: Path) -> None:
    (project / "quizzes/forms/common-room.yml").unlink()
    assert reported(report_of(project))["one_slug_stands_in_four_places"] == [f"{project}/book/common-room.md:2"]


def test_length_alone_can_give_the_key_away(project: Path) -> None:
    sound = (project / ITEMS / "late-bus.yml").read_text("utf-8")
    assert guessed(Course(Bank(project / "quizzes"), SMALL)) is None  # too few to say
    words = iter(f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "npqrstvwxz")
    for name in ["ash", "elm", "fir", "oak", "yew", "bay", "box", "fig", "gum", "haw", "ivy", "pine"]:
        texts = (" ".join(next(words) for _ in range(length)) for length in (10, 7, 7))
        text = re.sub(r"text: .*", lambda _, texts=texts: f"text: {next(texts)}", sound)  # type: ignore[misc]
        (project / ITEMS / f"{name}.yml").write_text(text, "utf-8")
    for path in list((project / ITEMS).glob("*-*.yml")):
        path.unlink()
    guess = guessed(Course(Bank(project / "quizzes"), SMALL))
    assert guess
    assert (guess.right, guess.of) == (12, 12)
    assert guess.chance == pytest.approx(1 / 3)
    assert guess.band[0] > 0.8


def test_only_the_named_checks_are_made_and_an_unknown_one_is_said(project: Path) -> None:
    bank = Bank(project / "quizzes")
    assert run(bank, ["every_option_says_why"], SMALL).held == 2
    with pytest.raises(UnknownError, match="Did you mean every_option_says_why"):
        run(bank, ["every_option_say_why"], SMALL)
    console = Console(file=io.StringIO())
    print_checks(console)
    assert all(check.name in console.file.getvalue() for check in CHECKS)  # type: ignore[attr-defined]


def test_a_chapters_name_releases_all_of_its_items(project: Path) -> None:
    bank = Bank(project / "quizzes")
    freeze(bank, ["common-room"])
    assert set(read_frozen(bank)) == set(bank.item_paths)


def test_a_released_item_is_frozen_and_a_changed_one_is_refused(project: Path) -> None:
    bank = Bank(project / "quizzes")
    path = freeze(bank, ["late-bus", "wet-paint"])
    before = path.read_bytes()
    assert dict(read_frozen(bank)) == {name: bank.item(name).print for name in ("late-bus", "wet-paint")}
    assert freeze(bank, ["late-bus"]).read_bytes() == before
    assert reported(report_of(project)) == {}
    item = project / ITEMS / "late-bus.yml"
    text = item.read_text("utf-8")
    item.write_text(text.replace("It is useful", "It is very useful"), "utf-8")  # a why may be bettered
    assert reported(report_of(project)) == {}
    item.write_text(text.replace("dry socks", "warm socks"), "utf-8")
    assert set(reported(report_of(project))) == {"every_frozen_item_is_unchanged"}
    with pytest.raises(AlongsideError, match="replaces: late-bus"):
        freeze(Bank(project / "quizzes"), ["third-cup", "late-bus"])
    assert path.read_bytes() == before
    with pytest.raises(UnknownError):
        freeze(bank, ["no-such-bus"])
    assert [found.name for found in path.parent.glob("frozen*")] == ["frozen.yml"]
    path.write_text("late-bus: yes\n", "utf-8")
    with pytest.raises(FileError, match="no fingerprint"):
        read_frozen(bank)
    item.unlink()
    path.write_bytes(before)
    assert f"{path}:2" in reported(report_of(project))["every_frozen_item_is_unchanged"]


def command(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alongside.cli", "check", "--bank", str(project / "quizzes"), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project,
        check=False,
    )


def test_the_command_says_where_and_fails(project: Path) -> None:
    assert command(project, "--only", "every_option_says_why").returncode == 0
    shutil.copy(HERE / "broken/every_option_says_why.yml", project / ITEMS / "late-bus.yml")
    (project / ITEMS / "wet-paint.yml").write_text("scene: [[[\n", "utf-8")
    done = command(project, "--only", "every_option_says_why")
    assert done.returncode == 1
    assert f"\n    {ITEMS}/late-bus.yml:25  The why of “dry-socks” has 4 sentences." in done.stdout
    assert f"\n    {ITEMS}/wet-paint.yml:1  This is not YAML" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_command_gives_json(project: Path) -> None:
    shutil.copy(HERE / "broken/every_option_says_why.yml", project / ITEMS / "late-bus.yml")
    done = command(project, "--only", "every_option_says_why", "--json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["name"] == "every_option_says_why"
    assert finding["kind"] == "rule"
    assert finding["count"] == 1
    assert finding["problems"][0]["file"] == f"{ITEMS}/late-bus.yml"
    assert finding["problems"][0]["line"] == 25


def test_the_course_itself_can_be_found_and_checked() -> None:
    report = run(find_bank(HERE.parent / "quizzes"), ["every_option_says_why"])
    assert report.held + len(report.findings) == 2
