// The page: which runs are in the conversation stands in its address, so that a reload finds them again.

import { Composer } from './composer.js';
import { Drawer } from './drawer.js';
import { make, say } from './elements.js';
import { Forms } from './forms.js';
import { RecordedView } from './recorded.js';
import { RunView } from './run.js';
import { beginRun } from './server.js';

const told = JSON.parse(document.getElementById('told').textContent);
const thread = document.getElementById('thread');
const welcome = document.getElementById('welcome');
const composer = new Composer(begin, told.may_act);
const forms = new Forms((text) => begin(text, []).catch((error) => composer.say(error.message, true)), told.may_act);
let views = [];

new Drawer((id) => go(`/runs/${id}`));
document.querySelectorAll('[data-home]').forEach((link) => link.addEventListener('click', (event) => follow(event, '/')));
window.addEventListener('popstate', show);
describe();
person();
show();

async function begin(text, files) {
  const id = await beginRun(text, files, composer.changes && text === document.getElementById('goal').value.trim() ? views.at(-1)?.id : null);
  history.pushState(null, '', `/runs/${[...inAddress(), id].join('+')}`);
  show();
  views.at(-1).element.scrollIntoView({ block: 'start', behavior: 'smooth' });
  say('Planning');
}

function go(address) {
  history.pushState(null, '', address);
  show();
  window.scrollTo(0, 0);
  document.getElementById('goal').focus({ preventScroll: true });
}

function inAddress() {
  const [, place, ids] = location.pathname.split('/');
  return place === 'runs' && ids ? decodeURIComponent(ids).split('+').filter((id) => /^[a-z0-9-]+$/.test(id)) : [];
}

function recordedInAddress() {
  const [, place, name] = location.pathname.split('/');
  return place === 'recorded' ? told.recorded.find((each) => each.name === decodeURIComponent(name ?? '')) : undefined;
}

// Makes the conversation what the address says, and leaves what is there already as it is.
function show() {
  const ids = inAddress();
  const recording = recordedInAddress();
  if (recording) ids.push(`recorded/${recording.name}`);
  views.filter((view) => !ids.includes(view.id)).forEach((view) => { view.close(); view.element.remove(); });
  views = ids.map((id) => views.find((view) => view.id === id) ?? (recording ? new RecordedView(recording, told) : new RunView(id, told)));
  views.forEach((view) => { if (!view.element.isConnected) thread.append(view.element); });
  welcome.hidden = ids.length > 0;
  thread.hidden = ids.length === 0;
  composer.talking(ids.length > 0 && !recording);
  if (!ids.length) document.title = 'Spacewright';
  document.body.classList.toggle('looking', Boolean(recording) || !told.may_act);
  if (told.may_act) forms.openFor(location.pathname.slice(1));
}

function describe() {
  const hub = told.hub.replace(/^https?:\/\//, '');
  document.getElementById('where').textContent = told.local ? 'Local Hub' : hub;
  document.getElementById('assurance').textContent = told.local && !told.public
    ? 'On the local Hub: small procedural Spaces on this machine that really compute. No account, no token, no GPU.'
    : `On ${hub}. Nothing is published or spent before you have said yes.${told.kept ? '' : ' Runs are kept until this Space restarts; download the record of one that you want to keep.'}`;
  const examples = document.getElementById('examples');
  examples.hidden = !told.may_act;
  examples.replaceChildren(...told.examples.map(example));
  document.getElementById('factory-offers').hidden = !told.may_act;
  recordings();
}

// What the sign-in asks for, and why, before anybody is sent to it.
function signIn() {
  const framed = window.self !== window.top;
  return make('a', { class: 'primary', href: `/login/huggingface?_target_url=${encodeURIComponent(location.pathname)}`, target: framed ? '_blank' : null, 'aria-label': 'Sign in with Hugging Face' }, 'Sign in', make('span', { class: 'roomy', text: '\u00a0with Hugging Face' }));
}

function person() {
  const place = document.getElementById('person');
  if (!told.public) return;
  if (told.visitor) {
    place.append(make('span', { class: 'soft', text: told.visitor }), ' ', make('a', { class: 'quiet', href: '/logout', text: 'Sign out' }));
    return;
  }
  place.append(signIn());
  const why = document.getElementById('sign-in');
  why.hidden = false;
  const rights = told.scopes.map((scope) => `, and for the right to ${scope}`).join('');
  why.append(`To make something, sign in: every run acts with your own account, and only you see it. It asks for your name${rights}.`);
}

// What somebody has recorded is for everybody to look at, also before a sign-in.
function recordings() {
  const place = document.getElementById('recorded');
  place.hidden = told.recorded.length === 0;
  place.open = !told.may_act;
  document.getElementById('recorded-list').replaceChildren(...told.recorded.map((each) => make('li', {}, make('a', {
    href: `/recorded/${encodeURIComponent(each.name)}`,
    on: { click: (event) => follow(event, `/recorded/${encodeURIComponent(each.name)}`) },
  }, make('span', { class: 'recorded-goal', text: each.goal }), make('span', { class: 'soft', text: `${each.status === 'passed' ? 'Done' : 'Failed'}, recorded ${each.day}` })))));
}

function follow(event, address) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(address);
}

function example({ title, text, picture }) {
  const start = (event) => {
    document.getElementById('goal').value = text;
    event.currentTarget.disabled = true;
    composer.submit();
  };
  return make('li', {}, make('button', { type: 'button', class: 'example', disabled: !told.may_act, on: { click: start } },
    make('img', { src: `/page/static/${picture}`, alt: '', width: 640, height: 400 }),
    make('span', { class: 'example-words' }, make('span', { class: 'example-title', text: title }), make('span', { class: 'example-text', text }))));
}
