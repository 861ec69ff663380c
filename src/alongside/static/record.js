// @ts-check
// A record's rows as xAPI statements, and the file that they stand in: byte for byte what record.py writes, and refused
// in the same words. Keeps nothing, shows nothing, and draws no conclusion from what it reads.

/** @typedef {import("./keep.js").Row} Row */
/** @typedef {{base: string, says: Record<string, string>}} Course  `says`: the catalogue's words for a file that is refused */

const LARGEST = 50_000_000; // bytes
const LONGEST = 20_000; // UTF-16 code units of a reflection
const DEEPEST = 20;
const VERBS = "http://adlnet.gov/expapi/verbs/";
const TYPES = "http://adlnet.gov/expapi/activities/";
/** @type {Record<string, string>} */
const COMPLETED = { chapter: "lesson", form: "assessment" };
const SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*";
const isSlug = new RegExp(`^${SLUG}$`);
const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const isTime = /^(?:19[7-9]\d|[2-8]\d{3}|9[0-8]\d\d|99[0-8]\d|999[0-8])-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isWhat = new RegExp(`^(?:(item|reflection|chapter|form)/${SLUG}|(rating)/[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)$`);
const isPrint = /^[0-9a-f]{12}$/;
const isPlace = /^[1-9]$/;
const loneSurrogate = /[\ud800-\udfff]/u;
const STEPS = ["not-yet", "with-help", "mostly", "could-show"];
/** What an act is about: the fields that it must have, and those that it may. @type {Record<string, [string[], string[]]>} */
const FIELDS = {
  item: [["form", "scale", "print", "given", "points", "possible", "took"], ["sure", "sitting"]],
  rating: [["step"], []],
  reflection: [["text"], []],
  chapter: [["done"], []],
  form: [["done"], ["sitting"]],
};
const COMMON = ["id", "at", "who", "version", "what"];

/** A file or row that cannot be taken; its message is one sentence for the reader. */
export class Refused extends Error {}

/** JSON by RFC 8785. @param {any} value @returns {string} */
export function canonical(value) {
  /** @param {any} each @param {number} deep @returns {string} */
  const written = (each, deep) => {
    if (deep > DEEPEST) throw new Refused("deep");
    if (typeof each === "number" && !Number.isFinite(each)) throw new Refused("number");
    if (typeof each === "string" && loneSurrogate.test(each)) throw new Refused("text");
    if (typeof each !== "object" || each === null) return JSON.stringify(each);
    if (Array.isArray(each)) return `[${each.map((one) => written(one, deep + 1)).join(",")}]`;
    // a plain sort is by code units, as the standard has it
    return `{${Object.keys(each).sort().map((name) => `${written(name, deep + 1)}:${written(each[name], deep + 1)}`).join(",")}}`;
  };
  return written(value, typeof value === "object" && value !== null ? 1 : 0);
}

/** @param {Record<string, string>} given @param {string[]} options */
const isRanked = (given, options) => options.every((option) => isPlace.test(given[option]));

/** The interaction type and the response, by the shape of what was given. @param {Record<string, string>} given @returns {[string, string]} */
const responseOf = (given) => {
  const options = Object.keys(given);
  if (options.length === 1 && given[options[0]] === "chosen") return ["choice", options[0]];
  if (isRanked(given, options)) {
    return ["sequencing", options.sort((a, b) => Number(given[a]) - Number(given[b])).join("[,]")];
  }
  return ["matching", options.sort().map((option) => `${option}[.]${given[option]}`).join("[,]")];
};

/** What was given, read out of a response. @param {string} interaction @param {string} response @returns {Record<string, string>} */
const givenOf = (interaction, response) => {
  if (interaction === "choice") return { [response]: "chosen" };
  const parts = response.split("[,]");
  if (interaction === "sequencing") return Object.fromEntries(parts.map((option, at) => [option, String(at + 1)]));
  return Object.fromEntries(parts.map((part) => part.split("[.]")));
};

/**
 * A row as its xAPI statement. Its names stand in the order of their code units, so that JSON.stringify writes it as
 * RFC 8785 asks: `canonical` of it is the same text, and takes ten times as long.
 * @param {Row} row @param {string} base
 */
export function statement(row, base) {
  const kind = row.what.slice(0, row.what.indexOf("/"));
  const verb = kind in COMPLETED ? "completed" : "answered";
  /** @type {Record<string, any>} */
  const context = {}, definition = {}, result = {};
  if (kind === "item") {
    const [interaction, response] = responseOf(row.given);
    context.contextActivities = { parent: [{ id: `${base}form/${row.form}`, objectType: "Activity" }] };
    definition.extensions = { [`${base}x/print`]: row.print, [`${base}x/scale`]: row.scale };
    definition.interactionType = interaction;
    result.duration = `PT${row.took}S`;
    if (row.sure !== undefined) result.extensions = { [`${base}x/sure`]: row.sure };
    result.response = response;
    result.score = { max: row.possible, min: 0, raw: row.points, scaled: row.points / row.possible };
  } else if (kind in COMPLETED) {
    result.completion = row.done;
  } else {
    definition.interactionType = kind === "rating" ? "likert" : "long-fill-in";
    const said = row.step ?? row.text;
    if (said) result.response = said;
    else result.completion = false; // record stores refuse a response that is empty
  }
  context.platform = "Alongside";
  if (row.sitting !== undefined) context.registration = row.sitting;
  context.revision = row.version;
  definition.type = TYPES + (COMPLETED[kind] ?? "cmi.interaction");
  return {
    actor: { account: { homePage: base, name: row.who }, objectType: "Agent" },
    context,
    id: row.id,
    object: { definition, id: base + row.what, objectType: "Activity" },
    result,
    timestamp: row.at,
    verb: { display: { en: verb }, id: VERBS + verb },
  };
}

/** Whether a row holds to the rules of its kind. @param {Row} row */
export function isRow(row) {
  const [, ours, rating] = isWhat.exec(row.what) ?? [];
  const fields = FIELDS[ours ?? rating];
  if (!fields) return false;
  const [must, may] = fields;
  if (!must.every((name) => row[name] !== undefined)) return false;
  if (!Object.keys(row).every((name) => COMMON.includes(name) || must.includes(name) || may.includes(name))) return false;
  if (!isUuid.test(row.id) || !isUuid.test(row.who) || !isTime.test(row.at)) return false;
  const time = Date.parse(row.at);
  if (Number.isNaN(time) || new Date(time).toISOString() !== row.at) return false; // no 31st of June, no hour 24
  if (typeof row.version !== "string" || !row.version || row.version.length > 40 || loneSurrogate.test(row.version)) return false;
  if (row.sitting !== undefined && !isUuid.test(row.sitting)) return false;
  switch (ours ?? rating) {
    case "item": return isItem(row);
    case "rating": return STEPS.includes(row.step);
    case "reflection": return typeof row.text === "string" && row.text.length <= LONGEST && !loneSurrogate.test(row.text);
    default: return typeof row.done === "boolean";
  }
}
/** @param {Row} row */
const isItem = (row) => {
  /** @param {any} number @param {number} from @param {number} to */
  const whole = (number, from, to) => Number.isSafeInteger(number) && number >= from && number <= to;
  if (typeof row.given !== "object" || row.given === null) return false;
  const options = Object.keys(row.given);
  if (!options.length || !options.every((option) => isSlug.test(option) && isSlug.test(row.given[option]))) return false;
  if (isRanked(row.given, options) && new Set(Object.values(row.given)).size !== options.length) return false;
  if (isRanked(row.given, options) && Math.max(...options.map((option) => Number(row.given[option]))) !== options.length) return false;
  return isSlug.test(row.form) && isSlug.test(row.scale) && isPrint.test(row.print) && whole(row.took, 0, 86_400)
    && whole(row.possible, 1, Number.MAX_SAFE_INTEGER) && whole(row.points, 0, row.possible)
    && (row.sure === undefined || whole(row.sure, 1, 3));
};

/** The fields of a row, read from where a statement has them; what else it holds is not looked at. @param {any} value @param {string} what @param {string} base @returns {Row} */
const rowFrom = (value, what, base) => {
  const { result, context } = value;
  /** @type {Row} */
  const row = { id: value.id, at: value.timestamp, who: value.actor.account.name, version: context.revision, what };
  const kind = what.slice(0, what.indexOf("/"));
  if (kind === "item") {
    const { definition } = value.object, parent = context.contextActivities.parent[0].id;
    row.form = parent.slice(base.length + "form/".length);
    row.scale = definition.extensions[`${base}x/scale`];
    row.print = definition.extensions[`${base}x/print`];
    row.given = givenOf(definition.interactionType, result.response);
    row.points = result.score.raw;
    row.possible = result.score.max;
    row.took = Number(result.duration.slice(2, -1));
    if ("extensions" in result) row.sure = result.extensions[`${base}x/sure`];
  } else if (kind in COMPLETED) row.done = result.completion;
  else if (kind === "rating") row.step = result.response;
  else row.text = "response" in result ? result.response : "";
  if ("registration" in context) row.sitting = context.registration;
  return row;
};

/** @param {any} one @param {any} other @returns {boolean} whether two rows, or two values of theirs, are the same */
const isSame = (one, other) => {
  if (typeof one !== "object" || typeof other !== "object") return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
};

const SAMPLE = {
  id: "the-id", who: "the-who", at: "the-at", version: "the-version", what: "item/the-item", form: "the-form", scale: "the-scale",
  print: "the-print", given: { "the-option": "chosen" }, points: 7901, possible: 7907, took: 7919,
};
/** The holes of a sample's line, in their order. */
const HOLES = [
  "the-who", "the-form", "the-sitting", "the-version", "the-id", "the-print", "the-scale", "choice", "the-item", "7919", "7927",
  "the-option", "7907", "7901", String(7901 / 7907), "the-at",
];
/**
 * A quick way to read the lines of items, which are nearly all of a record: to parse each as JSON and to write it a second
 * time takes a phone seconds for 20,000. Its patterns are made from what `statement` writes, so that the format is said
 * once. What is not read this way is read the slow way, and may still be right.
 * @param {string} base @returns {(line: string) => Row | null}
 */
const quickly = (base) => {
  const literal = (/** @type {string} */ text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  /** @param {boolean} sure @param {boolean} sitting */
  const pattern = (sure, sitting) => {
    const row = { ...SAMPLE, ...(sure && { sure: 7927 }), ...(sitting && { sitting: "the-sitting" }) };
    let rest = JSON.stringify(statement(row, base)), made = "";
    for (const mark of HOLES) {
      const at = rest.indexOf(mark), signs = /^\d/.test(mark) ? "[\\d.e+-]*" : "[ !#-[\\]-~]*"; // those that JSON writes as they are
      made += at < 0 ? "()" : `${literal(rest.slice(0, at))}(${signs})`;
      if (at >= 0) rest = rest.slice(at + mark.length);
    }
    return new RegExp(`^${made}${literal(rest)}$`);
  };
  const patterns = [pattern(false, false), pattern(true, false), pattern(false, true), pattern(true, true)];
  return (line) => {
    const found = patterns[Number(line.includes(`${base}x/sure`)) + 2 * Number(line.includes('"registration":'))].exec(line);
    if (!found) return null;
    const [, who, form, sitting, version, id, print, scale, interaction, item, took, sure, response, possible, points, scaled, at] = found;
    /** @type {Row} */
    const row = {
      id, at, who, version, what: `item/${item}`, form, scale, print, given: givenOf(interaction, response),
      points: Number(points), possible: Number(possible), took: Number(took),
    };
    if (sure) row.sure = Number(sure);
    if (sitting) row.sitting = sitting;
    if (!isRow(row)) return null;
    const again = responseOf(row.given);
    const isAsWritten = again[0] === interaction && again[1] === response && String(row.points / row.possible) === scaled
      && String(row.points) === points && String(row.possible) === possible && String(row.took) === took
      && String(row.sure ?? "") === sure;
    return isAsWritten ? row : null;
  };
};

/** @param {string} line @param {number} number @param {boolean} last nothing ends it @param {Course} course @returns {Row} */
const rowOfLine = (line, number, last, { base, says }) => {
  /** @param {string} name */
  const refused = (name) => new Refused(says[name].replace("{n}", String(number)));
  let value;
  try { value = JSON.parse(line); } catch { throw refused(last ? "cut" : "foreign"); }
  const name = value?.object?.id; // of an object: no text and no list has one
  if (typeof name !== "string") throw refused("foreign");
  if (!name.startsWith(base)) throw refused("elsewhere");
  try {
    const row = rowFrom(value, name.slice(base.length), base);
    if (isRow(row)) {
      const again = JSON.stringify(statement(row, base));
      if (again === line || again === canonical(value)) return row;
    }
  } catch { /* whatever else stands where a statement's parts should */ }
  throw refused("changed");
};

/**
 * The rows of a file, none of them twice; throws Refused with one sentence where anything in it is not as Alongside wrote it.
 * @param {Uint8Array | ArrayBuffer} bytes @param {Course} course @param {Row[]} [held] what is here already
 * @returns {Row[]}
 */
export function read(bytes, course, held = []) {
  if (bytes.byteLength > LARGEST) throw new Refused(course.says.large);
  let text;
  try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { throw new Refused(course.says.binary); }
  const here = new Map(held.map((row) => [row.id, row]));
  /** @type {Map<string, Row>} */
  const found = new Map();
  const lines = text.split("\n"), quick = quickly(course.base);
  lines.forEach((line, at) => {
    if (/^[ \t\r]*$/.test(line)) return;
    const row = quick(line) ?? rowOfLine(line, at + 1, at + 1 === lines.length, course);
    const other = found.get(row.id) ?? here.get(row.id);
    if (other && !isSame(other, row)) throw new Refused(course.says.other.replace("{n}", String(at + 1)));
    found.set(row.id, row);
  });
  if (!found.size) throw new Refused(course.says.empty);
  return [...found.values()];
}

/** Both together, by time, each row once. @param {Row[]} rows @param {Row[]} others @returns {Row[]} */
export function merged(rows, others) {
  const held = new Map([...rows, ...others].map((row) => [row.id, row]));
  return [...held.values()].sort((a, b) => (a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1));
}

/** Rows as the text of a record file. @param {Row[]} rows @param {Course} course */
export function write(rows, { base, says }) {
  if (!rows.length) throw new Refused(says.nothing);
  return merged(rows, []).map((row) => `${JSON.stringify(statement(row, base))}\n`).join("");
}
