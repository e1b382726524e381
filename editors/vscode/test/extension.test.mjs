// What the extension says of itself holds together, and its grammar paints what it should.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");
const at = (path) => new URL(`../${path}`, import.meta.url);
const json = (path) => JSON.parse(readFileSync(at(path), "utf8"));

test("every file that the manifest names is there, and every text has both languages", () => {
  const manifest = json("package.json");
  const { languages, grammars } = manifest.contributes;
  for (const path of [manifest.main, ...languages.map((one) => one.configuration), ...grammars.map((one) => one.path)]) {
    assert.ok(readFileSync(at(path)).length > 0, path);
  }
  const [english, russian] = [json("package.nls.json"), json("package.nls.ru.json")];
  assert.deepEqual(Object.keys(english), Object.keys(russian));
  for (const [, key] of JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)) {
    assert.ok(english[key], key);
  }
});

test("the settings of the manifest are those that the client sends", () => {
  const source = readFileSync(at("src/extension.ts"), "utf8");
  const sent = JSON.parse(source.match(/const SETTINGS = (\[.*?\])/s)[1]);
  const declared = Object.keys(json("package.json").contributes.configuration.properties);
  assert.deepEqual(declared.map((name) => name.replace("switchboard.", "")).sort(), [...sent, "path"].sort());
});

test("the commands of the manifest are those that the client registers, and stand for commands of the server", () => {
  const source = readFileSync(at("src/extension.ts"), "utf8");
  const server = readFileSync(at("../../lsp/src/feature/commands.rs"), "utf8");
  const pairs = [...source.matchAll(/"(switchboard\.\w+)": "(rules\.\w+)"/g)];
  const declared = json("package.json").contributes.commands.map((one) => one.command);
  assert.deepEqual(declared.sort(), [...pairs.map(([, ours]) => ours), "switchboard.restart"].sort());
  for (const [, , command] of pairs) {
    assert.ok(server.includes(`"${command}"`), command);
  }
});

const registry = async () => {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => json("syntaxes/rules.tmLanguage.json"),
  });
};

/** Each piece of a text with the last of its scopes. */
const painted = (grammar, text) => {
  let stack = textmate.INITIAL;
  return text.split("\n").map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens
      .map((token) => [line.slice(token.startIndex, token.endIndex).trim(), token.scopes.at(-1)])
      .filter(([piece]) => piece !== "");
  });
};

test("pieces of rules are painted by what they are", async () => {
  const grammar = await (await registry()).loadGrammar("source.rules");
  const lines = painted(
    grammar,
    [
      "правила 1",
      "## Что берём",
      "таблица сущности для входящих звонков, все совпадения # так",
      "  | обращение || создать |",
      "  |-----------||---------|",
      "  | не похожа на \"VIP {{ имя иначе \"-\" | прописными }}\" || клиент |",
      "задача для чатов",
      "  срок: 2 часа после завершён",
      "  # правила: разрешить unused-list – так надо",
      "script \"x.rhai\"",
      "  function label(phone: text?) gives yes/no",
    ].join("\n"),
  );
  const has = (line, piece, scope) =>
    assert.ok(lines[line].some(([text, of]) => text === piece && of.startsWith(scope)), `${piece}: ${JSON.stringify(lines[line])}`);
  has(0, "правила", "keyword.control");
  has(0, "1", "constant.numeric");
  has(1, "## Что берём", "comment.line.documentation");
  has(2, "таблица", "keyword.control.section");
  has(2, "сущности", "entity.name.type");
  has(2, "входящих звонков", "storage.type.event");
  has(2, "все совпадения", "keyword.other.property");
  has(2, "# так", "comment.line");
  has(3, "||", "punctuation.separator.table");
  has(4, "|-----------||---------|", "punctuation.separator.table");
  has(5, "не похожа на", "keyword.operator.comparison");
  has(5, "иначе", "keyword.operator.logical");
  has(5, "прописными", "support.function.filter");
  has(7, "срок", "keyword.other.property");
  has(7, "2 часа", "constant.numeric.duration");
  has(7, "после", "keyword.other.property");
  has(8, "# правила: разрешить unused-list – так надо", "comment.line.number-sign.suppression");
  has(10, "label", "entity.name.function");
  has(10, "text", "support.type");
  has(10, "phone", "variable.parameter");
  has(10, "yes/no", "support.type");
});

test("no valid file leaves a text or section open", async () => {
  const grammar = await (await registry()).loadGrammar("source.rules");
  const folder = new URL("../../../fixtures/grammar/valid/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".rules"));
  assert.ok(names.length > 0);
  for (const name of names) {
    let stack = textmate.INITIAL;
    for (const line of readFileSync(new URL(name, folder), "utf8").split("\n")) {
      stack = grammar.tokenizeLine(line, stack).ruleStack;
      assert.equal(stack.depth, 1, `${name}: ${line}`);
    }
  }
});
