// Opens the page: reads exhibits.json and gives every exhibit its place, a model on the stage and anything else on a card.
// `window.viewer` tells a test when everything has been loaded, and what went wrong.

import { showCards } from './cards.js';
import { Surface } from './surface.js';

const viewer = { loaded: false, errors: [], ready: null };
window.viewer = viewer;
viewer.ready = open().catch((error) => {
  report(error.message);
  document.body.classList.remove('loading');
  new Surface().notice({ name: 'This page could not be opened', reason: error.message });
}).then(() => { viewer.loaded = true; });

function report(message) {
  viewer.errors.push(message);
}

async function open() {
  const answer = await fetch('exhibits.json');
  if (!answer.ok) throw new Error(`exhibits.json: the server answered ${answer.status}`);
  const { exhibits } = await answer.json();
  const models = exhibits.filter((exhibit) => exhibit.kind === 'model3d');
  const others = exhibits.filter((exhibit) => exhibit.kind !== 'model3d');
  document.body.classList.add(others.length === 0 ? 'theatre' : models.length ? 'shared' : 'gallery');
  document.body.classList.toggle('alone', exhibits.length === 1);
  const cards = others.length ? showCards(others, report) : null;
  if (models.length) await openStage(models);
  document.body.classList.remove('loading');
  await cards;
}

async function openStage(models) {
  const surface = new Surface();
  surface.open();
  if (!hasWebGL()) {
    report('WebGL is missing');
    surface.notice({ ...models[0], title: models[0].name,
      reason: 'This browser cannot draw in 3D (WebGL 2 is missing or switched off). The file can still be downloaded.' });
    return;
  }
  const { showModels } = await import('./show.js');
  viewer.stage = await showModels(models, surface, report);
}

function hasWebGL() {
  try {
    return Boolean(document.createElement('canvas').getContext('webgl2'));
  } catch {
    return false;
  }
}
