// Who takes part: the stand-ins of both vendors, our server, RetailCRM's pages (the vendor's sandbox), UIS's workplace.
//
// RetailCRM's pages and its API have one origin, as in life: what is framed by that origin is what our server allows. What a
// page asks through `host.httpCall` goes to the stand-in, which adds `clientId` and calls our server, as RetailCRM does.
// The three sides have hosts of different sites (127.0.0.1, localhost, 127.0.0.2), so cookies would be those of third parties.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { serveSandbox } from "@retailcrm/embed-ui-v1-sandbox/node";

export const CODE = "uis-romashka";
const SECRET = "sesame-0123456789abcdef";

const RULES = `rules 1

settings for chats
  create_at: contact_left

table entities for calls, chats
  | contact || create        | responsible                         |
  |---------||---------------|-------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru" |
  | repeat  || order         | answered_by else "anna@romashka.ru" |
`;

const closers = [];

/** Ends everything, the last one first. */
export const end = async () => {
  for (const close of closers.splice(0).reverse()) await close();
};

/** Waits until something is so. */
export const until = async (what, isSo, patience = 60_000) => {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const found = await isSo();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it never came to it that ${what}`);
};

const listen = async (server, host, port = 0) => {
  server.listen(port, host);
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
};

const run = (program, args, name) => {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const lines = readline.createInterface({ input: child.stderr });
  lines.on("line", (line) => said.push(line));
  closers.push(async () => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  });
  const line = (wanted) =>
    until(`${name} says where it is`, () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${said.join("\n")}`);
      return said.find((one) => one.includes(wanted));
    });
  return { child, said, line };
};

const body = async (message) => {
  const parts = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
};

/** Passes a request on as it is. */
const pass = (request, response, to) => {
  const url = new URL(request.url, to);
  const headers = { ...request.headers, host: url.host };
  const onward = http.request(url, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
};

/** The stand-ins: their addresses, and a way to tell them what to do. */
const emulate = async (rules) => {
  const emulator = run(rules, ["emulate", "--format", "json"], "the emulator");
  const first = once(readline.createInterface({ input: emulator.child.stdout }), "line");
  const control = (await emulator.line("http://")).trim();
  const addresses = JSON.parse((await first)[0]);
  const tell = async (method, noun, content) => {
    const answer = await fetch(new URL(`/api/${noun}`, control), {
      method,
      headers: { "content-type": "application/json" },
      body: content === undefined ? undefined : JSON.stringify(content),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { ...addresses, tell };
};

/** RetailCRM as browsers see it. */
const retailcrm = async (emulator) => {
  const sandbox = await serveSandbox({ host: "127.0.0.1", port: 0 });
  closers.push(() => sandbox.close());
  const app = `http://127.0.0.1:${sandbox.server.address().port}`;
  const calls = [];
  const server = http.createServer(async (request, response) => {
    const hosted = `/hosted/${CODE}`;
    if (request.url.startsWith("/api/")) return pass(request, response, emulator.retailcrm.url);
    if (request.method !== "POST" || !request.url.startsWith(hosted)) return pass(request, response, app);
    const form = new URLSearchParams((await body(request)).toString());
    const path = request.url.slice(hosted.length);
    const payload = form.has("payload") ? JSON.parse(form.get("payload")) : null;
    const told = await emulator.tell("POST", "retailcrm/http-call", { code: CODE, path, payload });
    calls.push({ path, payload, status: told.body.status });
    response.writeHead(told.body.status ?? 502, { "content-type": "application/json" });
    response.end(told.body.answer ?? "");
  });
  return { url: `http://127.0.0.1:${await listen(server, "127.0.0.1")}`, calls };
};

/** The workplace of UIS: a page that allows frames. */
const workplace = async () => {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end("<!doctype html><title>UIS</title><h1>РМО</h1>");
  });
  return { url: `http://127.0.0.2:${await listen(server, "127.0.0.2")}/rmo`, asked };
};

/** A page of a site that has nothing to do with anybody. */
export const elsewhere = async (html) => {
  const server = http.createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(request.url === "/" ? html : "");
  });
  return `http://127.0.0.3:${await listen(server, "127.0.0.3")}/`;
};

/** Our server, behind an address that is known before it starts. */
const serve = async (rules, emulator, crm, uis, shadow) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "switchboard-browser-"));
  closers.push(() => fs.rmSync(folder, { recursive: true, force: true }));
  let behind = null;
  const asked = [];
  const door = http.createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    return behind === null ? response.destroy() : pass(request, response, behind);
  });
  const publicUrl = `http://localhost:${await listen(door, "127.0.0.1")}`;
  fs.mkdirSync(path.join(folder, "rules"));
  fs.writeFileSync(path.join(folder, "rules/main.rules"), RULES);
  if (shadow !== undefined) {
    fs.mkdirSync(path.join(folder, "shadow"));
    fs.writeFileSync(path.join(folder, "shadow/main.rules"), shadow(RULES));
  }
  const settings = `
[server]
listen = "127.0.0.1:0"
console_listen = "127.0.0.1:0"
data = "data"
[security]
allow_loopback = true
[limits]
crm_timeout = "2 s"
[[account]]
name = "romashka"
bundle = "rules"
${shadow === undefined ? "" : 'shadow = "shadow"'}
hook_secret = "${SECRET}"
settle = "50 ms"
record_wait = "0 s"
[account.retailcrm]
url = "${crm.url}"
key = "${emulator.retailcrm.key}"
site = "${emulator.retailcrm.site}"
[account.retailcrm.module]
public_url = "${publicUrl}"
[account.uis]
data_api = "${emulator.uis.data_api}"
call_api = "${emulator.uis.call_api}"
token = "${emulator.uis.token}"
find_missed = false
failed_deliveries = false
marketing_wait = "0 s"
marketing_pause = "10 ms"
written_interval = "1 s"
reports_first = "1 h"
[account.workplace]
active = true
address = "${uis.url}"
refresh = "1 s"
`;
  fs.writeFileSync(path.join(folder, "switchboard.toml"), settings);
  const server = run(rules, ["--lang", "en", "serve", "--config", path.join(folder, "switchboard.toml")], "the server");
  const line = await server.line("notifications");
  behind = line.match(/http:\S+/)[0];
  const console = (await server.line("console  ")).match(/http:\S+/)[0];
  return { url: publicUrl, console, hooks: `${publicUrl}/hooks/romashka/${SECRET}/uis`, asked, said: server.said };
};

/** Everybody, with a module that is registered; `shadow` makes shadow rules of those in force. */
export const everybody = async (rules, shadow) => {
  const emulator = await emulate(rules);
  const [crm, uis] = [await retailcrm(emulator), await workplace()];
  const server = await serve(rules, emulator, crm, uis, shadow);
  await until("the module is registered", async () => {
    const { body } = await emulator.tell("POST", "retailcrm/http-call", { code: CODE, path: "/retailcrm/workplace/session" });
    return body.status === 400;
  });
  return { emulator, crm, uis, server };
};

/** A chat of the emulator's Anna as the reports of UIS show it; gives its session. */
export const chat = async (emulator, phone, name) => {
  // Rows stand on the clock of the account.
  const moscow = new Date(Date.now() + 3 * 3600_000 - 30_000).toISOString().slice(0, 19).replace("T", " ");
  await emulator.tell("PUT", "uis/visitors", { id: 5031, name, phone_numbers: [phone], emails: [], properties: [] });
  await emulator.tell("PUT", "uis/chats", {
    id: 31, communication_id: 900_031, communication_type: "chat", date_time: moscow, status: "active", initiator: "visitor",
    chat_channel_type: "telegram", chat_channel_id: 7, chat_channel_name: "Бот магазина", messages_count: 1,
    employee_messages_count: 0, is_group_chat: false, is_transfer: false, visitor_ids: [5031], tags: [],
    site_domain_name: "romashka.ru", visitor_phone_number: phone, employee_id: 323_400, employee_full_name: "Лисина Анна",
  });
  return "chat:900031";
};
