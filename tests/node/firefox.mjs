/* Drives the system's Firefox over a site, as somebody does who reads, ticks, searches and prints: prints what was seen. */
import { createRequire } from "node:module";

const [packages, executablePath, site, out, ...pages] = process.argv.slice(2);
const puppeteer = createRequire(`${packages}/`)("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const seen = { errors: [], pages: {} };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844 });
  page.on("pageerror", (error) => seen.errors.push(`${page.url()} ${error}`));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(`${page.url()} ${message.text()}`));
  for (const path of pages) {
    // Left while it still fetches, a page tells of a request that was cut off.
    await page.goto(site + path, { waitUntil: "networkidle0" });
    seen.pages[path] = await page.evaluate(() => ({
      title: document.querySelector("h1")?.textContent.trim() ?? "",
      wide: document.documentElement.scrollWidth,
      menu: document.querySelector("#pb-menu")?.checkVisibility() ?? false,
    }));
  }
  await page.goto(`${site}listas/apertura-mostrador/`);
  await page.waitForSelector("[data-pb-checklist][data-pb-ready]");
  await page.click("[data-pb-item] input[type=checkbox]");
  await page.reload();
  await page.waitForSelector("[data-pb-checklist][data-pb-ready]");
  seen.ticked = await page.$$eval("[data-pb-item] input:checked", (boxes) => boxes.length);
  await page.pdf({ path: out, format: "Letter" });
  await page.click("summary.pb-header__menu");
  seen.menu = await page.$eval("#pb-menu", (menu) => menu.checkVisibility());
  await page.goto(site);
  await page.click("[data-pb-open]");
  await page.type("#pb-search-text", "cliente enojado");
  await page.waitForSelector(".pb-hit");
  seen.hit = await page.$eval(".pb-hit", (hit) => hit.textContent.replace(/\s+/g, " ").trim());
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
