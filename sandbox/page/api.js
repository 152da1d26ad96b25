// The person's side of the sandbox over HTTP, and the stream that says when to look again.

import { personFrom, screenFrom } from "./shapes.js";

const RETRY_MS = 1500;

const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(sentence(body.error ?? `the sandbox answered ${response.status}`));
  return body;
}

async function call(path, body, method) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body instanceof FormData) Object.assign(options, { method: "POST", body });
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  }
  return answer(await fetch(path, options));
}

const person = (id, act) => `/sandbox/people/${encodeURIComponent(id)}/${act}`;

function upload(id, file) {
  const form = new FormData();
  form.append("file", file);
  return call(person(id, file.type.startsWith("image/") ? "photo" : "document"), form);
}

export const api = {
  people: async () => (await call("/sandbox/people")).map(personFrom),
  screen: async (id) => screenFrom(await call(person(id, "screen"))),
  text: (id, text, extra = {}) => call(person(id, "text"), { text, ...extra }),
  press: (id, messageId, data) => call(person(id, "press"), { message_id: messageId, data }),
  start: (id, payload) => call(person(id, "start"), { payload }),
  edit: (id, messageId, text) => call(person(id, "edit"), { message_id: messageId, text }),
  shareContact: (id) => call(person(id, "contact"), {}),
  block: (id) => call(person(id, "block"), {}),
  unblock: (id) => call(person(id, "unblock"), {}),
  read: (id) => call(person(id, "read"), {}),
  clock: () => call("/sandbox/clock"),
  turn: (move) => call("/sandbox/clock/turn", move),
  botUsername: async () => (await call("/sandbox/bot")).username,
  faults: () => call("/sandbox/faults"),
  addFault: (rule) => call("/sandbox/faults", rule),
  clearFault: (id) => call(`/sandbox/faults/${id}`, undefined, "DELETE"),
  upload,
};

// Calls `onEvent` for each event and `onState(true|false)` as the line comes and goes. EventSource gives up for good
// when a restarting server answers anything but 200, so a closed one is opened afresh.
export function listen(onEvent, onState) {
  let source = null;
  const open = () => {
    source = new EventSource("/sandbox/events");
    source.addEventListener("open", () => onState(true));
    source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      onState(false);
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, RETRY_MS);
    });
  };
  open();
  window.addEventListener("pagehide", () => source.close());
}
