// A recorded session: played by the server with no network, followed like any run, and then looked at step by step.

import { took } from './clock.js';
import { icon, make, say, setText } from './elements.js';
import { RunView } from './run.js';
import { moment, play } from './server.js';

const PACE = 900;

export class RecordedView {
  constructor(recording, told) {
    this.id = `recorded/${recording.name}`;
    this.recording = recording;
    this.told = { ...told, may_act: false, replayed: true };
    this.words = make('span', { text: 'Replaying a recorded session' });
    this.stepper = new Stepper();
    this.element = make('div', { class: 'recorded', 'data-recorded': recording.name },
      make('p', { class: 'replayed' }, icon('again', 18), this.words), this.stepper.element);
    this.begin();
  }

  async begin() {
    try {
      const { run } = await play(this.recording.name);
      if (this.closed) return;
      this.run = new RunView(run, this.told, () => this.over());
      this.element.append(this.run.element);
    } catch (error) {
      setText(this.words, error.message);
    }
  }

  // The journal has ended; what the comparison came to is known a moment later.
  async over() {
    const showing = await this.outcome();
    if (this.closed || !showing) return;
    setText(this.words, told(this.recording, showing));
    await this.stepper.open(this.run);
  }

  async outcome(tries = 40) {
    for (let left = tries; left && !this.closed; left -= 1) {
      const showing = await play(this.recording.name).catch(() => null);
      if (showing && showing.same !== null) return showing;
      await new Promise((done) => { setTimeout(done, 250); });
    }
    return null;
  }

  close() {
    this.closed = true;
    this.stepper.stop();
    this.run?.close();
  }
}

function told({ day, hub, note }, { same, exchanges, seconds }) {
  const came = same ? 'It came to the same again' : 'It did not come to the same';
  const by = `${exchanges === null ? '' : `: ${exchanges} exchanges`}${seconds === null ? '' : ` in ${took(seconds)}`}`;
  return `Replayed with no network, from a recording of ${day} with ${hub}${note ? ` (${note})` : ''}. ${came}${by}.`;
}

// Back and forth between the moments of a run.
class Stepper {
  constructor() {
    this.back = make('button', { type: 'button', class: 'plain', text: 'Back', on: { click: () => this.by(-1) } });
    this.next = make('button', { type: 'button', class: 'plain', text: 'Next', on: { click: () => this.by(1) } });
    this.play = make('button', { type: 'button', class: 'primary', text: 'Play', on: { click: () => this.toggle() } });
    this.range = make('input', { type: 'range', min: 0, value: 0, 'aria-label': 'Moment of the run' });
    this.range.addEventListener('input', () => { this.stop(); this.show(Number(this.range.value)); });
    this.said = make('p', { class: 'moment' });
    this.element = make('div', { class: 'stepper', hidden: true, role: 'group', 'aria-label': 'Step by step' },
      make('div', { class: 'stepper-row' }, this.play, this.back, this.range, this.next), this.said);
    this.asked = 0;
  }

  async open(run) {
    this.run = run;
    const { words, at } = await moment(run.id, 1e6);
    this.words = words;
    this.range.max = at;
    this.element.hidden = false;
    this.tell(at);
  }

  by(step) {
    this.stop();
    this.show(Math.min(Math.max(this.at + step, 0), this.words.length - 1));
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    setText(this.play, 'Pause');
    this.show(this.at >= this.words.length - 1 ? 0 : this.at + 1);
    this.timer = setInterval(() => (this.at >= this.words.length - 1 ? this.stop() : this.show(this.at + 1)), PACE);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    setText(this.play, 'Play');
  }

  // Only the newest wish counts: an answer to an older one comes too late.
  async show(at) {
    const asked = this.asked += 1;
    this.tell(at);
    const told = await moment(this.run.id, at).catch((error) => { setText(this.said, error.message); });
    if (told && asked === this.asked) this.run.showMoment(told);
  }

  tell(at) {
    this.at = at;
    this.range.value = at;
    this.back.disabled = at === 0;
    this.next.disabled = at === this.words.length - 1;
    const words = `${at + 1} of ${this.words.length}: ${this.words[at]}`;
    this.range.setAttribute('aria-valuetext', words);
    setText(this.said, words);
    if (!this.timer) say(words);
  }
}
