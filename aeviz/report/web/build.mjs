// Build the report's browser code into one file: node build.mjs [OUT]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const read = (...parts) => readFileSync(join(import.meta.dirname, ...parts), "utf8").trim();

// Not every package says its licence in its code, which is all that goes into the file.
const licences = Object.keys(JSON.parse(read("package.json")).dependencies).map(
  (name) => `/*! ${name}\n\n${read("node_modules", name, "LICENSE")}\n*/`,
);

await build({
  entryPoints: ["src/main.ts"],
  outfile: process.argv[2] ?? "../static/report.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  // Licences of what is bundled stay in it.
  legalComments: "eof",
  footer: { js: licences.join("\n") },
  charset: "ascii",
  absWorkingDir: import.meta.dirname,
});
