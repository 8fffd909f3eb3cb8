// The card that asks before something is published or spent. Closing the page is no answer, and no answer is no.

import { make, say } from './elements.js';
import { answer } from './server.js';
import { rows } from './step_details.js';

export class Questions {
  constructor(runId, local) {
    this.runId = runId;
    this.local = local;
    this.cards = new Map();
    this.element = make('div', { class: 'asks' });
    this.element.hidden = true;
  }

  apply(asks) {
    const open = new Set(asks.map((ask) => ask.key));
    for (const [key, card] of this.cards) {
      if (open.has(key)) continue;
      card.remove();
      this.cards.delete(key);
    }
    for (const ask of asks) {
      if (this.cards.has(ask.key)) continue;
      const card = this.card(ask);
      this.cards.set(ask.key, card);
      this.element.append(card);
      say(`${title(ask)} Your answer is needed.`);
    }
    this.element.hidden = asks.length === 0;
  }

  card(ask) {
    const problem = make('p', { role: 'alert' });
    const buttons = [
      make('button', { type: 'button', class: 'primary', text: YES[ask.effect] ?? 'Yes, go on', on: { click: () => tell(true) } }),
      make('button', { type: 'button', class: 'plain', text: 'No', on: { click: () => tell(false) } }),
    ];
    const tell = async (yes) => {
      buttons.forEach((button) => { button.disabled = true; });
      try {
        await answer(this.runId, ask.key, yes);
      } catch (error) {
        problem.textContent = error.message;
        buttons.forEach((button) => { button.disabled = false; });
      }
    };
    const id = `ask-${Math.random().toString(36).slice(2)}`;
    return make('section', { class: 'ask', role: 'group', 'aria-labelledby': id }, make('h3', { id, text: title(ask) }), rows(this.facts(ask)),
      make('div', { class: 'ask-buttons' }, ...buttons, make('p', { text: 'Nothing happens until you answer.' }), problem));
  }

  facts(ask) {
    return [['What', what(ask)], ['Where', this.where(ask)], ['How much', howMuch(ask)]];
  }

  where(ask) {
    if (ask.effect === 'write') {
      return this.local ? 'A new private Space on the local Hub: on this machine, for you alone' : `A new private Space in your account on ${host(ask.endpoint)}`;
    }
    return ask.space ? `${ask.space} on ${host(ask.endpoint)}` : host(ask.endpoint);
  }
}

const YES = { write: 'Yes, publish it', spend: 'Yes, spend it' };

function title(ask) {
  if (ask.effect === 'write') return `Publish ${ask.title ? `“${ask.title}”` : 'the result'}?`;
  if (ask.effect === 'spend') return `Spend on “${ask.step}”?`;
  return `Use ${ask.space ?? ask.step}?`;
}

function what(ask) {
  if (!ask.question.endsWith('may it be done?')) return ask.question;
  if (ask.effect !== 'write') return ask.question;
  return ask.exhibits ? `A web page with ${ask.exhibits === 1 ? 'what was made, shown below' : `the ${ask.exhibits} things shown below`}` : ask.step;
}

function howMuch(ask) {
  const parts = [];
  if (ask.dollars) parts.push(`up to $${ask.dollars.toFixed(2)}`);
  if (ask.gpu_seconds) parts.push(`up to ${ask.gpu_seconds} seconds of GPU time`);
  return parts.length ? parts.join(' and ') : 'Nothing: no GPU time, no money';
}

function host(address) {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
