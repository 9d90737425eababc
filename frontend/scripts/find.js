// Looking for help on the phone: the signed list is fetched once, when the page opens; from then on typing, picking,
// narrowing and reading send nothing. Without it (an old browser, a list that cannot be trusted) the page's own links and
// forms go on working.

import { keptList, keptNote, renew } from "./keep/kept.js";
import { fetchCopy, isTrue, read, UntrueCopy } from "./search/copy.js";
import { fill } from "./search/dom.js";
import { Engine } from "./search/engine.js";
import { nearestMiles, nearRank } from "./search/near.js";
import { wallClock } from "./search/opening.js";
import { Shower } from "./search/show.js";

const PAGE = 20;
const AFTER_TYPING = 120;
const AGES = { under_18: [0, 17], "18_24": [18, 24], "25_59": [25, 59], 60: [60, 120] };
const HOUR = 3_600_000;

const part = (id) => document.getElementById(id);
const device = part("device");
const { code } = device.dataset;

// A kept copy is renewed only by a list that the kept key has signed.
async function freshestList() {
  const note = await keptNote();
  const key = note?.key ?? device.dataset.key;
  try {
    const bytes = await fetchCopy(device.dataset.list, key);
    if (note?.list === device.dataset.list && navigator.onLine !== false) renew(note, bytes).catch(() => null);
    return { bytes, trouble: "" };
  } catch (error) {
    if (!note) throw error;
    const bytes = await keptList(note);
    if (!(await isTrue(bytes, key))) throw error;
    return { bytes, trouble: error instanceof UntrueCopy ? "store.bad_copy" : "store.offline" };
  }
}

class Finder {
  constructor(copy, { words, tongues }, trouble) {
    Object.assign(this, { copy, words, trouble });
    this.engine = new Engine(copy);
    this.shower = new Shower({ copy, words, tongues, code });
    this.view = "tiles";
    this.need = null;
    this.shown = PAGE;
    this.field = part("words");
    this.filters = part("filters");
  }

  start() {
    let timer = 0;
    const look = (isTyping) => {
      this.need = null;
      this.list(isTyping);
    };
    this.field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(true), AFTER_TYPING);
    });
    part("search").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      look(false);
      if (this.view === "list") part("asked").focus();
    });
    this.filters.addEventListener("input", () => this.list());
    this.filters.addEventListener("submit", (event) => event.preventDefault());
    part("more").addEventListener("click", () => this.more());
    part("tiles").addEventListener("click", (event) => this.pick(event));
    part("rows").addEventListener("click", (event) => this.open(event));
    document.querySelector(".back").addEventListener("click", (event) => this.back(event));
    part("all-needs").addEventListener("click", (event) => this.back(event));
    const hint = part("words-hint");
    hint.textContent = hint.dataset.onDevice;
    this.tellAge();
    if (this.field.value.trim()) look(false);
  }

  tellAge() {
    const made = new Date(this.copy.made);
    const hours = (Date.now() - made.getTime()) / HOUR;
    const date = new Intl.DateTimeFormat(code === "ar" ? "ar-u-nu-latn" : code, { dateStyle: "long" }).format(made);
    const said = [];
    if (this.trouble) said.push(this.words[this.trouble]);
    if (hours > 24 * 30) said.push(fill(this.words["results.snapshot_old"], { date }));
    else if (hours > 72) said.push(fill(this.words["store.kept_old"], { days: Math.floor(hours / 24) }));
    else said.push(fill(this.words["results.snapshot_date"], { date }));
    part("made").textContent = said.join(" ");
    part("made").className = this.trouble || hours > 72 ? "notice" : "quiet";
    part("made").hidden = false;
  }

  only(view) {
    this.view = view;
    part("asking").hidden = view === "one" || (view === "list" && this.need !== null);
    part("tiles").hidden = view !== "tiles";
    device.hidden = view === "tiles";
    part("listing").hidden = view !== "list";
    part("one").hidden = view !== "one";
  }

  pick(event) {
    const link = event.target.closest("a[data-need]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.need = { slug: link.dataset.need, sentence: link.textContent.trim() };
    this.field.value = "";
    this.list();
    scrollTo(0, 0);
    part("asked").focus();
  }

  open(event) {
    const link = event.target.closest("a[data-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.scrolled = scrollY;
    this.opened = link;
    part("one").replaceChildren(...this.shower.record(this.copy.services[Number(link.dataset.place)], this.now()));
    this.only("one");
    scrollTo(0, 0);
    part("one").querySelector("h1").focus();
  }

  back(event) {
    if (this.view === "tiles") return;
    event.preventDefault();
    if (this.view === "one") {
      this.only("list");
      scrollTo(0, this.scrolled);
      this.opened?.focus({ preventScroll: true });
      return;
    }
    this.need = null;
    this.field.value = "";
    this.only("tiles");
    scrollTo(0, 0);
    part("main").focus({ preventScroll: true });
  }

  now() {
    return wallClock(this.copy.zone);
  }

  wishes() {
    const said = Object.fromEntries(new FormData(this.filters));
    const zip = (said.zip ?? "").trim().slice(0, 10);
    return { ...said, zip };
  }

  fits(service, wish, now) {
    if (wish.open && !this.shower.isOpen(service, now)) return false;
    if (wish.no_police && service.y !== "never_unless_law") return false;
    if (wish.access && !service.k) return false;
    if (wish.free && service.f !== 1) return false;
    if (wish.language && !service.x && !(service.l ?? []).includes(wish.language)) return false;
    if (wish.age) {
      const [youngest, oldest] = AGES[wish.age];
      const [lowest, highest] = service.a ?? [];
      if ((lowest ?? 0) > oldest || (highest ?? 200) < youngest) return false;
    }
    return true;
  }

  // The middle of the ZIP that was typed; what is wrong with it is said beside the field, and nothing is cleared.
  middle(zip) {
    const isZip = /^\d{5}(-\d{4})?$/.test(zip);
    const middle = isZip ? this.copy.zips[zip.slice(0, 5)] : null;
    let wrong = "";
    if (zip.length >= 5 && !isZip) wrong = fill(this.words["results.zip_wrong"], { example: "95814" });
    else if (isZip && !middle) wrong = this.words["results.zip_unknown"];
    part("zip-error").textContent = wrong;
    part("zip-error").hidden = !wrong;
    part("zip").toggleAttribute("aria-invalid", Boolean(wrong));
    return middle ?? null;
  }

  list(isTyping = false) {
    const text = this.field.value.trim();
    if (!text && this.need === null) {
      this.only("tiles");
      return;
    }
    const found = text ? this.engine.search(text, { isTyping }) : { places: this.placesFor(this.need.slug), meant: [] };
    const wish = this.wishes();
    const now = this.now();
    const middle = this.middle(wish.zip);
    let places = found.places.filter((place) => this.fits(this.copy.services[place], wish, now));
    const miles = new Map();
    if (middle) {
      for (const place of places) miles.set(place, nearestMiles(this.copy.services[place], middle));
      places = places
        .map((place, rank) => [place, rank])
        .sort((one, other) => nearRank(miles.get(one[0])) - nearRank(miles.get(other[0])) || one[1] - other[1])
        .map(([place]) => place);
    }
    // What several visitors report as closed or misnumbered comes last, never away.
    const isLast = (place) => Number(Boolean(this.copy.services[place].T));
    places = [...places].sort((one, other) => isLast(one) - isLast(other));
    this.found = { places, miles, now };
    this.shown = PAGE;
    part("asked").textContent = this.need?.sentence ?? this.words["results.title"];
    part("meant").textContent = found.meant.length ? fill(this.words["results.did_you_mean"], { words: found.meant.join(", ") }) : "";
    this.only("list");
    this.draw(wish);
  }

  placesFor(slug) {
    const all = this.copy.services.map((_, place) => place);
    return slug ? all.filter((place) => (this.copy.services[place].g ?? []).includes(slug)) : all;
  }

  draw(wish) {
    const { places, miles, now } = this.found;
    const rows = places
      .slice(0, this.shown)
      .map((place) => this.shower.row(this.copy.services[place], place, now, miles.get(place)));
    part("rows").replaceChildren(...rows);
    part("rows").hidden = !rows.length;
    part("more").hidden = places.length <= this.shown;
    const key = places.length === 0 ? "count_none" : places.length === 1 ? "count_one" : "count_many";
    part("count").textContent = fill(this.words[`results.${key}`], { count: places.length });
    part("nothing").hidden = places.length > 0;
    if (!places.length && wish) {
      const keys = { open: "open", no_police: "no_police", language: "language", age: "age", access: "access", free: "free" };
      const stands = Object.keys(keys).find((name) => wish[name]);
      const filter = stands && this.words[`results.filter_${stands}`];
      part("why").textContent = filter ? fill(this.words["results.none_with"], { filter }) : this.words["results.none"];
    }
  }

  more() {
    const first = this.shown;
    this.shown += PAGE;
    this.draw();
    part("rows").children[first]?.querySelector("a").focus();
  }
}

async function start() {
  if (!globalThis.crypto?.subtle) return;
  const { bytes, trouble } = await freshestList();
  const finder = new Finder(read(bytes), JSON.parse(device.dataset.words), trouble);
  await finder.engine.build();
  finder.start();
  device.dataset.ready = "";
}

start().catch(() => null);
