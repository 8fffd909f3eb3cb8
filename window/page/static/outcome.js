// How far a Space was proved, and what to do next.

import { make } from './elements.js';
import { told } from './step_details.js';

const RUNGS = {
  insufficient_information: 'There is not enough to go by', technical_blocker: 'Something stands in the way', generated: 'Its code is written, and not sound yet',
  preflight_ok: 'Its code is written and looked over', built: 'It was built, and does not answer', manual_hardware_required: 'It waits for hardware that a person has to choose',
  api_alive: 'It answers', output_type_ok: 'It answers with the right kind of thing', full_inference_success: 'Proved: a model is at work in it',
};

export class Outcome {
  constructor() {
    this.element = make('section', { class: 'outcome', hidden: true });
  }

  apply(outcome, hub) {
    this.element.hidden = !outcome?.over;
    if (this.element.hidden) return;
    const good = outcome.rung === 'full_inference_success';
    this.element.replaceChildren(...[
      make('h3', { class: good ? 'pass' : 'warn', text: RUNGS[outcome.rung] ?? outcome.rung }),
      make('p', { class: 'mono soft', text: outcome.rung }),
      outcome.reasons.length ? told(outcome.reasons.map((reason) => [good ? 'check' : 'hand', good ? 'pass' : 'warn', reason])) : null,
      make('div', { class: 'ask-buttons' },
        outcome.settings ? make('a', { class: 'primary', href: outcome.settings, target: '_blank', rel: 'noopener', text: 'Choose its hardware' }) : null,
        outcome.space ? make('a', { class: 'plain', href: `${hub}/spaces/${outcome.space}`, target: '_blank', rel: 'noopener', text: outcome.space }) : null),
    ].filter(Boolean));
  }
}
