// Is it open now, until when, and if not, when next? The same rules as `directory/formats/hours.py`, and both are held to
// tests/fixtures/hours_cases.json. Hours that are not known never show as open.
//
// Days are whole numbers since 1970 and minutes count from the midnight that begins today, so no clock change shifts them.

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
export const MINUTES = 24 * 60;
const LOOK_AHEAD = 62;
const ALWAYS = 8 * MINUTES;
const DAY_MS = 86_400_000;

class NotUnderstood extends Error {}

const dayOf = (text) => (text ? Math.round(Date.parse(`${String(text).slice(0, 10)}T00:00:00Z`) / DAY_MS) : null);
export const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;

function partsOf(day) {
  const date = new Date(day * DAY_MS);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const first = Date.UTC(year, 0, 1) / DAY_MS;
  return {
    year,
    month,
    day: date.getUTCDate(),
    length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    ofYear: day - first + 1,
    yearLength: Date.UTC(year + 1, 0, 1) / DAY_MS - first,
  };
}

function isoWeek(day) {
  const thursday = day - weekdayOf(day) + 3;
  return Math.floor((partsOf(thursday).ofYear - 1) / 7) + 1;
}

function minutesOf(text) {
  if (!text) return null;
  const match = /^(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/.exec(text);
  if (!match) throw new NotUnderstood();
  return Number(match[1]) * 60 + Number(match[2]);
}

function numbersOf(text, most) {
  const parts = String(text ?? "").split(",").filter((part) => part.trim());
  const numbers = parts.map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && Math.abs(number) >= 1 && Math.abs(number) <= most)) {
    throw new NotUnderstood();
  }
  return numbers;
}

function bydayOf(text) {
  return String(text ?? "")
    .split(",")
    .filter((part) => part.trim())
    .map((part) => {
      const match = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(part.trim().toUpperCase());
      if (!match) throw new NotUnderstood();
      return [Number(match[1] ?? 0), DAYS.indexOf(match[2])];
    });
}

const least = (days) => (days.length ? Math.min(...days) : null);

// A row as a rule; null when it says no hours; an error when it says something that we do not understand.
function ruleOf(row) {
  const [opens, closes] = [minutesOf(row.opens_at), minutesOf(row.closes_at)];
  const isClosed = Boolean(row.is_closed);
  if (!isClosed && opens === null && closes === null) return null;
  if (!isClosed && (opens === null || closes === null)) throw new NotUnderstood();
  let byday = bydayOf(row.byday);
  let freq = row.freq ?? "";
  const start = dayOf(row.dtstart);
  let first = dayOf(row.valid_from);
  let last = least([dayOf(row.valid_to), dayOf(row.until)].filter((day) => day !== null));
  const interval = Math.trunc(row.interval || 1);
  const count = Math.trunc(row.count || 0);
  const byNumber = Boolean(row.bymonthday || row.byweekno || row.byyearday);
  if ((interval > 1 || count) && start === null) throw new NotUnderstood();
  if (freq === "MONTHLY" && !byday.length && !row.bymonthday) throw new NotUnderstood();
  if (freq !== "MONTHLY" && byday.some(([which]) => which)) freq = "MONTHLY";
  if (!freq && !byday.length && !byNumber) {
    if (start === null && first === null) throw new NotUnderstood();
    if (start !== null && last === null && first === null) first = last = start;
    else if (!isClosed && last === null) throw new NotUnderstood();
    else if (isClosed && last === null) last = first;
  } else if (freq === "WEEKLY" && !byday.length && !byNumber) {
    if (start === null) throw new NotUnderstood();
    byday = [[0, weekdayOf(start)]];
  }
  const weekStart = DAYS.indexOf(row.wkst || "MO");
  if (weekStart < 0) throw new NotUnderstood();
  return {
    freq,
    byday,
    bymonthday: numbersOf(row.bymonthday, 31),
    byweekno: numbersOf(row.byweekno, 53),
    byyearday: numbersOf(row.byyearday, 366),
    first,
    last,
    start,
    interval: Math.max(interval, 1),
    count: Math.max(count, 0),
    weekStart,
    opens: opens ?? 0,
    closes: closes ?? 0,
  };
}

function steps(rule, day) {
  if (rule.freq === "MONTHLY") {
    const [from, to] = [partsOf(rule.start), partsOf(day)];
    return (to.year - from.year) * 12 + to.month - from.month;
  }
  const weekOf = (each) => each - ((weekdayOf(each) - rule.weekStart + 7) % 7);
  return (weekOf(day) - weekOf(rule.start)) / 7;
}

function matches(rule, day) {
  const { day: ofMonth, length, ofYear, yearLength } = partsOf(day);
  if (rule.byday.length) {
    const weekday = weekdayOf(day);
    const forwards = Math.floor((ofMonth - 1) / 7) + 1;
    const backwards = -(Math.floor((length - ofMonth) / 7) + 1);
    if (!rule.byday.some(([which, each]) => each === weekday && [0, forwards, backwards].includes(which))) return false;
  }
  const isOneOf = (numbers, number, size) => !numbers.length || numbers.includes(number) || numbers.includes(number - size - 1);
  if (!isOneOf(rule.bymonthday, ofMonth, length)) return false;
  if (rule.byweekno.length && !rule.byweekno.includes(isoWeek(day))) return false;
  if (!isOneOf(rule.byyearday, ofYear, yearLength)) return false;
  return !(rule.interval > 1 && rule.start !== null) || steps(rule, day) % rule.interval === 0;
}

const isInTime = (rule, day) =>
  !((rule.first !== null && day < rule.first) || (rule.last !== null && day > rule.last) || (rule.start !== null && day < rule.start));

function isWithinCount(rule, day) {
  if (!rule.count) return true;
  let number = 0;
  for (let each = rule.start; each <= Math.min(day, rule.start + 4000); each += 1) if (matches(rule, each)) number += 1;
  return number <= rule.count;
}

const isOn = (rule, day) => isInTime(rule, day) && matches(rule, day) && isWithinCount(rule, day);

function openings(rules, closures, today) {
  const spans = [];
  for (let offset = -1; offset <= LOOK_AHEAD; offset += 1) {
    const day = today + offset;
    if (closures.some((rule) => isOn(rule, day))) continue;
    for (const rule of rules) {
      if (!isOn(rule, day)) continue;
      const length = rule.closes > rule.opens ? rule.closes - rule.opens : rule.closes - rule.opens + MINUTES;
      const start = offset * MINUTES + rule.opens;
      spans.push([start, start + length]);
    }
  }
  spans.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const joined = [];
  for (const [start, end] of spans) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

// `now` is the wall clock of the region: {day, minute}. Answers {state, closes, opens} in minutes from today's midnight.
export function hoursAt(schedules, now) {
  const rules = [];
  const closures = [];
  let isDoubtful = false;
  for (const row of schedules) {
    try {
      const rule = ruleOf(row);
      if (rule) (row.is_closed ? closures : rules).push(rule);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      isDoubtful = true;
    }
  }
  const spans = openings(rules, closures, now.day);
  for (const [start, end] of spans) {
    if (start <= now.minute && now.minute < end) {
      return end - now.minute >= ALWAYS ? { state: "open" } : { state: "open", closes: end };
    }
  }
  if (isDoubtful) return { state: "unknown" };
  const following = spans.find(([start]) => start > now.minute);
  if (following) return { state: "closed", opens: following[0] };
  const isInForce = rules.some((rule) => isInTime(rule, now.day));
  const isClosedToday = closures.some((rule) => isOn(rule, now.day));
  return { state: isInForce || isClosedToday ? "closed" : "unknown" };
}

// The wall clock of a zone at a moment.
export function wallClock(zone, moment = new Date()) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: dayOf(`${parts.year}-${parts.month}-${parts.day}`),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}
