/* Search from the keyboard: Ctrl K opens a dialog, words find pages and things as they are typed, arrows choose, Enter goes
   there, Escape gives the focus back. The words travel in the body of a request and are kept nowhere. Without this file the
   link in the header leads to the page that does the same. */

const PAUSE = 180;

function optionOf(each, number) {
  const option = document.createElement("li");
  option.id = `search-found-${number}`;
  option.setAttribute("role", "option");
  option.dataset.url = each.url;
  const label = document.createElement("strong");
  label.textContent = each.label;
  const note = document.createElement("span");
  note.className = "quiet";
  note.textContent = [each.kind, each.note].filter(Boolean).join(" · ");
  option.append(label, " ", note);
  return option;
}

class Search {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.input = dialog.querySelector("[role=combobox]");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[role=status]");
    this.asked = 0;
    this.timer = 0;
    this.input.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.show([]);
      this.timer = window.setTimeout(() => this.ask(), PAUSE);
    });
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.forget());
  }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.focus();
  }

  forget() {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.input.value = "";
    this.show([]);
    this.status.textContent = "";
  }

  async ask() {
    this.asked += 1;
    const mine = this.asked;
    if (!this.input.value.trim()) { this.status.textContent = ""; return; }
    let answer = null;
    try {
      const response = await window.fetch(this.form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(this.form)),
      });
      if (response.ok && !response.redirected) answer = await response.json();
    } catch { /* said below */ }
    // A slower answer to earlier words must not stand under newer ones.
    if (mine !== this.asked) return;
    if (!answer) {
      this.status.textContent = "This did not work. Reload the page and try again.";
      return;
    }
    this.show(answer.found);
    const more = answer.is_cut ? " There is more: add a word." : "";
    this.status.textContent = answer.found.length ? `${answer.found.length} found.${more}` : "Nothing is found by this name.";
  }

  show(found) {
    this.list.replaceChildren(...found.map(optionOf));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.choose(this.list.firstElementChild);
  }

  choose(option) {
    this.list.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  go(option) {
    if (option) window.location.assign(option.dataset.url);
  }

  press(event) {
    const chosen = this.list.querySelector("[aria-selected]");
    const ends = { ArrowDown: this.list.firstElementChild, ArrowUp: this.list.lastElementChild };
    if (event.key === "Enter" && chosen && !event.ctrlKey) {
      event.preventDefault();
      this.go(chosen);
    } else if (event.key in ends && chosen) {
      event.preventDefault();
      const beside = event.key === "ArrowDown" ? chosen.nextElementSibling : chosen.previousElementSibling;
      this.choose(beside ?? ends[event.key]);
    }
  }
}

/* Gives what opens the dialog, or null where there is none. */
export function offerSearch() {
  const dialog = document.getElementById("search-dialog");
  if (!dialog) return null;
  const search = new Search(dialog);
  document.querySelectorAll("[data-open-search]").forEach((link) => {
    link.addEventListener("click", (event) => { event.preventDefault(); search.open(); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (document.querySelector("dialog[open]:not(#search-dialog)")) return;
    event.preventDefault();
    search.open();
  });
  return () => search.open();
}
