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
 * One way of responding to an item: its points, the drifts that it meets ([drift, whether it is shown, how likely guessing
 * shows it: parts, of]), and how often it was given: at first, later, and with each step of being sure.
 * @typedef {{points: number, leans: [string, boolean, number, number][], first: number, later: number, sure: number[]}} Way
 */
/** An item as its rows go by. @typedef {{n: number, first: Way, latest: Way, due?: {day: number, step: number}}} Course */

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

/** How a response to an item is scored; null where it does not fit. @param {any} item @param {Record<string, string>} given @returns {Way | null} */
const scored = (item, given) => {
  const pairs = Object.entries(given);
  if (!pairs.length || (item.whole && pairs.length !== item.whole)) return null;
  if (!pairs.every(([option, response]) => own(item.options, option) && item.responses.includes(response))) return null;
  if (item.whole && new Set(Object.values(given)).size !== pairs.length) return null;
  const points = pairs.reduce((sum, [option, response]) => sum + (own(item.options[option].points, response) ?? 0), 0);
  const place = (/** @type {string} */ option) => item.responses.indexOf(given[option]);
  /** @type {Way["leans"]} */
  const leans = [];
  for (const [name, option] of /** @type {[string, any][]} */ (Object.entries(item.options))) {
    if (!option.drift || (item.kind === "each" && !Object.hasOwn(given, name))) continue;
    const leaned = option.leans ? option.leans.includes(own(given, name))
      : pairs.some(([other]) => item.options[other].place < option.place && place(name) < place(other));
    const [parts, of] = option.chance.split("/").map(Number);
    leans.push([option.drift, leaned, parts, of]);
  }
  return { points, leans, first: 0, later: 0, sure: [0, 0, 0, 0] };
};

/**
 * When an item comes back after one more attempt; undefined where it was never missed, step 3 where it is done.
 * @param {Course["due"]} due @param {number} day @param {boolean} missed @returns {Course["due"]}
 */
const comesBack = (due, day, missed) => {
  if (missed) return { day: day + AFTER[0], step: 0 };
  if (!due || due.step === AFTER.length || day < due.day) return due;
  return { day: day + (AFTER[due.step + 1] ?? 0), step: due.step + 1 };
};

/** @param {any} catalogue @param {Map<string, Course>} courses @param {string} today @returns {Views["review"]} */
const reviewOf = (catalogue, courses, today) => {
  const all = [...courses].flatMap(([item, { due }]) => (due ? [{ item, due: dayOf(due.day), step: due.step }] : []));
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
 * A record as far as it is counted. Rows that came later are counted on, so that a page need not read 20,000 to show what
 * one more has changed.
 * @typedef {object} Count
 * @property {number} acts
 * @property {number} stale
 * @property {string} last  the instant of the latest row
 * @property {Map<string, Course>} courses
 * @property {Map<string, Map<string, Way | null>>} ways  item → what was given, in the order of its options → how that is scored
 * @property {Map<string, Map<string, any>>} said  kind → name → the first and the latest of its rows' values, with their days
 */
/** @returns {Count} */
export const nothing = () => ({ acts: 0, stale: 0, last: "", courses: new Map(), ways: new Map(), said: new Map() });

/**
 * Counts on, in place.
 * @param {any} catalogue @param {Count} counted @param {Row[]} rows  none of them earlier than those that were counted
 * @param {number} zone minutes east of UTC
 */
export function countOn(catalogue, counted, rows, zone) {
  const { courses, ways, said } = counted;
  const isAfter = (/** @type {Row} */ a, /** @type {Row} */ b) => a.at > b.at || (a.at === b.at && a.id > b.id);
  const isSorted = rows.every((row, at) => !at || isAfter(row, rows[at - 1])); // as they are kept
  const sorted = isSorted ? rows : [...rows].sort((a, b) => (isAfter(a, b) ? 1 : -1));
  counted.acts += sorted.length;
  if (sorted.length) counted.last = sorted[sorted.length - 1].at;
  for (const row of sorted) {
    const stroke = row.what.indexOf("/"), kind = row.what.slice(0, stroke), name = row.what.slice(stroke + 1);
    const day = Math.floor((Date.parse(row.at) + zone * 60_000) / DAY);
    if (kind !== "item") {
      const latest = { value: row.step ?? row.text ?? row.done, day };
      const mine = said.get(kind) ?? new Map();
      said.set(kind, mine.set(name, { first: mine.get(name)?.first ?? latest, latest }));
      continue;
    }
    const item = own(catalogue.items, name);
    if (!item || item.print !== row.print) { counted.stale += 1; continue; }
    let mine = ways.get(name);
    if (!mine) ways.set(name, mine = new Map());
    let key = String(Object.keys(row.given).length);
    for (const option in item.options) key += `,${row.given[option] ?? ""}`;
    let way = mine.get(key);
    if (way === undefined) mine.set(key, way = scored(item, row.given));
    if (!way) { counted.stale += 1; continue; }
    let course = courses.get(name);
    if (course) way.later += 1;
    else { courses.set(name, course = { n: 0, first: way, latest: way }); way.first += 1; }
    course.n += 1;
    course.latest = way;
    course.due = comesBack(course.due, day, 4 * way.points < 3 * item.possible);
    if (row.sure) way.sure[row.sure] += 1;
  }
}

/**
 * What a record says on one day, in one time zone.
 * @param {any} catalogue @param {Row[]} rows @param {When} when @returns {Views}
 */
export function views(catalogue, rows, { today, zone }) {
  const counted = nothing();
  countOn(catalogue, counted, rows, zone);
  return viewsOf(catalogue, counted, today);
}

/** What a record that is counted says on one day. @param {any} catalogue @param {Count} counted @param {string} today @returns {Views} */
export function viewsOf(catalogue, { acts, stale, courses, ways, said }, today) {
  /** The latest attempts, added up by what each item is of. @param {(item: any) => string[]} of @returns {Record<string, Tally>} */
  const stand = (of) => {
    /** @type {Map<string, {n: number, points: Sum, guessing: Sum}>} */
    const found = new Map();
    for (const [name, { latest }] of courses) {
      const item = catalogue.items[name];
      for (const each of new Set(of(item))) {
        const tally = found.get(each) ?? { n: 0, points: new Sum(), guessing: new Sum() };
        tally.n += 1;
        tally.points.add(latest.points, item.possible);
        tally.guessing.addText(item.guessing);
        found.set(each, tally);
      }
    }
    return Object.fromEntries([...found].map(([name, { n, points, guessing }]) => [name, { n, points: `${points}`, guessing: `${guessing}` }]));
  };
  /** @type {[any, Way][]} each way that fits, with its item */
  const given = [...ways].flatMap(([name, mine]) => [...mine.values()].flatMap((way) => (way ? [[catalogue.items[name], way]] : [])));
  /** @param {"first" | "later"} when @returns {Record<string, Leaning>} */
  const lean = (when) => {
    /** @type {Map<string, {shown: number, met: number, guess: Sum}>} */
    const found = new Map();
    for (const [, way] of given.filter(([, each]) => each[when])) {
      for (const [drift, shown, parts, of] of way.leans) {
        const leaning = found.get(drift) ?? { shown: 0, met: 0, guess: new Sum() };
        leaning.shown += shown ? way[when] : 0;
        leaning.met += way[when];
        leaning.guess.add(parts * way[when], of);
        found.set(drift, leaning);
      }
    }
    return Object.fromEntries([...found].map(([name, each]) => [name, { ...each, guess: `${each.guess}` }]));
  };
  const sure = [1, 2, 3].map((step) => {
    const points = new Sum();
    for (const [item, way] of given) if (way.sure[step]) points.add(way.points * way.sure[step], item.possible);
    return [step, { n: given.reduce((sum, [, way]) => sum + way.sure[step], 0), points: `${points}` }];
  });
  /** @param {string} kind @returns {[string, any][]} by name */
  const kinds = (kind) => [...(said.get(kind) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const finished = (/** @type {string} */ kind) => kinds(kind).flatMap(([slug, { latest }]) => (latest.value ? [{ slug, day: dayOf(latest.day) }] : []));
  const byStandard = said.has("rating") ? stand((item) => item.standards) : {};
  const chapters = finished("chapter");
  const share = (/** @type {string} */ name, /** @type {Way} */ { points }) => {
    const sum = new Sum();
    sum.add(points, catalogue.items[name].possible);
    return `${sum}`;
  };
  return {
    acts,
    stale,
    attempts: Object.fromEntries([...courses].map(([name, { n, first, latest }]) => [name, { n, first: share(name, first), latest: share(name, latest) }])),
    stand: { value: stand((item) => [item.value]), category: stand((item) => item.categories), chapter: stand((item) => [item.chapter]) },
    lean: { first: lean("first"), later: lean("later") },
    sure: Object.fromEntries(sure),
    review: reviewOf(catalogue, courses, today),
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
