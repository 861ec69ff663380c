"""The course away from its host: kept in a browser under a sub-path, replaced, taken off, and opened from a folder."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import threading
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alongside import offline, says
from alongside.errors import AlongsideError
from alongside.serve import open_server

pytestmark = pytest.mark.browser
SAYS = says.load()["offline"]
PANEL, QUIZ, CHAPTER = "book/off-line.html", "notebooks/mutual-respect.html", "book/mutual-respect.html"
STORES = "(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length])()"
PREFIX = "/course/"


class Host:
    """A copy of the site under a sub-path, which can be gone and come back at the same address."""

    def __init__(self, folder):
        self.folder, self.port, self.server = folder, 0, None
        self.up()

    def up(self):
        self.server = open_server(self.folder, self.port, PREFIX)
        self.port = self.server.server_port
        self.sockets, take = [], self.server.process_request
        self.server.process_request = lambda line, who: (self.sockets.append(line), take(line, who))
        self.at = f"http://127.0.0.1:{self.port}{PREFIX}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()
        for each in self.sockets:  # a browser holds on to them
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def change(self, name, old, new):
        """Put up a version in which one page says something else."""
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        write(self.folder)


def write(folder):
    return offline.write_worker(folder, SAYS, title="Alongside", icon="_static/mark.svg", start="book/index.html")


def pages(site):
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path != site / "index.html")


@contextlib.contextmanager
def hosted(folder):
    one = Host(folder)
    try:
        yield one
    finally:
        with contextlib.suppress(OSError):
            one.down()


@pytest.fixture
def host(site, tmp_path):
    """A course of six pages, which is fetched in a moment."""
    shutil.copytree(site, tmp_path / "site", ignore=shutil.ignore_patterns("styles", "locales", "*.map"))
    few = {PANEL, QUIZ, CHAPTER, "book/drifts.html", "book/index.html", "search.html"}
    for name in set(pages(site)) - few:
        (tmp_path / "site" / name).unlink()
    write(tmp_path / "site")
    with hosted(tmp_path / "site") as one:
        yield one


@pytest.fixture
def whole(site):
    """The course as it is built."""
    with hosted(site) as one:
        yield one


def button(page, name):
    words = re.escape(SAYS[name]).replace(r"\{size\}", r"[\d.]+")
    return page.get_by_role("button", name=re.compile(f"^{words}$"))


def state(page):
    return page.locator("[data-al-state]")


def keep(page, host):
    page.goto(host.at + PANEL)
    button(page, "keep").click()
    expect(state(page)).to_have_text(SAYS["kept"], timeout=20_000)


def go_off(context, host):
    context.set_offline(True)
    host.down()  # what a worker asks for is gone too


def choose(page):
    one = page.get_by_role("region", name="Scene 1 of")
    one.get_by_role("radio").first.check()
    return one


def test_nothing_is_kept_before_it_is_asked_for(page, host):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(host.at + QUIZ)
    assert not [url for url in asked if re.search(r"offline|sw\.js|manifest", url)]
    page.goto(host.at + PANEL)
    size = sum(path.stat().st_size for path in offline.kept(host.folder)) / 1e6
    expect(page.get_by_role("button", name=f"Keep on this phone ({size:.1f} MB)")).to_be_visible()
    expect(state(page)).to_have_text(SAYS["not_kept"])
    assert page.evaluate(STORES) == [[], 0]


def test_kept_the_whole_course_works_without_a_network(context, page, whole, site):
    keep(page, whole)
    go_off(context, whole)
    for name in pages(site):
        assert page.goto(whole.at + name).status == 200
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--al-paper')"), f"{name} has lost its style"
    # a quiz
    page.goto(whole.at + QUIZ)
    one = choose(page)
    one.get_by_role("button", name="Check").click()
    expect(one.get_by_text("Key:").first).to_be_visible()
    page.reload()
    expect(one.get_by_text("Key:").first).to_be_visible()
    # search, with the lines around the word
    page.goto(whole.at + "search.html?q=mutuality&check_keywords=yes")
    found = page.get_by_role("link", name=re.compile("mutual respect", re.IGNORECASE)).first
    expect(found).to_be_visible()
    expect(page.locator("#search-results .context").first).to_contain_text(re.compile("mutual", re.IGNORECASE))
    found.click()
    page.wait_for_url(re.compile(r"mutual-respect\.html"))
    # a fragment, a folder with its slash and without, and the entrance
    page.goto(whole.at + "book/drifts.html#fixing")
    expect(page.locator("#fixing")).to_be_in_viewport()
    for way in ("book/", "book", "book/index", "?from=here"):
        page.goto(whole.at + way)
        expect(page).to_have_title("Alongside")
        page.wait_for_url(re.compile(r"/book/(index(\.html)?)?$"))
        page.get_by_role("link", name="Before you start").first.click()
        page.wait_for_url(whole.at + "book/before-you-start.html")
    # parts of files
    ask = """(range) => fetch("../_static/mark.svg", {headers: {Range: range}}).then(async (got) =>
      [got.status, got.headers.get("Content-Range"), await got.text()])"""
    mark = (site / "_static/mark.svg").read_text("utf-8")
    size = len(mark.encode())
    assert page.evaluate(ask, "bytes=0-3") == [206, f"bytes 0-3/{size}", mark[:4]]
    assert page.evaluate(ask, "bytes=-7") == [206, f"bytes {size - 7}-{size - 1}/{size}", mark[-7:]]
    assert page.evaluate(ask, f"bytes={size - 7}-") == [206, f"bytes {size - 7}-{size - 1}/{size}", mark[-7:]]
    assert page.evaluate(ask, "lines=1-2")[::2] == [200, mark]


def test_a_page_that_is_not_kept_says_so_without_a_network(context, host):
    page = context.new_page()
    keep(page, host)
    go_off(context, host)
    page.goto(host.at + "book/of-another-year.html")
    expect(page.get_by_role("heading", name=SAYS["away_title"])).to_be_visible()
    page.get_by_role("link", name=SAYS["away_link"]).click()
    expect(page).to_have_title("Alongside")


def test_a_newer_version_is_offered_and_taken_with_a_draft_in_hand(context, page, host):
    keep(page, host)
    page.goto(host.at + QUIZ)
    choose(page)
    page.goto(host.at + CHAPTER)
    page.locator("textarea").first.fill("On a bus.")
    before = page.evaluate("JSON.stringify(localStorage)")
    host.change(CHAPTER, "<h1>", "<h1>Newly: ")
    page.goto(host.at + QUIZ)
    offered = page.get_by_role("complementary", name=SAYS["newer"])
    expect(offered.get_by_role("status")).to_have_text(SAYS["newer"], timeout=30_000)  # a browser looks when it has time
    other = context.new_page()  # which shows what is kept until it is taken
    other.goto(host.at + CHAPTER)
    expect(other.get_by_role("heading", level=1)).not_to_contain_text("Newly")
    page.evaluate("window.here = 1")
    button(page, "take").click()
    expect(offered.get_by_role("status")).to_have_text(SAYS["taken"])
    assert page.evaluate("window.here") == 1, "the open page was swapped"
    expect(page.get_by_role("region", name="Scene 1 of").get_by_role("radio").first).to_be_checked()
    assert page.evaluate("JSON.stringify(localStorage)") == before
    expect(other.get_by_role("heading", level=1)).not_to_contain_text("Newly")
    go_off(context, host)
    button(page, "anew").click()
    expect(page.get_by_role("region", name="Scene 1 of").get_by_role("radio").first).to_be_checked()
    expect(offered).to_have_count(0)
    page.goto(host.at + CHAPTER)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Newly")
    expect(page.locator("textarea").first).to_have_value("On a bus.")
    assert len(page.evaluate(STORES)[0]) == 2  # the note and one version


def test_only_what_has_changed_is_fetched(page, host):
    keep(page, host)
    host.change(CHAPTER, "<h1>", "<h1>Newly: ")
    (host.folder / QUIZ).unlink()  # were it asked for, taking would fail
    page.goto(host.at + PANEL)
    button(page, "take").click(timeout=30_000)
    expect(state(page)).to_have_text(f"{SAYS['taken']} {SAYS['kept']}")
    page.goto(host.at + QUIZ)
    expect(page.get_by_role("region", name="Scene 1 of")).to_be_visible()


def test_later_is_later(page, host):
    keep(page, host)
    host.change(CHAPTER, "<h1>", "<h1>Newly: ")
    page.goto(host.at + QUIZ)
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")  # as the browser does by and by
    button(page, "later").click(timeout=30_000)
    with page.expect_response(lambda got: got.url.endswith("offline.js")):
        page.goto(host.at + CHAPTER)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("complementary", name=SAYS["newer"])).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Newly")
    page.goto(host.at + PANEL)  # where one looks for it, it is
    expect(button(page, "take")).to_be_visible(timeout=30_000)
    assert Axe().run(page).response["violations"] == []


def test_taken_off_nothing_is_left_but_what_the_reader_wrote(page, host):
    page.goto(host.at + QUIZ)
    choose(page)
    keep(page, host)
    wrote = page.evaluate("JSON.stringify(localStorage)")
    button(page, "leave").click()
    expect(state(page)).to_contain_text(SAYS["gone"])
    expect(button(page, "keep")).to_be_focused()
    assert page.evaluate(STORES) == [[], 0]
    assert page.evaluate("JSON.stringify(localStorage)") == wrote
    host.change(CHAPTER, "<h1>", "<h1>Newly: ")
    page.goto(host.at + CHAPTER)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Newly")


@pytest.mark.parametrize("why", ["changed", "network", "room"])
def test_half_fetched_is_not_kept(context, host, why):
    page = context.new_page()
    page.goto(host.at + PANEL)
    expect(button(page, "keep")).to_be_visible()
    break_off(context, page, host, why)
    button(page, "keep").click()
    expect(state(page)).to_have_text(f"{SAYS[why]} {SAYS['nothing']}", timeout=20_000)
    assert page.evaluate(STORES) == [[], 0]
    expect(button(page, "keep")).to_be_focused()


@pytest.mark.parametrize("why", ["changed", "network", "room"])
def test_half_replaced_the_old_one_stays_whole(context, host, why):
    page = context.new_page()
    keep(page, host)
    for name in ("book/drifts.html", CHAPTER):
        host.change(name, "<h1>", "<h1>Newly: ")
    page.goto(host.at + PANEL)
    expect(button(page, "take")).to_be_visible(timeout=30_000)
    break_off(context, page, host, why)
    button(page, "take").click()
    expect(state(page)).to_contain_text(f"{SAYS[why]} {SAYS['still']}", timeout=20_000)
    if why != "network":
        go_off(context, host)
    for name in ("book/drifts.html", CHAPTER, QUIZ):
        assert page.goto(host.at + name).status == 200
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Newly")
    assert len(page.evaluate(STORES)[0]) == 2


def break_off(context, page, host, why):
    if why == "changed":  # as a café's own page would
        (host.folder / CHAPTER).write_text("<p>Please accept our terms.</p>", "utf-8")
    elif why == "network":
        host.down()
    else:
        quota = {"origin": host.at.removesuffix(PREFIX), "quotaSize": 1}
        context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)


def test_a_tab_closed_while_it_fetches_leaves_nothing_behind(context, host):
    page = context.new_page()
    page.goto(host.at + PANEL)
    page.evaluate("""async (at) => {
      const found = await navigator.serviceWorker.register(at + "sw.js");
      await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      found.active.postMessage({ ask: "fill" }, [port2]);
      await new Promise((done) => { port1.onmessage = done; });
    }""", host.at)  # fmt: skip
    assert page.evaluate(STORES)[0]
    page.close()
    page = context.new_page()
    page.goto(host.at + PANEL)
    expect(button(page, "keep")).to_be_visible()
    assert page.evaluate(STORES) == [[], 0]


def test_stopped_it_leaves_nothing(page, host):
    page.goto(host.at + PANEL)
    expect(button(page, "keep")).to_be_visible()
    page.evaluate("for (const name of ['keep', 'stop']) document.querySelector(`[data-al-${name}]`).click()")
    expect(state(page)).to_have_text(f"{SAYS['stopped']} {SAYS['nothing']}")
    assert page.evaluate(STORES) == [[], 0]


def test_one_tab_at_a_time_fetches(context, page, host):
    page.goto(host.at + PANEL)
    expect(button(page, "keep")).to_be_visible()
    other = context.new_page()
    other.goto(host.at + PANEL)
    other.evaluate(
        "(at) => new Promise((held) => { navigator.locks.request(`alongside ${at}`, () => { held(); return new Promise(() => {}); }); })",
        host.at,
    )
    button(page, "keep").click()
    expect(state(page)).to_have_text(SAYS["busy"])
    other.close()
    for _ in range(100):  # a closed tab lets go of its lock a moment later
        if not page.evaluate("() => navigator.locks.query().then(({held}) => held.length)"):
            break
        page.wait_for_timeout(50)
    button(page, "keep").click()
    expect(state(page)).to_have_text(SAYS["kept"], timeout=20_000)


def test_two_courses_on_one_host_keep_apart(context, host):
    page = context.new_page()
    keep(page, host)
    page.evaluate("""async () => {
      await (await caches.open("alongside http://127.0.0.1/other/ 1")).put("/other/x", new Response("theirs"));
    }""")
    button(page, "leave").click()
    expect(state(page)).to_contain_text(SAYS["gone"])
    assert page.evaluate("caches.keys()") == ["alongside http://127.0.0.1/other/ 1"]


def test_a_browser_without_workers_says_why(page, host):
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})")
    page.goto(host.at + PANEL)
    expect(state(page)).to_have_text(SAYS["refused"])
    expect(button(page, "keep")).to_have_count(0)


def test_the_manifest_begins_the_course(page, host):
    page.goto(host.at + PANEL)
    link = page.locator("link[rel=manifest]")
    expect(link).to_have_count(1)
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((got) => got.json())")
    begin = page.request.get(host.at + manifest["start_url"])
    assert begin.ok
    assert page.request.get(host.at + manifest["icons"][0]["src"]).headers["content-type"] == "image/svg+xml"


def test_the_same_course_is_the_same_worker_and_the_same_archive(site, tmp_path):
    versions = []
    for name in ("one", "two"):
        shutil.copytree(site, tmp_path / name, copy_function=shutil.copyfile)
        for path in (tmp_path / name).rglob("*"):
            os.utime(path, (10**9 + len(versions) * 99999,) * 2)  # who built it when is not in it
        versions.append(write(tmp_path / name))
        offline.write_zip(tmp_path / name, tmp_path / f"{name}.zip")
    assert versions[0] == versions[1]
    assert (tmp_path / "one" / "sw.js").read_bytes() == (tmp_path / "two" / "sw.js").read_bytes()
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    (tmp_path / "two" / "extra.html").write_text("more", "utf-8")
    assert write(tmp_path / "two") != versions[0]


def test_an_archive_is_not_made_of_nothing(tmp_path):
    with pytest.raises(AlongsideError, match="make book"):
        offline.write_zip(tmp_path, tmp_path / "site.zip")
    (tmp_path / "index.html").write_text("hello", "utf-8")
    (tmp_path / "taken").write_text("a file, not a folder", "utf-8")
    with pytest.raises(AlongsideError, match="cannot be written"):
        offline.write_zip(tmp_path, tmp_path / "taken" / "site.zip")


def test_unpacked_it_opens_from_a_folder_with_no_server(page, site, tmp_path):
    with zipfile.ZipFile(offline.write_zip(site, tmp_path / "site.zip")) as archive:
        archive.extractall(tmp_path / "a folder")
    folder = tmp_path / "a folder"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    assert pages(folder) == pages(site)
    links = set()
    for name in pages(folder):
        page.goto((folder / name).as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        links |= set(page.evaluate("[...document.links].map((link) => link.href.split(/[?#]/)[0])"))
    assert [link for link in links if link.startswith("file:") and not (folder / link.split("/a%20folder/")[1]).is_file()] == []
    page.goto((folder / QUIZ).as_uri())
    choose(page).get_by_role("button", name="Check").click()
    page.reload()
    expect(page.get_by_text("Key:").first).to_be_visible()
    page.goto((folder / "search.html").as_uri() + "?q=mutuality")
    expect(page.get_by_role("link", name=re.compile("mutual respect", re.IGNORECASE)).first).to_be_visible()
    page.goto((folder / PANEL).as_uri())
    expect(state(page)).to_have_text(SAYS["folder"])
    expect(page.locator(".al-keep button:visible")).to_have_count(0)
    expect(page.locator("link[rel=manifest]")).to_have_count(0)
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
