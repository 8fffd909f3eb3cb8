// Makes elements. Words are only ever set as text, and a link goes nowhere but to a web address or this page.

const SVG = 'http://www.w3.org/2000/svg';

// `attributes`: `text`, `on` (event → listener), and attributes by name; `children`: nodes or words.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (name === 'on') Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    else if (name === 'href') element.setAttribute('href', harmless(value));
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function harmless(address) {
  try {
    const url = new URL(address, location.href);
    return ['http:', 'https:'].includes(url.protocol) ? url.href : '#';
  } catch {
    return '#';
  }
}

// Touches the page only where something is different, so that nothing flickers and no selection is lost.
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export function setClass(element, words) {
  if (element.className !== words) element.className = words;
}

const SHAPES = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M7 7l10 10M17 7L7 17',
  clock: 'M12 7v5.2l3.2 2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17',
  ring: 'M12 3.5a8.5 8.5 0 0 1 8.5 8.5',
  again: 'M19 12a7 7 0 1 1-2.2-5.1M19.5 3.5v4.2h-4.2',
  known: 'M6 4.5h12v15l-6-4.2-6 4.2z',
  hand: 'M12 8v5M12 16.2v.1M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.2v.1',
  audio: 'M4 10v4M8 7v10M12 4.5v15M16 8v8M20 10.5v3',
  video: 'M4 6h11v12H4zM15 10.5l5-3v9l-5-3',
  model3d: 'M12 3.5l7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7zM4.5 7.7l7.5 4.2 7.5-4.2M12 11.9v8.6',
  text: 'M5 7h14M5 12h14M5 17h9',
  file: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4',
  stop: 'M7 7h10v10H7z',
};

export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  svg.setAttribute('aria-hidden', 'true');
  if (name === 'ring') svg.setAttribute('class', 'spin');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[name] ?? SHAPES.file);
  path.setAttribute('fill', 'none');
  path.setAttribute('stroke', 'currentColor');
  path.setAttribute('stroke-width', '2');
  path.setAttribute('stroke-linecap', 'round');
  path.setAttribute('stroke-linejoin', 'round');
  svg.append(path);
  if (name === 'ring') {
    const track = path.cloneNode();
    track.setAttribute('d', 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17');
    track.setAttribute('opacity', '.25');
    svg.append(track);
  }
  return svg;
}

export function path(className, d) {
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('class', className);
  line.setAttribute('d', d);
  return line;
}

// For readers who do not see the page; the newest words replace those that were not read yet.
export function say(words) {
  document.getElementById('said').textContent = words;
}
