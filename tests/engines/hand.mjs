// Firefox's hand: carries out one order a line, as JSON, and answers each with one line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [packages, program, downloads] = process.argv.slice(2);
const { default: puppeteer } = await import(createRequire(`${packages}/`).resolve("puppeteer-core"));
const browser = await puppeteer.launch({
  browser: "firefox", executablePath: program, headless: true, defaultViewport: { width: 1000, height: 800 },
  extraPrefsFirefox: {
    "security.fileuri.strict_origin_policy": true, // as Firefox comes; puppeteer turns it off
    "browser.download.folderList": 2, "browser.download.dir": downloads, "browser.download.useDownloadDir": true,
  },
});
const page = await browser.newPage(); // the first one never has the focus, so that no field in it is ever left
page.setDefaultTimeout(20_000);
const wrong = [];
page.on("pageerror", (error) => wrong.push(String(error)));
page.on("requestfailed", (asked) => wrong.push(`failed: ${asked.url()} ${asked.failure()?.errorText}`));

const orders = {
  version: () => browser.version(),
  wrong: () => wrong.splice(0),
  goto: async ([address]) => { await page.goto(address, { waitUntil: "load" }); },
  reload: async () => { await page.reload({ waitUntil: "load" }); },
  press: async ([at]) => { await (await page.waitForSelector(at, { visible: true })).click(); },
  choose: async ([at, value]) => { await page.select(at, value); },
  write: async ([at, text]) => {
    await (await page.waitForSelector(at, { visible: true })).click();
    await page.keyboard.type(text);
  },
  give: async ([at, path]) => { await (await page.$(at)).uploadFile(path); },
  // A function's text, called in the page; its last word is what the promise gives.
  ask: ([text, words]) => page.evaluate(`(${text})(...${JSON.stringify(words)})`),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [order, ...words] = JSON.parse(line);
  let answer;
  try { answer = { gives: await orders[order](words) ?? null }; } catch (error) { answer = { wrong: `${order}: ${error}` }; }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
