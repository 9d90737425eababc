// Rows and the page of one service, drawn on the phone out of the signed copy: opening one sends no request.

import { el, fill } from "./dom.js";
import { stateWords } from "./hours.js";
import { bandWords } from "./near.js";
import { hoursAt } from "./opening.js";

const dialed = (number) => number.replace(/[^\d+]/g, "");

export class Shower {
  constructor({ copy, words, tongues, code }) {
    Object.assign(this, { copy, words, tongues, code });
    this.date = new Intl.DateTimeFormat(code === "ar" ? "ar-u-nu-latn" : code, { dateStyle: "long", timeZone: "UTC" });
  }

  word(key, values) {
    const text = this.words[key] ?? "";
    return values ? fill(text, values) : text;
  }

  day(text) {
    return this.date.format(new Date(`${text.slice(0, 10)}T00:00:00Z`));
  }

  own(texts) {
    return texts?.[this.code] ?? texts?.en ?? "";
  }

  // Text in its own language and direction: names may exist in English only.
  text(name, texts, attributes = {}) {
    const isOwn = texts?.[this.code] !== undefined;
    const tagged = isOwn || this.code === "en" ? {} : { lang: "en", dir: "auto" };
    return el(name, { ...attributes, ...tagged }, this.own(texts));
  }

  stateOf(service, now) {
    return hoursAt((service.s ?? []).map((place) => this.copy.schedules[place]), now);
  }

  isOpen(service, now) {
    return !service.q && this.stateOf(service, now).state === "open";
  }

  state(service, now, name) {
    const said = service.q ? this.word("service.closed_for_now") : stateWords(this.stateOf(service, now), now, this.words, this.code);
    return el(name, { class: this.isOpen(service, now) ? "state open" : "state" }, said);
  }

  label(service) {
    return service.t ? this.word("service.reported", { reason: this.word(`report.${service.t}`) }) : "";
  }

  alertsOf(service) {
    const dated = (service.u ?? []).map((each) => `${this.own(each.text)} ${this.word("service.alert_until", { date: this.day(each.until) })}`);
    const lasting = this.own(service.A);
    return lasting ? [...dated, lasting] : dated;
  }

  row(service, place, now, miles) {
    const city = (service.m ?? []).map((each) => each[1]).find(Boolean)?.split(", ").at(-2);
    const where = miles === undefined ? (city ?? service.r?.[0]) : bandWords(miles, this.words);
    const lines = [this.copy.agencies[service.o], where].filter(Boolean).join(" · ");
    return el(
      "li",
      {},
      el(
        "a",
        { class: "row", href: `/${this.code}/s/${service.i}/`, "data-place": place },
        this.text("strong", service.n),
        lines && el("span", { dir: "auto" }, lines),
        this.state(service, now, "span"),
        this.label(service) && el("span", { class: "label" }, this.label(service)),
        this.alertsOf(service)[0] && el("span", { class: "label" }, this.alertsOf(service)[0]),
      ),
    );
  }

  phones(service) {
    const keys = { text: "service.text", video: "service.video", tty: "service.tty" };
    const rows = (service.p ?? []).map(([number, kind, extension, note]) =>
      el(
        "li",
        {},
        el(
          "a",
          {
            class: kind === "voice" ? "button wide call" : "button wide",
            href: kind === "text" ? `sms:${dialed(number)}` : `tel:${dialed(number)}${extension ? `,,${extension}` : ""}`,
          },
          this.word(keys[kind] ?? "service.call", { number }) + (extension ? ` · ${extension}` : ""),
        ),
        note && el("span", { class: "quiet", dir: "auto" }, note),
      ),
    );
    return rows.length ? el("ul", { class: "phones", of: rows }) : null;
  }

  fact(key, ...content) {
    const kept = content.filter(Boolean);
    return kept.length ? el("div", {}, el("dt", {}, this.word(key)), el("dd", { dir: "auto", of: kept })) : null;
  }

  hours(service) {
    const lines = service.h === undefined ? [] : this.copy.hours[service.h];
    if (!lines.length) return null;
    const rows = lines.map(([days, times]) => el("tr", {}, el("th", { scope: "row" }, days), el("td", {}, times)));
    return el("table", { class: "hours", of: rows });
  }

  languages(service) {
    const named = (service.l ?? []).map((code) => this.tongues[code] ?? code).join(", ");
    const also = service.x ? this.word("service.languages_interpreter") : "";
    return [named, also].filter(Boolean).join(". ") || this.word("service.languages_unknown");
  }

  who(service) {
    const [lowest, highest] = service.a ?? [];
    let ages = "";
    if (lowest && highest) ages = this.word("service.ages_between", { from: lowest, to: highest });
    else if (lowest) ages = this.word("service.ages_from", { age: lowest });
    else if (highest) ages = this.word("service.ages_to", { age: highest });
    return [ages, this.own(service.e)].filter(Boolean).join(". ") || this.word("service.who_unknown");
  }

  cost(service) {
    return this.own(service.c) || this.word(service.f ? "service.free" : "service.cost_unknown");
  }

  checked(service, today) {
    if (!service.v) return { said: this.word("service.checked_never"), isDue: true };
    const isDue = (Date.parse(today) - Date.parse(service.v)) / 86_400_000 > service.z;
    return { said: this.word(isDue ? "service.checked_old" : "service.checked_on", { date: this.day(service.v) }), isDue };
  }

  places(service) {
    return (service.m ?? []).map(([name, address, , , ways, , isConfidential]) =>
      this.fact(
        "service.address",
        isConfidential ? this.word("service.confidential") : [name, address].filter(Boolean).join(", "),
        ways && el("p", { class: "quiet" }, ways),
      ),
    );
  }

  notes(service) {
    const isOwn = this.code === "en" || service.n[this.code] !== undefined;
    return [
      !isOwn && el("p", { class: "quiet" }, this.word("service.original_language")),
      isOwn && service.U && el("p", { class: "quiet" }, this.word("service.translation_note")),
      isOwn && service.V && el("p", { class: "quiet" }, this.word("service.translation_stale")),
    ].filter(Boolean);
  }

  record(service, now) {
    const today = new Date(now.day * 86_400_000).toISOString();
    const { said, isDue } = this.checked(service, today);
    const access = [...new Set((service.m ?? []).flatMap((place) => place[5]))].join(", ");
    const voice = (service.p ?? []).find(([, kind]) => kind === "voice");
    const address = `/${this.code}/s/${service.i}/`;
    const facts = [
      this.fact("service.hours", this.hours(service)),
      this.fact("service.languages", this.languages(service)),
      this.fact("service.who", this.who(service)),
      this.fact("service.cost", this.cost(service)),
      this.fact("service.bring", service.b && el("ul", { of: service.b.map((each) => el("li", {}, each)) })),
      this.fact("service.how", this.own(service.w)),
      this.fact("service.police", this.word(`service.police_${service.y ?? "unknown"}`)),
      ...this.places(service),
      this.fact("service.area", (service.r ?? []).join(", ")),
      this.fact("service.access", access),
      this.fact(
        "service.website",
        service.W && el("a", { href: service.W, rel: "noreferrer nofollow external" }, service.W),
        service.W && el("p", { class: "quiet" }, this.word("service.website_note")),
      ),
    ].filter(Boolean);
    return [
      this.text("h1", service.n, { tabindex: "-1" }),
      service.o === undefined ? "" : el("p", { class: "quiet", dir: "auto" }, this.copy.agencies[service.o]),
      ...this.alertsOf(service).map((words) => el("p", { class: "notice", role: "note" }, words)),
      this.label(service) && el("p", { class: "notice" }, this.label(service)),
      this.phones(service) ?? "",
      voice ? el("p", { class: "quiet" }, `${this.word("service.relay", { number: voice[0] })}. ${this.word("service.phone_note")}`) : "",
      el("p", {}, this.state(service, now, "strong")),
      this.text("p", service.d),
      ...this.notes(service),
      el("dl", { class: "facts", of: facts }),
      el("p", { class: isDue ? "small-print notice" : "small-print" }, said),
      el(
        "div",
        { class: "buttons" },
        voice ? el("a", { class: "button", href: `${address}card/` }, this.word("service.show_number")) : "",
        el("a", { class: "button", href: `${address}wrong/` }, this.word("report.link")),
      ),
    ].filter(Boolean);
  }
}
