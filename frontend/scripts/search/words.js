// Words as search sees them, the same as on the server (`directory/selectors/words.py`).

const TOKEN = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{N}\p{M}]+)?/gu;

export const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

export function stem(word) {
  if (word.length < 4 || /^\d+$/.test(word)) return word;
  let stemmed = word;
  if (stemmed.endsWith("ies") && stemmed.length > 4) stemmed = `${stemmed.slice(0, -3)}y`;
  else if (/s$/.test(stemmed) && !/(ss|us|is)$/.test(stemmed)) stemmed = stemmed.slice(0, -1);
  if (stemmed.length > 6 && stemmed.endsWith("ing")) stemmed = stemmed.slice(0, -3);
  else if (stemmed.length > 5 && /[^aeiou]ed$/.test(stemmed)) stemmed = stemmed.slice(0, -2);
  if (stemmed.length > 4 && /[^aeiou][aeo]$/.test(stemmed)) stemmed = stemmed.slice(0, -1);
  return stemmed;
}

export const rawWords = (text) => (fold(text).match(TOKEN) ?? []).map((word) => word.split(/['’]/)[0]);

export function queryWords(text, stop) {
  const words = rawWords(text);
  const telling = words.filter((word) => !stop.has(word));
  return telling.length ? telling : words;
}

// Letters to change, add, drop or swap between two words; most + 1 when it is more.
export function editDistance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      let cost = Math.min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      current.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    before = row;
    row = current;
  }
  return row[other.length];
}
