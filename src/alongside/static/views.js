// @ts-check
// What is read out of a record, as views.py has it: where its reader stands, which way they lean, what comes back.
// Fractions are exact, "n/d"; keeps nothing and shows nothing.

/** @typedef {import("./keep.js").Row} Row */
/** @typedef {{today: string, zone: number}} When  a day, YYYY-MM-DD, and minutes east of UTC */
/** @typedef {{n: number, points: string, guessing: string}} Tally */
/** @typedef {{shown: number, met: number, guess: string}} Leaning */
/** @typedef {{step: string, day: string}} Rated */
/**
 * @typedef {object} Views  see views.py's `plain`
 * @property {number} acts
 * @property {number} stale
 * @property {Record<string, {n: number, first: string, latest: string}>} attempts
 * @property {Record<"value" | "category" | "chapter", Record<string, Tally>>} stand
 * @property {{first: Record<string, Leaning>, later: Record<string, Leaning>}} lean
 * @property {Record<string, {n: number, points: string}>} sure
 * @property {{due: {item: string, due: string, step: number}[], done: string[], today: string[], next: string}} review
 * @property {{chapters: {slug: string, day: string}[], forms: {slug: string, day: string}[], hours: number}} finished
 * @property {Record<string, {first: Rated, latest: Rated} & Tally>} ratings
 * @property {Record<string, {text: string, day: string}>} reflections
 */
/**
 * One attempt: its day (counted from 1970), its points of `possible`, and the drifts that it met.
 * @typedef {{day: number, points: number, possible: number, sure?: number, leans: [string, boolean, number, number][]}} Attempt
 */

const AFTER = [2, 7, 21]; // days until a missed item comes back, the first time, the second and the third
const DAY = 86_400_000;

/** @param {bigint} a @param {bigint} b @returns {bigint} */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);
/** A sum of fractions, exact: counted by denominator, and joined when it is asked for. */
class Sum {
  constructor() { /** @type {Map<number, number>} */ this.parts = new Map(); }
  /** @param {number} parts @param {number} of */
  add(parts, of) { this.parts.set(of, (this.parts.get(of) ?? 0) + parts); }
  /** @param {string} text "n/d" */
  addText(text) { const [parts, of] = text.split("/").map(Number); this.add(parts, of); }
  toString() {
    let parts = 0n, of = 1n;
    for (const [below, above] of this.parts) {
      parts = parts * BigInt(below) + BigInt(above) * of;
      of *= BigInt(below);
      const common = divisor(parts, of);
      parts /= common;
      of /= common;
    }
    return `${parts}/${of}`;
  }
}
/** A fraction as it is shown: one decimal, halves up, and none where it is whole. @param {string} text "n/d" */
export function decimal(text) {
  const [parts, of] = text.split("/").map(BigInt);
  const tenths = (20n * parts + of) / (2n * of);
  return tenths % 10n ? `${tenths / 10n}.${tenths % 10n}` : String(tenths / 10n);
}
/** A fraction as a number, for a picture. @param {string} text "n/d" */
export const ratio = (text) => { const [parts, of] = text.split("/").map(Number); return parts / of; };

/** @template T @param {Record<string, T>} from @param {string} name @returns {T | undefined} a slug may be "constructor" */
const own = (from, name) => (Object.hasOwn(from, name) ? from[name] : undefined);
const dayOf = (/** @type {number} */ day) => new Date(day * DAY).toISOString().slice(0, 10);

/** How one response to an item is scored; null where it does not fit. @param {any} item @param {Record<string, string>} given */
const scored = (item, given) => {
  const pairs = Object.entries(given);
  if (!pairs.length || (item.whole && pairs.length !== item.whole)) return null;
  if (!pairs.every(([option, response]) => own(item.options, option) && item.responses.includes(response))) return null;
  if (item.whole && new Set(Object.values(given)).size !== pairs.length) return null;
  const points = pairs.reduce((sum, [option, response]) => sum + (own(item.options[option].points, response) ?? 0), 0);
  const place = (/** @type {string} */ option) => item.responses.indexOf(given[option]);
  /** @type {[string, boolean, number, number][]} drift, whether it was shown, and how likely guessing shows it: parts, of */
  const leans = [];
  for (const [name, option] of /** @type {[string, any][]} */ (Object.entries(item.options))) {
    if (!option.drift || (item.kind === "each" && !Object.hasOwn(given, name))) continue;
    const leaned = option.leans ? option.leans.includes(own(given, name))
      : pairs.some(([other]) => item.options[other].place < option.place && place(name) < place(other));
    const [parts, of] = option.chance.split("/").map(Number);
    leans.push([option.drift, leaned, parts, of]);
  }
  return { points, leans };
};

/** When an item comes back; undefined where it was never missed, step 3 where it is done. @param {Attempt[]} tries */
const schedule = (tries) => {
  /** @type {{day: number, step: number} | undefined} */
  let due;
  for (const { day, points, possible } of tries) {
    if (4 * points < 3 * possible) due = { day: day + AFTER[0], step: 0 };
    else if (due && due.step < AFTER.length && day >= due.day) {
      due = { day: day + (AFTER[due.step + 1] ?? 0), step: due.step + 1 };
    }
  }
  return due;
};

/** @param {any} catalogue @param {Map<string, Attempt[]>} attempts @param {string} today @returns {Views["review"]} */
const review = (catalogue, attempts, today) => {
  const all = [...attempts].flatMap(([item, tries]) => {
    const due = schedule(tries);
    return due ? [{ item, due: dayOf(due.day), step: due.step }] : [];
  });
  const byDay = (/** @type {any} */ a, /** @type {any} */ b) => (a.due < b.due || (a.due === b.due && a.item < b.item) ? -1 : 1);
  const due = all.filter(({ step }) => step < AFTER.length).sort(byDay);
  /** @type {Map<string, string[]>} */
  const waiting = new Map();
  for (const each of due.filter((one) => one.due <= today)) {
    const { chapter } = catalogue.items[each.item];
    waiting.set(chapter, [...(waiting.get(chapter) ?? []), each.item]);
  }
  const taken = [];
  let last = "";
  while (waiting.size && taken.length < catalogue.at_once) {
    const names = [...waiting.keys()], others = names.filter((name) => name !== last);
    const left = (/** @type {string} */ name) => waiting.get(name)?.length ?? 0;
    [last] = (others.length ? others : names).sort((a, b) => left(b) - left(a) || (a < b ? -1 : 1));
    taken.push(/** @type {string} */ (waiting.get(last)?.shift()));
    if (!left(last)) waiting.delete(last);
  }
  return {
    due, done: all.filter(({ step }) => step === AFTER.length).map(({ item }) => item).sort(), today: taken,
    next: due.find((one) => one.due > today)?.due ?? "",
  };
};

/**
 * What a record says on one day, in one time zone.
 * @param {any} catalogue @param {Row[]} rows @param {When} when @returns {Views}
 */
export function views(catalogue, rows, { today, zone }) {
  const isAfter = (/** @type {Row} */ a, /** @type {Row} */ b) => a.at > b.at || (a.at === b.at && a.id > b.id);
  const isSorted = rows.every((row, at) => !at || isAfter(row, rows[at - 1])); // as they are kept
  const sorted = isSorted ? rows : [...rows].sort((a, b) => (isAfter(a, b) ? 1 : -1));
  /** @type {Map<string, Attempt[]>} */
  const attempts = new Map();
  /** @type {Map<string, Map<string, [any, string]>>} kind → name → its rows' values, with the day */
  const said = new Map();
  const memo = new Map();
  let stale = 0;
  for (const row of sorted) {
    const stroke = row.what.indexOf("/"), kind = row.what.slice(0, stroke), name = row.what.slice(stroke + 1);
    const day = Math.floor((Date.parse(row.at) + zone * 60_000) / DAY);
    if (kind !== "item") {
      const value = row.step ?? row.text ?? row.done;
      const mine = said.get(kind) ?? new Map(), first = mine.get(name)?.first ?? { value, day };
      said.set(kind, mine.set(name, { first, latest: { value, day } }));
      continue;
    }
    const item = own(catalogue.items, name);
    const key = item && item.print === row.print ? name + JSON.stringify(row.given) : "";
    if (key && !memo.has(key)) memo.set(key, scored(item, row.given));
    const got = memo.get(key);
    if (!got) { stale += 1; continue; }
    const tries = attempts.get(name);
    const attempt = { day, possible: item.possible, sure: row.sure, points: got.points, leans: got.leans };
    if (tries) tries.push(attempt); else attempts.set(name, [attempt]);
  }

  /** The latest attempts, added up by what each item is of. @param {(item: any) => string[]} of @returns {Record<string, Tally>} */
  const stand = (of) => {
    /** @type {Map<string, {n: number, points: Sum, guessing: Sum}>} */
    const found = new Map();
    for (const [name, tries] of attempts) {
      const latest = /** @type {Attempt} */ (tries.at(-1));
      for (const each of new Set(of(catalogue.items[name]))) {
        const tally = found.get(each) ?? { n: 0, points: new Sum(), guessing: new Sum() };
        tally.n += 1;
        tally.points.add(latest.points, latest.possible);
        tally.guessing.addText(catalogue.items[name].guessing);
        found.set(each, tally);
      }
    }
    return Object.fromEntries([...found].map(([name, { n, points, guessing }]) => [name, { n, points: `${points}`, guessing: `${guessing}` }]));
  };
  /** @param {(tries: Attempt[]) => Attempt[]} some @returns {Record<string, Leaning>} */
  const lean = (some) => {
    /** @type {Map<string, {shown: number, met: number, guess: Sum}>} */
    const found = new Map();
    for (const tries of attempts.values()) {
      for (const [drift, shown, parts, of] of some(tries).flatMap((each) => each.leans)) {
        const leaning = found.get(drift) ?? { shown: 0, met: 0, guess: new Sum() };
        leaning.shown += Number(shown);
        leaning.met += 1;
        leaning.guess.add(parts, of);
        found.set(drift, leaning);
      }
    }
    return Object.fromEntries([...found].map(([name, each]) => [name, { ...each, guess: `${each.guess}` }]));
  };
  const sure = new Map(["1", "2", "3"].map((step) => [step, { n: 0, points: new Sum() }]));
  for (const each of [...attempts.values()].flat()) {
    const of = sure.get(String(each.sure));
    if (of) { of.n += 1; of.points.add(each.points, each.possible); }
  }
  /** @param {string} kind @returns {[string, any][]} by name */
  const kinds = (kind) => [...(said.get(kind) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const finished = (/** @type {string} */ kind) => kinds(kind).flatMap(([slug, { latest }]) => (latest.value ? [{ slug, day: dayOf(latest.day) }] : []));
  const byStandard = said.has("rating") ? stand((item) => item.standards) : {};
  const chapters = finished("chapter");
  const share = (/** @type {Attempt | undefined} */ each) => {
    const sum = new Sum();
    if (each) sum.add(each.points, each.possible);
    return `${sum}`;
  };
  return {
    acts: sorted.length,
    stale,
    attempts: Object.fromEntries([...attempts].map(([name, tries]) => [name, { n: tries.length, first: share(tries[0]), latest: share(tries.at(-1)) }])),
    stand: { value: stand((item) => [item.value]), category: stand((item) => item.categories), chapter: stand((item) => [item.chapter]) },
    lean: { first: lean((tries) => tries.slice(0, 1)), later: lean((tries) => tries.slice(1)) },
    sure: Object.fromEntries([...sure].map(([step, { n, points }]) => [step, { n, points: `${points}` }])),
    review: review(catalogue, attempts, today),
    finished: {
      chapters, forms: finished("form"),
      hours: Object.entries(catalogue.chapters).reduce((sum, [name, { hours }]) => sum + (chapters.some(({ slug }) => slug === name) ? hours : 0), 0),
    },
    ratings: Object.fromEntries(kinds("rating").map(([name, { first, latest }]) => [name, {
      first: { step: first.value, day: dayOf(first.day) }, latest: { step: latest.value, day: dayOf(latest.day) },
      ...(own(byStandard, name) ?? { n: 0, points: "0/1", guessing: "0/1" }),
    }])),
    reflections: Object.fromEntries(kinds("reflection").flatMap(([name, { latest }]) => (latest.value ? [[name, { text: latest.value, day: dayOf(latest.day) }]] : []))),
  };
}
