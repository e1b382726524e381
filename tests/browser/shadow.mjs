// The page of shadow rules in a real Chromium: what would be decided otherwise, and an example with both decisions.
//
// Usage: node shadow.mjs RULES CHROMIUM.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { end, everybody, until } from "./places.mjs";

const [rules, executablePath] = process.argv.slice(2);
const PATIENCE = 30_000;
const CALLS = 3;
let passed = 0;
const passes = (what) => {
  passed += 1;
  console.log(`browser: ${what}`);
};

// Whoever did not answer: the shadow rules give the client to somebody else.
const { emulator, server } = await everybody(rules, (inForce) => inForce.replaceAll('"anna@romashka.ru"', '"olga@romashka.ru"'));
const api = async () => (await fetch(new URL("/api/shadow/romashka", server.console))).json();

const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 900 } });
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);
const troubles = [];
page.on("pageerror", (error) => troubles.push(String(error)));
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`);
});

try {
  await page.goto(new URL("/shadow", server.console).href);
  await page.getByRole("heading", { name: "Shadow rules", level: 1 }).waitFor();
  await page.getByText("Nothing was compared yet").waitFor();
  passes("before anything was decided the page says so");

  for (let call = 0; call < CALLS; call += 1) {
    const script = { client: `7900000014${call}`, virtual_number: "74951234567", rung: [323_400], wait_s: 5 };
    const played = await emulator.tell("POST", "uis/play", { script, send_to: server.hooks });
    assert.ok(played.body.deliveries.every((one) => one.status === 200), JSON.stringify(played.body.deliveries));
  }
  await until("all calls are compared", async () => (await api()).runs[0]?.counts.differ === CALLS, PATIENCE);
  await page.reload();
  await page.getByText("responsible: a***@romashka.ru \u2192 o***@romashka.ru").waitFor();
  const figures = await page.locator(".figures").innerText();
  assert.match(figures.replace(/\s+/g, " "), new RegExp(`${CALLS} ?compared 0 ?decided the same ${CALLS} ?would`, "i"));
  passes("what would be decided otherwise is counted and grouped");

  await page.getByRole("button", { name: "Show personal data" }).click();
  await page.getByText("responsible: anna@romashka.ru \u2192 olga@romashka.ru").waitFor();
  passes("who it would be is shown to whoever asks to see it");
  await page.getByRole("button", { name: "Hide personal data" }).click();
  await page.getByText("responsible: a***@romashka.ru").waitFor();

  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  const example = page.locator('section a[href^="/calls/romashka/"]').first();
  await example.click();
  await page.waitForURL(/\/calls\/romashka\//);
  const row = page.getByRole("row").filter({ hasText: "o***@romashka.ru" }).filter({ hasText: "a***@romashka.ru" });
  await row.first().waitFor();
  const text = await page.locator("main").innerText();
  assert.ok(!text.includes("7900000014"), "numbers are masked");
  passes("an example leads to its call, where both decisions stand side by side");

  const russian = await (await browser.newContext({ locale: "ru-RU" })).newPage();
  await russian.goto(new URL("/shadow", server.console).href);
  await russian.getByRole("heading", { name: "Теневые правила", level: 1 }).waitFor();
  await russian.getByText("ответственный: a***@romashka.ru \u2192 o***@romashka.ru").waitFor();
  passes("in the language of the browser");

  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  assert.ok(wide, "nothing sticks out");
  assert.deepEqual(troubles, [], "nothing went wrong in the pages");
  passes("no error and no warning in the browser's console");
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  console.error(error);
  console.error("console of the browser:", troubles);
  console.error("last words of the server:", server.said.slice(-20).join("\n"));
  console.error(page.url(), (await page.content().catch(() => "")).slice(0, 4000));
  process.exitCode = 1;
} finally {
  await browser.close();
  await end();
}
