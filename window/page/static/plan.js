// The plan as a picture: a row for what may run side by side, and a line wherever one step reads another.

import { make, path } from './elements.js';
import { StepCard } from './step.js';

export class PlanPicture {
  constructor(runId) {
    this.runId = runId;
    this.cards = new Map();
    this.edges = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.edges.setAttribute('class', 'edges');
    this.edges.setAttribute('aria-hidden', 'true');
    this.pending = make('p', { class: 'plan-pending', text: 'Looking for the Spaces it takes' });
    this.element = make('div', { class: 'plan' }, this.edges, this.pending);
    new ResizeObserver(() => this.drawEdges()).observe(this.element);
  }

  // A plan that replaces another keeps the cards of the steps they share.
  applyPlan(plan) {
    const wanted = new Set(plan.layers.flat());
    [...this.cards.keys()].filter((id) => !wanted.has(id)).forEach((id) => this.cards.delete(id));
    const layers = plan.layers.map((ids) => make('div', { class: 'layer' }, ...ids.map((id) => this.card(id).element)));
    this.element.replaceChildren(this.edges, ...(layers.length ? layers : [this.pending]));
  }

  applyStep(step) {
    const said = this.card(step.id).apply(step);
    this.drawEdges();
    return said;
  }

  nothing(words) {
    if (this.pending.isConnected) this.pending.textContent = words;
  }

  card(id) {
    if (!this.cards.has(id)) this.cards.set(id, new StepCard(this.runId, id));
    return this.cards.get(id);
  }

  drawEdges() {
    const frame = this.element.getBoundingClientRect();
    const drawn = [];
    for (const { step, element } of this.cards.values()) {
      for (const id of step?.reads ?? []) {
        const from = this.cards.get(id);
        if (!from?.element.isConnected || !element.isConnected) continue;
        const [a, b] = [from.element.getBoundingClientRect(), element.getBoundingClientRect()];
        const [x1, y1] = [a.left + a.width / 2 - frame.left, a.bottom - frame.top];
        const [x2, y2] = [b.left + b.width / 2 - frame.left, b.top - frame.top];
        const bend = (y2 - y1) / 2;
        const state = from.step?.state;
        const done = ['passed', 'repaired', 'skipped'].includes(state);
        drawn.push([done ? 'done' : '', `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`]);
      }
    }
    const key = JSON.stringify(drawn);
    if (key === this.key) return;
    this.key = key;
    this.edges.replaceChildren(...drawn.map(([className, d]) => path(className, d)));
  }
}
