// The state of a service in words, as `finder/formats/hours.py` says it.

import { fill } from "./dom.js";
import { MINUTES, weekdayOf } from "./opening.js";

const KEYS = ["mo", "tu", "we", "th", "fr", "sa", "su"];

export function clockWords(minutes, code) {
  const hour = Math.floor((minutes % MINUTES) / 60);
  const time = `${hour % 12 || 12}:${String(minutes % 60).padStart(2, "0")}`;
  const isMorning = hour < 12;
  if (code === "es") return `${time} ${isMorning ? "a." : "p."}\u00a0m.`;
  if (code === "ar") return `${time} ${isMorning ? "ص" : "م"}`;
  return `${time}\u00a0${isMorning ? "AM" : "PM"}`;
}

export function stateWords(state, now, words, code) {
  if (state.state === "unknown") return words["service.hours_unknown"];
  if (state.state === "open") {
    if (state.closes === undefined) return words["service.always_open"];
    return `${words["service.open_now"]} · ${fill(words["service.open_until"], { time: clockWords(state.closes, code) })}`;
  }
  const closed = words["service.closed_now"];
  if (state.opens === undefined) return closed;
  const time = clockWords(state.opens, code);
  const ahead = Math.floor(state.opens / MINUTES);
  if (ahead === 0) return `${closed} · ${fill(words["service.opens_today"], { time })}`;
  if (ahead > 6) return closed;
  const day = words[`days.${KEYS[weekdayOf(now.day + ahead)]}`];
  return `${closed} · ${fill(words["service.opens_at"], { day, time })}`;
}
