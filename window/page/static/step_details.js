// What lies behind a step: what it was given, what was expected, what was tried, and every verdict.

import { icon, make } from './elements.js';
import { took } from './clock.js';

const MARKS = { pass: 'check', warn: 'hand', fail: 'cross', unknown: 'cross' };

export class StepDetails {
  constructor() {
    this.element = make('div', { class: 'step-more', hidden: true });
  }

  show(open) {
    this.element.hidden = !open;
    this.draw();
  }

  apply(step) {
    this.step = step;
    this.draw();
  }

  draw() {
    if (this.element.hidden || !this.step || this.drawn === this.step) return;
    this.drawn = this.step;
    const step = this.step;
    const parts = [
      part('Given', rows(step.arguments)),
      part('Tried before', step.attempts.length ? told(step.attempts.map(attemptWords)) : null),
      part('Checks', step.verdicts.length ? told(step.verdicts.map(verdictWords)) : null),
      part('If it fails', step.fallbacks.length ? make('p', { class: 'mono', text: step.fallbacks.join(', ') }) : null),
      part('Made by', step.source ? make('p', { class: 'mono', text: `${step.space ?? step.tool} at ${step.source}` }) : null),
    ].filter(Boolean);
    this.element.replaceChildren(...(parts.length ? parts : [make('p', { class: 'soft', text: 'Nothing has happened here yet.' })]));
  }
}

export function verdictWords(verdict) {
  const where = verdict.item ? `${verdict.item}: ` : '';
  return [MARKS[verdict.status] ?? 'cross', verdict.status, `${where}${verdict.check}: ${verdict.reason}`];
}

export function told(lines) {
  return make('ul', { class: 'told' }, ...lines.map(([mark, status, words]) => make('li', { class: status }, icon(mark, 15), make('span', { text: words }))));
}

export function rows(pairs) {
  if (!pairs.length) return null;
  return make('dl', { class: 'rows' }, ...pairs.flatMap(([name, value]) => [make('dt', { text: name }), make('dd', { text: value })]));
}

export function part(title, content) {
  return content && make('section', {}, make('h4', { text: title }), content);
}

function attemptWords(attempt) {
  const where = attempt.item ? `${attempt.item}, ` : '';
  return ['cross', 'fail', `${where}try ${attempt.number}, ${attempt.space}: ${attempt.fault} (${took(attempt.seconds)})`];
}
