// The list of bubbles: kept in step with the server's screen by id, so focus and scroll survive every refresh.

import { byId, el } from "./dom.js";
import { messageNode, typingNode } from "./message.js";
import { dayKey, dayName } from "./wall.js";

const NEAR_BOTTOM_PX = 80;
const LEAVE_MS = 180;

export class Chat {
  constructor(actions) {
    this.actions = actions;
    this.scroller = byId("scroller");
    this.list = byId("messages");
    this.empty = byId("empty");
    this.pill = byId("pill");
    this.nodes = new Map();
    this.person = null;
    this.fresh = 0;
    this.top = 0;
    this.pinned = true;
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.pill.addEventListener("click", () => this.toBottom(true));
    // Late images and a growing composer change heights after the scroll was set.
    const watch = new ResizeObserver(() => this.pinned && this.toBottom(false));
    watch.observe(this.list);
    watch.observe(this.scroller);
  }

  show(person, screen, now) {
    const arrived = this.person === person.id ? this.#arrivals(screen.messages) : this.#enter(person, screen.messages);
    this.#place(this.#items(person, screen, now));
    this.empty.hidden = screen.messages.length > 0;
    this.#follow(arrived);
    return arrived.filter((message) => !message.fromMe);
  }

  toBottom(smooth) {
    this.pinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.#count(0);
  }

  #enter(person, messages) {
    this.person = person.id;
    this.nodes.clear();
    this.list.replaceChildren();
    this.pinned = true;
    this.#count(0);
    this.seen = new Set(messages.map((message) => message.id));
    this.unreadFrom = messages.find((message) => message.unread && !message.fromMe)?.id ?? null;
    return [];
  }

  #arrivals(messages) {
    const arrived = messages.filter((message) => !this.seen.has(message.id));
    for (const message of arrived) this.seen.add(message.id);
    if (arrived.some((message) => message.fromMe)) this.unreadFrom = null;
    return arrived;
  }

  #items(person, screen, now) {
    const items = [];
    let day = "";
    screen.messages.forEach((message, index) => {
      const date = new Date(message.date);
      if (dayKey(date) !== day) {
        day = dayKey(date);
        items.push(this.#keep(`day ${day}`, dayName(date, now), (name) => el("li", { class: "day" }, el("span", { text: name }))));
      }
      if (message.id === this.unreadFrom) {
        items.push(this.#keep("unread", "", () => el("li", { class: "unread-line" }, el("span", { text: "Unread messages" }))));
      }
      const node = this.#keep(`message ${message.id}`, message, () =>
        messageNode(message, message.fromMe ? person.name : "Keep in Touch", this.actions));
      const next = screen.messages[index + 1];
      const last = !next || next.fromMe !== message.fromMe || dayKey(new Date(next.date)) !== day || Boolean(message.buttons?.length);
      node.classList.toggle("tail", last);
      items.push(node);
    });
    if (screen.typing) items.push(this.#keep("typing", "", typingNode));
    return items;
  }

  // Answers the node made earlier under this key while what it was made from is the same.
  #keep(key, source, make) {
    const print = JSON.stringify(source, (name, value) => (name === "unread" ? undefined : value));
    const old = this.nodes.get(key);
    if (old?.print === print) return old.node;
    const node = make(source);
    if (old) this.#swap(old.node, node);
    else if (this.nodes.size > 0) node.classList.add("arriving");
    this.nodes.set(key, { print, node });
    return node;
  }

  // An edited message keeps the keyboard's place: the same button if it is still there, else the first one.
  #swap(old, node) {
    const had = old.contains(document.activeElement);
    const words = document.activeElement?.textContent;
    old.replaceWith(node);
    if (!had) return;
    const buttons = [...node.querySelectorAll(".key")];
    (buttons.find((button) => button.textContent === words) ?? buttons[0] ?? this.scroller).focus({ preventScroll: true });
  }

  #place(items) {
    const wanted = new Set(items);
    for (const [key, { node }] of this.nodes) {
      if (wanted.has(node)) continue;
      this.nodes.delete(key);
      this.#leave(node, key);
    }
    let at = this.list.firstElementChild;
    for (const item of items) {
      while (at?.classList.contains("leaving")) at = at.nextElementSibling;
      if (at === item) at = at.nextElementSibling;
      else this.list.insertBefore(item, at);
    }
  }

  #leave(node, key) {
    if (!key.startsWith("message ")) return node.remove();
    node.classList.add("leaving");
    node.inert = true;
    setTimeout(() => node.remove(), LEAVE_MS);
  }

  #follow(arrived) {
    const entered = this.scroller.dataset.person !== String(this.person);
    this.scroller.dataset.person = this.person;
    const line = entered && this.nodes.get("unread")?.node;
    if (line) {
      line.scrollIntoView({ block: "center", behavior: "instant" });
      this.pinned = false;
      this.#scrolled();
    } else if (entered || this.pinned || arrived.some((message) => message.fromMe)) this.toBottom(false);
    else this.#count(this.fresh + arrived.length);
  }

  // Only a move upwards lets go of the bottom: new messages can also push it away before this event comes.
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const up = scrollTop < this.top;
    this.top = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) this.pinned = true;
    else if (up) this.pinned = false;
    this.#count(this.pinned ? 0 : this.fresh);
  }

  #count(fresh) {
    this.fresh = fresh;
    this.pill.hidden = this.pinned;
    this.pill.querySelector("span").textContent = fresh === 0 ? "Latest" : `${fresh} new ${fresh === 1 ? "message" : "messages"}`;
  }
}
