// Build the pages of tests that drive a browser into a folder: node test/pages/build.mjs OUT
import { build } from "esbuild";

await build({
  entryPoints: ["test/pages/decoding.ts", "test/pages/latent_plane.ts"],
  outdir: process.argv[2],
  bundle: true,
  format: "iife",
  target: "es2022",
  absWorkingDir: new URL("../..", import.meta.url).pathname,
});
