// @ts-check
// Asks the worker to keep the course in this browser, where the reader wants it, and says when there is a newer one. The
// page that offers this loads it, and so do pages that the worker gives. Fetching and keeping are sw.js's.

{
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href).href;
  const panel = /** @type {HTMLElement | null} */ (document.querySelector("[data-al-keeping]"));
  /** @type {Record<string, string>} */
  let says = JSON.parse(panel?.dataset.alSays ?? "{}");
  const TWO_MINUTES = 120_000; // for a batch, on the slowest of lines

  /** @param {string} what @param {Record<string, string>} words */
  const said = (what, words = {}) => (says[what] ?? "").replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
  /** @param {number} bytes */
  const megabytes = (bytes) => Math.max(bytes / 1e6, 0.1).toFixed(1);
  /** @template {HTMLElement} [E=HTMLElement] @param {string} what @returns {E | null} */
  const part = (what) => /** @type {E | null} */ (panel?.querySelector(`[data-al-${what}]`) ?? null);
  /** @param {string} text */
  const tell = (text) => { const line = part("state"); if (line && line.textContent !== text) line.textContent = text; };
  /** @param {string[]} names the buttons to be seen */
  const offer = (...names) => {
    for (const name of ["keep", "stop", "take", "later", "leave", "anew"]) {
      const button = part(name);
      if (button) button.hidden = !names.includes(name);
    }
  };

  /** @type {ServiceWorkerRegistration | undefined} */
  let registration;
  /** @param {string} what @returns {Promise<any>} */
  const ask = (what) => new Promise((answer) => {
    const { port1, port2 } = new MessageChannel(), worker = registration?.active;
    port1.onmessage = (event) => answer(event.data);
    setTimeout(() => answer({ error: "network" }), TWO_MINUTES);
    if (worker) worker.postMessage({ ask: what }, [port2]); else answer({});
  });
  /** One tab at a time fetches. @param {() => Promise<void>} work @param {() => void} [busy] */
  const alone = (work, busy) => navigator.locks
    ? navigator.locks.request(`alongside ${root}`, { ifAvailable: true }, (lock) => (lock ? work() : busy?.()))
    : work();
  const find = async () => {
    registration = await navigator.serviceWorker.getRegistration(root);
    if (registration?.scope !== root) registration = undefined; // another site's, above ours
    registration?.addEventListener("updatefound", watch); // before anything is asked: it comes when it comes
    watch();
  };
  /** A newer worker knows of a newer version. */
  const watch = () => registration?.installing?.addEventListener("statechange", (event) => {
    if (/** @type {ServiceWorker} */ (event.target).state !== "activated") return;
    if (!panel) onPage(); else if (part("stop")?.hidden) draw();
  });
  /** Resolves when a worker runs. @param {ServiceWorkerRegistration} found */
  const running = (found) => new Promise((done, failed) => {
    const worker = found.active ?? found.waiting ?? found.installing;
    const look = () => { if (worker?.state === "activated") done(true); if (worker?.state === "redundant") failed(Error("network")); };
    worker?.addEventListener("statechange", look);
    look();
  });

  /** Says how things stand. @param {string} [first] a sentence about what has just happened */
  const draw = async (first = "") => {
    const state = await ask("state");
    says = { ...says, ...state.says };
    const newer = state.newer ? said("newer") : "";
    tell([first, state.kept ? said("kept") : first ? "" : said("not_kept"), newer].filter(Boolean).join(" "));
    const take = part("take");
    if (take) take.textContent = said("take", { size: megabytes(state.newer ?? 0) });
    if (state.newer) offer("take", "later", "leave"); else offer(state.kept ? "leave" : "keep");
    return state;
  };

  let stopped = false;
  /** Fetches what is missing; true where all of it is here. @param {(text: string, done: number, of: number) => void} show */
  const fill = async (show) => {
    while (!stopped) {
      const step = await ask("fill");
      if (step.error) throw Error(step.error);
      if (step.whole) return true;
      show(said("fetching", { done: megabytes(step.of - step.left), size: megabytes(step.of) }), step.of - step.left, step.of);
    }
    return false;
  };
  /** @param {string} text @param {number} done @param {number} of */
  const progress = (text, done, of) => {
    const bar = /** @type {HTMLProgressElement | null} */ (part("progress"));
    if (bar) { bar.hidden = false; bar.max = of; bar.value = done; }
    put("amount", text);
  };
  /** @param {string} what @param {string} text */
  const put = (what, text) => { const to = part(what); if (to) to.textContent = text; };
  /** @param {boolean} whole @param {boolean} had */
  const finish = async (whole, had) => {
    const bar = part("progress");
    if (bar) bar.hidden = true;
    put("amount", "");
    if (whole) return;
    await ask("drop");
    if (!had) await registration?.unregister();
  };

  const keep = () => alone(async () => {
    const had = Boolean((await ask("state")).kept);
    let whole = false, failed = "";
    offer("stop");
    tell(said("begins"));
    part("stop")?.focus();
    try {
      registration = await navigator.serviceWorker.register(`${root}sw.js`, { updateViaCache: "none" });
      await running(registration);
      whole = await fill(progress);
      navigator.storage?.persist?.().catch(() => false); // a browser may say no, and the course is kept all the same
    } catch (why) {
      const name = /** @type {Error} */ (why).name, message = /** @type {Error} */ (why).message;
      failed = says[message] ? message : name === "SecurityError" ? "refused" : "network";
    }
    await finish(whole, had);
    if (!had && !whole) registration = undefined;
    await draw(whole ? said(had ? "taken" : "") : `${said(failed || "stopped")} ${said(had ? "still" : "nothing")}`);
    if (whole && had) part("anew")?.removeAttribute("hidden");
    part(whole ? (had ? "anew" : "leave") : had ? "take" : "keep")?.focus();
  }, () => tell(said("busy")));

  const begin = () => { stopped = false; return keep(); };

  const leave = async () => {
    await ask("leave");
    await registration?.unregister();
    registration = undefined;
    await draw(said("gone"));
    part("keep")?.focus();
  };

  /** @param {Record<string, () => unknown>} does by button */
  const press = (does) => { for (const [name, act] of Object.entries(does)) part(name)?.addEventListener("click", act); };

  const onPanel = async () => {
    if (location.protocol === "file:") { tell(said("folder")); return; }
    if (!isSecureContext) { tell(said("insecure")); return; }
    if (!navigator.serviceWorker) { tell(said("refused")); return; }
    press({
      keep: begin, take: begin, leave, stop: () => { stopped = true; }, anew: () => location.reload(),
      later: async () => { await ask("later"); offer("leave"); tell(said("kept")); part("leave")?.focus(); },
    });
    await find();
    if (registration) {
      await alone(async () => { // what a closed tab has left half fetched
        await ask("drop");
        if (!(await ask("state")).kept) { await registration?.unregister(); registration = undefined; }
      });
    }
    await draw();
    registration?.update().catch(() => undefined); // without a network there is none to be found
  };

  /** On any other page that the worker gives: one quiet line at the foot of the window. */
  const onPage = async () => {
    if (document.querySelector(".al-newer")) return;
    const state = await ask("state");
    if (!state.asks) return;
    says = state.says;
    const box = document.createElement("aside"), line = document.createElement("p");
    box.className = "al-newer d-print-none";
    box.setAttribute("aria-label", said("newer"));
    line.setAttribute("role", "status");
    /** @param {string} text @param {() => unknown} act */
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", act);
      box.append(made);
      return made;
    };
    box.append(line);
    document.querySelector(".bd-article-container, main, body")?.append(box);
    line.textContent = said("newer");
    const take = button(said("take", { size: megabytes(state.newer) }), () => alone(async () => {
      take.hidden = true;
      later.hidden = true;
      try {
        await fill((text) => { line.textContent = text; });
        line.textContent = said("taken");
        button(said("anew"), () => location.reload()).focus();
      } catch (why) {
        await ask("drop");
        line.textContent = `${said(says[/** @type {Error} */ (why).message] ? /** @type {Error} */ (why).message : "network")} ${said("still")}`;
        take.hidden = later.hidden = false;
        take.focus();
      }
    }, () => { line.textContent = said("busy"); }));
    const later = button(said("later"), async () => { await ask("later"); box.remove(); });
  };

  const start = async () => {
    if (location.protocol !== "file:") { // from a folder a browser may not read it, and says so in red
      const link = document.createElement("link");
      link.rel = "manifest";
      link.href = `${root}manifest.webmanifest`;
      document.head.append(link);
    }
    if (panel) await onPanel();
    else { await find(); await onPage(); }
  };
  start();
}
