// The search on the phone. Three things are put together, as on the server: the needs that a query speaks of (their words,
// slang and sentences in every language), the text of the listings, and the nearest known words for misspelled ones.

import MiniSearch from "minisearch";

import { editDistance, fold, queryWords, rawWords, stem } from "./words.js";

const MOST_WORDS = 12;
const NEEDS_KEPT = 4;
const NEED_FLOOR = 0.35;
const NEED_SHARE = 1.2;
const PHRASE_BONUS = 0.6;
const TEXT_SHARE = 0.9;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const BOOST = { name: 3, sort: 1.5, about: 1.2, rest: 0.5 };

const all = (texts) => Object.values(texts ?? {}).join(" ");

function documentOf(service, id, copy) {
  return {
    id,
    name: all(service.n),
    sort: copy.agencies[service.o] ?? "",
    about: `${all(service.d)} ${all(service.e)} ${all(service.A)}`,
    rest: [all(service.w), all(service.c), ...(service.r ?? []), ...(service.m ?? []).map((place) => `${place[0]} ${place[1]}`)].join(" "),
  };
}

function knownNeeds(needs, stop) {
  return needs.map((need) => {
    const stems = new Map();
    const phrases = [];
    const unspaced = [];
    for (const text of [...Object.values(need.t ?? {}), ...Object.values(need.h ?? {}), ...(need.w ?? [])]) {
      if (UNSPACED.test(text)) unspaced.push(...fold(text).split(/\s+/).filter((part) => part.length > 1));
      const words = rawWords(text);
      if (words.length > 1) phrases.push(words.map(stem));
      const share = words.length <= 2 ? 1 : 0.7;
      for (const word of words) {
        if (!stop.has(word) || words.length === 1) stems.set(stem(word), Math.max(stems.get(stem(word)) ?? 0, share));
      }
    }
    return { slug: need.s, stems, phrases, unspaced };
  });
}

const contains = (words, phrase) =>
  words.some((_, start) => start + phrase.length <= words.length && phrase.every((word, place) => words[start + place] === word));

export class Engine {
  constructor(copy) {
    this.copy = copy;
    this.stop = new Set(copy.stop);
    this.vocabulary = new Map();
    this.surface = new Map();
    this.needs = knownNeeds(copy.needs, this.stop);
    this.needFrequency = new Map();
    for (const need of this.needs) {
      for (const word of need.stems.keys()) this.needFrequency.set(word, (this.needFrequency.get(word) ?? 0) + 1);
    }
    for (const need of copy.needs) {
      for (const text of [...Object.values(need.t ?? {}), ...(need.w ?? [])]) {
        for (const word of text.toLowerCase().split(/[^\p{L}\p{N}\p{M}]+/u)) this.remember(word);
      }
    }
    this.index = new MiniSearch({
      fields: Object.keys(BOOST),
      tokenize: rawWords,
      processTerm: (word) => {
        const stemmed = stem(word);
        this.vocabulary.set(stemmed, (this.vocabulary.get(stemmed) ?? 0) + 1);
        if (!this.surface.has(stemmed)) this.surface.set(stemmed, word);
        return stemmed;
      },
      searchOptions: { tokenize: (text) => [text], processTerm: (word) => word, boost: BOOST },
    });
  }

  remember(word) {
    const stemmed = stem(fold(word));
    if (!this.surface.has(stemmed)) this.surface.set(stemmed, word);
  }

  // Builds the index in slices, so that the page stays quick while it does.
  async build(chunkSize = 200) {
    const documents = this.copy.services.map((service, id) => documentOf(service, id, this.copy));
    await this.index.addAllAsync(documents, { chunkSize });
    return this;
  }

  isKnown(word) {
    return this.vocabulary.has(word) || this.needFrequency.has(word);
  }

  // Known words that a misspelled word may stand for: nearer ones first, then those that more listings use.
  nearest(word) {
    const most = word.length < 4 ? 0 : word.length < 6 ? 1 : 2;
    if (!most) return [];
    let best = most;
    let found = [];
    const look = (known, weight) => {
      const distance = editDistance(word, known, best);
      if (distance > best) return;
      if (distance < best) {
        best = distance;
        found = [];
      }
      found.push([known, weight + (known[0] === word[0] ? 1e6 : 0)]);
    };
    for (const [known, count] of this.needFrequency) look(known, 1000 * count);
    for (const [known, count] of this.vocabulary) if (!this.needFrequency.has(known)) look(known, count);
    found.sort((one, other) => other[1] - one[1]);
    return found.slice(0, 4).map(([known]) => [known, best <= 1 ? 0.8 : 0.55]);
  }

  rarity(word) {
    return Math.log(1 + this.needs.length / (this.needFrequency.get(word) ?? 1));
  }

  needsOf(text, groups) {
    const said = rawWords(text).map(stem);
    const folded = fold(text);
    const total = groups.reduce((sum, near) => sum + Math.max(1e-9, ...near.map(([word]) => this.rarity(word))), 0) || 1;
    const scored = [];
    for (const need of this.needs) {
      let score = 0;
      for (const near of groups) {
        let best = 0;
        for (const [word, weight] of near) {
          const share = need.stems.get(word);
          if (share) best = Math.max(best, weight * this.rarity(word) * share);
        }
        score += best;
      }
      score /= total;
      let longest = 0;
      for (const phrase of need.phrases) if (phrase.length > longest && contains(said, phrase)) longest = phrase.length;
      if (longest) score += PHRASE_BONUS * Math.min(1, longest / Math.max(2, said.length) + 0.3);
      if (need.unspaced.some((part) => folded.includes(part))) score += 1;
      if (score > 0) scored.push([need.slug, score]);
    }
    scored.sort((one, other) => other[1] - one[1]);
    return scored.slice(0, NEEDS_KEPT).filter(([, score]) => score >= NEED_FLOOR * scored[0][1]);
  }

  // Listings that answer, best first, and the words that were put right: {places: [index], meant: [word]}.
  search(text, { isTyping = false } = {}) {
    const words = [...new Set(queryWords(text, this.stop).map(stem))].slice(0, MOST_WORDS);
    const meant = [];
    const groups = words.map((word, place) => {
      if (this.isKnown(word)) return [[word, 1]];
      const isUnfinished = isTyping && place === words.length - 1;
      if (isUnfinished) {
        const begun = this.begun(word);
        if (begun.length) return begun;
      }
      const near = this.nearest(word);
      if (near.length) meant.push(this.surface.get(near[0][0]) ?? near[0][0]);
      return near.length ? near : [[word, 1]];
    });
    const scores = new Map();
    let highest = 0;
    for (const near of groups) {
      const group = new Map();
      for (const [word, weight] of near) {
        for (const hit of this.index.search(word)) {
          group.set(hit.id, Math.max(group.get(hit.id) ?? 0, weight * hit.score));
        }
      }
      for (const [id, score] of group) {
        scores.set(id, (scores.get(id) ?? 0) + score);
        highest = Math.max(highest, scores.get(id));
      }
    }
    for (const [id, score] of scores) scores.set(id, (TEXT_SHARE * score) / highest);
    const needs = new Map(this.needsOf(text, groups));
    if (needs.size) {
      this.copy.services.forEach((service, id) => {
        let bonus = 0;
        for (const slug of service.g ?? []) bonus += NEED_SHARE * (needs.get(slug) ?? 0);
        if (bonus) scores.set(id, (scores.get(id) ?? 0) + bonus);
      });
    }
    const places = [...scores].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([id]) => id);
    return { places, meant };
  }

  // Known words that begin like the word that is still being typed.
  begun(word) {
    if (word.length < 2) return [];
    const found = [];
    for (const known of this.needFrequency.keys()) if (known.startsWith(word)) found.push([known, 0.9]);
    for (const known of this.vocabulary.keys()) {
      if (found.length > 12) break;
      if (known.startsWith(word) && !this.needFrequency.has(known)) found.push([known, 0.8]);
    }
    return found.slice(0, 12);
  }
}
