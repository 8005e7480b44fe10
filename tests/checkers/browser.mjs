// One browser for a job, which sees the site's public address where the site is served now.
import { chromium } from "playwright-core";

async function logIn(view, { page, name, password, language }) {
  await view.goto(page);
  await view.fill("#name", name);
  await view.fill("#password", password);
  await view.press("#password", "Enter");
  await view.waitForURL(/\/desk$/);
  if (language) await Promise.all([view.waitForEvent("load"), view.click(`.tongues [value=${language}]`)]);
}

export async function inBrowser(job, work) {
  const browser = await chromium.launch({ executablePath: job.browser, args: ["--no-sandbox", "--hide-scrollbars"] });
  try {
    await work(async () => {
      const view = await (await browser.newContext()).newPage();
      if (job.base)
        await view.route(`${job.base}/**`, async (route) => {
          const url = job.served + route.request().url().slice(job.base.length);
          await route.fulfill({ response: await route.fetch({ url }) });
        });
      if (job.login) await logIn(view, job.login);
      return view;
    });
  } finally {
    await browser.close();
  }
}
