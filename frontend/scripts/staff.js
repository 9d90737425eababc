/* Comfort for staff who have a script: a menu that folds on a phone, shortcuts, drafts that survive a crash. Every page
   works without this file. Drafts stay in this browser, are offered and never put back unasked, and are cleared when the
   record is saved or the person signs out. */
import { foldMenu } from "./staff/menu.js";
import { offerSearch } from "./staff/search.js";
import { watchVault } from "./staff/vault.js";
import { offerPasskeys } from "./staff/passkeys.js";
import { callRoll } from "./staff/roll.js";

(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  const DRAFT = "waymark-draft:";
  const SWITCH = "waymark-shortcuts";
  const DAY = 24 * 60 * 60 * 1000;

  const store = {
    read(key) {
      try { return window.localStorage.getItem(key); } catch { return null; }
    },
    write(key, value) {
      try { window.localStorage.setItem(key, value); } catch { /* a full or forbidden store only costs the comfort */ }
    },
    remove(key) {
      try { window.localStorage.removeItem(key); } catch { /* as above */ }
    },
    keys() {
      try { return Object.keys(window.localStorage); } catch { return []; }
    },
  };

  const draftKeys = () => store.keys().filter((key) => key.startsWith(DRAFT));

  function showErrors() {
    const summary = document.getElementById("errors");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      const target = document.getElementById(link.getAttribute("href").slice(1));
      if (!target) return;
      event.preventDefault();
      target.closest("details")?.setAttribute("open", "");
      target.scrollIntoView({ block: "center" });
      target.focus();
    });
  }

  /* A letter's link carries its code behind the `#`, which is never sent. Move it into the form and out of the address. */
  function takeCodeFromAddress() {
    const field = document.querySelector("[data-from-address]");
    const code = window.location.hash.slice(1);
    if (!field || !/^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/.test(code)) return;
    field.value = code;
    window.history.replaceState(null, "", window.location.pathname);
    field.form.querySelector("input[name=email]")?.focus();
  }

  function fieldsOf(form) {
    return [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken" && field.type !== "hidden"
      && field.type !== "password" && !["BUTTON", "FIELDSET"].includes(field.tagName));
  }

  function valuesOf(form) {
    return fieldsOf(form).map((field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value));
  }

  function putBack(form, values) {
    fieldsOf(form).forEach((field, at) => {
      if (at >= values.length) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = values[at];
      else field.value = values[at];
    });
  }

  function offerDraft(form, key, draft) {
    const box = document.createElement("div");
    box.className = "usa-alert usa-alert--warning";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    const when = new Date(draft.at).toLocaleString([], { weekday: "long", hour: "numeric", minute: "2-digit" });
    text.textContent = `This browser holds text that was not saved, from ${when}.`;
    const back = document.createElement("button");
    back.type = "button";
    back.className = "usa-button usa-button--outline";
    back.textContent = "Put it back";
    const away = document.createElement("button");
    away.type = "button";
    away.className = "usa-button usa-button--unstyled";
    away.textContent = "Throw it away";
    back.addEventListener("click", () => { putBack(form, draft.values); box.remove(); fieldsOf(form)[0]?.focus(); });
    away.addEventListener("click", () => { store.remove(key); box.remove(); fieldsOf(form)[0]?.focus(); });
    box.append(text, back, away);
    form.before(box);
  }

  function keepDrafts() {
    const user = document.body.dataset.user;
    for (const key of draftKeys()) {
      const draft = JSON.parse(store.read(key) || "null");
      if (!draft || Date.now() - draft.at > DAY || !key.startsWith(`${DRAFT}${user}:`)) store.remove(key);
    }
    document.querySelectorAll("[data-saved]").forEach((box) => store.remove(`${DRAFT}${user}:${box.dataset.saved}`));
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      const key = `${DRAFT}${user}:${form.dataset.draft}`;
      const start = JSON.stringify(valuesOf(form));
      const draft = JSON.parse(store.read(key) || "null");
      const hasErrors = Boolean(document.getElementById("errors"));
      if (draft && !hasErrors && JSON.stringify(draft.values) !== start) offerDraft(form, key, draft);
      let timer = 0;
      const keep = () => {
        const values = valuesOf(form);
        if (JSON.stringify(values) === start) store.remove(key);
        else store.write(key, JSON.stringify({ at: Date.now(), values }));
      };
      form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(keep, 400); });
      form.addEventListener("submit", () => { window.clearTimeout(timer); keep(); });
    });
    document.querySelectorAll("[data-sign-out]").forEach((button) => {
      button.addEventListener("click", () => draftKeys().forEach((key) => store.remove(key)));
    });
  }

  function listenForKeys(openSearch) {
    const list = document.getElementById("shortcut-list");
    if (!list) return;
    const goTo = new Map();
    list.querySelectorAll("[data-go]").forEach((item) => goTo.set(item.dataset.keys, item.dataset.go));
    const toggle = list.querySelector("[data-shortcut-switch]");
    const isOff = () => store.read(SWITCH) === "off";
    const name = () => { toggle.textContent = isOff() ? "Turn shortcuts on" : "Turn shortcuts off"; };
    name();
    toggle.addEventListener("click", () => { store.write(SWITCH, isOff() ? "on" : "off"); name(); });
    document.querySelectorAll("[data-open-shortcuts]").forEach((link) => {
      link.addEventListener("click", (event) => { event.preventDefault(); list.showModal(); });
    });

    let first = "";
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && typing?.form?.method === "post") {
        typing.form.requestSubmit();
        return;
      }
      if (typing || event.ctrlKey || event.metaKey || event.altKey || isOff() || document.querySelector("dialog[open]")) return;
      const keys = first ? `${first} ${event.key}` : event.key;
      first = "";
      if (goTo.has(keys)) { window.location.assign(goTo.get(keys)); return; }
      if (keys === "g") { first = "g"; window.setTimeout(() => { first = ""; }, 1500); return; }
      const clicks = { n: "[data-new]", e: "[data-edit]" };
      if (keys === "?") list.showModal();
      else if (keys === "/") {
        const search = document.querySelector("[data-list-search]");
        event.preventDefault();
        if (search) { search.focus(); search.select(); } else openSearch?.();
      } else if (clicks[keys]) document.querySelector(clicks[keys])?.click();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    foldMenu();
    showErrors();
    takeCodeFromAddress();
    keepDrafts();
    listenForKeys(offerSearch());
    watchVault();
    offerPasskeys();
    callRoll();
  });
})();
