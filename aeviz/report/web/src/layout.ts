/** The elements of a latent plane's live decoder, without what they do. */
import { added } from "./samples";

const HELP =
  "Latent plane. Arrow keys move the point that is decoded; with Shift they draw a path from it. " +
  "Home goes to the middle. Escape removes the path.";

export interface Layout {
  /** Where the grid of the view is drawn; takes the keyboard. */
  stage: HTMLElement;
  overlay: HTMLElement;
  /** Where the decoded sample is shown. */
  sample: HTMLElement;
  place: HTMLElement;
  hint: HTMLElement;
  /** Read out by screen readers. */
  spoken: HTMLElement;
  path: HTMLButtonElement;
  clear: HTMLButtonElement;
  strip: HTMLElement;
  /** Where the path begins and ends, below the strip. */
  from: HTMLElement;
  to: HTMLElement;
  /** For tables: which feature is drawn, and what its colours mean. */
  feature: HTMLSelectElement;
  range: { low: HTMLElement; bar: HTMLElement; high: HTMLElement };
}

/** Fill an element; `notes` are sentences below. */
export function layout(element: HTMLElement, isImage: boolean, notes: string[]): Layout {
  element.className = isImage ? "plane" : "plane of-tables";
  const left = added(element, "div", "plane-left");
  const key = added(left, "div", "plane-key");
  const label = added(key, "label", "");
  label.textContent = "Colours show ";
  const feature = added(label, "select", "") as HTMLSelectElement;
  const scale = added(key, "div", "plane-range");
  const range = {
    low: added(scale, "span", ""),
    bar: added(scale, "i", ""),
    high: added(scale, "span", ""),
  };
  key.hidden = isImage;
  const stage = added(left, "div", "plane-stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", HELP);
  const overlay = document.createElement("div");
  overlay.className = "plane-overlay";
  stage.append(overlay);
  const right = added(element, "div", "plane-right");
  const sample = added(right, "div", "plane-sample");
  const buttons = added(right, "div", "plane-buttons");
  const path = button(buttons, "Draw a path");
  path.setAttribute("aria-pressed", "false");
  const clear = button(buttons, "Remove the path");
  clear.hidden = true;
  const place = added(right, "p", "plane-place");
  const hint = added(right, "p", "plane-hint");
  const strip = added(element, "div", "plane-path");
  const ends = added(strip, "p", "plane-ends");
  const from = added(ends, "span", "");
  const to = added(ends, "span", "");
  for (const text of notes) added(element, "p", "plane-note").textContent = text;
  const spoken = added(element, "p", "unseen");
  spoken.setAttribute("aria-live", "polite");
  return {
    stage,
    overlay,
    sample,
    place,
    hint,
    spoken,
    path,
    clear,
    strip,
    from,
    to,
    feature,
    range,
  };
}

function button(parent: Element, text: string): HTMLButtonElement {
  const element = added(parent, "button", "") as HTMLButtonElement;
  element.type = "button";
  element.textContent = text;
  return element;
}
