// @ts-check
// Fills the page of a reader's record from what this device keeps, and saves, opens and forgets it. What it shows is drawn
// by the template and counted by views.js; the text of a file or a reflection is only ever set as text.
import { all, fill, one, put, show } from "./quiz.js";
import { give, here, openKeep, rowOf } from "./keep.js";
import { Refused, merged, read } from "./record.js";
import { download, saveRecord } from "./save.js";
import { countOn, decimal, nothing, ratio, viewsOf } from "./views.js";
import { inWords } from "./review.js";

/** @typedef {import("./keep.js").Keep} Keep */
/** @typedef {import("./keep.js").Row} Row */
/** @typedef {import("./views.js").Views} Views */
/** @typedef {import("./views.js").Count} Count */
/** @typedef {{keep: Keep, says: any, catalogue: any, more: any}} Desk  what every part works with */

const MANY = 25; // entries in no saved copy, from which the page reminds of it
const SETTLES = 1200; // milliseconds after which a rating is meant: arrow keys pass over the other steps
const LARGEST = 50_000_000;
const MUCH = 200; // rows from which it is worth keeping how far they are counted
const SHAPE = 1; // of what is kept so: to be changed with views.js's Count

/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (one(document, `[data-al-part="${name}"]`));
/** @param {ParentNode} at @param {string} what @param {Record<string, string | number>} attributes */
const draw = (at, what, attributes) => {
  const to = at.querySelector(what);
  for (const [name, value] of Object.entries(attributes)) to?.setAttribute(name, String(value));
};

// -- save, open, forget

/** @param {Desk} desk @param {Count} counted */
async function tellKept({ keep, says }, { acts, last }) {
  const saved = await keep.about("saved"), box = part("save"), day = last && inWords(localDay(last));
  const holds = acts === 1 ? says.holds_one : says.holds;
  put(box, "[data-al-holds]", acts
    ? `${fill(holds, { count: acts, day })} ${saved ? fill(says.last_saved, { day: inWords(localDay(saved)) }) : says.never_saved}` : "");
  const since = saved ? await keep.count(saved) : acts;
  put(box, "[data-al-remind]", fill(says.remind, { count: since }));
  show(one(box, "[data-al-remind]"), since >= MANY);
  show(one(box, "[data-al-save]"), acts > 0);
  show(one(box, "[data-al-forget]"), acts > 0);
}
/** The day of an instant, where the reader is. @param {string} at */
const localDay = (at) => here(new Date(at)).today;

/** @param {Desk} desk @param {(known?: Row[]) => Promise<void>} refresh */
function onSave({ keep, says, catalogue }, refresh) {
  const box = part("save"), asks = one(box, "[data-al-asks]"), forget = one(box, "[data-al-forget]");
  const course = { base: catalogue.base, says: says.file };
  /** @param {string} text */
  const say = (text) => put(box, "[data-al-said]", text);
  /** @param {() => Promise<string>} work what is done, and what is said of it */
  const doing = async (work) => {
    try { say(await work()); } catch (why) {
      if (!(why instanceof Refused)) throw why;
      say(why.message);
    }
  };
  one(box, "[data-al-save]")?.addEventListener("click", () => void doing(async () => {
    const { rows, file } = await saveRecord(keep, course, here(new Date()).today);
    await askToKeep(keep);
    await refresh();
    return fill(says.saved, { file, count: rows.length });
  }));
  const input = /** @type {HTMLInputElement} */ (one(box, "[data-al-open]"));
  input.addEventListener("change", () => void doing(async () => {
    const file = input.files?.[0];
    if (!file) return "";
    say(says.opening);
    const bytes = await file.slice(0, LARGEST + 1).arrayBuffer(); // no more of a film than shows that it is none of ours
    input.value = "";
    const held = await keep.acts(), ids = new Set(held.map((row) => row.id));
    const rows = read(bytes, course, held), fresh = rows.filter((row) => !ids.has(row.id));
    await refresh(merged(held, rows)); // shown at once, and kept a moment later
    const kept = !fresh.length || await keep.add(fresh);
    const saved = await keep.about("saved") ?? "", inFile = new Set(rows.map((row) => row.id));
    const newest = rows.reduce((latest, { at }) => (at > latest ? at : latest), ""); // the file is a saved copy, up to here
    if (newest > saved && !held.some(({ id, at }) => at > saved && at <= newest && !inFile.has(id))) await keep.setAbout("saved", newest);
    await askToKeep(keep);
    await refresh();
    return fill(says.opened, { count: fresh.length, here: rows.length - fresh.length }) + (kept ? "" : ` ${says.unkept}`);
  }));
  forget?.addEventListener("click", () => {
    say("");
    show(asks, true);
    one(box, "[data-al-forget-no]")?.focus();
  });
  one(box, "[data-al-forget-no]")?.addEventListener("click", () => { show(asks, false); forget?.focus(); });
  one(box, "[data-al-forget-yes]")?.addEventListener("click", () => void doing(async () => {
    await keep.forget();
    show(asks, false);
    input.focus();
    return says.forgot;
  }));
}

/** Asks the browser, once, not to clear the record away by itself. @param {Keep} keep */
async function askToKeep(keep) {
  if (await keep.about("asked")) return;
  await keep.setAbout("asked", true);
  void navigator.storage?.persist?.().catch(() => false); // Firefox asks the reader, and nothing here waits for their word
}

// -- what the record says

/** @param {Desk} desk @param {Views["review"]} review */
function showReview({ says }, { today, next }) {
  const box = part("come-back"), late = today.length; // what fits one day, and not all that ever waited
  const now = late === 1 ? says.due_one : late ? fill(says.due, { count: late }) : says.due_none;
  put(box, "[data-al-due]", [now, next && !late ? fill(says.due_next, { day: inWords(next) }) : ""].filter(Boolean).join(" "));
  show(one(box, "[data-al-to-review]"), today.length > 0);
}

/** @param {Element} row @param {{n: number, points: string, guessing?: string}} tally */
const drawBar = (row, { n, points, guessing }) => {
  draw(row, "[data-al-fill]", { width: (198 * ratio(points)) / n });
  draw(row, "[data-al-guess]", guessing ? { d: `M${1 + (198 * ratio(guessing)) / n} 0v12` } : { d: "" });
};

/** @param {Desk} desk @param {Views} seen */
function showStand({ says, catalogue }, seen) {
  const box = part("stand");
  for (const table of all(box, "[data-al-stand]")) {
    const group = table.dataset.alStand ?? "", tallies = new Map(Object.entries(seen.stand[/** @type {"value"} */ (group)]));
    /** @type {string[]} */
    const none = [];
    for (const row of all(table, "[data-al-row]")) {
      const tally = tallies.get(row.dataset.alRow ?? ""), few = !tally || tally.n < catalogue.fewest;
      show(row, Boolean(tally));
      if (!tally) { none.push(one(row, "th")?.textContent ?? ""); continue; }
      const { n, points, guessing } = tally;
      put(row, "[data-al-figure]", fill(few ? says.few : says.figure, { n, points: decimal(points), guessing: decimal(guessing) }));
      row.classList.toggle("al-few", few);
      if (!few) drawBar(row, tally);
    }
    show(table, tallies.size > 0);
    put(box, `[data-al-none="${group}"]`, fill(says.none_of, { names: none.join(" · ") }));
    show(one(box, `[data-al-none="${group}"]`), none.length > 0);
  }
  put(box, "[data-al-stale]", fill(seen.stale === 1 ? says.stale_one : says.stale, { count: seen.stale }));
  show(one(box, "[data-al-stale]"), seen.stale > 0);
}

/** @param {Desk} desk @param {Views["lean"]} lean */
function showLean({ says, catalogue, more }, lean) {
  for (const entry of all(part("lean"), "[data-al-lean]")) {
    const name = entry.dataset.alLean ?? "";
    for (const line of all(entry, "[data-al-when]")) {
      const { shown, met, guess } = lean[/** @type {"first"} */ (line.dataset.alWhen)][name] ?? { shown: 0, met: 0, guess: "0/1" };
      const few = met < catalogue.fewest, lows = more.bands[met];
      const low = lows?.[shown], high = lows && 100 - lows[met - shown];
      const words = !met ? says.lean_none : few ? says.lean_few : lows ? says.lean : says.lean_many;
      put(line, "[data-al-figure]", fill(words, { shown, met, guess: decimal(guess), low, high }));
      line.classList.toggle("al-few", few);
      if (few) continue;
      draw(line, "[data-al-range]", lows ? { x: 1 + 1.98 * low, width: 1.98 * (high - low) } : { width: 0 });
      draw(line, "[data-al-dot]", { cx: 1 + (198 * shown) / met });
      draw(line, "[data-al-guess]", { d: `M${1 + (198 * ratio(guess)) / met} 0v12` });
    }
    show(entry, Boolean(lean.first[name]));
  }
}

/** @param {Desk} desk @param {Views["sure"]} sure */
function showSure({ says, catalogue }, sure) {
  const box = part("sure");
  for (const row of all(box, "[data-al-row]")) {
    const { n, points } = sure[row.dataset.alRow ?? ""], few = n < catalogue.fewest;
    put(row, "[data-al-figure]", fill(few ? says.few : says.sure_figure, { n, points: decimal(points) }));
    row.classList.toggle("al-few", few);
    if (!few) drawBar(row, { n, points });
  }
  const enough = ["1", "2", "3"].map((step) => sure[step]).filter(({ n }) => n >= catalogue.fewest);
  const [low, high] = [enough[0], enough[enough.length - 1]].map((each) => each && ratio(each.points) / each.n);
  const more = high - low; // in shares: a tenth is more than a hand's tremble, and no proof
  put(box, "[data-al-sentence]", enough.length < 2 ? says.sure_few : more >= 0.1 ? says.sure_more : more <= -0.1 ? says.sure_less : says.sure_same);
}

// -- what the reader says

/** @param {Desk} desk */
function onRatings({ keep }) {
  for (const field of all(part("can-do"), "[data-al-rate]")) {
    let waits = 0;
    const settle = () => {
      if (!waits) return;
      clearTimeout(waits);
      waits = 0;
      const step = /** @type {HTMLInputElement | null} */ (one(field, "input:checked"))?.value;
      if (step) void give(Promise.resolve(keep), [rowOf(`rating/${field.dataset.alRate}`, { step })]);
    };
    field.addEventListener("change", () => { clearTimeout(waits); waits = setTimeout(settle, SETTLES); });
    field.addEventListener("focusout", (event) => { if (!field.contains(/** @type {Node | null} */ (event.relatedTarget))) settle(); });
    addEventListener("pagehide", settle);
  }
}
/** @param {Desk} desk @param {Views} seen */
function showRatings({ says, catalogue }, { ratings }) {
  for (const group of all(part("can-do"), "[data-al-rates]")) {
    const fields = all(group, "[data-al-rate]");
    for (const field of fields) {
      const rated = ratings[field.dataset.alRate ?? ""], beside = one(field, "[data-al-beside]");
      show(beside, Boolean(rated));
      if (!field.contains(document.activeElement)) {
        for (const input of /** @type {HTMLInputElement[]} */ (all(field, "input"))) input.checked = input.value === rated?.latest.step;
      }
      if (!rated || !beside) continue;
      const { first, latest, n, points, guessing } = rated;
      const same = first.step === latest.step && first.day === latest.day;
      const mine = fill(same ? says.rated : says.rated_twice, {
        first: says.steps[first.step], first_day: inWords(first.day), step: says.steps[latest.step], day: inWords(latest.day),
      });
      const words = !n ? says.evidence_none : n < catalogue.fewest ? says.evidence_few : says.evidence;
      beside.textContent = `${mine} ${fill(words, { n, points: decimal(points), guessing: decimal(guessing) })}`;
    }
    const count = fields.filter((field) => ratings[field.dataset.alRate ?? ""]).length;
    put(group, "[data-al-rated]", fill(says.of_rated, { count, all: fields.length }));
  }
}

/** The reflections in the order of the course. @param {Desk} desk @param {Views["reflections"]} reflections */
const written = ({ more }, reflections) => {
  const places = Object.keys(more.prompts), place = (/** @type {string} */ name) => places.indexOf(name) >>> 0; // unknown: last
  return Object.entries(reflections).sort(([a], [b]) => place(a) - place(b)).map(([name, each]) => ({ ...each, name, from: more.prompts[name] }));
};
/** @param {Desk} desk @param {Views["reflections"]} reflections */
function showReflections(desk, reflections) {
  const box = part("reflections"), template = /** @type {HTMLTemplateElement} */ (one(box, "[data-al-one-written]"));
  one(box, "[data-al-written]")?.replaceChildren(...written(desk, reflections).map(({ text, day, from }) => {
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const link = /** @type {HTMLAnchorElement} */ (copy.querySelector("a"));
    if (from) link.href = from.link; else link.removeAttribute("href");
    link.textContent = from?.title ?? desk.says.gone;
    put(copy, "[data-al-prompt]", from?.prompt ?? "");
    put(copy, ".al-text", text);
    put(copy, "[data-al-day]", fill(desk.says.written, { day: inWords(day) }));
    return copy;
  }));
}
/** @param {Desk} desk @param {() => Views} seen */
function onExport(desk, seen) {
  const box = part("reflections");
  one(box, "[data-al-export]")?.addEventListener("click", () => {
    let title = "";
    const pieces = written(desk, seen().reflections).flatMap(({ text, day, from, name }) => { // as reflections.py lays it out
      const heading = from?.title ?? desk.says.gone, opens = heading !== title;
      title = heading;
      return [...(opens ? [`## ${heading}`] : []), `### ${from?.prompt ?? name}`, text.trim(), `*${inWords(day)}*`];
    });
    const file = `alongside-reflections-${here(new Date()).today}.md`;
    download(file, `${[`# ${desk.says.titles.reflections}`, desk.says.reflections_mine, ...pieces].join("\n\n")}\n`, "text/markdown");
    put(box, "[data-al-exported]", fill(desk.says.exported, { file }));
  });
}

/** @param {Desk} desk @param {Views["finished"]} finished */
function showFinished({ says }, { chapters, forms, hours }) {
  const box = part("finished");
  const days = new Map([...chapters.map(({ slug, day }) => [`chapter/${slug}`, day]), ...forms.map(({ slug, day }) => [`form/${slug}`, day])]);
  for (const tick of /** @type {HTMLInputElement[]} */ (all(box, "[data-al-tick]"))) {
    const day = days.get(tick.dataset.alTick ?? "");
    tick.checked = Boolean(day);
    put(/** @type {HTMLElement} */ (tick.closest("li")), "[data-al-day]", day ? fill(says.done_on, { day: inWords(day) }) : "");
  }
  put(box, "[data-al-hours]", fill(says.hours, { hours }));
  show(one(box, "[data-al-hours]"), hours > 0);
  show(one(box, "[data-al-certify]"), days.size > 0);
  show(one(box, "[data-al-certificate]"), false);
  show(one(box, "[data-al-print]"), false);
}
/** @param {Desk} desk @param {() => Views} seen */
function onFinished({ keep, says, catalogue, more }, seen) {
  const box = part("finished"), sheet = one(box, "[data-al-certificate]");
  for (const tick of /** @type {HTMLInputElement[]} */ (all(box, "[data-al-tick]"))) {
    tick.addEventListener("change", () => void give(Promise.resolve(keep), [rowOf(tick.dataset.alTick ?? "", { done: tick.checked })]));
  }
  one(box, "[data-al-draw]")?.addEventListener("click", () => {
    const name = /** @type {HTMLInputElement} */ (one(box, "[data-al-name]"));
    put(box, "[data-al-name-first]", name.value.trim() ? "" : says.name_first);
    if (!name.value.trim()) { name.focus(); return; }
    const { chapters, forms, hours } = seen().finished;
    const title = (/** @type {string} */ what) => one(box, `[data-al-tick="${what}"]`)?.parentElement?.querySelector("span")?.firstChild?.textContent ?? "";
    const course = document.querySelector(".al-brand")?.textContent?.trim() || "Alongside";
    put(box, "[data-al-of]", fill(says.certificate_of, { name: name.value.trim(), course }));
    const lines = [...chapters.map((each) => ({ ...each, what: `chapter/${each.slug}`, words: says.certificate_chapter })),
      ...forms.map((each) => ({ ...each, what: `form/${each.slug}`, words: says.certificate_quiz }))];
    one(box, "[data-al-list]")?.replaceChildren(...lines.filter(({ what }) => title(what)).map(({ what, day, words }) => {
      const item = document.createElement("li");
      item.textContent = fill(words, { title: title(what).trim(), done: fill(says.done_on, { day: inWords(day) }) });
      return item;
    }));
    put(box, "[data-al-hours-of]", hours ? fill(says.certificate_hours, { hours }) : "");
    const touched = new Set(chapters.flatMap(({ slug }) => (Object.hasOwn(more.touched, slug) ? more.touched[slug] : [])));
    const numbers = Object.keys(more.numbers).filter((name) => touched.has(name)).map((name) => more.numbers[name]).join(" · ");
    put(box, "[data-al-touched]", numbers && fill(says.certificate_touched, { numbers }));
    put(box, "[data-al-date]", fill(says.certificate_date, { day: inWords(here(new Date()).today) }));
    show(sheet, true);
    show(one(box, "[data-al-print]"), true);
    one(box, "#certificate")?.focus();
  });
  one(box, "[data-al-print]")?.addEventListener("click", () => {
    document.documentElement.classList.add("al-certificate-only");
    addEventListener("afterprint", () => document.documentElement.classList.remove("al-certificate-only"), { once: true });
    print();
  });
}

/**
 * The record, counted: on from where it was counted last, where nothing older has come since, or else from the beginning.
 * @param {Desk} desk @param {number} zone @param {Row[] | null} rows all of it, where they are known @returns {Promise<Count>}
 */
async function countAll({ keep, catalogue, more }, zone, rows) {
  const sign = `${SHAPE} ${more.print} ${zone}`, before = rows ? null : await keep.about("counted");
  let counted = nothing();
  if (before?.sign === sign) {
    rows = await keep.since(before.counted.last);
    if (rows && before.counted.acts + rows.length === await keep.count()) counted = before.counted; else rows = null;
  }
  rows ??= await keep.acts();
  countOn(catalogue, counted, rows, zone);
  if (rows.length >= MUCH) await keep.setAbout("counted", { sign, counted });
  return counted;
}

/** @param {HTMLElement} root the element marked data-al-record */
async function record(root) {
  const data = (/** @type {string} */ what) => JSON.parse(one(root, what)?.textContent ?? "{}");
  const says = JSON.parse(root.dataset.alSays ?? "{}"), catalogue = data("[data-al-catalogue]"), more = data("[data-al-more]");
  const desk = { keep: await openKeep(), says, catalogue, more }, { keep } = desk;
  /** @type {Views} */
  let seen;
  let fills = Promise.resolve(); // one after the other, that an older count never stands over a newer
  /** @param {Row[] | null} [known] */
  const refresh = (known = null) => (fills = fills.catch(() => {}).then(() => fillIn(known)));
  /** @param {Row[] | null} known */
  const fillIn = async (known) => {
    const { today, zone } = here(new Date()), counted = await countAll(desk, zone, known);
    seen = viewsOf(catalogue, counted, today);
    const answered = Object.keys(seen.attempts).length > 0 || seen.stale > 0;
    await tellKept(desk, counted);
    showReview(desk, seen.review);
    showStand(desk, seen);
    showLean(desk, seen.lean);
    showSure(desk, seen.sure);
    showRatings(desk, seen);
    showReflections(desk, seen.reflections);
    showFinished(desk, seen.finished);
    show(one(root, "[data-al-empty]"), !seen.acts);
    show(one(root, "[data-al-unkept]"), !keep.kept);
    show(one(root, "[data-al-erased]"), keep.erased && !seen.acts);
    /** @type {Record<string, boolean>} */
    const has = {
      "save": true, "come-back": answered, "stand": answered, "lean": Object.keys(seen.lean.first).length > 0,
      "sure": Object.values(seen.sure).some(({ n }) => n), "can-do": true,
      "reflections": Object.keys(seen.reflections).length > 0, "finished": seen.acts > 0,
    };
    for (const [name, is] of Object.entries(has)) {
      show(part(name), is);
      for (const link of all(document, `nav a[href="#${name}"]`)) show(link.closest("li"), is);
    }
  };
  let waiting = false; // many rows may come at once, from this tab and from others
  const again = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; void refresh(); }, 50);
  };
  onSave(desk, refresh);
  onRatings(desk);
  onExport(desk, () => seen);
  onFinished(desk, () => seen);
  document.addEventListener("alongside:acts", again);
  document.addEventListener("alongside:forgot", again);
  addEventListener("pageshow", (event) => { if (event.persisted) again(); });
  addEventListener("beforeprint", () => all(document, ".al-part details").forEach((each) => {
    if (one(each, ":checked") || each.closest(".al-lean")) each.setAttribute("open", "");
  }));
  await refresh();
  if (await keep.count()) await askToKeep(keep);
}

/** @param {Document} page */
export function onRecordPage(page) { all(page, "[data-al-record]").forEach((root) => void record(root)); }
