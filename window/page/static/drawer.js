// The runs, in a drawer: filtered here, opened by their address.

import { took } from './clock.js';
import { icon, make } from './elements.js';
import { listRuns, reportOf, thumbnailOf } from './server.js';

const GROUPS = { running: ['running'], passed: ['passed'], failed: ['failed', 'crashed'], stopped: ['cancelled', 'interrupted', 'blocked'] };
const WORDS = { running: 'At work', passed: 'Done', failed: 'Failed', crashed: 'Broke off', cancelled: 'Stopped', interrupted: 'Interrupted', blocked: 'Held back' };
const MARKS = { running: 'ring', passed: 'check', failed: 'cross', crashed: 'cross', cancelled: 'stop', interrupted: 'stop', blocked: 'hand' };

export class Drawer {
  constructor(open) {
    this.openRun = open;
    this.dialog = document.getElementById('runs');
    this.list = document.getElementById('run-list');
    this.note = document.getElementById('run-list-note');
    this.words = document.getElementById('filter-words');
    this.status = document.getElementById('filter-status');
    document.getElementById('open-runs').addEventListener('click', () => this.open());
    document.getElementById('close-runs').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('click', (event) => { if (event.target === this.dialog) this.dialog.close(); });
    [this.words, this.status].forEach((filter) => filter.addEventListener('input', () => this.draw()));
  }

  async open() {
    this.dialog.showModal();
    try {
      this.runs = await listRuns();
      this.draw();
    } catch (error) {
      this.note.textContent = error.message;
    }
  }

  draw() {
    const words = this.words.value.trim().toLowerCase();
    const group = GROUPS[this.status.value];
    const shown = this.runs.filter((run) => run.goal.toLowerCase().includes(words) && (!group || group.includes(run.status)));
    this.list.replaceChildren(...shown.map((run) => this.row(run)));
    this.note.textContent = shown.length ? '' : this.runs.length ? 'No run fits these filters.' : 'No runs yet.';
  }

  row(run) {
    const tile = make('span', { class: `tile ${run.status === 'passed' ? 'passed' : run.status === 'running' ? 'running' : ''}` }, icon(MARKS[run.status] ?? 'clock'));
    if (run.sha256) {
      const picture = make('img', { alt: '', width: 48, height: 48, loading: 'lazy', src: thumbnailOf(run.id, run.sha256) });
      picture.addEventListener('error', () => picture.remove());
      tile.append(picture);
    }
    const when = new Date(run.started * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    const here = location.pathname.split('/')[2]?.split('+').includes(run.id);
    return make('li', {}, make('a', {
      class: 'run-link',
      href: `/runs/${run.id}`, 'aria-current': here ? 'true' : null, on: { click: (event) => this.go(event, run.id) },
    }, tile, make('span', {}, make('span', { class: 'goal', text: run.goal }),
      make('span', { class: 'when', text: `${WORDS[run.status] ?? run.status}, ${when}${run.seconds ? `, ${took(run.seconds).replace(' ', '\u00a0')}` : ''}` }))),
    make('a', { class: 'quiet', href: reportOf(run.id), target: '_blank', rel: 'noopener', 'aria-label': `Report: ${run.goal.slice(0, 80)}`, text: 'Report' }));
  }

  go(event, id) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.dialog.close();
    this.openRun(id);
  }
}
