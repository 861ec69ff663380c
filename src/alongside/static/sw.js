// @ts-check
/// <reference lib="webworker" />
// Keeps the course in this browser once the reader has asked for it, and gives it from there. The build puts COURSE
// before this: the version, each file with its fingerprint and its bytes, and the words. A version is filled whole beside
// the one that is kept and then takes its place; responses are in other stores, and nothing here opens those.

/** @typedef {[path: string, print: string, bytes: number]} Listed */
/** @typedef {{version: string, prints: Record<string, string>, later?: number}} Kept  what `later` put off, until when */
/** @type {{version: string, script: string, start: string, says: Record<string, string>, files: Listed[]}} */
// @ts-ignore
const course = COURSE;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = worker.registration.scope, mine = `alongside ${scope} `; // other courses may live on the same host
const NOTE = new URL("alongside-kept", scope).href;
const A_BATCH = 200_000, A_MINUTE = 60_000, A_WEEK = 7 * 24 * 60 * A_MINUTE;

/** @param {string} path */
const at = (path) => new URL(path.split("/").map(encodeURIComponent).join("/"), scope).href;
/** @param {string} version */
const shelf = (version) => caches.open(mine + version);
/** @type {Kept | null | undefined} undefined: not looked up since this worker started */
let known;

/** @returns {Promise<Kept | null>} what is kept whole */
async function kept() {
  if (known === undefined) {
    const note = await caches.match(NOTE, { cacheName: `${mine}kept` });
    known = note ? await note.json() : null;
  }
  return known ?? null;
}
/** @param {Kept} note */
async function keep(note) {
  await (await shelf("kept")).put(NOTE, new Response(JSON.stringify(note)));
  known = note;
}
/** @param {string[]} versions all but these go */
async function tidy(...versions) {
  const names = (await caches.keys()).filter((name) => name.startsWith(mine));
  await Promise.all(names.filter((name) => !versions.includes(name.slice(mine.length))).map((name) => caches.delete(name)));
}

/** A file as it should be, or an error named after what the reader is told. @param {Listed} file */
async function fetched([path, print]) {
  for (let tries = 2; ; tries -= 1) {
    try {
      const response = await fetch(at(path), { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout?.(A_MINUTE) });
      if (!response.ok) throw Error("changed");
      const body = await response.arrayBuffer();
      const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", body))];
      // a café's page of its own, or half of a version that is just being put up, is not what was asked for
      if (!digest.map((byte) => byte.toString(16).padStart(2, "0")).join("").startsWith(print)) throw Error("changed");
      const headers = new Headers(response.headers);
      for (const name of ["content-encoding", "content-length", "vary"]) headers.delete(name);
      return new Response(body, { headers });
    } catch (why) {
      if (/** @type {Error} */ (why).message === "changed") throw why;
      if (tries <= 1) throw Error("network");
      await new Promise((done) => setTimeout(done, 500));
    }
  }
}

/** Fetches the next files of the newest version; when none is missing, it is the one that is kept. */
async function fill() {
  const before = await kept(), next = await shelf(course.version);
  const have = new Set((await next.keys()).map((request) => request.url));
  const missing = course.files.filter(([path]) => !have.has(at(path)));
  let room = A_BATCH;
  const batch = missing.filter(([, , bytes]) => { const fits = room > 0; room -= bytes; return fits; });
  const old = before && before.version !== course.version ? await shelf(before.version) : null;
  await Promise.all(batch.map(async (file) => {
    const same = before?.prints[file[0]] === file[1] ? await old?.match(at(file[0])) : null;
    const response = same ?? await fetched(file);
    try { await next.put(at(file[0]), response); } catch { throw Error("room"); }
  }));
  const left = missing.slice(batch.length);
  if (!left.length) {
    await keep({ version: course.version, prints: Object.fromEntries(course.files.map(([path, print]) => [path, print])) });
    await tidy(course.version, "kept");
  }
  return { left: sum(left), of: sum(course.files), whole: !left.length };
}
/** @param {Listed[]} files */
const sum = (files) => files.reduce((bytes, file) => bytes + file[2], 0);

/** What a page may ask. @type {Record<string, () => Promise<object>>} */
const ANSWERS = {
  async state() {
    const note = await kept();
    const newer = note && note.version !== course.version;
    return {
      kept: note?.version, says: course.says, of: sum(course.files),
      newer: newer ? sum(course.files.filter(([path, print]) => note.prints[path] !== print)) : 0,
      asks: Boolean(newer && Date.now() > (note.later ?? 0)),
    };
  },
  fill,
  async drop() { await tidy((await kept())?.version ?? "", "kept"); return {}; },
  async later() {
    const note = await kept();
    if (note) await keep({ ...note, later: Date.now() + A_WEEK });
    return {};
  },
  async leave() { known = null; await tidy(); return {}; },
};

worker.addEventListener("install", () => { worker.skipWaiting(); }); // what is shown changes with `kept` alone
worker.addEventListener("message", (event) => {
  const ask = ANSWERS[event.data?.ask];
  if (ask) event.waitUntil(ask().catch((why) => ({ error: why.message })).then((answer) => event.ports[0]?.postMessage(answer)));
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(scope)) event.respondWith(answer(event));
});

/** @param {FetchEvent} event */
async function answer({ request, clientId }) {
  const goes = request.mode === "navigate";
  const found = await find(request.url) ?? (known = undefined, await find(request.url)); // another worker may have put it
  // a page that is newer than what is kept goes by what came with it
  const from = found && !goes && clientId ? await worker.clients.get(clientId) : null;
  if (!found || (from?.url.startsWith(scope) && !await find(from.url))) {
    try { return await fetch(request); } catch (why) { if (goes && await kept()) return away(); if (!found) throw why; }
  }
  const whole = /** @type {Response} */ (found), range = request.headers.get("range");
  if (range) return part(whole, range);
  return goes && whole.headers.get("content-type")?.startsWith("text/html") ? withScript(whole) : whole;
}

/** A kept file, whatever follows ? or # in its address. @param {string} address */
async function find(address) {
  const note = await kept();
  if (!note) return null;
  const url = new URL(address), path = url.origin + url.pathname, cache = await shelf(note.version);
  if (path.endsWith("/")) return await cache.match(`${path}index.html`) ?? null;
  // some hosts leave out .html; and links in a folder's page go by its slash
  const file = await cache.match(path) ?? await cache.match(`${path}.html`);
  return file ?? (await cache.match(`${path}/index.html`) ? Response.redirect(`${path}/${url.search}`) : null);
}

/** Some of a file, for what asks in ranges. @param {Response} whole @param {string} range */
async function part(whole, range) {
  const body = await whole.arrayBuffer(), size = body.byteLength, headers = new Headers(whole.headers);
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? ["", "", ""];
  if (!first && !last) return new Response(body, { headers });
  const from = first ? Number(first) : Math.max(0, size - Number(last));
  const to = first && last ? Math.min(Number(last), size - 1) : size - 1;
  if (from > to) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  headers.set("Content-Range", `bytes ${from}-${to}/${size}`);
  return new Response(body.slice(from, to + 1), { status: 206, headers });
}

/** A page, with the script that says when there is a newer course; pages from the network carry nothing. @param {Response} page */
async function withScript(page) {
  const text = await page.text(), tag = `<script defer src="${at(course.script)}"></script>`;
  return new Response(text.includes(course.script) ? text : text.replace("</body>", () => `${tag}</body>`), { headers: page.headers });
}

/** Where a page is asked for that is not here, and there is no network. */
function away() {
  const safe = (/** @type {string} */ text) => text.replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));
  const says = course.says, page = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${safe(says.away_title)}</title><body style="font: 1.125rem/1.6 system-ui; max-width: 34em; margin: 2rem auto; padding: 0 1rem">
<h1>${safe(says.away_title)}</h1><p>${safe(says.away)}</p><p><a href="${at(course.start)}">${safe(says.away_link)}</a></p>`;
  return new Response(page, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
