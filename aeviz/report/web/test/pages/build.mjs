// Build the page that tests decode in: node test/pages/build.mjs OUT
import { build } from "esbuild";

await build({
  entryPoints: ["test/pages/decode.ts"],
  outfile: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2022",
  absWorkingDir: new URL("../..", import.meta.url).pathname,
});
