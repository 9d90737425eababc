// Is it open now, until when, and if not, when next? The same rules as `finder/formats/opening.py`; both are held to one
// table of cases. Days are counted as whole numbers since 1970, so that no clock change can shift them.

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const MINUTES = 24 * 60;
const AHEAD = 35;
const DAY_MS = 86_400_000;

const dayNumber = (text) => (text ? Math.round(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY_MS) : null);
const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;

function partsOf(day) {
  const date = new Date(day * DAY_MS);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  return { year, month, day: date.getUTCDate(), length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate() };
}

function minutesOf(text) {
  const match = /^(\d{1,2}):(\d{2})/.exec(text ?? "");
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function rulesOf(byday) {
  return (byday ?? "")
    .toUpperCase()
    .split(/[,;\s]+/)
    .map((part) => /^([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)$/.exec(part))
    .filter(Boolean)
    .map((match) => [Number(match[1] ?? 0), DAYS.indexOf(match[2])]);
}

function isNth({ day, length }, ordinal) {
  return ordinal > 0 ? Math.floor((day - 1) / 7) + 1 === ordinal : Math.floor((length - day) / 7) + 1 === -ordinal;
}

export function applies(schedule, day) {
  for (const bound of ["valid_from", "dtstart"]) {
    const first = dayNumber(schedule[bound]);
    if (first !== null && day < first) return false;
  }
  for (const bound of ["valid_to", "until"]) {
    const last = dayNumber(schedule[bound]);
    if (last !== null && day > last) return false;
  }
  const start = dayNumber(schedule.dtstart);
  const freq = (schedule.freq ?? "").toUpperCase();
  const interval = Math.trunc(schedule.interval ?? 1) || 1;
  const rules = rulesOf(schedule.byday);
  const monthDays = ((schedule.bymonthday ?? "").match(/-?\d+/g) ?? []).map(Number);
  const parts = partsOf(day);
  if (monthDays.length && !monthDays.includes(parts.day) && !monthDays.includes(parts.day - parts.length - 1)) return false;
  if (rules.length) {
    const weekday = weekdayOf(day);
    if (!rules.some(([ordinal, each]) => each === weekday && (!ordinal || isNth(parts, ordinal)))) return false;
  } else if (!monthDays.length) {
    if (start !== null && freq === "WEEKLY") {
      if (weekdayOf(day) !== weekdayOf(start)) return false;
    } else if (start !== null && freq === "MONTHLY") {
      if (parts.day !== partsOf(start).day) return false;
    } else if (start !== null && !freq) {
      if (day !== start) return false;
    } else if (!(schedule.valid_from && schedule.valid_to)) {
      return false;
    }
  }
  if (start !== null && interval > 1) {
    if (freq === "MONTHLY") {
      const from = partsOf(start);
      return ((parts.year - from.year) * 12 + parts.month - from.month) % interval === 0;
    }
    return ((day - weekdayOf(day) - (start - weekdayOf(start))) / 7) % interval === 0;
  }
  return true;
}

export function spanOf(schedule) {
  const opens = minutesOf(schedule.opens_at);
  let closes = minutesOf(schedule.closes_at);
  if (opens === null || closes === null) return null;
  if (closes === MINUTES - 1) closes = MINUTES;
  return [opens, closes > opens ? closes : closes + MINUTES];
}

// `now` is {day, minute}: the day's number and the minute of the wall clock where the service is.
export function opening(schedules, now) {
  const timed = schedules.filter((row) => !row.is_closed && spanOf(row));
  if (!timed.length) return { state: "unknown" };
  const closed = schedules.filter((row) => row.is_closed);
  const times = [];
  for (let offset = -1; offset <= AHEAD; offset += 1) {
    const day = now.day + offset;
    if (closed.some((row) => applies(row, day))) continue;
    for (const row of timed) {
      if (!applies(row, day)) continue;
      const [opens, closes] = spanOf(row);
      times.push([offset * MINUTES + opens, offset * MINUTES + closes]);
    }
  }
  times.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const merged = [];
  for (const [opens, closes] of times) {
    const last = merged.at(-1);
    if (last && opens <= last[1]) last[1] = Math.max(last[1], closes);
    else merged.push([opens, closes]);
  }
  for (const [opens, closes] of merged) {
    if (opens <= now.minute && now.minute < closes) {
      return closes > 8 * MINUTES ? { state: "always" } : { state: "open", until: closes };
    }
    if (opens > now.minute) return { state: "closed", next_open: opens };
  }
  return { state: "closed" };
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
    day: dayNumber(`${parts.year}-${parts.month}-${parts.day}`),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

export { DAYS, MINUTES, weekdayOf };
