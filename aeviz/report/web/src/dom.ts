/** Make elements. All text is set as `textContent`, so data is never markup. */

type Child = Node | string;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  facts: { class?: string; text?: string; title?: string; label?: string } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (facts.class) element.className = facts.class;
  if (facts.text !== undefined) element.textContent = facts.text;
  if (facts.title) element.title = facts.title;
  if (facts.label) element.setAttribute("aria-label", facts.label);
  element.append(...children);
  return element;
}

export function button(text: string, act: () => void, label = ""): HTMLButtonElement {
  const element = make("button", { text, label });
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

/** A control with its words before it. */
export function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  return make("label", {}, make("span", { text }), control);
}

export function range(
  [low, high, step]: [number, number, number],
  value: number,
  onInput: (value: number) => void,
): HTMLInputElement {
  const element = make("input");
  element.type = "range";
  element.min = String(low);
  element.max = String(high);
  element.step = String(step);
  element.value = String(value);
  element.addEventListener("input", () => onInput(Number(element.value)));
  return element;
}

export function dot(color: string): HTMLSpanElement {
  const element = make("span", { class: "swatch" });
  element.style.setProperty("background-color", color);
  return element;
}

/** Text of any length and direction, on one line, whole in its title. */
export function line(text: string, maxLength = 80): HTMLElement {
  const shown = text.trim() || "(empty)";
  const characters = Array.from(shown);
  const short =
    characters.length > maxLength ? characters.slice(0, maxLength - 1).join("") + "…" : shown;
  const element = make("bdi", { text: short });
  if (short !== shown) element.title = characters.slice(0, 400).join("");
  return element;
}
