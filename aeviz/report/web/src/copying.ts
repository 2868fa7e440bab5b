/** Copy texts to the clipboard. */

import { button, make } from "./dom";

/** Put a button before every text of the page that is there to be copied. */
export function offerCopies(document: Document): void {
  for (const text of document.querySelectorAll("pre.copyable")) {
    const control = button("Copy", () => {
      void copy(text.textContent ?? "").then((isDone) => {
        control.textContent = isDone ? "Copied" : "Not copied: select the text instead";
      });
    });
    control.classList.add("copy");
    text.before(control);
  }
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Some browsers give no clipboard to pages opened from disk.
    const area = make("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
