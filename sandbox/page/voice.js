// What the page says by itself: toasts, alerts, and words for a screen reader.

import { byId } from "./dom.js";

const TOAST_MS = 3500;
let timer = 0;

export function toast(text, kind = "") {
  const box = byId("toast");
  box.className = `toast ${kind}`;
  box.textContent = text;
  box.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (box.hidden = true), TOAST_MS);
}

export function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

export function enlarge(url) {
  byId("photo-large").src = url;
  byId("photo").showModal();
}

export function announce(messages) {
  if (messages.length === 0) return;
  byId("live").textContent = messages.map((message) => message.text || "A picture or file came.").join(" ");
}
