// @ts-check
// Keeps a reader's record on this device: what is marked as a draft in localStorage, what is given as rows in IndexedDB.
// Rows are only ever added; nothing leaves the device from here. Knows the quiz only by what it is handed.
import { all, enliven, one, show } from "./quiz.js";

/**
 * What was given, once: see the record's definition in record.py.
 * @typedef {{id: string, at: string, who: string, version: string, what: string, [field: string]: any}} Row
 */
/**
 * @typedef {object} Keep
 * @property {boolean} kept  false where rows only last as long as the page
 * @property {boolean} erased  true where a record was here and the browser has taken it away
 * @property {string} who  the pseudonym of this device
 * @property {(what?: string) => Promise<Row[]>} acts  all rows, or those of one thing, oldest first
 * @property {(at: string) => Promise<Row[] | null>} since  the rows given after an instant, oldest first; null where that is not known
 * @property {(at?: string) => Promise<number>} count  how many rows there are, or how many after an instant
 * @property {(rows: Row[]) => Promise<boolean>} add  false where they are held in memory only
 * @property {(name: string) => Promise<any>} about
 * @property {(name: string, value: any) => Promise<void>} setAbout
 * @property {() => Promise<void>} forget
 */

const OURS = "alongside:";
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? "";
/** @template T @param {() => T} work @param {T} [otherwise] storage may be refused at any call */
const attempt = (work, otherwise) => { try { return work(); } catch { return otherwise; } };
export const drafts = {
  /** @param {string} key */
  read: (key) => attempt(() => localStorage.getItem(OURS + key), null) ?? null,
  /** @param {string} key @param {string} value whether it was kept; "" takes it away */
  write: (key, value) => attempt(() => {
    if (value) localStorage.setItem(OURS + key, value); else localStorage.removeItem(OURS + key);
    return true;
  }, false) ?? false,
  /** @param {string} begins @returns {string[]} as `read` and `write` take them */
  keys: (begins) => (attempt(() => Object.keys(localStorage), []) ?? [])
    .filter((key) => key.startsWith(OURS + begins)).map((key) => key.slice(OURS.length)),
};
/** @template T @param {string | null} text @returns {T | null} */
export const parsed = (text) => attempt(() => JSON.parse(text ?? "null"), null) ?? null;

/** A random id; a page that is opened from a folder or over plain http may lack randomUUID. */
export const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
/** @param {IDBTransaction} work @returns {Promise<void>} */
const completed = (work) => new Promise((resolve, reject) => {
  work.oncomplete = () => resolve();
  work.onabort = work.onerror = () => reject(work.error ?? new Error("aborted"));
});
/** @returns {Promise<IDBDatabase>} */
const opened = () => new Promise((resolve, reject) => {
  const asks = indexedDB.open("alongside", 1);
  asks.onupgradeneeded = () => {
    const acts = asks.result.createObjectStore("acts", { keyPath: "id" });
    for (const name of ["what", "at"]) acts.createIndex(name, name);
    asks.result.createObjectStore("about", { keyPath: "name" });
  };
  asks.onsuccess = () => {
    asks.result.onversionchange = () => asks.result.close();
    resolve(asks.result);
  };
  asks.onerror = asks.onblocked = () => reject(asks.error);
});

/** The day and zone of this device. @param {Date} now */
export const here = (now) => {
  const zone = -now.getTimezoneOffset();
  return { today: new Date(now.getTime() + zone * 60_000).toISOString().slice(0, 10), zone };
};

/** @type {Promise<Keep> | undefined} */
let keeping;
/** The record of this device, one for all of a page. Never rejects: where nothing can be kept, rows last as long as the page. */
export const openKeep = () => (keeping ??= openNew());

/** @returns {Promise<Keep>} */
async function openNew() {
  /** @type {IDBDatabase | null} */
  let base = null;
  /** @type {Map<string, Row>} what could not be written */
  const held = new Map();
  const channel = attempt(() => new BroadcastChannel("alongside"), null);
  /** @param {string} name */
  const tell = (name) => document.dispatchEvent(new CustomEvent(OURS + name));
  channel?.addEventListener("message", async ({ data }) => {
    if (data === "forgot") { held.clear(); keep.who = await keep.about("who") ?? uuid(); }
    tell(data);
  });

  /**
   * One transaction, opened anew where a phone has let go of the base meanwhile.
   * @template T @param {IDBTransactionMode} mode @param {(work: IDBTransaction) => T} does @returns {Promise<T>}
   */
  const within = async (mode, does) => {
    const begin = () => {
      if (!base) throw new Error("no base");
      return base.transaction(["acts", "about"], mode, { durability: "strict" });
    };
    let work;
    try { work = begin(); } catch { base = await opened(); work = begin(); }
    const got = does(work);
    await completed(work);
    return got;
  };

  /** @type {Keep} */
  const keep = {
    kept: true,
    erased: false,
    who: "",
    acts: async (what) => {
      /** @param {IDBTransaction} work @returns {IDBRequest<Row[]>} */
      const ask = (work) => what ? work.objectStore("acts").index("what").getAll(what) : work.objectStore("acts").getAll();
      const rows = await within("readonly", ask).then((asks) => asks.result, () => []);
      const there = new Set(rows.map((row) => row.id));
      for (const row of held.values()) if (!there.has(row.id) && (!what || row.what === what)) rows.push(row);
      return rows.sort((a, b) => a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1);
    },
    since: (at) => held.size ? Promise.resolve(null)
      : within("readonly", (work) => work.objectStore("acts").index("at").getAll(IDBKeyRange.lowerBound(at, true)))
        .then((asks) => asks.result, () => null),
    count: async (at = "") => {
      const asks = await within("readonly", (work) => work.objectStore("acts").index("at").count(IDBKeyRange.lowerBound(at, true)))
        .catch(() => ({ result: 0 }));
      return asks.result + [...held.values()].filter((row) => row.at > at).length;
    },
    add: async (rows) => {
      let wrote = false;
      try {
        await within("readwrite", (work) => {
          const store = work.objectStore("acts");
          for (const row of rows) {
            const asks = store.add(row);
            asks.onerror = (event) => { // it is here already: a row is never written over
              if (asks.error?.name !== "ConstraintError") return;
              event.preventDefault();
              event.stopPropagation();
            };
          }
        });
        wrote = true;
        drafts.write("began", "yes");
      } catch {
        for (const row of rows) held.set(row.id, row);
        keep.kept = false;
      }
      tell("acts");
      if (wrote) channel?.postMessage("acts");
      return wrote;
    },
    about: (name) => within("readonly", (work) => work.objectStore("about").get(name))
      .then((asks) => asks.result?.value, () => undefined),
    setAbout: async (name, value) => {
      await within("readwrite", (work) => { work.objectStore("about").put({ name, value }); }).catch(() => {});
    },
    forget: async () => {
      held.clear();
      for (const key of drafts.keys("")) drafts.write(key, "");
      keep.who = uuid();
      keep.erased = false;
      await within("readwrite", (work) => {
        work.objectStore("acts").clear();
        work.objectStore("about").clear();
        work.objectStore("about").put({ name: "who", value: keep.who });
      }).catch(() => {});
      tell("forgot");
      channel?.postMessage("forgot");
    },
  };

  keep.who = uuid();
  try {
    base = await opened();
    await within("readwrite", (work) => { // the first tab's name stands
      const about = work.objectStore("about"), asks = about.get("who");
      asks.onsuccess = () => { if (asks.result) keep.who = asks.result.value; else about.put({ name: "who", value: keep.who }); };
    });
    if (drafts.read("began")) keep.erased = (await within("readonly", (work) => work.objectStore("acts").count())).result === 0;
  } catch { keep.kept = false; }
  // Rows that were on their way when a page was closed.
  const waiting = drafts.keys("pending:");
  const rows = waiting.flatMap((key) => parsed(drafts.read(key)) ?? []);
  for (const row of rows) row.who ||= keep.who;
  if (rows.length && await keep.add(rows)) for (const key of waiting) drafts.write(key, "");
  return keep;
}

/** A new row of the record; whose it is, is written in by `give`. @param {string} what @param {Record<string, any>} fields @returns {Row} */
export const rowOf = (what, fields) => ({
  id: uuid(), at: new Date().toISOString(), who: "",
  version: one(document, "[data-al-version]")?.dataset.alVersion ?? "", what, ...fields,
});

/**
 * Adds rows. They stand in localStorage from this very moment, so that a page which is closed now loses none.
 * @param {Promise<Keep>} keeping @param {Row[]} rows @returns {Promise<boolean>} whether they are kept
 */
export async function give(keeping, rows) {
  if (!rows.length) return true;
  const key = `pending:${rows[0].id}`;
  drafts.write(key, JSON.stringify(rows));
  const keep = await keeping;
  const kept = await keep.add(rows.map((row) => ({ ...row, who: keep.who })));
  if (kept) drafts.write(key, "");
  return kept;
}

/**
 * A quiz whose drafts and acts are kept.
 * @param {HTMLElement} root @param {Promise<Keep>} keeping
 * @param {string} [form] what the acts say they stood in, where that is not the quiz itself
 */
export function kept(root, keeping, form = root.dataset.alQuiz ?? "") {
  const items = all(root, "[data-al-item]");
  const key = (/** @type {string} */ item) => `draft:${form}:${item}`;
  const of = (/** @type {string} */ item) => items.find((each) => each.dataset.alItem === item)?.dataset ?? {};
  const load = () => {
    /** @type {import("./quiz.js").State} */
    const state = { responses: {}, checked: [], sure: {} };
    for (const { dataset: { alItem: item = "", alPrint: print } } of items) {
      const draft = /** @type {any} */ (parsed(drafts.read(key(item))));
      if (draft?.p !== print || typeof draft?.g !== "object" || !draft.g) continue; // its text has changed since
      state.responses[item] = draft.g;
      if (draft.c) state.checked.push(item);
      if (state.sure && draft.s) state.sure[item] = draft.s;
    }
    return state;
  };
  let seen = sight();
  const quiz = enliven(root, {
    load,
    save: (state) => items.map(({ dataset: { alItem: item = "", alPrint: print } }) => {
      const c = state.checked.includes(item), g = state.responses[item] ?? {}, s = state.sure?.[item];
      const text = c || s || Object.keys(g).length ? JSON.stringify({ p: print, g, c, s }) : "";
      return (drafts.read(key(item)) ?? "") === text || drafts.write(key(item), text);
    }).every(Boolean),
    act: (acts, whole) => {
      const took = Math.min(86400, Math.round(seen() / 1000 / acts.length));
      seen = sight();
      const sitting = whole && root.dataset.alHeld !== undefined ? uuid() : undefined;
      const rows = acts.filter((act) => Object.keys(act.responses).length).map((act) => rowOf(`item/${act.item}`, {
        form, scale: of(act.item).alScale, print: of(act.item).alPrint, given: act.responses, points: act.earned,
        possible: act.possible, took, ...(act.sure && { sure: act.sure }), ...(sitting && { sitting }),
      }));
      if (sitting) rows.push(rowOf(`form/${form}`, { done: true, sitting }));
      return give(keeping, rows);
    },
  });
  addEventListener("storage", ({ key: changed }) => { // another tab has gone on with this quiz
    if (changed === null || changed.startsWith(`${OURS}draft:${form}:`)) quiz.set(load());
  });
  document.addEventListener(`${OURS}forgot`, () => quiz.set(null));
  return quiz;
}

/** Counts the milliseconds for which the page is in sight. */
function sight() {
  let sum = 0, from = document.hidden ? NaN : performance.now();
  const turn = () => {
    if (document.hidden) { sum += performance.now() - from || 0; from = NaN; } else from = performance.now();
  };
  document.addEventListener("visibilitychange", turn);
  return () => {
    document.removeEventListener("visibilitychange", turn);
    return sum + (performance.now() - from || 0);
  };
}

/** A reflection: each key is kept as a draft, and what stands there when its writer goes on is an act. @param {HTMLTextAreaElement} area @param {Promise<Keep>} keeping */
function reflection(area, keeping) {
  const name = area.dataset.alReflect ?? "", what = `reflection/${name}`, key = `reflect:${name}`;
  const note = area.parentElement;
  let last = "";
  const draft = drafts.read(key);
  if (draft !== null) area.value = draft.trim() && draft;
  const latest = async () => {
    last = (await (await keeping).acts(what)).at(-1)?.text ?? "";
    if (drafts.read(key) === null && document.activeElement !== area) area.value = last;
  };
  const settle = async () => {
    const text = area.value.toWellFormed?.() ?? area.value;
    if (text === last) return void drafts.write(key, "");
    last = text;
    const done = await give(keeping, [rowOf(what, { text })]);
    if (done && area.value === text) drafts.write(key, "");
    if (note && !done) show(one(note, "[data-al-unkept]"), true);
  };
  const ready = latest();
  area.addEventListener("input", () => {
    const wrote = drafts.write(key, area.value || " "); // an emptied one is a draft too
    if (note) show(one(note, "[data-al-unkept]"), !wrote);
  });
  area.addEventListener("change", () => void ready.then(settle));
  document.addEventListener(`${OURS}acts`, () => void latest());
  document.addEventListener(`${OURS}forgot`, () => { area.value = last = ""; });
}

/** Does something now, and again when the record has changed. @param {() => unknown} work */
const follow = (work) => {
  for (const name of ["acts", "forgot"]) document.addEventListener(OURS + name, work);
  work();
};

/** A reader's own mark, as “I have read this chapter”. @param {HTMLInputElement} box @param {Promise<Keep>} keeping */
function mark(box, keeping) {
  const what = box.dataset.alMark ?? "";
  box.addEventListener("change", () => void give(keeping, [rowOf(what, { done: box.checked })]));
  follow(async () => { box.checked = (await (await keeping).acts(what)).at(-1)?.done ?? false; });
}

/** Says so where much was given since a copy was saved. @param {HTMLElement} note @param {Promise<Keep>} keeping */
function remind(note, keeping) {
  follow(async () => {
    const keep = await keeping;
    show(note, await keep.count(await keep.about("saved") ?? "") >= Number(note.dataset.alRemindFrom));
  });
}

/** Brings a book's page, or a page of its own, to life. @param {Document} page */
export function onPage(page) {
  for (const root of all(page, "[data-al-quiz]")) {
    if (root.closest("template")) continue;
    // an exam: the next person at this desk finds nothing of the last one's
    if (root.dataset.alOf) kept(root, openKeep()); else enliven(root, { load: () => null, save: () => true });
  }
  for (const area of /** @type {HTMLTextAreaElement[]} */ (all(page, "textarea[data-al-reflect]"))) reflection(area, openKeep());
  for (const box of /** @type {HTMLInputElement[]} */ (all(page, "input[data-al-mark]"))) mark(box, openKeep());
  for (const note of all(page, "[data-al-remind-from]")) remind(note, openKeep());
  if (location.protocol === "file:" && one(page, "[data-al-save-here]")) { // where a page may be alone with its store
    const more = page.createElement("script");
    more.src = script.replace(/[^/]*$/, "save.js");
    page.head.append(more);
  }
  addEventListener("beforeprint", () => all(page, ".al-why").forEach((why) => why.setAttribute("open", "")));
}
