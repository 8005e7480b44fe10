// What a person reads of pages: as they are, and without styles and pictures, as a plain mail program shows them.
//
//   node texts.mjs <job.json    {"browser": path, "pages": [url], "base": url, "served": url}
//
// Prints [{page, shown, bare, wide}]: the two texts, and how wide the bare page is at 375 pixels.
import { readFileSync } from "node:fs";
import { inBrowser } from "./browser.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const texts = [];

function strip() {
  for (const one of document.querySelectorAll("style, link[rel=stylesheet]")) one.remove();
  for (const one of document.querySelectorAll("[style], [class]")) ["style", "class"].forEach((name) => one.removeAttribute(name));
  for (const one of document.querySelectorAll("img")) one.replaceWith(one.alt);
}

await inBrowser(job, async (newView) => {
  const view = await newView();
  await view.setViewportSize({ width: 375, height: 900 });
  for (const page of job.pages) {
    await view.goto(page);
    const shown = await view.evaluate(() => document.body.innerText);
    await view.evaluate(strip);
    const [bare, wide] = await view.evaluate(() => [document.body.innerText, document.documentElement.scrollWidth]);
    texts.push({ page, shown, bare, wide });
    if (job.shots) await view.screenshot({ path: `${job.shots}/bare-${texts.length}.png`, fullPage: true });
  }
});
console.log(JSON.stringify(texts));
