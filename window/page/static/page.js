// The page: which runs are in the conversation stands in its address, so that a reload finds them again.

import { Composer } from './composer.js';
import { Drawer } from './drawer.js';
import { make, say } from './elements.js';
import { Forms } from './forms.js';
import { RunView } from './run.js';
import { beginRun } from './server.js';

const told = JSON.parse(document.getElementById('told').textContent);
const thread = document.getElementById('thread');
const welcome = document.getElementById('welcome');
const composer = new Composer(begin, told.may_act);
const forms = new Forms((text) => begin(text, []).catch((error) => composer.say(error.message, true)), told.may_act);
let views = [];

new Drawer((id) => go(`/runs/${id}`));
document.querySelectorAll('[data-home]').forEach((link) => link.addEventListener('click', (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go('/');
}));
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

// Makes the conversation what the address says, and leaves what is there already as it is.
function show() {
  const ids = inAddress();
  views.filter((view) => !ids.includes(view.id)).forEach((view) => { view.close(); view.element.remove(); });
  views = ids.map((id) => views.find((view) => view.id === id) ?? new RunView(id, told));
  views.forEach((view) => { if (!view.element.isConnected) thread.append(view.element); });
  welcome.hidden = ids.length > 0;
  thread.hidden = ids.length === 0;
  composer.talking(ids.length > 0);
  if (!ids.length) document.title = 'Spacewright';
  if (told.may_act) forms.openFor(location.pathname.slice(1));
}

function describe() {
  const hub = told.hub.replace(/^https?:\/\//, '');
  document.getElementById('where').textContent = told.local ? 'Local Hub' : hub;
  document.getElementById('assurance').textContent = told.local
    ? 'On the local Hub: small procedural Spaces on this machine that really compute. No account, no token, no GPU.'
    : `On ${hub}. Nothing is published or spent before you have said yes.`;
  document.getElementById('examples').replaceChildren(...told.examples.map(example));
}

// What the sign-in asks for, and why, before anybody is sent to it.
function signIn() {
  const framed = window.self !== window.top;
  return make('a', { class: 'primary', href: `/login/huggingface?_target_url=${encodeURIComponent(location.pathname)}`, target: framed ? '_blank' : null, text: 'Sign in with Hugging Face' });
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
  why.append('To make something, sign in: every run acts with your own account, and only you see it. It asks for your name, and for the right to '
    + 'create Spaces and to change those that it has created itself (contribute-repos); your other repositories stay out of its reach.');
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
