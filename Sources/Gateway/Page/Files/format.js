// Numbers and times as people read them.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export const count = (number) => whole.format(number);

/** A rate or another measured number: three digits are what it is worth. */
export const measure = (number) => (number >= 1000 ? whole.format(Math.round(number)) : short.format(number));

const units = [["d", 86400], ["h", 3600], ["min", 60]];

/** A duration of so many milliseconds, in its two largest units. */
export function age(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.floor(milliseconds / 1000);
  for (const [index, [unit, size]] of units.entries()) {
    if (seconds < size) continue;
    const [next, part] = units[index + 1] ?? ["s", 1];
    const rest = Math.floor((seconds % size) / part);
    return `${Math.floor(seconds / size)} ${unit}` + (rest ? ` ${rest} ${next}` : "");
  }
  return `${seconds} s`;
}

/** Bytes in units of 1,024. */
export function bytes(number) {
  const names = ["B", "KiB", "MiB", "GiB"];
  let index = 0;
  while (number >= 1024 && index < names.length - 1) {
    number /= 1024;
    index += 1;
  }
  return `${index ? short.format(number) : number} ${names[index]}`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dated = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export const time = (date) => clock.format(date);

/** With the day, where it is not today. */
export function moment(milliseconds) {
  const date = new Date(milliseconds);
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : dated.format(date);
}

export const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
