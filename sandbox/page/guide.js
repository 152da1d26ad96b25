// "Try this": the main job in eight steps. The visitor ticks; the page only remembers.

import { byId, el } from "./dom.js";

const MEMORY = "keepintouch-guide";

export const STEPS = [
  { title: "Sam joins", who: "Sam", words: "Open Sam's phone, press Start, read what is kept, then press Join." },
  { title: "Sam reads about staying put", who: "Sam", words: "Ask “do I have to leave my foster mums when I'm 18”, or use the menu." },
  { title: "Sam answers a check-in", who: "Sam", words: "Turn the clock a week. A check-in comes on Wednesday; press the answer that fits." },
  { title: "Sam goes quiet", who: "Sam", words: "From here on, leave Sam's phone alone." },
  { title: "Turn the clock", who: null, words: "A week at a time. Sam gets one nudge, with what happens next and no blame." },
  { title: "Jo is told", who: "Jo", words: "Jo's phone shows why, and what to do next. For the dashboard, type /dashboard on Jo's phone." },
  { title: "Jo logs a call", who: "Jo", words: "Press “Log a contact”, or type /log and what was said." },
  { title: "All clear", who: "Jo", words: "The ladder stops, Jo is told so, and the table shows Sam in touch." },
];

function remembered() {
  try {
    return new Set(JSON.parse(localStorage.getItem(MEMORY) ?? "[]"));
  } catch {
    return new Set();
  }
}

export class Guide {
  constructor(findPerson, goTo) {
    this.done = remembered();
    this.findPerson = findPerson;
    byId("steps").replaceChildren(...STEPS.map((step, index) => this.#step(step, index, goTo)));
    byId("again").addEventListener("click", () => this.#again());
    this.#count();
  }

  #step(step, index, goTo) {
    const box = el("input", { type: "checkbox", id: `step-${index}` });
    box.checked = this.done.has(index);
    box.addEventListener("change", () => this.#tick(index, box.checked));
    const label = el("label", { for: `step-${index}` }, el("b", { text: step.title }), el("span", { text: step.words }));
    const jump = () => {
      const person = this.findPerson(step.who);
      if (person) goTo(person.id);
    };
    const go = step.who && el("button", { type: "button", class: "go", "aria-label": `Open ${step.who}'s phone`, onclick: jump, text: step.who });
    return el("li", { class: "step" }, box, label, go);
  }

  #tick(index, done) {
    if (done) this.done.add(index);
    else this.done.delete(index);
    localStorage.setItem(MEMORY, JSON.stringify([...this.done]));
    this.#count();
  }

  #again() {
    this.done.clear();
    localStorage.removeItem(MEMORY);
    for (const box of byId("steps").querySelectorAll("input")) box.checked = false;
    this.#count();
  }

  #count() {
    byId("steps-done").textContent = `${this.done.size} of ${STEPS.length}`;
    byId("again").hidden = this.done.size === 0;
    const next = STEPS.findIndex((_, index) => !this.done.has(index));
    [...byId("steps").children].forEach((item, index) => item.classList.toggle("next", index === next));
  }
}
