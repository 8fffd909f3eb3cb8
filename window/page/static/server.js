// Everything the page asks of the server. A refusal becomes an error whose message a person may read.

export async function listRuns() {
  return (await ask('/page/runs')).runs;
}

// `after` is the run that the words are to change; without it they are a goal of their own.
export async function beginRun(text, files, after) {
  const form = new FormData();
  form.append('text', text);
  if (after) form.append('after', after);
  files.forEach((file) => form.append('file', file, file.name));
  return (await ask('/page/runs', { method: 'POST', body: form })).run;
}

export const answer = (id, key, yes) => post(id, 'answer', { key, yes });
export const stop = (id) => post(id, 'stop');
export const play = (name) => ask(`/page/recorded/${encodeURIComponent(name)}`, { method: 'POST' });
export const moment = (id, at) => ask(`/page/runs/${encodeURIComponent(id)}/moments?at=${at}`);
export const resume = (id) => post(id, 'resume');

export const fileOf = (id, sha256, save = false) => `/page/runs/${encodeURIComponent(id)}/files/${sha256}${save ? '?save' : ''}`;
export const thumbnailOf = (id, sha256) => `/page/runs/${encodeURIComponent(id)}/thumbnails/${sha256}`;
export const viewOf = (id, sha256) => `/page/runs/${encodeURIComponent(id)}/view/${sha256}`;
export const recordOf = (id) => `/page/runs/${encodeURIComponent(id)}/record.zip`;
export const reportOf = (id) => `/page/runs/${encodeURIComponent(id)}/report`;
export const pageOf = (id) => `/page/runs/${encodeURIComponent(id)}/open`;

// Follows a run's journal while the page is in sight: a browser allows few open streams, and a hidden tab needs none.
export class Following {
  constructor(id, onPicture, onOver) {
    this.id = id;
    this.onPicture = onPicture;
    this.onOver = onOver;
    this.over = false;
    this.look = () => (document.hidden ? this.close() : this.open());
    document.addEventListener('visibilitychange', this.look);
    this.open();
  }

  open() {
    if (this.source || this.over) return;
    this.source = new EventSource(`/page/runs/${encodeURIComponent(this.id)}/events`);
    this.source.addEventListener('picture', (event) => this.onPicture(JSON.parse(event.data)));
    this.source.addEventListener('over', (event) => {
      this.end();
      this.onOver(JSON.parse(event.data));
    });
    this.source.addEventListener('error', () => {
      if (this.source?.readyState === EventSource.CLOSED) {
        this.end();
        this.onOver({ begun: false, lost: true });
      }
    });
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  end() {
    this.over = true;
    this.close();
    document.removeEventListener('visibilitychange', this.look);
  }
}

function post(id, what, told = {}) {
  const body = JSON.stringify(told);
  return ask(`/page/runs/${encodeURIComponent(id)}/${what}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

async function ask(address, options = {}) {
  let reply;
  try {
    reply = await fetch(address, options);
  } catch {
    throw new Error('The page cannot reach its server; is it still running?');
  }
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(told.error ?? `The server answered ${reply.status}.`);
  return told;
}
