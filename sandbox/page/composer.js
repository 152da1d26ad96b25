// The foot of the phone: type and send, attach, the bot's commands, reply keyboards, Start and Unblock.

import { attachMenu, byId, el } from "./dom.js";

const MAX_LINES_PX = 132;

export class Composer {
  constructor(actions) {
    this.actions = actions;
    this.drafts = new Map();
    this.box = byId("composer");
    this.field = byId("field");
    this.note = byId("note");
    this.keyboard = byId("keyboard");
    this.gate = byId("gate");
    this.commands = [];
    this.box.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#grow());
    byId("note-close").addEventListener("click", () => this.#dropNote());
    byId("keyboard-toggle").addEventListener("click", () => this.#toggleKeyboard());
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", (event) => this.#attach(event.target));
    attachMenu(byId("commands"), byId("command-list"), (close) => this.commands.map((item) => this.#command(item, close)));
  }

  // `waiting` is the payload of a link opened but not yet started: null for none, "" for a plain start.
  show(person, screen, waiting) {
    if (this.person !== person.id) this.#change(person.id);
    this.commands = screen.commands;
    byId("commands").hidden = this.commands.length === 0;
    this.#gate(screen, waiting);
    this.#forceReply(screen);
    this.#replyKeyboard(screen);
  }

  edit(message) {
    this.editing = message;
    this.field.value = message.text;
    this.#showNote("Edit message", message.text);
    this.field.focus();
    this.#grow();
  }

  #change(id) {
    if (this.person) this.drafts.set(this.person, this.editing ? "" : this.field.value);
    this.person = id;
    this.editing = null;
    this.replyTo = null;
    this.dismissed = null;
    this.note.hidden = true;
    this.layout = "";
    this.field.value = this.drafts.get(id) ?? "";
    this.#grow();
  }

  #gate(screen, waiting) {
    const blocked = screen.blocked;
    const gone = screen.deactivated;
    const start = !blocked && (waiting !== null || !screen.started);
    this.box.hidden = blocked || gone || start;
    this.gate.hidden = !this.box.hidden;
    this.#grow();
    const state = `${this.person} ` + (gone ? "gone" : blocked ? "blocked" : start ? `start ${waiting ?? ""}` : "open");
    if (state === this.state) return;
    this.state = state;
    const words = blocked ? "Unblock" : "Start";
    const press = blocked ? this.actions.unblock : () => this.actions.start(waiting ?? "");
    if (gone) return this.gate.replaceChildren(el("p", { text: "This Telegram account was deleted." }));
    const parts = [el("button", { type: "button", class: "big", text: words, onclick: press })];
    if (blocked) parts.unshift(el("p", { text: "You blocked this bot. It cannot write to you." }));
    if (start && waiting) parts.unshift(this.actions.invitation());
    this.gate.replaceChildren(...parts);
  }

  #forceReply(screen) {
    const asked = screen.forceReply;
    const key = asked ? JSON.stringify(asked) + screen.messages.length : null;
    this.field.placeholder = (asked ?? screen.keyboard)?.input_field_placeholder || "Message";
    if (!asked) {
      if (this.replyTo) this.#dropNote();
      return;
    }
    if (this.editing || this.dismissed === key || this.replyTo === key) return;
    this.replyTo = key;
    const question = screen.messages.findLast((message) => !message.fromMe);
    this.replyId = asked.message_id ?? question?.id;
    this.#showNote("Reply to Keep in Touch", question?.text ?? "");
    this.field.focus();
  }

  #replyKeyboard(screen) {
    const rows = screen.keyboard?.keyboard ?? [];
    const layout = JSON.stringify(rows);
    byId("keyboard-toggle").hidden = rows.length === 0 || this.box.hidden;
    if (rows.length === 0 || this.box.hidden) this.keyboard.hidden = true;
    else if (layout !== this.layout) this.keyboard.hidden = false;
    byId("keyboard-toggle").setAttribute("aria-expanded", String(!this.keyboard.hidden));
    if (layout === this.layout) return;
    this.layout = layout;
    this.keyboard.replaceChildren(...rows.map((row) => el("div", { class: "key-row" }, ...row.map((key) => this.#replyKey(key)))));
  }

  #replyKey(key) {
    const press = () => (key.request_contact ? this.actions.shareContact() : this.actions.sendText(key.text));
    return el("button", { type: "button", class: "reply-key", onclick: press }, el("span", { dir: "auto", text: key.text }));
  }

  #toggleKeyboard() {
    this.keyboard.hidden = !this.keyboard.hidden;
    byId("keyboard-toggle").setAttribute("aria-expanded", String(!this.keyboard.hidden));
  }

  #command(item, close) {
    const pick = () => {
      close();
      this.actions.sendText(`/${item.command}`);
    };
    return el("button", { type: "button", onclick: pick }, el("b", { text: `/${item.command}` }), el("span", { text: item.description }));
  }

  #showNote(title, text) {
    byId("note-title").textContent = title;
    byId("note-text").textContent = text;
    this.note.hidden = false;
  }

  #dropNote() {
    if (this.editing) this.field.value = "";
    this.dismissed = this.replyTo;
    this.editing = null;
    this.replyTo = null;
    this.note.hidden = true;
    this.#grow();
  }

  #key(event) {
    if (event.key === "Escape" && !this.note.hidden) this.#dropNote();
    // isComposing: Enter while choosing a word in an input method must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  async #submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const { editing, replyTo, replyId, person } = this;
    this.editing = null;
    this.replyTo = null;
    this.dismissed = replyTo;
    this.note.hidden = true;
    this.field.value = "";
    this.#grow();
    const extra = replyTo && replyId ? { reply_to: replyId } : {};
    const done = editing ? await this.actions.saveEdit(editing, text) : await this.actions.sendText(text, extra);
    if (done || this.person !== person || this.field.value) return;
    this.field.value = text;
    this.#grow();
  }

  async #attach(input) {
    for (const file of input.files) await this.actions.upload(file);
    input.value = "";
    this.field.focus();
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, MAX_LINES_PX)}px`;
    this.box.classList.toggle("has-text", this.field.value.trim() !== "");
  }
}
