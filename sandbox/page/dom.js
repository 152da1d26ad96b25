// Builds nodes by hand. Text only ever enters as text nodes: nothing in this folder assigns markup.

const SVG = "http://www.w3.org/2000/svg";

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export const hidden = (text) => el("span", { class: "hidden-text", text });

export const byId = (id) => document.getElementById(id);

// Opens `panel` under `button`; Escape, a choice or a press elsewhere closes it and gives the focus back.
export function attachMenu(button, panel, fill) {
  const close = (refocus) => {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (!panel.hidden) return close(true);
    panel.replaceChildren(...fill(() => close(true)));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("button")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) close(false);
  });
  panel.addEventListener("keydown", (event) => {
    const items = [...panel.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") close(true);
    else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
  });
}

export function avatar(person, size = "") {
  const words = person.name.replace(/[^\p{L}\p{N} ]/gu, "").split(/\s+/).filter(Boolean);
  const initials = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]).join("") : (words[0] ?? "?").slice(0, 2);
  const seed = [...String(person.id)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7);
  const hue = person.hue ?? seed % 8;
  return el("span", { class: `avatar hue-${hue} ${size}`, "aria-hidden": "true", text: initials.toUpperCase() });
}
