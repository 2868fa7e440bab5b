// Build the report's browser code into one file: node build.mjs [OUT]
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  outfile: process.argv[2] ?? "../static/report.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  // Licences of what is bundled stay in it.
  legalComments: "eof",
  charset: "ascii",
  absWorkingDir: import.meta.dirname,
});
