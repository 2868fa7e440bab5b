/** The row of controls above the maps. */

import { button, labelled, make, range } from "../dom";
import type { Column } from "../data/manifest";
import { count } from "../data/numbers";
import type { Session } from "../map/session";

const GROUPS: Array<[string, (column: Column) => boolean]> = [
  ["Label and split", (one) => one.kind === "classes" || one.group === "label"],
  ["Errors", (one) => one.kind === "values" && one.group === "error"],
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
    store.notify("style");
  });
  const opacity = range([0.1, 1.6, 0.1], store.opacity, (value) => {
    store.opacity = value;
    store.notify("style");
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

/** A field that finds samples by their identifiers and texts; Enter goes from one to the next. */
function finder(session: Session, onFound: (row: number) => void): HTMLFormElement {
  const hasTexts = Boolean(session.manifest.annotations?.length);
  const what = hasTexts ? "id or text" : "id";
  const input = make("input", { label: `Find a sample by its ${what}` });
  input.type = "search";
  input.placeholder = hasTexts ? "Find id or text" : "Find sample id";
  const answer = make("small", { class: "answer-line" });
  answer.setAttribute("role", "status");
  let rows: number[] = [];
  const chosen = button("select all", () => session.store.select(rows, { kind: "rows", rows }));
  chosen.className = "quiet";
  chosen.hidden = true;
  const form = make("form", { class: "finder" }, input, answer, chosen);
  let [last, place] = ["", 0];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = input.value.trim();
    if (!wanted) return;
    if (wanted === last && rows.length) place = (place + 1) % rows.length;
    else {
      const texts = session.annotations.map((one) => one.texts);
      [rows, last, place] = [find(session.ids, wanted, texts), wanted, 0];
    }
    const row = rows[place];
    answer.classList.toggle("none", row === undefined);
    chosen.hidden = rows.length < 2;
    if (row === undefined) answer.textContent = `no such ${what}`;
    else answer.textContent = rows.length > 1 ? `${count(place + 1)} of ${count(rows.length)}` : "";
    if (row !== undefined) onFound(row);
  });
  input.addEventListener("input", () => {
    answer.textContent = "";
    chosen.hidden = true;
  });
  return form;
}

/**
 * The rows whose id is the text. If there are none: those whose id begins so, then those whose id
 * holds it, then those of which a text does.
 */
export function find(
  ids: readonly string[],
  wanted: string,
  texts: ReadonlyArray<readonly string[]> = [],
): number[] {
  const rows = [...ids.keys()];
  const exact = rows.filter((row) => ids[row] === wanted);
  if (exact.length) return exact;
  const lower = wanted.toLowerCase();
  const begins = rows.filter((row) => ids[row]!.toLowerCase().startsWith(lower));
  const holds = rows.filter((row) => ids[row]!.toLowerCase().includes(lower));
  const told = rows.filter((row) => texts.some((one) => one[row]!.toLowerCase().includes(lower)));
  return [...new Set([...begins, ...holds, ...told])];
}
