"""My record in a real browser: filled from what was given, saved, opened elsewhere, forgotten."""

from __future__ import annotations

import random
import re
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alongside import scoring, views
from alongside.bank import Bank
from alongside.record import Act, Record

from .conftest import ROOT

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
PAGE = "book/my-record.html"
SAYS = REAL.says["record"]
TITLES = SAYS["titles"]


def acts(many=120, seed=5):
    """Responses to the real scenes on every scale, some of them twice, and all else that a record may hold."""
    rng = random.Random(seed)

    def uuid():
        return str(UUID(int=rng.getrandbits(128), version=4))

    who, names = uuid(), [name for name in REAL.item_paths if REAL.item(name).chapter != "never-controlling"]

    def act(day, what, **fields):
        at = f"2026-10-{day:02}T10:{rng.randrange(60):02}:11.{rng.randrange(1000):03}Z"
        return Act.model_validate({"id": uuid(), "at": at, "who": who, "version": "0.1.0", "what": what, **fields})

    found = []
    for turn in range(many):
        item = REAL.item(names[turn] if turn < 60 else rng.choice(names))
        scale = REAL.scale_of(item)
        options = rng.sample(list(item.options), len(item.options))
        if scale.respond == "each":
            given = {option: rng.choice([item.options[option].key, *scale.responses]) for option in options}
        else:
            given = dict(zip(options, scale.responses, strict=False))
        sure = {"sure": rng.randint(1, 3)} if rng.random() < 0.6 else {}
        found.append(
            act(
                1 + turn * 28 // many, f"item/{item.id}", form=item.chapter, scale=item.scale, print=item.print, given=given,
                points=0, possible=scoring.possible(item, scale), took=40, **sure,
            )
        )  # fmt: skip
    return [
        *found,
        act(2, "rating/samhsa-I.4", step="not-yet"),
        act(20, "rating/samhsa-I.4", step="mostly"),
        act(3, "reflection/a-shared-journey-1", text="At the choir.\n<b>Nobody</b> rang."),
        act(5, "chapter/mutual-respect", done=True),
        act(9, "form/mutual-respect", done=True),
    ]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return Record(REAL.course.iri, acts()).save(tmp_path_factory.mktemp("record") / "mine.jsonl")


ANOTHER_TAB = """(rows) => new Promise((resolve) => {
  indexedDB.open("alongside").onsuccess = ({target: {result: base}}) => {
    const work = base.transaction("acts", "readwrite");
    rows.forEach((row) => work.objectStore("acts").add(row));
    work.oncomplete = () => { base.close(); resolve(true); };
  };
})"""


def open_record(page, address, file=None):
    page.goto(address + PAGE)
    expect(part(page, "save")).to_be_visible()
    if file:
        page.get_by_label("Open a record").set_input_files(file)
        expect(page.get_by_text("New entries:")).to_be_visible()


def part(page, name):
    return page.locator(f'[data-al-part="{name}"]')


def shown(page):
    """All that the page says, below the buttons."""
    return [part(page, name).inner_text() for name in TITLES if name != "save" and part(page, name).is_visible()]


def test_an_empty_record_says_so_kindly_and_is_no_wall_of_tables(page, address):
    open_record(page, address)
    expect(page.get_by_text(SAYS["empty"])).to_be_visible()
    expect(page.get_by_role("link", name=SAYS["begin"])).to_have_attribute("href", re.compile("before-you-start"))
    for name in TITLES:
        expect(page.get_by_role("heading", name=re.compile(f"^{TITLES[name]}"))).to_have_count(int(name in {"save", "can-do"}))
    expect(page.get_by_role("button", name="Save my record")).to_have_count(0)


def test_the_page_says_what_python_says_of_the_same_record(page, address, file):
    seen = views.views(REAL, acts(), views.date.today())
    open_record(page, address, file)
    for group, tallies in (("value", seen.by_value), ("category", seen.by_category), ("chapter", seen.by_chapter)):
        table = page.locator(f'[data-al-stand="{group}"]')
        expect(table.locator("tbody tr:visible")).to_have_count(len(tallies))
        for name, tally in tallies.items():
            few = SAYS["few"].format(n=tally.possible)
            expect(table.locator(f'[data-al-row="{name}"] td')).to_have_text(str(tally) if tally.possible >= 5 else few)
    for when, leans in (("first", seen.first_leans), ("later", seen.later_leans)):
        for name, lean in leans.items():
            line = page.locator(f'[data-al-lean="{name}"] [data-al-when="{when}"]')
            if lean.opportunities < 5:
                expect(line).to_contain_text("too few to say")
            else:
                low, high = scoring.in_hundred(lean.shown, lean.opportunities)
                expect(line).to_contain_text(
                    f"{lean.shown} of {lean.opportunities} · guessing would show about {scoring.shown(lean.guessing)}."
                )
                expect(line).to_contain_text(f"Likely range {low} to {high} in 100.")
    for step, tally in seen.by_sure.items():
        expect(page.locator(f'[data-al-sures] [data-al-row="{step}"] td')).to_have_text(
            f"{scoring.shown(tally.points)} of {tally.possible}"
        )
    expect(part(page, "come-back")).to_contain_text("8 scenes are due today.")
    expect(part(page, "finished")).to_contain_text("about 1.5 hours.")
    rating = page.get_by_role("group", name=re.compile("^Demonstrates genuine acceptance"), include_hidden=True)
    expect(rating).to_contain_text("You said “Not yet” on October 2, 2026, and “Mostly” on October 20, 2026.")
    expect(rating).to_contain_text(f"Beside it, your latest answers: {seen.ratings['samhsa-I.4'].evidence}.")


def test_what_was_written_is_shown_as_text(page, address, file):
    open_record(page, address, file)
    expect(part(page, "reflections")).to_contain_text("<b>Nobody</b> rang.")
    expect(page.get_by_role("link", name="Recovery as a shared journey").last).to_have_attribute(
        "href", re.compile("a-shared-journey.html")
    )
    with page.expect_download() as got:
        page.get_by_role("button", name=SAYS["export"]).click()
    text = got.value.path().read_text("utf-8")
    assert text.startswith("# My reflections\n\nThese are my own notes.")
    assert "## Recovery as a shared journey\n\n### Where have you been missed" in text
    assert "At the choir.\n<b>Nobody</b> rang.\n\n*October 3, 2026*\n" in text


def test_saved_here_and_opened_elsewhere_it_says_the_same(browser, page, address, file, tmp_path):
    open_record(page, address, file)
    with page.expect_download() as got:
        page.get_by_role("button", name="Save my record").click()
    assert re.fullmatch(r"alongside-record-\d{4}-\d\d-\d\d\.jsonl", got.value.suggested_filename)
    got.value.save_as(tmp_path / "copy.jsonl")
    assert (tmp_path / "copy.jsonl").read_bytes() == file.read_bytes()
    laptop = browser.new_context(viewport={"width": 1280, "height": 800})
    other = laptop.new_page()
    open_record(other, address, tmp_path / "copy.jsonl")
    assert shown(other) == shown(page)
    other.reload()
    expect(part(other, "stand")).to_be_visible()
    assert shown(other) == shown(page)
    other.get_by_label("Open a record").set_input_files(tmp_path / "copy.jsonl")
    expect(other.get_by_text(f"New entries: 0. Here already: {len(acts())}.")).to_be_visible()
    laptop.close()


def test_what_is_counted_already_is_counted_on_and_older_rows_count_too(page, address, tmp_path):
    """A record that is long enough is kept as it was counted; what comes later is added, and what is older counts anew."""
    all_acts = sorted(acts(many=240), key=lambda act: act.at)
    older, middle, later = all_acts[:20], all_acts[20:-20], all_acts[-20:]
    held = []
    Record(REAL.course.iri, middle).save(tmp_path / "middle.jsonl")
    open_record(page, address, tmp_path / "middle.jsonl")
    for some in (middle, later, older):
        if some is not middle:
            page.evaluate(ANOTHER_TAB, [act.row() for act in some])
        held += some
        page.reload()
        expect(part(page, "save")).to_contain_text(f"Your record holds {len(held)} entries")
        seen = views.views(REAL, held, views.date.today())
        for chapter, tally in seen.by_chapter.items():
            figure = str(tally) if tally.possible >= 5 else SAYS["few"].format(n=tally.possible)
            expect(page.locator(f'[data-al-stand="chapter"] [data-al-row="{chapter}"] td')).to_have_text(figure)
        for drift, lean in seen.first_leans.items():
            expect(page.locator(f'[data-al-lean="{drift}"] [data-al-when="first"]')).to_contain_text(
                f"{lean.shown} of {lean.opportunities} ·" if lean.opportunities >= 5 else "too few"
            )


def test_a_broken_file_changes_nothing_and_says_what_is_wrong(page, address, file, tmp_path):
    open_record(page, address, file)
    before = shown(page)
    (tmp_path / "cut.jsonl").write_bytes(file.read_bytes()[:-40])
    page.get_by_label("Open a record").set_input_files(tmp_path / "cut.jsonl")
    expect(page.get_by_text(f"The file breaks off in line {len(acts())}: it was not copied whole.")).to_be_visible()
    page.reload()
    expect(part(page, "stand")).to_be_visible()
    assert shown(page) == before


def test_forget_asks_once_and_does_it(page, address, file):
    open_record(page, address, file)
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Keep it").click()
    expect(part(page, "stand")).to_be_visible()
    page.get_by_role("button", name="Forget everything").click()
    page.get_by_role("button", name="Forget it all").click()
    expect(page.get_by_text(SAYS["forgot"])).to_be_visible()
    expect(page.get_by_text(SAYS["empty"])).to_be_visible()
    page.reload()
    expect(page.get_by_text(SAYS["empty"])).to_be_visible()


def test_a_rating_is_given_once_its_reader_has_settled(page, address):
    open_record(page, address)
    part(page, "can-do").get_by_text("Engages peers in collaborative").click()
    group = page.get_by_role("group", name=re.compile("^Demonstrates genuine acceptance"))
    group.get_by_role("radio", name="Not yet").check()
    for _ in range(2):
        page.keyboard.press("ArrowRight")  # passes over what is between
    expect(group).to_contain_text("You said “Mostly” on")
    expect(group).not_to_contain_text("Not yet” on")
    expect(group).to_contain_text(SAYS["evidence_none"])
    page.reload()
    part(page, "can-do").get_by_text("Engages peers in collaborative").click()
    expect(group.get_by_role("radio", name="Mostly")).to_be_checked()


def test_it_reminds_to_save_from_twenty_five_entries_and_not_after(page, address):
    open_record(page, address)
    ticks = part(page, "finished").locator("input[data-al-tick]")
    page.evaluate(
        """() => { const tick = document.querySelector("[data-al-tick]"); for (let n = 0; n < 24; n += 1) tick.click(); }"""
    )
    expect(part(page, "finished")).to_be_visible()
    expect(page.get_by_text("24 entries are not in a saved copy")).not_to_be_visible()
    ticks.first.click()
    expect(page.get_by_text("25 entries are not in a saved copy")).to_be_visible()
    with page.expect_download():
        page.get_by_role("button", name="Save my record").click()
    expect(page.get_by_text("are not in a saved copy")).not_to_be_visible()


def test_a_mark_here_is_the_mark_on_its_chapter(page, address):
    open_record(page, address)
    page.evaluate("""document.querySelector('[data-al-tick="chapter/mutual-respect"]').click()""")
    expect(page.get_by_label("Shared experience and mutual respect about").first).to_be_checked()
    page.goto(address + "book/mutual-respect.html")
    expect(page.locator('[data-al-mark="chapter/mutual-respect"]')).to_be_checked()


def test_a_certificate_is_drawn_on_the_spot_and_its_name_is_not_kept(page, address, file):
    open_record(page, address, file)
    page.get_by_label("Your name").fill("Ada <Moss>")
    page.get_by_role("button", name="Show the certificate").click()
    sheet = page.get_by_role("article", name="What I have worked through")
    expect(sheet).to_contain_text("Ada <Moss> has marked as finished, in the course Alongside:")
    expect(sheet).to_contain_text("Chapter: Shared experience and mutual respect, finished on October 5, 2026")
    expect(sheet).to_contain_text("Hours: about 1.5")
    expect(sheet).to_contain_text("I.1 · I.4 · I.5")
    expect(sheet).to_contain_text(SAYS["certificate_not"])
    page.evaluate("document.documentElement.classList.add('al-certificate-only')")
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(0)
    page.emulate_media(media="screen")
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value("")
    assert "Moss" not in page.evaluate("JSON.stringify({...localStorage})")


def test_a_browser_that_keeps_nothing_is_named(page, address, file):
    page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', {get: () => { throw new DOMException('no', 'SecurityError'); }})"
    )
    open_record(page, address, file)
    expect(page.get_by_text(SAYS["unkept"]).first).to_be_visible()
    expect(part(page, "stand")).to_be_visible()


def test_without_scripts_the_page_says_what_it_needs(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    expect(page.get_by_text(SAYS["no_script"])).to_be_visible()
    for title in TITLES.values():
        expect(page.get_by_role("heading", name=re.compile(f"^{title}"))).to_have_count(0)
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_full_page_has_no_violation_and_does_not_scroll_sideways(browser, address, file, theme, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    open_record(page, address, file)
    page.get_by_label("Your name").fill("Ada Moss")
    page.get_by_role("button", name="Show the certificate").click()
    page.get_by_role("button", name="Forget everything").click()
    page.evaluate(
        "document.querySelectorAll('details.al-rates, .al-lean details').forEach((each) => each.setAttribute('open', ''))"
    )
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    small = page.evaluate("""[...document.querySelectorAll('.al-part :is(button, label:has(input:not([type=text])), .al-ticks a, summary)')].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width && (box.height < 43.5 || box.width < 43.5);
    }).map((each) => each.outerHTML.slice(0, 80))""")
    assert small == []
    context.close()


def test_only_this_page_loads_what_only_it_needs(site):
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert ("alongside/record.js" in text, "alongside/record.css" in text) == ((path == site / PAGE),) * 2, path
