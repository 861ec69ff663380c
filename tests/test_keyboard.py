"""A walk by keyboard alone through every scale, on the page that opens without a server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from alongside import page as drawing
from alongside import scoring
from alongside.bank import Bank

from . import sample
from .conftest import ROOT

pytestmark = pytest.mark.browser
REAL = Bank(ROOT / "quizzes")


def one_item(scale_name):
    scale = REAL.scales[scale_name]
    keys = [key for key, count in scale.exactly.items() for _ in range(count)]
    keys += [key for key in scale.keys if key not in scale.exactly] if len(keys) < 3 else []
    options = {f"o{n}": {"key": key, "drift": "fixing" if key in scale.drift else None} for n, key in enumerate(keys)}
    return sample.item("walk", scale_name, options)


def open_alone(page, folder, items, *, exam=False):
    """Open a quiz of these items as the page that needs no server."""
    bank = sample.Sample(REAL, items)
    path = folder / "walk.html"
    path.write_text(drawing.alone(bank, bank.only, exam=exam), "utf-8")
    page.goto(path.as_uri())


def focused(page):
    """What the keyboard is on: the option's id and the control."""
    return page.evaluate("""() => {
      const at = document.activeElement;
      return {option: at.closest("[data-al-option]")?.dataset.alOption, tag: at.tagName, text: at.innerText,
              value: at.value, move: at.dataset.alMove, outline: getComputedStyle(at).outlineStyle,
              label: at.closest("label") ? getComputedStyle(at.closest("label")).outlineStyle : ""};
    }""")


@pytest.mark.parametrize("name", sorted(REAL.scales))
def test_every_scale_is_answered_and_checked_by_keyboard(page, tmp_path, name):
    one, scale = one_item(name), REAL.scales[name]
    open_alone(page, tmp_path, [one])
    wanted = dict(scoring.keyed(one, scale))
    page.keyboard.press("Tab")
    for _ in range(60):
        at = focused(page)
        assert at["outline"] != "none" or at["label"] != "none", f"focus is not seen on {at}"
        if at["tag"] == "INPUT" and not at["option"]:
            page.keyboard.press("Space")
        elif at["tag"] == "SELECT":
            page.keyboard.type(wanted[at["option"]])
        elif at["tag"] == "INPUT" and scale.respond == "each":
            page.keyboard.press("Space")
            for _ in scale.responses:
                if focused(page)["value"] == wanted[at["option"]]:
                    break
                page.keyboard.press("ArrowDown")
        elif at["tag"] == "INPUT":
            page.keyboard.press("Space")
            for _ in one.options:
                if wanted.get(focused(page)["option"]) == focused(page)["value"]:
                    break
                page.keyboard.press("ArrowDown")
        elif at["text"] == "Check":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(
        f"Checked: {scoring.possible(one, scale)} of {scoring.possible(one, scale)}"
    )
    assert focused(page)["option"] == one.shown[0], "the first reason is read next"
    expect(page.get_by_role("radio", name="Not sure", include_hidden=True)).to_be_checked()


def test_ranking_by_up_and_down_buttons_alone(page, tmp_path):
    one = one_item("rank-4")
    open_alone(page, tmp_path, [one])
    place = {name: page.locator(f"[data-al-option={name}] select") for name in one.options}

    def press(option, label):
        page.locator(f"[data-al-option={option}]").get_by_role("button", name=label).press("Enter")

    for name in one.shown:
        press(name, "Up")
    assert [place[name].input_value() for name in one.shown] == ["1", "2", "3", "4"]
    press(one.shown[3], "Up")
    assert [place[name].input_value() for name in one.shown] == ["1", "2", "4", "3"]
    press(one.shown[0], "Up")
    assert place[one.shown[0]].input_value() == "1"
    press(one.shown[0], "Down")
    assert [place[name].input_value() for name in one.shown] == ["2", "1", "4", "3"]
    expect(page.locator("[data-al-order]")).to_contain_text(f"1. Do {one.shown[1]}. 2. Do {one.shown[0]}.")
    assert page.locator("[data-al-order]").get_attribute("aria-live") == "polite"


def test_one_option_is_not_both_most_and_least(page, tmp_path):
    one = one_item("most-least")
    open_alone(page, tmp_path, [one])
    row = page.locator("[data-al-option]").first
    row.get_by_role("radio").nth(0).check()
    row.get_by_role("radio").nth(1).check()
    expect(row.get_by_role("radio").nth(0)).not_to_be_checked()
    expect(row.get_by_role("radio").nth(1)).to_be_checked()


def test_an_exam_page_is_answered_and_reveals_nothing(page, tmp_path):
    open_alone(
        page,
        tmp_path,
        [one_item("best"), sample.item("two", "several", {"a": {"key": "do"}, "b": {"key": "leave", "drift": "fixing"}})],
        exam=True,
    )
    page.get_by_role("radio").first.check()
    expect(page.get_by_role("button")).to_have_count(0)
    page.reload()  # and the next person at the desk finds nothing of the last one's
    expect(page.locator("input:checked")).to_have_count(0)
