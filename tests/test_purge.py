"""A stylesheet loses what no page can use, and nothing else."""

from __future__ import annotations

import pytest

from alongside import purge

USED = purge.used_names(['<p class="kept also">'], ['x.classList.add("by-script"); y = "tip-" + side'])


@pytest.mark.parametrize(
    "rule",
    [
        "p{a:b}",
        "#any [data-x]{a:b}",
        ".kept>.also:hover::before{a:b}",
        ".by-script{a:b}",
        ".tip-left{a:b}",
        "p:not(.gone){a:b}",
        ":is(.gone,.kept){a:b}",
        "@media print{.kept{a:b}}",
        "@supports (a:b){@media screen{.kept{a:b}}}",
        "@keyframes turn{from{a:b}}",
        ":root{--x:1}",
        '[class*="gone"]{a:b}',
        '.kept::after{content:".gone"}',
    ],
)
def test_what_a_page_can_use_stays(rule):
    assert purge.purge(rule, USED).replace(" ", "") == rule.replace(" ", "")


@pytest.mark.parametrize(
    "rule",
    [
        ".gone{a:b}",
        ".kept .gone{a:b}",
        ".kept.gone:hover{a:b}",
        "@media print{.gone{a:b}}",
        "@font-face{font-family:x}",
        "/* said */",
    ],
)
def test_what_nobody_has_goes(rule):
    assert purge.purge(rule, USED) == ""


def test_of_a_list_the_selectors_that_can_match_stay():
    assert purge.purge(".gone, .kept , p .gone,b{a:b}", USED) == ".kept,b{a:b}"


def test_the_same_sheet_is_not_read_twice(tmp_path, monkeypatch):
    for _ in range(2):
        assert purge.purged(".gone{a:b}.kept{a:b}", USED, tmp_path / "cache") == ".kept{a:b}"
        monkeypatch.setattr(purge, "purge", lambda *_: pytest.fail("read again"))
