// Build the report's browser code into one file: node build.mjs [OUT]
import { readFileSync } from "node:fs";
import { build } from "esbuild";

// The licences of what is bundled stay with it.
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const licences = Object.keys(dependencies).map((name) => {
  const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
  return `/*! ${name} ${dependencies[name]}\n\n${text.trim()}\n*/`;
});

await build({
  entryPoints: ["src/main.ts"],
  outfile: process.argv[2] ?? "../../page/static/report.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  banner: { js: licences.join("\n") },
  charset: "ascii",
  absWorkingDir: import.meta.dirname,
});
