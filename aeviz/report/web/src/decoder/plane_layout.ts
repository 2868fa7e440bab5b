/** The elements of a latent plane's live decoder, without what they do. */
import { append } from "./samples";

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
  const left = append(element, "div", "plane-left");
  const key = append(left, "div", "plane-key");
  const label = append(key, "label", "");
  label.textContent = "Colours show ";
  const feature = append(label, "select", "") as HTMLSelectElement;
  const scale = append(key, "div", "plane-range");
  const range = {
    low: append(scale, "span", ""),
    bar: append(scale, "i", ""),
    high: append(scale, "span", ""),
  };
  key.hidden = isImage;
  const stage = append(left, "div", "plane-stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", HELP);
  const overlay = document.createElement("div");
  overlay.className = "plane-overlay";
  stage.append(overlay);
  const right = append(element, "div", "plane-right");
  const sample = append(right, "div", "plane-sample");
  const buttons = append(right, "div", "plane-buttons");
  const path = button(buttons, "Draw a path");
  path.setAttribute("aria-pressed", "false");
  const clear = button(buttons, "Remove the path");
  clear.hidden = true;
  const place = append(right, "p", "plane-place");
  const hint = append(right, "p", "plane-hint");
  const strip = append(element, "div", "plane-path");
  const ends = append(strip, "p", "plane-ends");
  const from = append(ends, "span", "");
  const to = append(ends, "span", "");
  for (const text of notes) append(element, "p", "plane-note").textContent = text;
  const spoken = append(element, "p", "unseen");
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
  const element = append(parent, "button", "") as HTMLButtonElement;
  element.type = "button";
  element.textContent = text;
  return element;
}
