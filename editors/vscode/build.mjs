// Bundles the extension into one file and brings the generated grammar beside it.
import { build } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";

mkdirSync("syntaxes", { recursive: true });
copyFileSync("../textmate/rules.tmLanguage.json", "syntaxes/rules.tmLanguage.json");
await build({
  entryPoints: ["src/extension.ts"],
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  outfile: "dist/extension.js",
  minify: true,
  logLevel: "warning",
});
