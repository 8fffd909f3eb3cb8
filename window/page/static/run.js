// One run in the conversation: follows its journal and keeps its picture up to date, part by part.
// A recorded one (`told.replayed`) is looked at only, also as it stood at one of its moments.

import { rest, run as runClock, serverSays, took } from './clock.js';
import { icon, make, say, setText } from './elements.js';
import { Outcome } from './outcome.js';
import { PlanPicture } from './plan.js';
import { Questions } from './question.js';
import { Results } from './results.js';
import { fileOf, Following, pageOf, recordOf, reportOf, resume, stop } from './server.js';

const WORDS = {
  planning: ['ring', 'Planning'], running: ['ring', 'At work'], asking: ['hand', 'Waiting for you'], passed: ['check', 'Done'],
  failed: ['cross', 'Failed'], cancelled: ['stop', 'Stopped'], blocked: ['hand', 'Held back'], crashed: ['cross', 'Broke off'], interrupted: ['stop', 'Interrupted'],
};
const LIVE = ['planning', 'running', 'asking'];

export class RunView {
  constructor(id, told, onOver = () => {}) {
    this.id = id;
    this.onOver = onOver;
    this.told = told;
    this.goal = make('div', { class: 'goal-said' });
    this.sign = make('span');
    this.word = make('span');
    this.figures = make('span', { class: 'run-figures' });
    this.stopButton = make('button', { type: 'button', class: 'plain', text: 'Stop', hidden: true, on: { click: () => this.stop() } });
    this.plan = new PlanPicture(id);
    this.reasons = make('details', { class: 'reasons', hidden: true });
    this.questions = new Questions(id, told.local);
    this.ending = make('p', { class: 'ending', hidden: true });
    this.page = make('div', { class: 'page-card', hidden: true });
    this.outcome = new Outcome();
    this.results = new Results(id);
    this.foot = make('div', { class: 'run-foot', hidden: true });
    this.element = make('section', { class: 'talk', 'data-run': id, 'aria-label': 'A run' }, this.goal,
      make('div', { class: 'run-head' }, make('h2', { class: 'run-status' }, this.sign, this.word), this.figures, this.stopButton),
      this.plan.element, this.reasons, this.questions.element, this.ending, this.outcome.element, this.page, this.results.element, this.foot);
    this.follow();
  }

  follow() {
    this.following?.end();
    this.following = new Following(this.id, (picture) => this.apply(picture), (over) => this.over(over));
  }

  close() {
    this.following.end();
  }

  apply({ now, parts }) {
    if (now) serverSays(now);
    if (parts.head) this.showHead(parts.head);
    if (parts.plan) this.showPlan(parts.plan);
    for (const [name, part] of Object.entries(parts)) {
      if (!name.startsWith('step ') || !part) continue;
      const said = this.plan.applyStep(part);
      if (said) say(said);
    }
    if ('outcome' in parts) this.outcome.apply(parts.outcome, this.told.hub);
    if (parts.asks) this.questions.apply(parts.asks);
    if (parts.results) this.results.apply(parts.results);
  }

  // The whole run as it stood then; no clock goes on in it.
  showMoment({ parts, seconds }) {
    this.still = seconds;
    this.element.classList.add('still');
    if (!parts.plan) this.showPlan({ layers: [], reasons: [] });
    this.apply({ parts });
  }

  over({ begun, lost }) {
    this.onOver(begun);
    if (begun) return;
    this.showStatus('failed');
    this.ending.hidden = false;
    setText(this.ending, lost ? 'There is no such run of yours.' : 'Nothing was written down for this run; ask again.');
    this.plan.element.hidden = true;
  }

  showHead(head) {
    const before = this.head;
    this.head = head;
    if (!before) this.showGoal(head);
    if (before?.status !== head.status) this.showStatus(head.status, Boolean(before));
    if (this.still !== undefined && LIVE.includes(head.status)) {
      rest(this.figures);
      setText(this.figures, took(this.still));
    } else if (LIVE.includes(head.status)) runClock(this.figures, head.started);
    else {
      rest(this.figures);
      setText(this.figures, `${took(head.seconds)}${head.calls ? `, ${head.calls} ${head.calls === 1 ? 'call' : 'calls'}` : ''}`);
    }
    this.stopButton.hidden = !LIVE.includes(head.status) || head.at !== 'here';
    this.showEnding(head);
    this.showPage(head);
    this.showFoot(head);
  }

  showGoal(head) {
    this.goal.append(make('span', { text: head.goal }));
    document.title = `${head.goal.slice(0, 60)} · Spacewright`;
    if (!head.attachments.length) return;
    this.goal.append(make('ul', {}, ...head.attachments.map((file) => make('li', {}, make('a', { href: fileOf(this.id, file.sha256), target: '_blank', rel: 'noopener', text: file.name })))));
  }

  showStatus(status, aloud = false) {
    const [mark, word] = WORDS[status] ?? ['clock', status];
    this.sign.replaceChildren(icon(mark, 22));
    this.element.dataset.status = status;
    setText(this.word, word);
    if (aloud) say(word);
  }

  showPlan(plan) {
    this.plan.applyPlan(plan);
    const wish = plan.reasons.find((reason) => reason.startsWith('You asked for'));
    if (wish && !this.wish) this.goal.append(this.wish = make('p', { class: 'wish', text: wish.replace('You asked for', 'This time') }));
    this.reasons.hidden = plan.reasons.length === 0;
    this.reasons.replaceChildren(make('summary', { text: 'Why this plan' }), make('ul', {}, ...plan.reasons.map((reason) => make('li', { text: reason }))));
  }

  showEnding(head) {
    const words = this.told.replayed && head.at ? '' : endingWords(head);
    this.ending.hidden = !words;
    this.ending.classList.toggle('bad', ['failed', 'crashed'].includes(head.status));
    setText(this.ending, words);
    this.plan.nothing(LIVE.includes(head.status) ? 'Looking for the Spaces it takes' : 'No plan was made.');
  }

  showPage(head) {
    if (this.page.hidden && head.page) {
      this.page.replaceChildren(
        make('div', {}, make('h3', { text: this.told.replayed ? 'It was published' : 'It is published' }), make('p', { text: `${head.page.private ? 'A private Space' : 'A Space'}: ${head.page.space ?? ''}` })),
        this.told.replayed ? '' : make('a', { class: 'primary', href: pageOf(this.id), target: '_blank', rel: 'noopener', text: 'Open the page' }));
    }
    this.page.hidden = !head.page;
  }

  showFoot(head) {
    const live = LIVE.includes(head.status);
    this.foot.hidden = live;
    if (live) return;
    const again = head.status === 'blocked' && head.refused ? 'Ask me again' : 'Go on with it';
    const parts = [
      ['cancelled', 'blocked', 'crashed', 'interrupted', 'failed'].includes(head.status) && head.at === '' && this.told.may_act
        ? make('button', { type: 'button', class: 'plain', text: again, on: { click: (event) => this.resume(event.currentTarget) } }) : null,
      make('a', { class: 'plain', href: recordOf(this.id), download: true, text: 'Download the record' }),
      make('a', { class: 'plain', href: reportOf(this.id), target: '_blank', rel: 'noopener', text: 'Report' }),
      make('p', { text: `Planned by ${head.planner} on ${head.endpoint.replace(/^https?:\/\//, '')}, run ${head.id}` }),
    ];
    this.foot.replaceChildren(...parts.filter(Boolean));
  }

  async stop() {
    this.stopButton.disabled = true;
    setText(this.word, 'Stopping');
    await stop(this.id).catch((error) => this.trouble(error));
    this.stopButton.disabled = false;
  }

  async resume(button) {
    button.disabled = true;
    try {
      await resume(this.id);
      this.follow();
    } catch (error) {
      this.trouble(error);
      button.disabled = false;
    }
  }

  trouble(error) {
    this.ending.hidden = false;
    setText(this.ending, error.message);
  }
}

function endingWords(head) {
  switch (head.status) {
    case 'failed': case 'crashed': return head.reason || 'It did not work out, and no reason is on record.';
    case 'blocked': return head.refused ? 'You said no, so it went no further. What was made is kept.' : head.reason;
    case 'cancelled': return 'Stopped. What was finished is kept; going on makes none of it twice.';
    case 'interrupted': return 'The program that worked on it ended. What was finished is kept; going on makes none of it twice.';
    case 'running': case 'planning': case 'asking': return head.at === 'elsewhere' ? 'Another program works on this run; it can be watched here, not stopped.' : '';
    default: return '';
  }
}

