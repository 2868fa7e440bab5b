/** Bring the report to life; without this script its static figures stand. */

import { offerCopies } from "./copying";
import { LivePage } from "./panels/page";
import type { Manifest } from "./data/manifest";
import { Payload } from "./data/payload";

offerCopies(document);
const text = document.getElementById("aeviz-manifest")?.textContent;
if (text) {
  const manifest = JSON.parse(text) as Manifest;
  const page = LivePage.create(document, manifest, Payload.of(document));
  if (page) {
    // For the console, and for tests: `aeviz.decode("variational", [0, 0])`.
    Object.defineProperty(window, "aeviz", { value: page.handle() });
    void page.start();
  }
}
