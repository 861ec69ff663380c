"""The built book in a real browser: by role and visible text, as a reader meets it."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alongside.bank import Bank

from .conftest import ROOT, serving

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")
QUIZ = "notebooks/mutual-respect.html"
CHAPTER = "book/mutual-respect.html"
FIRST = REAL.item(REAL.form("mutual-respect").items[0])


def pages(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path != site / "index.html")


def scene(page, number=1):
    return page.get_by_role("region", name=f"Scene {number} of")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(browser, site, address, theme, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    wrong = []
    for name in pages(site):
        page.goto(address + name)
        if name == QUIZ:  # also with every reason open
            page.get_by_role("button", name="Check the whole quiz").dblclick()
        # a scene out of sight is laid out when it comes into sight; axe measures all of them at once
        page.add_style_tag(content=".al-item { content-visibility: visible }")
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["target"] for node in violation["nodes"]][:3]
            wrong.append(f"{name}: {violation['id']} ({violation['impact']}): {nodes}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{name}: scrolls sideways by {over} px")
    context.close()
    assert not wrong, "\n".join(wrong)


def test_every_page_is_whole_asks_nobody_else_and_foots_with_help(page, site, address):
    for name in pages(site):
        page.goto(address + name)
        expect(page.get_by_role("region", name="Help now")).to_contain_text("988")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_every_link_within_the_course_leads_somewhere(page, site, address):
    ids, links = {}, []
    for name in pages(site):
        page.goto(address + name)
        ids[name] = set(page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)"))
        links += [(name, href) for href in page.evaluate("[...document.links].map((link) => link.href)")]
    wrong = []
    for name, href in links:
        if href.startswith(address):
            target, _, part = href.removeprefix(address).partition("#")
            target = target.partition("?")[0]
            if target not in ids or (part and part not in ids[target]):
                wrong.append(f"{name}: {href.removeprefix(address)}")
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_quiz_page_is_light(context, address):
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + QUIZ)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if not url.startswith((address, "data:"))]
    assert not [url for url in asked if re.search(r"fontawesome|woff|searchindex|mathjax|require|thebe", url, re.IGNORECASE)]
    assert len([url for url in asked if url.startswith("http")]) <= 20


def test_on_a_phone_the_menu_opens_as_a_dialog_and_there_is_one_search(page, address):
    page.goto(address + CHAPTER)
    expect(page.locator("input[type=search]:visible")).to_have_count(0)
    menu = page.get_by_role("dialog")
    page.get_by_role("button", name="Menu").click()
    expect(menu.get_by_role("link", name="Before you start")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()


def test_search_finds_a_chapter(page, address):
    page.goto(address + "search.html?q=mutuality")
    expect(page.get_by_role("link", name=re.compile("mutual respect", re.IGNORECASE)).first).to_be_visible()


def test_nothing_is_graded_before_check_and_then_every_option_has_its_reason(page, address):
    page.goto(address + QUIZ)
    one = scene(page)
    best = next(option for option in FIRST.options.values() if option.key == "best")
    poor = next(option for option in FIRST.options.values() if option.key == "poor")
    one.get_by_role("radio", name=poor.text).check()
    for option in FIRST.options.values():
        expect(one.get_by_text(option.why)).not_to_be_visible()
    one.get_by_role("button", name="Check").click()
    for option in FIRST.options.values():
        expect(one.get_by_text(option.why)).to_be_visible()
    expect(one.get_by_role("status")).to_contain_text("Checked: 0 of 2")
    expect(one.get_by_text("0 of 2 · guessing earns about 0.8")).to_be_visible()
    drift = REAL.drifts[poor.drift]
    expect(one.get_by_role("link", name=drift.title).first).to_have_attribute("href", f"../book/drifts.html#{poor.drift}")
    one.get_by_role("button", name="Try this one again").click()
    expect(one.get_by_text(poor.why)).not_to_be_visible()
    one.get_by_role("radio", name=best.text).check()
    one.get_by_role("button", name="Check").click()
    expect(one.get_by_text("2 of 2 · guessing")).to_be_visible()


def test_check_on_a_blank_asks_once_more(page, address):
    page.goto(address + QUIZ)
    one = scene(page)
    one.get_by_role("button", name="Check").click()
    expect(one.get_by_role("status")).to_contain_text("Nothing is answered here yet")
    expect(one.get_by_text("Key:").first).not_to_be_visible()
    one.get_by_role("button", name="Check").click()
    expect(one.get_by_text("Key:").first).to_be_visible()


def test_answers_are_kept_on_the_device_and_start_again_clears_them(page, address):
    page.goto(address + QUIZ)
    choice = next(iter(FIRST.options.values())).text
    scene(page).get_by_role("radio", name=choice).check()
    page.reload()
    expect(scene(page).get_by_role("radio", name=choice)).to_be_checked()
    scene(page).get_by_role("button", name="Check").click()
    page.reload()
    expect(scene(page).get_by_text("Key:").first).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(scene(page).get_by_text("Key:").first).not_to_be_visible()
    page.reload()
    expect(scene(page).get_by_role("radio", name=choice)).not_to_be_checked()


def test_an_answer_to_a_scene_that_has_changed_since_is_let_go(page, address):
    page.goto(address + QUIZ)
    texts = [option.text for option in FIRST.options.values()]
    scene(page).get_by_role("radio", name=texts[0]).check()
    page.evaluate(
        """(item) => {
      const key = `alongside:draft:mutual-respect:${item}`;
      const kept = JSON.parse(localStorage.getItem(key));
      kept.p = "000000000000";
      localStorage.setItem(key, JSON.stringify(kept));
    }""",
        FIRST.id,
    )
    page.reload()
    expect(scene(page).get_by_role("radio", name=texts[0])).not_to_be_checked()


@pytest.mark.parametrize("kept", ["not json", "[]", "{}", "null", '{"p": 3, "g": [], "c": null}', '{"g": null}'])
def test_whatever_stands_in_the_store_the_quiz_comes_to_life(page, address, kept):
    page.goto(address + QUIZ)
    page.evaluate("([item, kept]) => localStorage.setItem(`alongside:draft:mutual-respect:${item}`, kept)", [FIRST.id, kept])
    page.reload()
    expect(scene(page).get_by_role("button", name="Check")).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so(page, address):
    page.add_init_script("""const keep = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {  // the theme's own keys are not ours to break
        if (key.startsWith("alongside:")) throw new DOMException("full", "QuotaExceededError");
        keep.call(this, key, value);
      }""")
    page.goto(address + QUIZ)
    scene(page).get_by_role("radio").first.check()
    expect(scene(page).get_by_role("status")).to_contain_text("does not keep answers")


def test_the_whole_quiz_ends_with_points_beside_guessing_and_leans(page, address):
    page.goto(address + QUIZ)
    page.get_by_role("button", name="Check the whole quiz").click()
    expect(page.get_by_text("Some scenes are still open: 1, 2, 3")).to_be_visible()
    page.get_by_role("button", name="Check the whole quiz").click()
    summary = page.get_by_role("region", name="How it went")
    expect(summary.get_by_text(re.compile(r"^0 of 16 · guessing earns about \d"))).to_be_visible()
    expect(summary.get_by_role("heading", name="Which way you leaned")).to_be_visible()
    expect(page.get_by_role("heading", name="How it went")).to_be_focused()


def test_a_reflection_is_kept(page, address):
    page.goto(address + CHAPTER)
    box = page.locator("textarea[data-al-reflect]").first
    box.fill("Once, on a bus.")
    page.reload()
    expect(page.locator("textarea[data-al-reflect]").first).to_have_value("Once, on a bus.")


def test_a_warm_up_stands_in_the_chapter_and_not_in_the_quiz(page, address):
    page.goto(address + CHAPTER)
    warm = page.locator("[data-al-quiz]")
    expect(warm).to_have_count(2)
    form = REAL.form("mutual-respect")
    assert not {warm.nth(n).get_attribute("data-al-quiz") for n in range(2)} & set(form.items)
    assert page.get_by_role("button", name="Check the whole quiz").count() == 0


def test_without_scripts_reasons_open_by_hand_and_no_button_is_dead(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    page = context.new_page()
    page.goto(address + QUIZ)
    expect(page.locator(".al-quiz button:visible")).to_have_count(0)
    reason = page.locator(".al-why").first
    expect(reason.locator("p").nth(1)).not_to_be_visible()
    reason.locator("summary").click()
    expect(reason.locator("p").nth(1)).to_be_visible()
    context.close()


def test_print_shows_every_reason_and_no_controls(page, address):
    page.goto(address + QUIZ)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    options = [option for item in REAL.items_of(REAL.form("mutual-respect")) for option in item.options.values()]
    reasons = page.locator(".al-why > p:nth-of-type(2)")
    expect(reasons).to_have_count(len(options))
    assert all(reasons.nth(n).is_visible() for n in range(len(options)))
    expect(page.locator(".al-quiz button:visible")).to_have_count(0)
    expect(page.locator(".bd-sidebar-primary:visible")).to_have_count(0)


def test_from_a_folder_it_works_and_keeps(page, site):
    page.goto((site / QUIZ).as_uri())
    scene(page).get_by_role("radio").first.check()
    page.reload()
    expect(scene(page).get_by_role("radio").first).to_be_checked()


def test_under_a_sub_path_it_is_the_same(page, site):
    with serving(site, "/courses/alongside/") as at:
        page.goto(at)
        page.wait_for_url(at + "book/index.html")
        page.goto(at + QUIZ)
        expect(scene(page).get_by_role("button", name="Check")).to_be_visible()


def test_at_four_hundred_per_cent_nothing_is_cut(browser, address):
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    for name in (QUIZ, CHAPTER, "book/index.html"):
        page.goto(address + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(address + QUIZ)
    cut = page.evaluate("""[...document.querySelectorAll('.al-quiz *')].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width && (box.right > innerWidth + 1 || box.left < -1);
    }).length""")
    assert cut == 0
    context.close()


def test_with_motion_reduced_nothing_moves(browser, address):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + QUIZ)
    moving = page.evaluate("""[...document.querySelectorAll('main *')].filter((each) => {
      const style = getComputedStyle(each);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    }).length""")
    assert moving == 0
    context.close()


def test_targets_are_large_enough(page, address):
    page.set_viewport_size({"width": 320, "height": 780})
    page.goto(address + QUIZ)
    small = page.evaluate("""[...document.querySelectorAll('.al-quiz label:has(input), .al-quiz button, .al-quiz select')].filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width && (box.height < 44 || box.width < 44);
    }).map((each) => each.outerHTML.slice(0, 80))""")
    assert small == []


def test_headers_are_written_for_a_static_host(site):
    headers = (site / "_headers").read_text("utf-8")
    assert "Content-Security-Policy: default-src 'none'" in headers
    assert "script-src 'self' 'sha256-" in headers
    assert "unsafe-eval" not in headers
    assert "'unsafe-inline'" not in headers.partition("script-src")[2].partition(";")[0]


def test_no_page_names_another_machine_in_a_script_or_style(site):
    for path in site.rglob("*.html"):
        found = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//[^"]+"', path.read_text("utf-8"))
        assert not [tag for tag in found if 'rel="canonical"' not in tag], path
