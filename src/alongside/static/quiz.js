// @ts-check
// Brings a quiz's markup to life; draws nothing of its own and imports nothing. Points, drifts and reasons are joined
// in by the template: here they are only read, summed and shown.

/** @typedef {Record<string, Record<string, string>>} Responses  item → option → response */
/** @typedef {{responses: Responses, checked: string[], sure?: Record<string, string>}} State */
/** @typedef {{item: string, responses: Record<string, string>, earned: number, possible: number, sure?: number}} Act */
/** @typedef {{shown: number, met: number, guess: number}} Lean  `guess` is in parts of the quiz's data-al-chances */
/** @typedef {{points: number, of: number, leans: Record<string, Lean>}} Result  points ÷ of, in scenes */
/**
 * Where a quiz lives. `load` gives what was kept, `save` keeps a draft and says whether it could, `act` hears of the
 * items that are checked by one press, and whether that was the end of the whole; it says whether they are kept.
 * @typedef {{load: () => State | null, save: (state: State) => boolean, act?: (acts: Act[], whole: boolean) => unknown}} Host
 */

/** @template {Element} [E=HTMLElement] @param {ParentNode} at @param {string} what @returns {E[]} */
export const all = (at, what) => /** @type {E[]} */ ([...at.querySelectorAll(what)]);
/** @template {Element} [E=HTMLElement] @param {ParentNode} at @param {string} what @returns {E | null} */
export const one = (at, what) => /** @type {E | null} */ (at.querySelector(what));
/** @param {HTMLElement | null} element @param {boolean} on */
export const show = (element, on) => { if (element) element.hidden = !on; };
/** @param {ParentNode} at @param {string} what @param {string | number} text */
export const put = (at, what, text) => { const to = one(at, what); if (to) to.textContent = String(text); };
/** Whole parts as a number with one decimal, halves up: the same digits as Python. @param {number} parts @param {number} of */
export const shown = (parts, of) => {
  const tenths = Math.floor((20 * parts + of) / (2 * of));
  return tenths % 10 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(tenths / 10);
};
/** @param {string} text @param {Record<string, string | number>} words */
export const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, name) => String(words[name]));

/**
 * @param {HTMLElement} root the element marked data-al-quiz
 * @param {Host} host
 */
export function enliven(root, host) {
  const exam = !root.dataset.alOf, says = JSON.parse(root.dataset.alSays ?? "{}");
  all(root, "[data-al-live]").forEach((waiting) => { waiting.innerHTML = waiting.dataset.alLive ?? ""; });
  const items = all(root, "[data-al-item]");
  /** @type {Set<string>} items whose reasons are open */
  const checked = new Set();
  /** @type {Element | null} what was pressed once while something was still open */
  let pressed = null;

  const id = (/** @type {HTMLElement} */ item) => item.dataset.alItem ?? "";
  const options = (/** @type {HTMLElement} */ item) => all(item, "[data-al-option]");
  const inputs = (/** @type {HTMLElement} */ item) =>
    all(item, "input, select").map((input) => /** @type {HTMLInputElement | HTMLSelectElement} */ (input));

  /** The input that holds an option's response, if it has one. @param {HTMLElement} option */
  const held = (option) => {
    const select = /** @type {HTMLSelectElement | null} */ (one(option, "select"));
    if (select) return select.value ? select.selectedOptions[0] : null;
    return /** @type {HTMLInputElement | null} */ (one(option, "input:checked"));
  };
  /** @param {HTMLElement[]} some options @returns {Record<string, string>} */
  const responses = (some) => Object.fromEntries(some.flatMap((option) => {
    const input = held(option);
    return input ? [[option.dataset.alOption ?? "", input.value]] : [];
  }));
  const given = (/** @type {HTMLElement} */ item) => responses(options(item));
  /** How many responses an item asks for. @param {HTMLElement} item */
  const asked = (item) => {
    if (item.dataset.alRespond === "one") return 1;
    return one(item, "select") || item.dataset.alRespond === "each" ? options(item).length : 2;
  };
  /** The inputs that count: on once-scales none until all are there. @param {HTMLElement} item */
  const counting = (item) => {
    const found = options(item).filter(held);
    return item.dataset.alRespond === "each" || found.length === asked(item) ? found : [];
  };
  /** How sure its reader was: 1 to 3, or "" where that was not said. @param {HTMLElement} item */
  const sureOf = (item) => /** @type {HTMLInputElement | null} */ (one(item, "[data-al-sure] input:checked"))?.value ?? "";
  /** @param {HTMLElement} item */
  const earned = (item) => counting(item).reduce((sum, option) => sum + Number(held(option)?.dataset.alPoints), 0);
  /** @param {HTMLElement} item */
  const share = (item) => {
    const points = earned(item), unit = Number(item.dataset.alUnit), most = Number(item.dataset.alPossible);
    return item.dataset.alAward === "share" ? points * unit : points === most ? most * unit : 0;
  };
  /** @param {HTMLElement} option @param {HTMLElement[]} among */
  const leaned = (option, among) => {
    if (!option.dataset.alRank) return held(option)?.dataset.alLeans !== undefined;
    const place = Number(held(option)?.value), rank = Number(option.dataset.alRank);
    return among.some((other) => Number(other.dataset.alRank) < rank && place < Number(held(other)?.value));
  };

  /** @returns {Result} of the whole quiz, blanks counted */
  const result = () => {
    /** @type {Record<string, Lean>} */
    const leans = {};
    for (const item of items) {
      const among = counting(item);
      const met = item.dataset.alRespond === "each" ? among : among.length ? options(item) : [];
      for (const option of met.filter((each) => each.dataset.alDrift)) {
        const lean = (leans[option.dataset.alDrift ?? ""] ??= { shown: 0, met: 0, guess: 0 });
        lean.shown += Number(leaned(option, among));
        lean.met += 1;
        lean.guess += Number(option.dataset.alChance);
      }
    }
    return { points: items.reduce((sum, item) => sum + share(item), 0), of: Number(root.dataset.alOf), leans };
  };

  /** @returns {State} */
  const state = () => ({
    responses: Object.fromEntries(items.map((item) => [id(item), given(item)]).filter(([, has]) => Object.keys(has).length)),
    checked: [...checked],
    sure: Object.fromEntries(items.map((item) => [id(item), sureOf(item)]).filter(([, sure]) => sure)),
  });
  /** @param {Element} near @param {string} name @param {Record<string, string | number>} [words] */
  const say = (near, name, words = {}) => put(near, ".al-say", fill(says[name] ?? "", words));
  let told = false;
  /** @param {Element} near */
  const keep = (near) => { if (!host.save(state()) && !told) { told = true; say(near, "unkept"); } };

  /** Shows an item as it stands: its order, and its reasons where it is checked. @param {HTMLElement} item */
  const refresh = (item) => {
    const done = checked.has(id(item));
    item.classList.toggle("al-done", done);
    inputs(item).forEach((input) => { input.disabled = done; });
    all(item, "[data-al-move]").forEach((button) => show(button, !done));
    const order = one(item, "[data-al-order]");
    if (order) {
      const placed = options(item).filter(held).sort((a, b) => Number(held(a)?.value) - Number(held(b)?.value));
      put(order, "span", placed.map((option) => `${held(option)?.value}. ${one(option, ".al-text")?.textContent}`).join(" "));
      show(order, placed.length > 0);
    }
    if (exam) return;
    show(one(item, "[data-al-sure]"), !done);
    const words = JSON.parse(item.dataset.alWords ?? "{}");
    for (const option of options(item)) {
      const input = held(option);
      put(option, "[data-al-mine]", input ? fill(says.mine, { word: words[input.value] }) : "");
      const why = /** @type {HTMLDetailsElement | null} */ (one(option, ".al-why"));
      if (why) why.open = done;
    }
    put(item, "[data-al-earned]", earned(item));
    show(one(item, "[data-al-points-line]"), done);
    show(one(item, "[data-al-check]"), !done);
    show(one(item, "[data-al-retry]"), done);
  };
  const refreshEnd = () => {
    const end = one(root, "[data-al-end]");
    if (!end) return;
    const finished = checked.size === items.length;
    put(end, "[data-al-done]", checked.size);
    show(one(end, "[data-al-check-all]"), !finished);
    show(one(root, "[data-al-summary]"), finished);
    if (!finished) return;
    const { points, of, leans } = result();
    put(root, "[data-al-total]", shown(points, of));
    for (const row of all(root, "[data-al-sum-of]")) {
      const mine = items.filter((item) => item.dataset.alValue === row.dataset.alSumOf);
      put(row, "b", shown(mine.reduce((sum, item) => sum + share(item), 0), of));
    }
    const list = one(root, "[data-al-bands]");
    const bands = JSON.parse(list?.dataset.alBands ?? "{}");
    for (const row of all(root, "[data-al-lean-of]")) {
      const lean = leans[row.dataset.alLeanOf ?? ""], lows = bands[lean?.met];
      const figure = one(row, "[data-al-figure]");
      if (figure && lows) {
        figure.dataset.alText ??= figure.textContent ?? "";
        figure.textContent = fill(figure.dataset.alText, {
          shown: lean.shown, met: lean.met, guess: shown(lean.guess, Number(root.dataset.alChances)),
          low: lows[lean.shown], high: 100 - lows[lean.met - lean.shown],
        });
      }
      show(figure, Boolean(lows));
      show(one(row, "[data-al-few]"), !lows);
    }
  };

  /** @param {HTMLElement[]} some @param {Element} near @param {boolean} whole */
  const check = async (some, near, whole) => {
    const fresh = some.filter((item) => !checked.has(id(item))); // a double click is one act
    fresh.forEach((item) => { checked.add(id(item)); refresh(item); });
    const acts = fresh.map((item) => ({
      item: id(item), responses: responses(counting(item)), earned: earned(item), possible: Number(item.dataset.alPossible),
      ...(sureOf(item) && { sure: Number(sureOf(item)) }),
    }));
    if (acts.length && await host.act?.(acts, whole) === false) say(near, "unkept");
  };
  /** @param {HTMLElement[]} some */
  const clear = (some) => {
    for (const item of some) {
      checked.delete(id(item));
      inputs(item).forEach((input) => { if (input instanceof HTMLInputElement) input.checked = false; else input.value = ""; });
      say(item, "");
      refresh(item);
    }
    refreshEnd();
    pressed = null;
    keep(some[0]);
  };
  /** Asks once more where something is open. @param {Element} button @param {Element} near @param {string} name @param {Record<string, string>} [words] */
  const sure = (button, near, name, words) => {
    if (!name || pressed === button) return true;
    pressed = button;
    say(near, name, words);
    return false;
  };

  root.addEventListener("submit", (event) => event.preventDefault());
  root.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
    const item = /** @type {HTMLElement | null} */ (input.closest("[data-al-item]"));
    const option = /** @type {HTMLElement | null} */ (input.closest("[data-al-option]"));
    if (!item) return;
    if (!option) return keep(item);
    if (input instanceof HTMLSelectElement) place(item, input, input.value);
    else all(option, "input").forEach((other) => { if (other !== input) /** @type {HTMLInputElement} */ (other).checked = false; });
    pressed = null;
    say(item, "");
    refresh(item);
    keep(item);
  });

  /** Gives a place to one option; whoever held it takes the place that this one left. @param {HTMLElement} item @param {HTMLSelectElement} select @param {string} to */
  const place = (item, select, to) => {
    const selects = /** @type {HTMLSelectElement[]} */ (all(item, "select"));
    const left = select.dataset.alWas ?? "";
    const other = selects.find((each) => each !== select && to && each.value === to);
    if (other) other.value = left;
    select.value = to;
    selects.forEach((each) => { each.dataset.alWas = each.value; });
  };
  /** @param {HTMLElement} item @param {HTMLElement} option @param {number} step */
  const move = (item, option, step) => {
    const select = /** @type {HTMLSelectElement} */ (one(option, "select"));
    const taken = all(item, "select").map((each) => /** @type {HTMLSelectElement} */ (each).value);
    const places = [...select.options].map((each) => each.value).filter(Boolean);
    const free = places.filter((each) => !taken.includes(each));
    const to = select.value ? places[places.indexOf(select.value) + step] : step < 0 ? free[0] : free[free.length - 1];
    if (to) place(item, select, to);
    pressed = null;
    say(item, "");
    refresh(item);
    keep(item);
  };

  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    const item = /** @type {HTMLElement | null} */ (button.closest("[data-al-item]"));
    const option = /** @type {HTMLElement | null} */ (button.closest("[data-al-option]"));
    const end = one(root, "[data-al-end]");
    if (item && option && button.dataset.alMove) move(item, option, Number(button.dataset.alMove));
    else if (item && button.matches("[data-al-check]")) {
      const has = Object.keys(given(item)).length;
      if (!sure(button, item, has === asked(item) ? "" : has ? "partly" : "blank")) return;
      void check([item], item, false);
      keep(item);
      say(item, "checked", { earned: earned(item), possible: item.dataset.alPossible ?? "" });
      refreshEnd();
      pressed = null;
      const first = one(item, ".al-mark");
      first?.focus({ preventScroll: true });
      first?.closest(".al-option")?.scrollIntoView({ block: "start" });
    } else if (item && button.matches("[data-al-retry]")) {
      clear([item]);
      inputs(item)[0]?.focus();
    } else if (end && button.matches("[data-al-check-all]")) {
      const open = items.flatMap((each, at) => Object.keys(given(each)).length === asked(each) ? [] : [at + 1]);
      if (!sure(button, end, open.length ? "open" : "", { open: open.join(", ") })) return;
      say(end, "");
      void check(items, end, true);
      refreshEnd();
      pressed = null;
      keep(end);
      one(root, "[data-al-summary] [tabindex]")?.focus();
    } else if (button.matches("[data-al-again]")) {
      clear(items);
      root.scrollIntoView({ block: "start" });
      inputs(items[0])[0]?.focus({ preventScroll: true });
    }
  });

  let fresh = true; // as it was drawn: a slow phone need not go through what nobody has touched
  /** Takes up a state from outside. @param {State | null} kept */
  const set = (kept) => {
    checked.clear();
    const touched = (/** @type {string} */ name) => kept?.responses[name] || kept?.sure?.[name] || kept?.checked.includes(name);
    for (const item of items.filter((each) => !fresh || touched(id(each)))) {
      const has = kept?.responses[id(item)] ?? {};
      for (const option of options(item)) {
        const response = has[option.dataset.alOption ?? ""] ?? "";
        all(option, "input, select").forEach((input) => {
          if (input instanceof HTMLInputElement) input.checked = input.value === response;
          else { /** @type {HTMLSelectElement} */ (input).value = response; input.dataset.alWas = response; }
        });
      }
      all(item, "[data-al-sure] input").forEach((input) => {
        /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === kept?.sure?.[id(item)];
      });
      if (!exam && kept?.checked.includes(id(item))) checked.add(id(item));
      refresh(item);
    }
    fresh = false;
    refreshEnd();
  };

  root.classList.add("al-live");
  set(host.load());
  return { state, set, result };
}

/** The quiz in Jupyter: Python draws it and scores it. @param {{model: any, el: HTMLElement}} widget */
export function render({ model, el }) {
  el.innerHTML = model.get("html");
  // JupyterLab's shortcuts would take the arrow keys and letters that are meant for the quiz.
  el.dataset.lmSuppressShortcuts = "true";
  for (const kind of ["keydown", "keypress", "keyup"]) el.addEventListener(kind, (event) => event.stopPropagation());
  const root = one(el, "[data-al-quiz]");
  if (!root) return undefined;
  const now = () => ({ responses: model.get("responses"), checked: model.get("checked") });
  let since = Date.now();
  const quiz = enliven(root, {
    load: now,
    save: (state) => {
      model.set("responses", state.responses);
      model.set("checked", state.checked);
      model.save_changes();
      return true;
    },
    act: (acts) => {
      const took = Math.min(86400, Math.round((Date.now() - since) / 1000 / acts.length));
      since = Date.now();
      const given = acts.filter((act) => Object.keys(act.responses).length);
      model.set("acts", [...(model.get("acts") ?? []), ...given.map(({ item, responses, sure }) => ({ item, responses, took, ...(sure && { sure }) }))]);
      model.save_changes();
    },
  });
  const changed = () => { if (JSON.stringify(quiz.state()) !== JSON.stringify(now())) quiz.set(now()); };
  model.on("change:responses change:checked", changed);
  return () => model.off("change:responses change:checked", changed);
}
