// The operator workplace in a real Chromium, inside the vendor's own sandbox of RetailCRM.
//
// Usage: node workplace.mjs RULES CHROMIUM. Chromium blocks the cookies of third parties, as browsers do by now.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createSandboxPagePath } from "@retailcrm/embed-ui-v1-sandbox/automation/playwright";
import { chromium } from "playwright-core";
import { CODE, chat, elsewhere, end, everybody, until } from "./places.mjs";

const [rules, executablePath] = process.argv.slice(2);
const PATIENCE = 30_000;
let passed = 0;
const passes = (what) => {
  passed += 1;
  console.log(`browser: ${what}`);
};

const { emulator, crm, uis, server } = await everybody(rules);
const key = await chat(emulator, "79000000131", "Пётр");
await until("the chat makes an order", async () => (await emulator.tell("GET", "retailcrm/orders")).body.length === 1);

const profile = fs.mkdtempSync(path.join(os.tmpdir(), "switchboard-chromium-"));
fs.mkdirSync(path.join(profile, "Default"));
// 1 is "third parties": https://www.chromium.org/administrators, `BlockThirdPartyCookies` says the same.
fs.writeFileSync(
  path.join(profile, "Default/Preferences"),
  JSON.stringify({ profile: { cookie_controls_mode: 1, block_third_party_cookies: true } }),
);
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  locale: "ru-RU",
  viewport: { width: 1500, height: 900 },
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);
const troubles = [];
page.on("pageerror", (error) => troubles.push(String(error)));
page.on("console", (message) => {
  // The first ticket is refused, and browsers name each answer that is.
  const isRefusal = message.text().includes("403") && message.location().url.endsWith("/session");
  if (["error", "warning"].includes(message.type()) && !isRefusal) troubles.push(`${message.type()}: ${message.text()}`);
});

try {
  // What stands before `/extension/` is where the sandbox sends what the page asks through the host.
  const module = `${crm.url}/hosted/${CODE}/extension/workplace`;
  const manifestUrl = `${server.url}/retailcrm/workplace/embed.js`;
  const at = createSandboxPagePath({ extensionUrl: module, manifestUrl, pageCode: "workplace", sandboxBaseUrl: crm.url });
  await page.goto(new URL(at, crm.url).href);

  // The sandbox's own user is nobody in UIS.
  const alert = page.getByRole("alert").filter({ hasText: /UIS/ });
  await alert.waitFor();
  assert.match(await alert.innerText(), /не сопоставлены с сотрудником UIS/);
  assert.equal(crm.calls.at(-1).status, 403);
  passes("who is no employee is told so, in the language of the CRM");

  await page.evaluate(() => {
    const { patchContext } = globalThis.__CRM_EMBED_SANDBOX__;
    patchContext("user/current", { id: 27, email: "anna@romashka.ru" });
  });
  await page.getByRole("button", { name: "Попробовать ещё раз" }).click();
  const frame = page.frameLocator('iframe[title="Рабочее место UIS"]');
  await frame.getByRole("heading", { name: /Мои обращения/ }).waitFor();
  const allowed = await page.locator('iframe[title="Рабочее место UIS"]').getAttribute("allow");
  assert.match(allowed, /microphone/);
  const call = crm.calls.at(-1);
  assert.deepEqual([call.path, call.status], ["/retailcrm/workplace/session", 200]);
  assert.deepEqual([call.payload.userId, call.payload.email], [27, "anna@romashka.ru"]);
  passes("the page asks for a ticket through the host and opens with it");

  await frame.frameLocator("#uis").getByRole("heading", { name: "РМО" }).waitFor();
  assert.ok(uis.asked.includes("/rmo"));
  passes("the workplace of UIS is in its frame");

  await frame.locator(`[data-key="${key}"][aria-current]`).waitFor();
  const client = frame.locator("#client");
  await client.getByRole("link", { name: "Пётр" }).waitFor();
  const [customer] = (await emulator.tell("GET", "retailcrm/customers")).body;
  const [order] = (await emulator.tell("GET", "retailcrm/orders")).body;
  assert.equal(await client.getByRole("link", { name: "Пётр" }).getAttribute("href"), `${crm.url}/customers/${customer.id}`);
  const link = client.getByRole("link", { name: /^Заказ / });
  assert.equal(await link.getAttribute("href"), `${crm.url}/orders/${order.id}/edit`);
  await frame.locator("#rules").getByText("Что сделали правила").waitFor();
  passes("the panel shows the client and the order of the chat");

  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

  // A call comes in while the page is open.
  const script = { client: "79000000132", virtual_number: "74951234567", rung: [323_400], answered_by: 323_400, talk_s: 9 };
  const played = await emulator.tell("POST", "uis/play", { script, send_to: server.hooks });
  assert.ok(played.body.deliveries.every((one) => one.status === 200), JSON.stringify(played.body.deliveries));
  const other = `call:${played.body.session}`;
  await frame.locator(`[data-key="${other}"]`).waitFor();
  passes("a call that comes in appears by itself");
  await frame.locator(`[data-key="${other}"]`).click();
  await client.getByRole("link", { name: /79000000132/ }).waitFor();
  await client.getByRole("link", { name: /^Заказ / }).waitFor();
  passes("a click shows the other conversation");

  const state = await frame.locator("body").evaluate((element) => {
    let storage = "open";
    try {
      localStorage.length;
    } catch (error) {
      storage = error.name;
    }
    return { storage, cookie: document.cookie, token: element.dataset.token ?? null, address: location.href };
  });
  // That the storage is shut shows that the browser treats the page as a third party's, and the page works all the same.
  const expected = { storage: "SecurityError", cookie: "", token: null, address: `${server.url}/retailcrm/workplace` };
  assert.deepEqual(state, expected);
  assert.deepEqual(await context.cookies(), []);
  assert.ok(server.asked.every(({ headers }) => headers.cookie === undefined), "no request had a cookie");
  assert.ok(server.asked.every(({ headers }) => !(headers.referer ?? "").includes("ticket")));
  passes("no cookie, no storage, no ticket in an address, though the browser blocks third parties");

  const used = server.asked.map(({ url }) => url).find((url) => url.includes("ticket="));
  const again = await fetch(new URL(used, server.url));
  assert.equal(again.status, 403);
  passes("a ticket is good once");

  // Another site may not frame the page, with a good ticket neither.
  const payload = { userId: 27, email: "anna@romashka.ru" };
  const told = await emulator.tell("POST", "retailcrm/http-call", { code: CODE, path: "/retailcrm/workplace/session", payload });
  const ticket = JSON.parse(told.body.answer).url;
  const thief = await context.newPage();
  const refusals = [];
  thief.on("console", (message) => refusals.push(message.text()));
  await thief.goto(await elsewhere(`<iframe src="${ticket}"></iframe>`));
  const isRefused = () => refusals.some((text) => text.includes("frame-ancestors"));
  await until("the browser refuses the frame", isRefused, PATIENCE).catch((error) => {
    throw new Error(`${error.message}: ${refusals.join("; ")}`);
  });
  passes("another site cannot frame the page");

  assert.deepEqual(troubles, [], "nothing went wrong in the pages");
  passes("no error and no warning in the browser's console");
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  console.error(error);
  console.error("console of the browser:", troubles);
  console.error("calls through the host:", crm.calls);
  console.error("last words of the server:", server.said.slice(-20).join("\n"));
  for (const one of page.frames()) console.error(one.url(), (await one.content().catch(() => "")).slice(0, 1500));
  process.exitCode = 1;
} finally {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
  await end();
}
