// Wall time in London. Everything that travels is an ISO instant in UTC; only what is shown is local.

const ZONE = "Europe/London";

function formatter(options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hourCycle: "h23", ...options });
  return (date) => Object.fromEntries(format.formatToParts(date).map((part) => [part.type, part.value]));
}

const partsOf = formatter({
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const namesOf = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const zoneOf = formatter({ timeZoneName: "short" });

export function hourMinute(date) {
  const { hour, minute } = partsOf(date);
  return `${hour}:${minute}`;
}

export function dayKey(date) {
  const { year, month, day } = partsOf(date);
  return `${year}-${month}-${day}`;
}

export function dayName(date, now) {
  const { weekday, day, month, year } = namesOf(date);
  const tail = now && namesOf(now).year !== year ? ` ${year}` : "";
  return `${weekday} ${day} ${month}${tail}`;
}

export function shortDay(date) {
  const { weekday, day, month } = namesOf(date);
  return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)}`;
}

export const yearZone = (date) =>
  `${namesOf(date).year} · London${zoneOf(date).timeZoneName === "BST" ? ", summer time" : ""}`;

// The wall clock may be an hour off UTC, so the offset is read at a first guess and taken away.
export function tomorrowAt(now, hour) {
  const { year, month, day } = partsOf(now);
  const guess = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1, hour));
  const seen = partsOf(guess);
  const wall = Date.UTC(Number(seen.year), Number(seen.month) - 1, Number(seen.day), Number(seen.hour), Number(seen.minute));
  return new Date(guess.getTime() - (wall - guess.getTime()));
}
