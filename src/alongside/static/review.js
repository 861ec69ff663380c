// @ts-check
// Brings back the scenes that were missed, on the day when they are due, and never more than fit ten minutes. When that
// is, views.js says; here the scenes are only laid out.
import { all, fill, one, put, show } from "./quiz.js";
import { drafts, here, kept, openKeep, parsed } from "./keep.js";
import { views } from "./views.js";

/** A day in words. @param {string} day YYYY-MM-DD */
export const inWords = (day) =>
  new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));

/** @param {HTMLElement} root the element marked data-al-review */
async function review(root) {
  const says = JSON.parse(root.dataset.alSays ?? "{}");
  const catalogue = JSON.parse(one(root, "[data-al-catalogue]")?.textContent ?? "{}");
  const keeping = openKeep(), keep = await keeping;
  const place = /** @type {HTMLElement} */ (one(root, "[data-al-due]"));
  const seen = async () => views(catalogue, await keep.acts(), here(new Date())).review;

  const first = await seen();
  first.today.forEach((item, at) => {
    const template = /** @type {HTMLTemplateElement | null} */ (one(root, `template[data-al-scene-of="${item}"]`));
    if (!template) return;
    const key = `draft:review:${item}`; // what was checked on an earlier day is asked anew
    if (/** @type {any} */ (parsed(drafts.read(key)))?.c) drafts.write(key, "");
    const title = document.createElement("h2");
    title.className = "al-n";
    title.textContent = fill(says.scene, { n: at + 1, all: first.today.length });
    place.append(title, template.content.cloneNode(true));
  });
  const roots = all(place, "[data-al-quiz]");
  roots.forEach((each) => kept(each, keeping, "review"));

  const tell = async () => {
    const { due, done, next } = await seen();
    const open = roots.filter((each) => !one(each, ".al-done")).length, minutes = Math.ceil((10 * open) / catalogue.at_once);
    const day = next && inWords(next);
    put(root, "[role=status]", [
      !keep.kept ? says.unkept : "",
      open ? fill(open === 1 ? says.one_due : says.due, { count: open, minutes }) : roots.length ? says.all_done : "",
      !open && !roots.length ? (due.length ? says.none_due : done.length ? says.none_left : says.none_yet) : "",
      !open && day ? fill(says.next, { day }) : "",
    ].filter(Boolean).join(" "));
    const counts = one(root, "[data-al-counts]");
    show(counts, due.length + done.length > 0);
    if (counts) counts.textContent = fill(says.counts, { due: due.length, done: done.length });
  };
  await tell();
  document.addEventListener("alongside:acts", () => void tell());
  document.addEventListener("alongside:forgot", () => { place.replaceChildren(); roots.length = 0; void tell(); });
}

/** @param {Document} page */
export function onReviewPage(page) { all(page, "[data-al-review]").forEach((root) => void review(root)); }
