// The page as a whole: whose phone is in the hand, what the server last said, and what a press does.

import { api, listen } from "./api.js";
import { Chat } from "./chat.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { attachMenu, byId, el } from "./dom.js";
import { Faults } from "./faults.js";
import { Guide } from "./guide.js";
import { People } from "./people.js";
import { Side } from "./side.js";
import { startPayload } from "./text.js";
import { alertBox, announce, enlarge, toast } from "./voice.js";

// Telegram shows "typing" for five seconds and says nothing when it ends.
const TYPING_ENDS_MS = 5200;
const state = { people: [], id: null, screen: null, bot: "", waiting: null };
const narrow = matchMedia("(max-width: 760px)");
const current = () => state.people.find((person) => person.id === state.id);
const named = (first) => state.people.find((person) => person.first === first);

// One look at a time; whatever changes meanwhile is one more look, however many events came.
function looker(look) {
  let running = null;
  let again = false;
  return function refresh() {
    again = true;
    running ??= (async () => {
      while (again) {
        again = false;
        await look().catch(() => {});
      }
    })().finally(() => (running = null));
    return running;
  };
}

const refreshPeople = looker(async () => {
  state.people = await api.people();
  draw();
});

const refreshScreen = looker(async () => {
  const { id } = state;
  if (!id) return;
  const screen = await api.screen(id);
  if (id !== state.id) return;
  state.screen = screen;
  draw();
  announce(drawScreen());
  if (screen.typing) setTimeout(refreshScreen, TYPING_ENDS_MS);
  await markRead();
});

async function markRead() {
  const seen = !document.hidden && (!narrow.matches || document.body.dataset.view === "chat");
  if (seen && state.screen?.messages.some((message) => message.unread && !message.fromMe)) await api.read(state.id);
}

function draw() {
  people.show(state.people, state.id, clock.now);
  const person = current();
  if (person) byId("owner").textContent = `${person.first}'s phone`;
}

function drawScreen() {
  const person = current();
  if (!person || !state.screen) return [];
  const waiting = state.waiting?.id === state.id ? state.waiting.payload : null;
  byId("state").textContent = state.screen.typing || "bot";
  byId("phone").classList.toggle("is-typing", Boolean(state.screen.typing));
  if (state.screen.description) byId("about-bot").textContent = state.screen.description;
  composer.show(person, state.screen, waiting);
  return chat.show(person, state.screen, clock.now);
}

async function act(doing) {
  try {
    const result = await doing();
    await refreshScreen();
    return result ?? true;
  } catch (error) {
    toast(error instanceof TypeError ? "The sandbox is not answering." : error.message, "trouble");
    return null;
  }
}

const actions = {
  sendText: (text, extra) => act(() => api.text(state.id, text, extra)),
  saveEdit: (message, text) => act(() => api.edit(state.id, message.id, text)),
  upload: (file) => act(() => api.upload(state.id, file)),
  press: (message, button) => act(() => api.press(state.id, message.id, button.data)),
  shareContact: () => act(() => api.shareContact(state.id)),
  unblock: () => act(() => api.unblock(state.id)),
  block: () => act(() => api.block(state.id)),
  edit: (message) => composer.edit(message),
  enlarge,
  say: toast,
  openLink(url) {
    const payload = startPayload(url, state.bot);
    if (payload === null) return false;
    wait(state.id, payload);
    return true;
  },
  async start(payload) {
    if (await act(() => api.start(state.id, payload))) wait(null, null);
    byId("field").focus({ preventScroll: true });
  },
  // A link is sent to one person and opened by another, so the visitor may carry it across.
  invitation() {
    const options = state.people.map((person) => {
      const option = el("option", { value: person.id, text: `${person.first}'s phone` });
      option.selected = person.id === state.id;
      return option;
    });
    const pick = el("select", { id: "whose" }, ...options);
    pick.addEventListener("change", () => {
      wait(pick.value, state.waiting.payload);
      choose(pick.value);
    });
    const cancel = el("button", { type: "button", class: "plain", text: "Not now", onclick: () => wait(null, null) });
    return el("p", { class: "invitation" }, el("label", { for: "whose", text: "Open this link on" }), pick, cancel);
  },
};

function wait(id, payload) {
  state.waiting = id === null ? null : { id: state.people.find((person) => String(person.id) === String(id))?.id, payload };
  drawScreen();
  byId("gate").querySelector(".big")?.focus({ preventScroll: true });
}

function choose(id) {
  location.hash = `#/${encodeURIComponent(id)}`;
}

// The address says whose phone it is, and may carry a link to open: #/sam?start=abc
async function follow() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const wanted = state.people.find((person) => String(person.id) === decodeURIComponent(path));
  document.body.dataset.view = wanted ? "chat" : "list";
  if (!wanted && narrow.matches) return leave();
  const person = wanted ?? state.people[0];
  if (!person) return;
  if (state.id !== person.id) state.screen = null;
  state.id = person.id;
  const payload = new URLSearchParams(query).get("start");
  if (payload !== null) state.waiting = { id: person.id, payload };
  draw();
  await refreshScreen();
}

function leave() {
  state.id = null;
  state.screen = null;
  draw();
}

function answered({ text, alert, url }) {
  if (url) actions.openLink(url);
  if (text && alert) alertBox(text);
  else if (text) toast(text);
}

function hear(event) {
  if (!event.kind) return;
  if (event.kind === "clock") return clock.take(event);
  if (event.kind === "callback_answer" && event.person === state.id) answered(event);
  if (event.kind === "faults" || event.kind === "people") faults.refresh();
  if (event.person === undefined || event.person === null || event.person === state.id) refreshScreen();
  if (!["typing", "callback_answer"].includes(event.kind)) refreshPeople();
}

let told = true;
async function lineChanged(up) {
  byId("line").hidden = up;
  if (up && !told) announce([{ text: "Connected again." }]);
  told = up;
  if (!up) return;
  await Promise.all([refreshPeople(), clock.refresh()]);
  state.bot = await api.botUsername().catch(() => state.bot);
  await Promise.all([follow(), faults.refresh()]);
}

function moreItems(close) {
  const item = (text, press) => el("button", { type: "button", text, onclick: () => { close(); press(); } });
  const blocked = state.screen?.blocked;
  return [
    item("Open an invite link…", askForLink),
    blocked ? item("Unblock the bot", actions.unblock) : item("Block the bot", actions.block),
  ];
}

function askForLink() {
  byId("link-text").value = "";
  byId("link-trouble").textContent = "";
  byId("open-link").showModal();
}

byId("open-link").querySelector("form").addEventListener("submit", (event) => {
  if (event.submitter?.value === "cancel" || actions.openLink(byId("link-text").value)) return;
  event.preventDefault();
  byId("link-trouble").textContent = "That is not a link to Keep in Touch.";
});

const chat = new Chat(actions);
const composer = new Composer(actions);
const people = new People(choose);
const side = new Side();
const clock = new Clock(api, draw, (error) => toast(error.message, "trouble"));
const faults = new Faults(api, named, toast);
new Guide(named, (id) => {
  side.close();
  choose(id);
});
attachMenu(byId("more"), byId("more-list"), moreItems);
byId("back").addEventListener("click", () => choose(""));
window.addEventListener("hashchange", follow);
narrow.addEventListener("change", follow);
document.addEventListener("visibilitychange", () => markRead().catch(() => {}));
listen(hear, lineChanged);
