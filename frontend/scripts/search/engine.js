// The search on the phone. Three things are put together, as on the server: the needs that a query speaks of (their words,
// slang and sentences in every language), the text of the listings, and the nearest known words for misspelled ones.

import MiniSearch from "minisearch";

import { editDistance, fold, queryWords, rawWords, stem } from "./words.js";

// Found on the gold sets of benchmarks/ by trying a few values of each; flat around these.
const MOST_WORDS = 12;
const NEEDS_KEPT = 4;
const NEED_FLOOR = 0.35;
const NEED_SHARE = 1.2;
const PHRASE_BONUS = 0.45;
const TEXT_SHARE = 0.9;
const SYNONYM_SHARE = 0.6;
const SYNONYM_FLOOR = 0.6;
const GENERAL_SHARE = 0.2;
const UNKNOWN = 2;
const NEAR = 0.8;
const FAR = 0.55;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const BOOST = { name: 4, sort: 3, about: 1, rest: 0.3 };

const all = (texts) => Object.values(texts ?? {}).join(" ");

function documentOf(service, id, copy) {
  return {
    id,
    name: all(service.n),
    sort: [copy.agencies[service.o] ?? "", ...(service.j ?? []).map((place) => copy.sorts[place])].join(" "),
    about: `${all(service.d)} ${all(service.e)} ${all(service.A)}`,
    rest: [all(service.w), all(service.c), ...(service.r ?? []), ...(service.m ?? []).map((place) => `${place[0]} ${place[1]}`)].join(" "),
  };
}

function knownNeeds(needs, stop) {
  return needs.map((need) => {
    const stems = new Map();
    const phrases = [];
    const unspaced = [];
    const telling = new Map();
    for (const text of [...Object.values(need.t ?? {}), ...Object.values(need.h ?? {}), ...(need.w ?? [])]) {
      if (UNSPACED.test(text)) unspaced.push(...fold(text).split(/\s+/).filter((part) => part.length > 1));
      const words = rawWords(text);
      if (words.length > 1) phrases.push(words.map(stem));
      const own = [...new Set(queryWords(text, stop).map(stem))];
      if (own.length <= 3 && !words.every((word) => stop.has(word))) telling.set(own.join(" "), own);
      const share = words.length <= 2 ? 1 : 0.7;
      for (const word of words) {
        if (!stop.has(word) || words.length === 1) stems.set(stem(word), Math.max(stems.get(stem(word)) ?? 0, share));
      }
    }
    return { slug: need.s, stems, phrases, unspaced, telling: [...telling.values()] };
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
    this.hits = new Map();
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

  // How many listings hold a word, and how well each does (the best one is 1). Asked for many times in one search.
  hitsOf(word) {
    const known = this.hits.get(word);
    if (known) return known;
    const found = this.vocabulary.has(word) ? this.index.search(word) : [];
    const best = found[0]?.score || 1;
    const hits = new Map(found.map(({ id, score }) => [id, score / best]));
    if (this.hits.size > 500) this.hits.clear();
    this.hits.set(word, hits);
    return hits;
  }

  rareness(word) {
    const count = this.hitsOf(word).size;
    return count ? Math.log(1 + (this.copy.services.length + 1) / (1 + count)) : 0;
  }

  // Known words that a misspelled word may stand for: nearer ones first, then those that begin alike.
  nearest(word) {
    const most = word.length < 5 ? 0 : word.length < 7 ? 1 : 2;
    if (!most) return [];
    let best = most;
    let found = [];
    const look = (known, weight) => {
      if (known === word) return;
      const distance = editDistance(word, known, best);
      if (distance > best) return;
      if (distance < best) {
        best = distance;
        found = [];
      }
      found.push([known, weight + (known.slice(0, 2) === word.slice(0, 2) ? 1e6 : 0)]);
    };
    for (const [known, count] of this.needFrequency) look(known, 1000 * count);
    for (const [known, count] of this.vocabulary) if (!this.needFrequency.has(known)) look(known, count);
    found.sort((one, other) => other[1] - one[1]);
    return found.slice(0, 4).map(([known]) => [known, best <= 1 ? NEAR : FAR]);
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
      if (score > 0) scored.push([need, score]);
    }
    scored.sort((one, other) => other[1] - one[1]);
    return scored.slice(0, NEEDS_KEPT).filter(([, score]) => score >= NEED_FLOOR * scored[0][1]);
  }

  // What each word of a query may stand for, and the words that were put right.
  groupsOf(text, isTyping) {
    const words = [...new Set(queryWords(text, this.stop).map(stem))].slice(0, MOST_WORDS);
    const meant = [];
    const groups = words.map((word, place) => {
      if (this.vocabulary.has(word)) return [[word, 1]];
      if (isTyping && place === words.length - 1) {
        const begun = this.begun(word);
        if (begun.length) return begun;
      }
      const near = this.nearest(word);
      // A need knows the word (slang, another language, a frequent slip), but listings may spell it another way.
      if (this.needFrequency.has(word)) return [[word, 1], ...near.filter(([, weight]) => weight === NEAR)];
      if (near.length) meant.push(this.surface.get(near[0][0]) ?? near[0][0]);
      return near.length ? near : [[word, 1]];
    });
    return { groups, meant };
  }

  // Listings that answer, best first, and the words that were put right: {places: [index], meant: [word]}.
  search(text, { isTyping = false } = {}) {
    const { groups, meant } = this.groupsOf(text, isTyping);
    const scores = new Map();
    const add = (id, score) => scores.set(id, (scores.get(id) ?? 0) + score);
    const weighed = groups.map((near) => ({ near, rare: Math.max(...near.map(([word]) => this.rareness(word))) }));
    const total = weighed.reduce((sum, { near, rare }) => sum + (rare || UNKNOWN) * near[0][1], 0) || 1;
    for (const { near, rare } of weighed) {
      const group = new Map();
      for (const [word, weight] of near) {
        for (const [id, share] of this.hitsOf(word)) group.set(id, Math.max(group.get(id) ?? 0, weight * share));
      }
      for (const [id, share] of group) add(id, (TEXT_SHARE * rare * share) / total);
    }
    const needs = this.needsOf(text, groups);
    this.addNeeds(needs, add);
    this.addSynonyms(needs, groups, add);
    const places = [...scores].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([id]) => id);
    return { places, meant };
  }

  addNeeds(needs, add) {
    const weights = new Map(needs.map(([need, score]) => [need.slug, NEED_SHARE * score]));
    if (!weights.size) return;
    this.copy.services.forEach((service, id) => {
      let bonus = 0;
      for (const slug of service.g ?? []) bonus += weights.get(slug) ?? 0;
      if (bonus) add(id, bonus);
    });
  }

  // Other words for the needs of a query, for services that nobody has linked to a need, such as imported ones.
  addSynonyms(needs, groups, add) {
    const said = new Set(groups.flatMap((near) => near.map(([word]) => word)));
    const general = Math.max(3, this.copy.services.length * GENERAL_SHARE);
    for (const [need, score] of needs) {
      if (score < SYNONYM_FLOOR * needs[0][1]) continue;
      const found = new Map();
      for (const phrase of need.telling) {
        if (phrase.every((word) => said.has(word)) || phrase.some((word) => !this.vocabulary.has(word))) continue;
        const hits = phrase.map((word) => this.hitsOf(word)).sort((one, other) => one.size - other.size);
        if (hits[0].size > general) continue;
        const rare = Math.log(1 + (this.copy.services.length + 1) / (1 + hits[0].size));
        for (const [id, share] of hits[0]) {
          const shares = hits.slice(1).map((each) => each.get(id));
          if (shares.includes(undefined)) continue;
          found.set(id, (found.get(id) ?? 0) + (rare * (share + shares.reduce((sum, each) => sum + each, 0))) / hits.length);
        }
      }
      const best = Math.max(0, ...found.values());
      for (const [id, points] of found) add(id, (SYNONYM_SHARE * score * points) / best);
    }
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
