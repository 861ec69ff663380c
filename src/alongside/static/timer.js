// @ts-check
// A timer for a practice form, only where its reader starts one: it can be stretched, paused and turned off, it counts
// in whole minutes, and its end ends nothing.
import { all, fill, one, put, show } from "./quiz.js";
import { drafts, parsed } from "./keep.js";

const MINUTE = 60_000;

/** @param {HTMLElement} box the element marked data-al-timer */
export function timed(box) {
  const says = JSON.parse(box.dataset.alSays ?? "{}"), key = `timer:${box.dataset.alTimer}`;
  const field = /** @type {HTMLInputElement} */ (one(box, "input"));
  /** @type {{ends: number, left: number} | null} running where `ends`, paused where `left`, in milliseconds */
  let state = null;
  let told = "";

  const left = () => state ? (state.ends ? state.ends - Date.now() : state.left) : 0;
  const draw = () => {
    const minutes = Math.max(0, Math.ceil(left() / MINUTE));
    show(one(box, "[data-al-unset]"), !state);
    show(one(box, "[data-al-set]"), Boolean(state));
    show(one(box, "[data-al-pause]"), Boolean(state?.ends));
    show(one(box, "[data-al-go-on]"), Boolean(state && !state.ends));
    if (!state) return;
    put(box, "[data-al-left]", fill(minutes === 1 ? says.minute_left : says.minutes_left, { minutes }));
    const now = minutes === 0 ? "over" : minutes === 5 ? "five" : "";
    if (now && now !== told) put(box, "[role=status]", says[now]); // read out twice, and no more
    if (!now) put(box, "[role=status]", "");
    told = now;
  };
  /** @param {typeof state} next */
  const set = (next) => {
    state = next;
    drafts.write(key, next ? JSON.stringify(next) : "");
    draw();
  };

  box.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    const minutes = Math.min(600, Math.max(1, Math.round(Number(field.value)) || 1));
    if (button?.matches("[data-al-start]")) set({ ends: Date.now() + minutes * MINUTE, left: 0 });
    else if (button?.matches("[data-al-more]") && state) {
      const more = Math.max(0, left()) + 5 * MINUTE;
      set(state.ends ? { ends: Date.now() + more, left: 0 } : { ends: 0, left: more });
    } else if (button?.matches("[data-al-pause]")) set({ ends: 0, left: Math.max(0, left()) });
    else if (button?.matches("[data-al-go-on]") && state) set({ ends: Date.now() + state.left, left: 0 });
    else if (button?.matches("[data-al-off]")) set(null);
    else return;
    one(box, "summary")?.focus({ preventScroll: true });
  });
  document.addEventListener("alongside:acts", () => { if (document.querySelector(".al-done")) set(null); });
  state = /** @type {typeof state} */ (parsed(drafts.read(key)));
  if (typeof state?.ends !== "number" || typeof state?.left !== "number") state = null;
  box.hidden = false;
  draw();
  setInterval(draw, 1000);
}

/** @param {Document} page */
export function onTimerPage(page) { all(page, "[data-al-timer]").forEach(timed); }
