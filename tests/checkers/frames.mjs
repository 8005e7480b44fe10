// Looks into the frames of pages, and at the pages around them, in one browser.
//
//   node frames.mjs <job.json    {"browser": path, "pages": [url], "login": {…}, "widths": [375], "scheme": "light"}
//
// Prints [{page, width, wide, ran, said, frames: [{src, ground, ink, pictures, links}]}]: how wide the page came out,
// whether anything set "canary", what the console said; of each frame its colours, how many pictures it shows
// of how many, and the number of links that open elsewhere.
import { readFileSync } from "node:fs";
import { inBrowser } from "./browser.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const found = [];

function look() {
  const frames = [...document.querySelectorAll("iframe")].map((frame) => {
    const shown = frame.contentDocument;
    const style = getComputedStyle(shown.body);
    const images = [...shown.images];
    return {
      src: frame.getAttribute("src"),
      ground: style.backgroundColor,
      ink: style.color,
      scheme: getComputedStyle(shown.documentElement).colorScheme,
      pictures: images.filter((one) => one.complete && one.naturalWidth > 0).length,
      images: images.length,
      links: shown.querySelectorAll("a[target=_blank]").length,
    };
  });
  return { wide: document.documentElement.scrollWidth, ran: window.canary === undefined ? "" : "canary", frames };
}

await inBrowser(job, async (newView) => {
  const view = await newView();
  const said = [];
  view.on("console", (message) => said.push(message.text()));
  view.on("dialog", (dialog) => {
    said.push(dialog.message());
    dialog.dismiss();
  });
  await view.emulateMedia({ colorScheme: job.scheme ?? "light", reducedMotion: "reduce" });
  for (const page of job.pages)
    for (const width of job.widths) {
      said.length = 0;
      await view.setViewportSize({ width, height: 900 });
      await view.goto(page, { waitUntil: "load" });
      found.push({ page, width, ...(await view.evaluate(look)), said: [...said] });
    }
});
console.log(JSON.stringify(found));
