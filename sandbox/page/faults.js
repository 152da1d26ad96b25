// Switches for what can fail. Each one is a set of the server's own fault rules, held until it is switched back.

import { byId, el } from "./dom.js";

const LOST = { kind: "error", code: 502, description: "Bad Gateway", times: null };

// A rule that names no method leaves polling alone, so an outage needs a second rule.
const SWITCHES = [
  { key: "down", title: "Telegram is down", words: "Nothing goes out or comes in.", rules: () => [LOST, { ...LOST, method: "getUpdates" }] },
  { key: "lost", title: "Answers get lost", words: "Messages arrive; the service cannot tell.", rules: () => [{ kind: "reset_after", method: "sendMessage", times: null }] },
  { key: "gone", who: "Sam", title: "Sam's account is gone", words: "Telegram answers: deactivated.", rules: (sam) => [{ kind: "deactivated", chat_id: sam.id, times: null }] },
];

export class Faults {
  constructor(api, findPerson, onTrouble) {
    this.api = api;
    this.findPerson = findPerson;
    this.onTrouble = onTrouble;
    this.held = new Map();
    this.buttons = new Map(SWITCHES.map((one) => [one.key, this.#button(one)]));
    this.blocked = this.#button({ key: "blocked", title: "Sam blocks the service", words: "As from the menu on Sam's phone." });
    byId("faults").replaceChildren(this.buttons.get("down"), this.blocked, this.buttons.get("gone"), this.buttons.get("lost"));
  }

  // What is on is read back from the rules in force, so a reload or a second window shows the same.
  async refresh() {
    try {
      const rules = await this.api.faults();
      for (const one of SWITCHES) this.#show(one, rules);
      const sam = this.findPerson("Sam");
      if (sam) this.#set(this.blocked, (await this.api.screen(sam.id)).blocked);
    } catch {
      // The stream's own state already says that the line is down.
    }
  }

  #show(one, rules) {
    const person = one.who ? this.findPerson(one.who) : null;
    const wanted = one.who && !person ? [] : one.rules(person);
    const ids = wanted.map((rule) => rules.find((held) => fits(rule, held))?.id).filter((id) => id !== undefined);
    this.held.set(one.key, ids);
    this.#set(this.buttons.get(one.key), wanted.length > 0 && ids.length === wanted.length);
  }

  #set(button, on) {
    button.setAttribute("aria-checked", String(Boolean(on)));
  }

  #button(one) {
    const words = el("span", {}, el("b", { text: one.title }), el("span", { text: one.words }));
    return el("button", { type: "button", class: "fault", role: "switch", "aria-checked": "false", onclick: () => this.#press(one) }, words, el("span", { class: "switch" }));
  }

  async #press(one) {
    try {
      if (one.key === "blocked") await this.#block();
      else await this.#turn(one);
    } catch (error) {
      this.onTrouble(error.message, "trouble");
    }
    await this.refresh();
  }

  #block() {
    const sam = this.findPerson("Sam");
    if (!sam) return null;
    return this.blocked.getAttribute("aria-checked") === "true" ? this.api.unblock(sam.id) : this.api.block(sam.id);
  }

  async #turn(one) {
    const on = this.buttons.get(one.key).getAttribute("aria-checked") === "true";
    if (on) return Promise.all(this.held.get(one.key).map((id) => this.api.clearFault(id)));
    const person = one.who ? this.findPerson(one.who) : null;
    if (one.who && !person) throw new Error("There is no Sam in this town.");
    for (const rule of one.rules(person)) await this.api.addFault(rule);
  }
}

function fits(rule, held) {
  return held.kind === rule.kind && (held.method ?? null) === (rule.method ?? null) && (held.chat_id ?? null) === (rule.chat_id ?? null) && (held.left ?? null) === null;
}
