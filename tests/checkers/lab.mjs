// Types into the rule lab and tells what it answers by itself; and which pages are too wide at 400 %.
//
//   node lab.mjs <job.json      {"browser": path, "page": url, "pages": [url], "login": {…}}
import { readFileSync } from "node:fs";
import { inBrowser } from "./browser.mjs";

const job = JSON.parse(readFileSync(0, "utf8"));
const heard = [];

await inBrowser(job, async (newView) => {
  const view = await newView();
  view.on("console", (message) => heard.push(message.text()));
  view.on("dialog", (dialog) => dialog.accept());
  view.on("pageerror", (error) => heard.push(String(error)));
  // 400 % of a screen of 1280 pixels.
  await view.setViewportSize({ width: 320, height: 640 });
  await view.goto(job.page);
  const says = () => view.textContent("#lab-says");
  const begins = await says();
  const rules = await view.inputValue("#rules");
  await view.fill("#rules", rules.replace("words = [", 'words = ["국도 보수", '));
  await view.waitForSelector("#lab-result #by-section");
  const gains = await says();
  const fits = await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  await view.fill("#rules", `<script>alert(1)</script>\n${rules}`);
  await view.waitForSelector("#lab-result .mistakes");
  const mistake = await says();
  const line = (await view.textContent("#lab-result .mistakes b")).trim().split("\n")[0].trim();
  const wide = [];
  for (const page of job.pages) {
    await view.goto(page);
    await view.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    if (await view.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) wide.push(page);
  }
  console.log(JSON.stringify({ begins, gains, mistake, line, fits, wide, heard }));
});
