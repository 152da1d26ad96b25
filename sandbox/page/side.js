// The clock and guide: a column where there is room, a sheet that slides over the chat where there is not.

import { byId } from "./dom.js";

const column = matchMedia("(min-width: 1140px)");

export class Side {
  constructor() {
    this.box = byId("side");
    this.opener = null;
    for (const button of document.querySelectorAll("[data-side-open]")) button.addEventListener("click", () => this.open(button));
    byId("side-close").addEventListener("click", () => this.close());
    byId("scrim").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.opener && this.close());
    column.addEventListener("change", () => this.close());
    this.close();
  }

  open(button) {
    this.opener = button;
    this.#show(true);
    byId("side-close").focus();
  }

  close() {
    this.#show(false);
    this.opener?.focus();
    this.opener = null;
  }

  // While the sheet covers the page the rest cannot be reached; while it is away, nor can the sheet.
  #show(open) {
    const sheet = !column.matches;
    document.body.classList.toggle("side-open", open && sheet);
    byId("scrim").hidden = !(open && sheet);
    this.box.inert = sheet && !open;
    for (const part of document.querySelectorAll(".banner, .town, .stage")) part.inert = open && sheet;
  }
}
