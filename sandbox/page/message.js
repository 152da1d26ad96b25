// One message as a list item: the bubble, what hangs in it, and the buttons under it.

import { el, hidden, icon } from "./dom.js";
import { safeUrl, textNodes } from "./text.js";
import { hourMinute } from "./wall.js";

function photo(message, actions) {
  if (!message.photoUrl) return null;
  const image = el("img", { src: message.photoUrl, alt: message.text ? "" : "Photo", draggable: message.protect ? "false" : null });
  const open = () => actions.enlarge(message.photoUrl);
  return el("button", { type: "button", class: "photo", "aria-label": "Photo, press to enlarge", onclick: open }, image);
}

function fileRow(message) {
  const file = message.file;
  if (!file) return null;
  const name = el("span", { class: "file-name", dir: "auto", text: file.name });
  const row = [el("span", { class: "file-icon" }, icon("file")), el("span", { class: "file-words" }, name, el("span", { class: "file-kind", text: kind(file) }))];
  if (!file.url || message.protect) return el("div", { class: "file" }, ...row);
  return el("a", { class: "file", href: file.url, download: file.name, target: "_blank", rel: "noopener" }, ...row);
}

function kind(file) {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name ?? "")?.[1]?.toUpperCase();
  const size = file.size > 0 ? ` · ${Math.max(1, Math.round(file.size / 1024))} kB` : "";
  return `${ending ?? "File"}${size}`;
}

function ticks(message) {
  if (!message.fromMe) return null;
  return el("span", { class: "ticks" }, icon(message.delivered ? "ticks" : "tick"), hidden(message.delivered ? "delivered" : "sent"));
}

function meta(message) {
  const when = new Date(message.date);
  return el("span", { class: "meta" },
    message.protect && el("span", { class: "lock", title: "This message cannot be copied or forwarded" }, icon("lock"), hidden("cannot be copied")),
    message.edited && el("span", { text: "edited" }),
    el("time", { datetime: message.date, text: hourMinute(when) }),
    ticks(message));
}

function copyKey(button, actions) {
  const copy = () => navigator.clipboard.writeText(button.copy).then(() => actions.say("Copied"), () => actions.say(button.copy));
  return el("button", { type: "button", class: "key", onclick: copy }, el("span", { dir: "auto", text: button.text }));
}

function key(button, message, actions) {
  if (button.url) {
    const url = safeUrl(button.url);
    const words = [el("span", { dir: "auto", text: button.text }), icon("out")];
    if (!url) return el("span", { class: "key", title: "This link cannot be opened" }, ...words);
    const node = el("a", { class: "key", href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...words);
    node.addEventListener("click", (event) => {
      if (actions.openLink(url.href)) event.preventDefault();
    });
    return node;
  }
  if (button.copy) return copyKey(button, actions);
  const node = el("button", { type: "button", class: "key" }, el("span", { dir: "auto", text: button.text }));
  node.addEventListener("click", () => {
    node.classList.add("waiting");
    actions.press(message, button).finally(() => node.classList.remove("waiting"));
  });
  return node;
}

function keys(message, actions) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row) => el("div", { class: "key-row" }, ...row.map((button) => key(button, message, actions))));
  return el("div", { class: "keys", role: "group", "aria-label": "Choices" }, ...rows);
}

function editButton(message, actions) {
  if (!message.fromMe || !message.text || message.photoUrl || message.file) return null;
  return el("button", { type: "button", class: "edit", "aria-label": "Edit this message", title: "Edit", onclick: () => actions.edit(message) }, icon("pencil"));
}

function quote(message) {
  if (!message.quoted) return null;
  return el("div", { class: "quote" }, el("span", { dir: "auto", text: message.quoted.text }));
}

function voice(message) {
  return message.voiceUrl ? el("audio", { src: message.voiceUrl, controls: true, "aria-label": "Voice message" }) : null;
}

function reactions(message) {
  return message.reactions.length > 0 ? el("span", { class: "reactions", text: message.reactions.join(" ") }) : null;
}

export function messageNode(message, speaker, actions) {
  const text = message.text
    ? el("div", { class: "text", dir: "auto" }, ...textNodes(message.text, message.entities, actions))
    : null;
  const picture = photo(message, actions);
  const classes = ["bubble", message.protect && "protected", picture && "has-photo", !text && "no-text"].filter(Boolean);
  const bubble = el("div", { class: classes.join(" ") }, hidden(`${speaker}: `), quote(message), picture, voice(message), fileRow(message), text, reactions(message), meta(message));
  if (message.protect) {
    for (const act of ["copy", "cut", "contextmenu", "dragstart"]) bubble.addEventListener(act, (event) => event.preventDefault());
  }
  const side = message.fromMe ? "out" : "in";
  const line = el("div", { class: "line" }, message.fromMe && editButton(message, actions), bubble);
  return el("li", { class: `message ${side}`, "data-id": message.id }, line, keys(message, actions));
}

export function typingNode() {
  const dots = [1, 2, 3].map(() => el("i"));
  return el("li", { class: "message in typing" }, el("div", { class: "line" }, el("div", { class: "bubble" }, hidden("typing"), ...dots)));
}
