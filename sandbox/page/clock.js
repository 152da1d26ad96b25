// The service's clock: what it says, and the buttons that turn it.

import { byId, el } from "./dom.js";
import { dayName, hourMinute, shortDay, tomorrowAt, yearZone } from "./wall.js";

const HOUR_MS = 3_600_000;
const LOOK_AGAIN_MS = 10_000;

const TURNS = [
  { words: "1 hour", hours: 1 },
  { words: "1 day", hours: 24 },
  { words: "1 week", hours: 168 },
  { words: "8 weeks", hours: 1344 },
];

export function said(sent) {
  if (sent === 0) return "Nothing was due.";
  return sent === 1 ? "1 message went out." : `${sent} messages went out.`;
}

export class Clock {
  constructor(api, onChange, onTrouble) {
    this.api = api;
    this.onChange = onChange;
    this.onTrouble = onTrouble;
    this.now = null;
    this.sent = 0;
    this.turnsAsked = 0;
    this.turning = false;
    byId("turns").replaceChildren(...TURNS.map(({ words, hours }) => this.#button(words, () => this.#turn({ hours }, hours))));
    byId("turns").append(this.#button("to 09:00 tomorrow", () => this.#tomorrow(), "wide"));
    setInterval(() => this.refresh(), LOOK_AGAIN_MS);
  }

  async refresh() {
    const turns = this.turnsAsked;
    try {
      const news = await this.api.clock();
      // An answer from before the turn would say that it is over.
      if (turns === this.turnsAsked) this.take(news);
    } catch {
      // The stream's own state already says that the line is down.
    }
  }

  take(news) {
    if (news.now_utc) this.now = new Date(news.now_utc);
    if (news.dashboard_url) this.dashboardUrl = news.dashboard_url;
    if (typeof news.sent === "number") this.sent = news.sent;
    const ended = this.turning && news.turning === false;
    if (typeof news.turning === "boolean") this.turning = news.turning;
    if (this.turning && !this.span) this.span = { from: this.now, to: null };
    if (ended) this.#ended();
    this.#draw();
    this.onChange();
  }

  #button(words, press, extra = "") {
    return el("button", { type: "button", class: `turn ${extra}`, text: words, onclick: press });
  }

  #tomorrow() {
    const to = tomorrowAt(this.now ?? new Date(), 9);
    return this.#turn({ to: to.toISOString() }, (to - this.now) / HOUR_MS);
  }

  async #turn(move, hours) {
    if (this.turning || !this.now) return;
    this.span = { from: this.now, to: new Date(this.now.getTime() + hours * HOUR_MS) };
    this.sent = 0;
    this.turnsAsked += 1;
    this.turning = true;
    this.#draw();
    try {
      await this.api.turn(move);
    } catch (error) {
      this.turning = false;
      this.span = null;
      this.#draw();
      this.onTrouble(error);
    }
  }

  #ended() {
    const from = this.span?.from;
    this.span = null;
    byId("turned").textContent = `${said(this.sent)} ${from ? `Turned from ${shortDay(from)} ${hourMinute(from)}.` : ""}`.trim();
  }

  #draw() {
    if (!this.now) return;
    byId("time").textContent = hourMinute(this.now);
    byId("date").textContent = dayName(this.now);
    byId("zone").textContent = yearZone(this.now);
    for (const node of document.querySelectorAll("[data-clock]")) node.textContent = hourMinute(this.now);
    for (const node of document.querySelectorAll("[data-clock-day]")) node.textContent = `${shortDay(this.now)} ${hourMinute(this.now)}`;
    // Not `disabled`: the pressed button would lose the keyboard's place.
    for (const button of document.querySelectorAll(".turn")) button.setAttribute("aria-disabled", String(this.turning));
    const link = byId("dashboard");
    link.hidden = !this.dashboardUrl;
    if (this.dashboardUrl) link.href = this.dashboardUrl;
    this.#progress();
  }

  #progress() {
    const bar = byId("progress");
    byId("turning").hidden = !this.turning;
    if (!this.turning) return;
    byId("turned").textContent = "";
    const { from, to } = this.span;
    if (to) bar.value = Math.min(1, Math.max(0.02, (this.now - from) / (to - from)));
    else bar.removeAttribute("value");
    byId("turning-words").textContent = this.sent === 0 ? "Turning…" : `Turning… ${said(this.sent)}`;
  }
}
