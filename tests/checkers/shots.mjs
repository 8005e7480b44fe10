// Takes pictures of pages in one browser.
//
//   node shots.mjs <job.json    {"browser": path, "base": url, "served": url, "shots": [shot]}
//
// A shot has "page", "file" (.webp, .png or .pdf), "width", "scheme"; with "height" the first screen is taken, with
// "target" one element, else the whole page. "open" opens what is folded, "print" shows it as printed.
import { writeFileSync, readFileSync } from "node:fs";
import { inBrowser } from "./browser.mjs";

const QUALITY = 55;
const job = JSON.parse(readFileSync(0, "utf8"));

function box(target) {
  const found = document.querySelector(target).getBoundingClientRect();
  return { x: found.x + window.scrollX, y: found.y + window.scrollY, width: found.width, height: found.height };
}

async function area(view, shot) {
  if (shot.target) return view.evaluate(box, shot.target);
  const height = shot.height ?? (await view.evaluate(() => document.documentElement.scrollHeight));
  return { x: 0, y: 0, width: shot.width, height };
}

async function take(view, tools, shot) {
  await view.setViewportSize({ width: shot.width, height: shot.height ?? 900 });
  await view.emulateMedia({ colorScheme: shot.scheme, media: "screen", reducedMotion: "reduce" });
  await view.goto(shot.page, { waitUntil: "networkidle" });
  if (shot.print) await view.emulateMedia({ media: "print" });
  if (shot.open) await view.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  if (shot.file.endsWith(".pdf")) {
    const edge = "15mm";
    await view.pdf({ path: shot.file, format: "A4", margin: { top: edge, bottom: edge, left: edge, right: edge } });
    return;
  }
  const form = shot.file.endsWith(".webp") ? { format: "webp", quality: QUALITY } : { format: "png" };
  const clip = { ...(await area(view, shot)), scale: 1 };
  const { data } = await tools.send("Page.captureScreenshot", { ...form, captureBeyondViewport: true, clip });
  writeFileSync(shot.file, Buffer.from(data, "base64"));
}

await inBrowser(job, async (newView) => {
  const view = await newView();
  const tools = await view.context().newCDPSession(view);
  for (const shot of job.shots) await take(view, tools, shot);
});
