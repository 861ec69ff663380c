// @ts-check
// Saves the record of this device as a file. A page that was opened from a folder may be alone with its store, as in
// Firefox: there, and only there, each page with a quiz offers it for itself.
import { all, fill, one, put, show } from "./quiz.js";
import { here, openKeep } from "./keep.js";
import { Refused, write } from "./record.js";

/** @param {string} name @param {string} text @param {string} type */
export const download = (name, text, type) => {
  const link = document.createElement("a"), url = URL.createObjectURL(new Blob([text], { type }));
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

/**
 * Writes all that is kept into one file; throws Refused where that is nothing.
 * @param {import("./keep.js").Keep} keep @param {import("./record.js").Course} course @param {string} day YYYY-MM-DD
 */
export async function saveRecord(keep, course, day) {
  const asked = new Date().toISOString(); // what another tab gives from here on may not be in the file
  const rows = await keep.acts(), file = `alongside-record-${day}.jsonl`;
  download(file, write(rows, course), "application/x-ndjson");
  await keep.setAbout("saved", asked);
  return { rows, file };
}

/** @param {Document} page */
export function onSavePage(page) {
  for (const box of all(page, "[data-al-save-here]")) {
    const says = JSON.parse(box.dataset.alSaveHere ?? "{}"), course = { base: says.base, says: says.file };
    show(box, true);
    one(box, "button")?.addEventListener("click", async () => {
      try {
        const { rows, file } = await saveRecord(await openKeep(), course, here(new Date()).today);
        put(box, "[role=status]", fill(says.saved, { file, count: rows.length }));
      } catch (why) {
        if (!(why instanceof Refused)) throw why;
        put(box, "[role=status]", why.message);
      }
    });
  }
}
