// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (value) => (value === null || value === undefined ? '–' : whole.format(value));

export const compact = (value) => (Math.abs(value) < 100000 ? number(value) : short.format(value));

export function rate(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : compact(Math.round(value))}/s`;
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A span in milliseconds. */
export function span(ms) {
  if (ms === null || ms === undefined) {
    return '–';
  }
  const s = Math.max(0, ms) / 1000;
  if (s < 10) {
    return `${s.toFixed(1)} s`;
  }
  if (s < 120) {
    return `${Math.round(s)} s`;
  }
  if (s < 7200) {
    return `${Math.round(s / 60)} min`;
  }
  return s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} d`;
}

export function time(ms) {
  if (!ms && ms !== 0) {
    return '–';
  }
  const date = new Date(ms);
  const pad = (value, width = 2) => String(value).padStart(width, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} `
    + `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export const ago = (ms) => (ms ? `${span(Date.now() - ms)} ago` : '–');

/** A text that is JSON, indented; any other text unchanged. Numbers stay as they were written. */
export function pretty(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? indented(text) : text;
  } catch {
    return text;
  }
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function indented(text) {
  let depth = 0;
  let out = '';
  let last = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '}' || token === ']') {
      depth -= 1;
      out += last === '{' || last === '[' ? token : line() + token;
    } else {
      const opened = last === '{' || last === '[';
      out += (opened || last === ',' ? line() : '') + token + (token === ':' ? ' ' : '');
      if (token === '{' || token === '[') {
        depth += 1;
      }
    }
    last = token;
  }
  return out;
}
