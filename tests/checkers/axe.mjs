// Runs axe-core over pages in one browser: each at every width, light and dark.
//
//   node axe.mjs <job.json      {"browser": path, "widths": [375], "pages": [url], "base": url, "served": url}
//
// Prints {"faults": [{page, width, scheme, rule, target, says}], "runs": number}; what the browser says of a page
// in its console (a policy that refused something) is a fault too. Addresses below "base" are asked of "served".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inBrowser } from "./browser.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIDE_BY_SIDE = 2;

const job = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
let runs = 0;

async function check(view, page) {
  const told = (width, scheme, rule, target, says) => faults.push({ page, width, scheme, rule, target, says });
  const heard = (message) => told(0, "", "console", message.location().url, message.text());
  view.on("console", heard);
  await view.goto(page);
  // Evaluated by the debugger, which a page's policy does not bind.
  await view.evaluate(axe);
  for (const width of job.widths) {
    await view.setViewportSize({ width, height: 900 });
    for (const scheme of ["light", "dark"]) {
      await view.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      const found = await view.evaluate((tags) => window.axe.run({ runOnly: tags, resultTypes: ["violations"] }), TAGS);
      runs += 1;
      for (const { id, nodes } of found.violations)
        for (const node of nodes) told(width, scheme, id, node.target.join(" "), node.failureSummary);
    }
  }
  view.off("console", heard);
}

await inBrowser(job, async (newView) => {
  const waiting = [...job.pages];
  const work = async () => {
    const view = await newView();
    while (waiting.length) await check(view, waiting.shift());
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
});
console.log(JSON.stringify({ faults, runs }));
