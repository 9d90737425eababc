// The phone's search under Node, for benchmarks and tests: the same files that the page's script is built from.
//
// Reads {"copy": …, "queries": [text], "rounds": n} from standard input, writes
// {"build_ms", "rankings": [[service id]], "meant": [[word]], "query_ms": [ms]} to standard output.

import { readFileSync } from "node:fs";

import { expand } from "../frontend/scripts/search/copy.js";
import { Engine } from "../frontend/scripts/search/engine.js";

const { copy, queries, rounds = 1 } = JSON.parse(readFileSync(0, "utf8"));
expand(copy);

const start = performance.now();
const engine = await new Engine(copy).build();
const built = performance.now() - start;

const found = queries.map((text) => engine.search(text));
const times = [];
for (let round = 0; round < rounds; round += 1) {
  for (const text of queries) {
    const before = performance.now();
    engine.search(text, { isTyping: round % 2 === 1 });
    times.push(performance.now() - before);
  }
}

process.stdout.write(
  JSON.stringify({
    build_ms: built,
    rankings: found.map(({ places }) => places.slice(0, 50).map((place) => copy.services[place].i)),
    meant: found.map(({ meant }) => meant),
    query_ms: times,
  }),
);
