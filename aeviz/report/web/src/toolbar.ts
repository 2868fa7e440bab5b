/** The row of controls above the maps. */

import { button, labelled, make, range } from "./dom";
import type { Column } from "./manifest";
import type { Session } from "./session";

const GROUPS: Array<[string, (column: Column) => boolean]> = [
  ["Label and split", (one) => one.kind === "classes" || one.group === "label"],
  ["What went wrong", (one) => one.kind === "values" && one.group === "error"],
  ["Features", (one) => one.kind === "values" && one.group === "feature"],
];

export interface Toolbar {
  element: HTMLElement;
  /** Show what the store holds, after a link was followed. */
  refresh: () => void;
}

export function toolbar(session: Session, onFound: (row: number) => void): Toolbar {
  const { store } = session;
  const color = chooser(session);
  const size = range([0.4, 3, 0.1], store.pointSize, (value) => {
    store.pointSize = value;
    store.tell("style");
  });
  const opacity = range([0.1, 1.6, 0.1], store.opacity, (value) => {
    store.opacity = value;
    store.tell("style");
  });
  const lasso = button("Lasso", () => {
    store.isLassoing = !store.isLassoing;
    lasso.setAttribute("aria-pressed", String(store.isLassoing));
    document.documentElement.classList.toggle("lassoing", store.isLassoing);
  });
  lasso.setAttribute("aria-pressed", "false");
  lasso.title = "Draw around samples to select them; Shift and drag does so at any time";
  const element = make(
    "div",
    { class: "toolbar" },
    labelled("Colour", color),
    finder(session, onFound),
    lasso,
    labelled("Size", size),
    labelled("Opacity", opacity),
  );
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "All maps");
  return {
    element,
    refresh: () => {
      color.value = store.color;
      size.value = String(store.pointSize);
      opacity.value = String(store.opacity);
    },
  };
}

function chooser(session: Session): HTMLSelectElement {
  const select = make("select");
  for (const [title, belongs] of GROUPS) {
    const columns = session.columns.filter(belongs);
    if (!columns.length) continue;
    const group = make("optgroup");
    group.label = title;
    for (const column of columns) {
      const title = Array.from(column.title.trim()).slice(0, 60).join("") || "(empty)";
      const option = make("option", { text: title });
      option.value = column.key;
      group.append(option);
    }
    select.append(group);
  }
  select.addEventListener("change", () => void session.colorBy(select.value));
  return select;
}

/** A field that finds a sample by its identifier. */
function finder(session: Session, onFound: (row: number) => void): HTMLFormElement {
  const input = make("input", { label: "Find a sample by its id" });
  input.type = "search";
  input.placeholder = "Find sample id";
  const answer = make("small", { class: "answer-line" });
  answer.setAttribute("role", "status");
  const form = make("form", { class: "finder" }, input, answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = input.value.trim();
    if (!wanted) return;
    const row = find(session.ids, wanted);
    answer.textContent = row < 0 ? "no such id" : "";
    if (row >= 0) onFound(row);
  });
  input.addEventListener("input", () => (answer.textContent = ""));
  return form;
}

/** The row whose id is the text, else the first whose id holds it, else -1. */
export function find(ids: readonly string[], wanted: string): number {
  const exact = ids.indexOf(wanted);
  if (exact >= 0) return exact;
  const lower = wanted.toLowerCase();
  const begins = ids.findIndex((id) => id.toLowerCase().startsWith(lower));
  return begins >= 0 ? begins : ids.findIndex((id) => id.toLowerCase().includes(lower));
}
