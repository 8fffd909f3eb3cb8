// One step of the plan: a card made once, whose words and pictures change in place.

import { run, rest, took } from './clock.js';
import { icon, make, setClass, setText } from './elements.js';
import { thumbnailOf } from './server.js';
import { StepDetails } from './step_details.js';

const ICONS = { waiting: 'clock', running: 'ring', again: 'again', passed: 'check', repaired: 'again', skipped: 'known', failed: 'cross' };
const STAGES = { waking: 'Waking', queued: 'Queued', running: 'Working', downloading: 'Fetching' };
const TOOLS = { publish_viewer: 'a web page of your own', validator: 'tests on this machine' };

export class StepCard {
  constructor(runId, id) {
    this.runId = runId;
    this.tiles = [];
    this.title = make('span', { class: 'step-title' });
    this.where = make('span', { class: 'step-where' });
    this.word = make('b');
    this.time = make('span');
    this.lead = make('span', { class: 'tile waiting' });
    this.bar = make('i');
    this.track = make('span', { class: 'step-bar', 'aria-hidden': 'true' }, this.bar);
    this.head = make('button', { type: 'button', class: 'step-head', 'aria-expanded': 'false', on: { click: () => this.toggle() } },
      this.lead, make('span', {}, this.title, this.where), make('span', { class: 'step-state' }, this.word, this.time));
    this.row = make('ol', { class: 'tiles', hidden: true });
    this.repair = make('p', { class: 'repair', hidden: true });
    this.details = new StepDetails();
    this.element = make('article', { class: 'step waiting', 'data-step': id }, this.head, this.row, this.repair, this.details.element, this.track);
  }

  toggle() {
    const open = this.details.element.hidden;
    this.head.setAttribute('aria-expanded', String(open));
    this.details.show(open);
  }

  // Returns what a listener should hear, when the step's state is another one than before.
  apply(step) {
    const before = this.step?.state;
    this.step = step;
    setClass(this.element, `step ${step.state}`);
    setText(this.title, step.title);
    setText(this.where, step.space ? `${step.space}${step.endpoint ? ` ${step.endpoint}` : ''}` : TOOLS[step.tool] ?? step.tool);
    this.showState(step);
    if (step.spread) this.showTiles(step);
    else this.showTile(this.lead, step.units[0]);
    if (step.spread) this.showGlyph(this.lead, step.state);
    this.showRepair(step);
    this.details.apply(step);
    return before && before !== step.state && step.state !== 'waiting' ? `${step.title}: ${this.word.textContent}` : null;
  }

  showState(step) {
    const unit = step.units[0];
    setText(this.word, step.asked ? 'Waits for you' : step.spread ? spreadWords(step) : words(unit, step));
    const begun = step.units.map((each) => each.began).filter(Boolean);
    if (begun.length) run(this.time, Math.min(...begun));
    else {
      rest(this.time);
      setText(this.time, spent(step));
    }
    this.showProgress(step, unit);
  }

  showProgress(step, unit) {
    const sure = step.spread ? step.done / Math.max(step.count, 1) : unit?.progress?.fraction;
    const busy = step.state === 'running';
    setClass(this.track, busy && (sure === null || sure === undefined) ? 'step-bar unsure' : 'step-bar');
    this.bar.style.transform = busy ? `scaleX(${sure ?? 0.3})` : 'scaleX(0)';
  }

  showTiles(step) {
    this.row.hidden = step.units.length === 0;
    step.units.forEach((unit, index) => {
      if (!this.tiles[index]) {
        const tile = make('li', { class: 'tile waiting' });
        this.tiles[index] = tile;
        this.row.append(tile);
      }
      this.showTile(this.tiles[index], unit, true);
    });
  }

  showTile(tile, unit, named = false) {
    const state = unit?.state ?? 'waiting';
    const words = named ? `${unit.name}: ${STATES[state]}` : '';
    const key = `${state} ${unit?.made?.sha256 ?? ''} ${words}`;
    if (tile.dataset.key === key) return;
    tile.dataset.key = key;
    setClass(tile, `tile ${state}`);
    tile.title = words;
    const glyph = icon(done(state) && unit.made ? unit.made.kind : ICONS[state]);
    tile.replaceChildren(glyph, ...(words ? [make('span', { class: 'unseen', text: words })] : []));
    if (done(state) && unit.made) this.showThumbnail(tile, glyph, unit, state);
  }

  showThumbnail(tile, glyph, unit, state) {
    const picture = make('img', { alt: '', width: 48, height: 48, src: thumbnailOf(this.runId, unit.made.sha256) });
    picture.addEventListener('error', () => picture.remove());
    picture.addEventListener('load', () => glyph.remove());
    tile.append(picture);
    if (state !== 'passed') tile.append(make('span', { class: 'badge' }, icon(ICONS[state], 12)));
  }

  showGlyph(tile, state) {
    if (tile.dataset.key === state) return;
    tile.dataset.key = state;
    setClass(tile, `tile ${state}`);
    tile.replaceChildren(icon(ICONS[state]));
  }

  showRepair(step) {
    const last = step.attempts.at(-1);
    this.repair.hidden = !last;
    if (!last) return;
    const others = step.attempts.length > 1 ? ` (${step.attempts.length} tries did not hold)` : '';
    const where = last.space && step.space && last.space !== step.space ? ` ${step.space} took its place.` : '';
    setText(this.repair, `${last.space} failed: ${last.fault}${others}.${where}`.replace('..', '.'));
  }
}

const STATES = {
  waiting: 'waiting', running: 'running', again: 'trying again', passed: 'checked', repaired: 'repaired and checked',
  skipped: 'known already', failed: 'failed',
};

const done = (state) => ['passed', 'repaired', 'skipped'].includes(state);

function words(unit, step) {
  switch (unit?.state ?? 'waiting') {
    case 'waiting': return 'Waiting';
    case 'again': return 'Trying again';
    case 'running': return progressWords(unit.progress, unit.tries);
    case 'repaired': return `Repaired, try ${unit.tries}`;
    case 'skipped': return 'Known already';
    case 'failed': return 'Failed';
    default: return step.verdicts.some((verdict) => verdict.status === 'warn') ? 'Passed, see note' : step.verdicts.length ? 'Checked' : 'Done';
  }
}

function progressWords(progress, tries) {
  const again = tries > 1 ? `Try ${tries}: ` : '';
  if (!progress) return again ? `${again}running` : 'Running';
  if (progress.stage === 'queued' && progress.position !== null) {
    return `${again}${progress.position ? `${progress.position} before it` : 'Next in queue'}`;
  }
  const share = progress.fraction === null ? '' : ` ${Math.round(progress.fraction * 100)} %`;
  return `${again}${STAGES[progress.stage] ?? 'Running'}${share}`;
}

function spreadWords(step) {
  if (step.state === 'waiting' && !step.done) return step.count ? `${step.count} waiting` : 'Waiting';
  const known = step.units.filter((unit) => unit.state === 'skipped').length;
  if (step.state === 'skipped') return `${step.count} known already`;
  return `${step.done} of ${step.count}${known ? `, ${known} known` : ''}`;
}

function spent(step) {
  const seconds = step.units.reduce((sum, unit) => sum + unit.seconds, 0);
  // Items that went side by side have taken more time together than has passed.
  return seconds ? `${took(seconds)}${step.spread && step.units.length > 1 ? ' together' : ''}` : '';
}
