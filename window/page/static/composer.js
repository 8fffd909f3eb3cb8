// The box at the bottom: a goal in plain words, with files.

import { make } from './elements.js';

const MOST_FILES = 8;
const CHANGE = /^\s*(again|once (more|again)|(the )?same|but|now|with|without|instead|more|less|(use |try |take )?(another|a different|some other) space|make it)\b/i;

export class Composer {
  // `send(text, files)` may throw; what was written is kept then.
  constructor(send, mayAct) {
    this.send = send;
    this.files = [];
    this.form = document.getElementById('composer');
    this.goal = document.getElementById('goal');
    this.note = document.getElementById('note');
    this.button = document.getElementById('send');
    this.chips = document.getElementById('chips');
    this.box = this.form.querySelector('.composer-box');
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.submit(); });
    this.goal.addEventListener('keydown', (event) => this.key(event));
    this.goal.addEventListener('input', () => { this.guess(); this.grow(); });
    this.choice = document.getElementById('choice');
    this.choice.addEventListener('change', () => { this.chosen = true; this.invite(); });
    this.listenForFiles();
    if (!mayAct) this.close();
  }

  // Whether the words are to change the last run of the conversation.
  get changes() {
    return !this.choice.hidden && this.choice.querySelector('input:checked').value === 'change';
  }

  talking(yes) {
    this.choice.hidden = !yes;
    this.chosen = false;
    this.choice.querySelector('[value=new]').checked = true;
    this.invite();
  }

  // Until somebody has chosen: words that cannot begin a goal are a change.
  guess() {
    if (this.chosen || this.choice.hidden) return;
    this.choice.querySelector(CHANGE.test(this.goal.value) ? '[value=change]' : '[value=new]').checked = true;
  }

  invite() {
    if (this.goal.disabled) return;
    const words = this.changes ? 'What should be different? “another Space for …”, “again, but …”' : 'What should be made?';
    this.goal.placeholder = words;
  }

  say(words, bad = false) {
    this.note.textContent = words;
    this.note.classList.toggle('bad', bad);
  }

  close() {
    [this.goal, this.button].forEach((part) => { part.disabled = true; });
    this.goal.placeholder = 'Sign in to make something';
  }

  async submit() {
    const text = this.goal.value.trim();
    if (!text || this.button.disabled) return this.goal.focus();
    this.button.disabled = true;
    this.say('');
    try {
      await this.send(text, this.files);
      this.goal.value = '';
      this.files = [];
      this.showFiles();
      this.grow();
    } catch (error) {
      this.say(error.message, true);
    }
    this.button.disabled = false;
    return this.goal.focus({ preventScroll: true });
  }

  key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  grow() {
    if (CSS.supports('field-sizing', 'content')) return;
    this.goal.style.height = 'auto';
    this.goal.style.height = `${this.goal.scrollHeight}px`;
  }

  listenForFiles() {
    const input = document.getElementById('files');
    input.addEventListener('change', () => { this.add([...input.files]); input.value = ''; });
    document.getElementById('attach').addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      input.click();
    });
    this.goal.addEventListener('paste', (event) => this.add([...(event.clipboardData?.files ?? [])]));
    for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
      document.addEventListener(name, (event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        this.box.classList.toggle('over', over);
        if (name === 'drop') this.add([...event.dataTransfer.files]);
      });
    }
  }

  add(files) {
    this.files = [...this.files, ...files].slice(0, MOST_FILES);
    this.showFiles();
  }

  showFiles() {
    this.chips.hidden = this.files.length === 0;
    this.chips.replaceChildren(...this.files.map((file, index) => make('li', { class: 'chip' }, make('span', { text: file.name }),
      make('button', { type: 'button', text: '×', 'aria-label': `Remove ${file.name}`, on: { click: () => { this.files.splice(index, 1); this.showFiles(); } } }))));
  }
}
