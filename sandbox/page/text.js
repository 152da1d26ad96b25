// Message text with Telegram's entities, as DOM nodes. Offsets are UTF-16 units, which is how strings count here.

import { el } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
// What can be pressed must not hold something else that can.
const PRESSABLE = new Set(["url", "text_link", "email", "bot_command", "spoiler"]);

// Anything but these schemes stays plain text: `javascript:` in a button or a link must do nothing.
export function safeUrl(raw) {
  const text = String(raw ?? "").trim();
  const full = /^t\.me\//i.test(text) ? `https://${text}` : text;
  try {
    const url = new URL(full);
    return ["https:", "http:", "tg:", "mailto:", "tel:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// The payload of a link that opens this very bot, or null when the link leads elsewhere.
export function startPayload(raw, botUsername) {
  const url = safeUrl(raw);
  if (!url || !botUsername) return null;
  const ours = botUsername.toLowerCase().replace(/^@/, "");
  if (url.protocol === "tg:") {
    return url.searchParams.get("domain")?.toLowerCase() === ours ? (url.searchParams.get("start") ?? "") : null;
  }
  const known = ["t.me", "telegram.me", "www.t.me"].includes(url.hostname);
  return known && url.pathname.slice(1).toLowerCase() === ours ? (url.searchParams.get("start") ?? "") : null;
}

function link(raw, content, actions) {
  const url = safeUrl(raw);
  if (!url) return el("span", {}, ...content);
  const anchor = el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...content);
  anchor.addEventListener("click", (event) => {
    if (actions.openLink(url.href)) event.preventDefault();
  });
  return anchor;
}

function command(name, actions) {
  return el("button", { type: "button", class: "command", text: name, onclick: () => actions.sendText(name) });
}

function spoiler(content) {
  const node = el("button", { type: "button", class: "spoiler", "aria-label": "Hidden text, press to show" }, ...content);
  node.addEventListener("click", () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
  return node;
}

function wrap(entity, raw, content, actions) {
  const { type } = entity;
  if (type === "spoiler") return spoiler(content);
  if (type === "text_link") return link(entity.url, content, actions);
  if (type === "url") return link(/^[a-z]+:/i.test(raw) ? raw : `https://${raw}`, content, actions);
  if (type === "email") return link(`mailto:${raw}`, content, actions);
  if (type === "bot_command") return command(raw, actions);
  return TAGS[type] ? el(TAGS[type], {}, ...content) : el("span", { class: "plain-entity" }, ...content);
}

// Entities nest and never cross; a child is clipped to its parent so that a wrong offset cannot lose text.
function build(text, entities, from, to, closed, actions) {
  const nodes = [];
  let done = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const start = Math.max(entity.offset, done);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    const inner = [];
    while (index + 1 < entities.length && entities[index + 1].offset < end) inner.push(entities[(index += 1)]);
    if (start > done) nodes.push(text.slice(done, start));
    const raw = text.slice(start, end);
    const content = build(text, inner, start, end, closed || PRESSABLE.has(entity.type), actions);
    nodes.push(closed && PRESSABLE.has(entity.type) ? el("span", {}, ...content) : wrap(entity, raw, content, actions));
    done = end;
  }
  if (to > done) nodes.push(text.slice(done, to));
  return nodes;
}

export function textNodes(text, entities, actions) {
  const sorted = [...(entities ?? [])]
    .filter((entity) => entity.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, sorted, 0, text.length, false, actions);
}
