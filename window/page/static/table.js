// Values with rows and columns, read here, in the browser, from text that nobody has vouched for.

import { make } from './elements.js';

const MOST_ROWS = 200;
const MOST_COLUMNS = 30;

// A table of the JSON or the separated text, or null when it has no such shape.
export function tableOf(exhibit) {
  if (exhibit.suffix === '.csv' || exhibit.suffix === '.tsv') return sheet(separated(exhibit.text, exhibit.suffix === '.tsv' ? '\t' : ','), true);
  let value;
  try {
    value = JSON.parse(exhibit.text);
  } catch {
    return null;
  }
  if (Array.isArray(value?.headers) && Array.isArray(value?.data)) return sheet([value.headers, ...value.data.filter(Array.isArray)], true);
  if (Array.isArray(value) && value.length && value.every(Array.isArray)) return sheet(value, false);
  if (Array.isArray(value) && value.length && value.every(flat)) {
    const names = [...new Set(value.flatMap(Object.keys))];
    return sheet([names, ...value.map((row) => names.map((name) => row[name]))], true);
  }
  return flat(value) && Object.keys(value).length ? pairs(Object.entries(value)) : null;
}

function flat(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    && Object.values(value).every((part) => part === null || typeof part !== 'object' || (Array.isArray(part) && part.every((each) => each === null || typeof each !== 'object')));
}

function sheet(lines, headed) {
  const cells = (line, tag) => line.slice(0, MOST_COLUMNS).map((value) => make(tag, { text: spoken(value), ...(tag === 'th' ? { scope: 'col' } : {}) }));
  const [first, ...rest] = lines;
  if (!first) return null;
  const body = (headed ? rest : lines).slice(0, MOST_ROWS).map((line) => make('tr', {}, ...cells(line, 'td')));
  return make('table', {}, headed ? make('thead', {}, make('tr', {}, ...cells(first, 'th'))) : null, make('tbody', {}, ...body));
}

function pairs(entries) {
  const lines = entries.slice(0, MOST_ROWS).map(([name, value]) => make('tr', {}, make('th', { scope: 'row', text: words(name) }), make('td', { text: spoken(value) })));
  return make('table', {}, make('tbody', {}, ...lines));
}

const words = (name) => name.replaceAll('_', ' ');

function spoken(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(6)));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.map(spoken).join(', ').slice(0, 400) : String(value).slice(0, 400);
}

function separated(text, separator) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && rows.length <= MOST_ROWS + 1; at += 1) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === separator) { rows.at(-1).push(cell); cell = ''; }
    else if (!quoted && letter === '\n') { rows.at(-1).push(cell.replace(/\r$/, '')); rows.push([]); cell = ''; }
    else cell += letter;
  }
  if (cell || rows.at(-1).length) rows.at(-1).push(cell);
  return rows.filter((row) => row.length);
}
