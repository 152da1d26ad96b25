// The people of the town, each with their own phone.

import { avatar, byId, el, hidden } from "./dom.js";
import { dayKey, hourMinute, shortDay } from "./wall.js";

function row(person, chosen, now, choose) {
  const { when } = person;
  const time = when && (now && dayKey(when) === dayKey(now) ? hourMinute(when) : shortDay(when));
  const unread = person.unread > 0 && !chosen;
  const button = el("button", { type: "button", class: "person", "aria-current": chosen ? "true" : null, onclick: () => choose(person.id) },
    avatar(person),
    el("span", { class: "who" }, el("span", { class: "name", dir: "auto", text: person.name }), el("span", { class: "role", dir: "auto", text: person.about })),
    el("span", { class: "when", text: time ?? "" }),
    el("span", { class: "preview", dir: "auto", text: person.preview || "No messages yet" }),
    unread && el("span", { class: "badge" }, String(person.unread), hidden(" unread")));
  return el("li", { "data-id": person.id }, button);
}

export class People {
  constructor(choose) {
    this.list = byId("people");
    this.choose = choose;
    this.print = "";
  }

  show(people, chosen, now) {
    const print = JSON.stringify([people, chosen, now && dayKey(now)]);
    if (print === this.print) return;
    this.print = print;
    const focused = document.activeElement?.closest("#people li")?.dataset.id;
    this.list.replaceChildren(...people.map((person) => row(person, person.id === chosen, now, this.choose)));
    if (focused) this.list.querySelector(`li[data-id="${CSS.escape(focused)}"] button`)?.focus();
  }
}
