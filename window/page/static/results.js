// What was made, to be looked at: each in a frame of its own, with its verdicts and where it came from.

import { icon, make } from './elements.js';
import { fileOf, thumbnailOf, viewOf } from './server.js';
import { part, rows, told, verdictWords } from './step_details.js';
import { tableOf } from './table.js';

export class Results {
  constructor(runId) {
    this.runId = runId;
    this.made = new Map();
    this.element = make('div', { class: 'results', hidden: true });
  }

  // Each result has a place of its own from the first one on, which it takes when it has come.
  apply(slots) {
    this.element.hidden = slots.length === 0;
    const keys = new Set(slots.map((slot) => slot.key));
    for (const [key, { element }] of this.made) {
      if (keys.has(key)) continue;
      element.remove();
      this.made.delete(key);
    }
    slots.forEach((slot, index) => this.place(slot, index, slots.length));
  }

  place({ key, made }, index, count) {
    const known = this.made.get(key);
    const sha256 = made?.sha256 ?? '';
    if (known?.sha256 === sha256) return;
    const element = made ? this.figure(made) : make('div', { class: 'result awaited', 'aria-hidden': 'true' });
    element.classList.toggle('wide', count === 1 || ['audio', 'text', 'json', 'table', 'html'].includes(made?.kind));
    this.made.set(key, { element, sha256 });
    if (known) known.element.replaceWith(element);
    else this.element.insertBefore(element, this.element.children[index] ?? null);
  }

  figure(exhibit) {
    return make('figure', { class: 'result', 'data-kind': exhibit.kind }, this.look(exhibit), make('figcaption', { class: 'result-words' },
      make('span', { class: 'result-name', text: exhibit.name }), make('span', { class: 'result-made', text: madeBy(exhibit) }), this.behind(exhibit)));
  }

  look(exhibit) {
    const draw = { image: picture, model3d: model, audio: sound, video: film, text: words, html: words, json: sheet, table: sheet, number: words, boolean: words }[exhibit.kind] ?? unknown;
    return draw(exhibit, this.runId);
  }

  behind(exhibit) {
    const origin = exhibit.origin;
    const came = [
      ['Space', origin.space ? `${origin.space}${origin.endpoint ? ` ${origin.endpoint}` : ''}` : null], ['Revision', origin.revision],
      ['Models', origin.models.join(', ')], ['Licence', origin.licence], ['Terms', origin.terms], ['From', origin.inputs.join(', ')], ['sha256', exhibit.sha256],
    ].filter(([, value]) => value);
    const content = make('div', {}, exhibit.verdicts.length ? told(exhibit.verdicts.map(verdictWords)) : null, part('Where it came from', rows(came)),
      exhibit.file ? make('a', { href: fileOf(this.runId, exhibit.sha256, true), download: true, text: `Download (${size(exhibit.bytes)})` }) : null);
    return make('details', {}, make('summary', {}, verdictLine(exhibit.verdicts)), content);
  }
}

function picture(exhibit, runId) {
  const frame = make('div', { class: 'look picture' });
  if (exhibit.width && exhibit.height) frame.style.setProperty('--ratio', `${exhibit.width} / ${exhibit.height}`);
  const image = make('img', { class: 'result-picture', alt: exhibit.name, src: fileOf(runId, exhibit.sha256), loading: 'lazy', decoding: 'async' });
  image.addEventListener('error', () => frame.replaceChildren(...noPicture('This browser cannot show this picture.')));
  const link = make('a', { href: fileOf(runId, exhibit.sha256), target: '_blank', rel: 'noopener', 'aria-label': `${exhibit.name}, by itself` }, image);
  frame.append(link);
  return frame;
}

function model(exhibit, runId) {
  const frame = make('div', { class: 'look model' });
  const poster = make('img', { class: 'result-picture', alt: exhibit.name, src: thumbnailOf(runId, exhibit.sha256), loading: 'lazy' });
  poster.addEventListener('error', () => poster.replaceWith(icon('model3d', 40)));
  frame.append(poster);
  if (exhibit.turnable) {
    const turn = make('button', { type: 'button', class: 'plain turn', text: 'Turn it', 'aria-label': `Turn ${exhibit.name} in 3D` });
    turn.addEventListener('click', () => {
      const view = make('iframe', { title: `${exhibit.name} in 3D`, src: viewOf(runId, exhibit.sha256), sandbox: 'allow-scripts', allow: 'fullscreen' });
      frame.replaceChildren(view);
      view.focus();
    });
    frame.append(turn);
  }
  return frame;
}

function sound(exhibit, runId) {
  return make('div', { class: 'look sound' }, make('audio', { controls: true, preload: 'metadata', src: fileOf(runId, exhibit.sha256), 'aria-label': exhibit.name }));
}

function film(exhibit, runId) {
  return make('div', { class: 'look film' }, make('video', {
    controls: true, playsinline: true, preload: 'metadata', src: fileOf(runId, exhibit.sha256), poster: thumbnailOf(runId, exhibit.sha256), 'aria-label': exhibit.name,
  }));
}

function words(exhibit) {
  const code = exhibit.kind === 'html' || exhibit.kind === 'json';
  const pre = make('pre', { class: code ? 'code' : '', tabindex: 0, 'aria-label': exhibit.name, text: exhibit.text ?? '' });
  const cut = exhibit.whole ? null : make('p', { class: 'cut', text: `The first ${(exhibit.text ?? '').length.toLocaleString('en')} characters of ${size(exhibit.bytes)}; the download has all.` });
  return make('div', { class: 'look words' }, pre, cut);
}

function sheet(exhibit) {
  const table = exhibit.text === null ? null : tableOf(exhibit);
  return table ? make('div', { class: 'look sheet', tabindex: 0, role: 'region', 'aria-label': exhibit.name }, table) : words(exhibit);
}

function unknown(exhibit) {
  return make('div', { class: 'look unknown' }, make('p', { text: `A ${exhibit.suffix || 'file'} file of ${size(exhibit.bytes)}; this page has no way to show it.` }));
}

function noPicture(words) {
  return [make('p', { class: 'soft', text: words })];
}

function madeBy(exhibit) {
  const { origin } = exhibit;
  const maker = origin.space ? `${origin.space}${origin.revision ? ` at ${origin.revision.slice(0, 7)}` : ''}` : 'this machine';
  const figures = exhibit.kind === 'image' && exhibit.width ? [`${exhibit.width} × ${exhibit.height} px`] : exhibit.figures.map(([word, figure]) => `${figure} ${word}`);
  return [`Made by ${maker}`, ...figures].join(', ');
}

function verdictLine(verdicts) {
  const bad = verdicts.filter((verdict) => verdict.status !== 'pass');
  if (!verdicts.length) return make('span', { text: 'Where it came from' });
  const count = `${verdicts.length} ${verdicts.length === 1 ? 'check' : 'checks'}`;
  return bad.length ? make('span', { class: 'warn', text: `${count}, ${bad.length} with a note` }) : make('span', { class: 'pass', text: `${count} passed` });
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
