// Images, sound, film and text, each on a card. Foreign text is only ever set as text.

const TEXT_LIMIT = 200_000;

export async function showCards(exhibits, report) {
  const place = document.getElementById('cards');
  place.hidden = false;
  await Promise.all(exhibits.map(async (exhibit) => {
    const card = element('article', 'card');
    const show = element('div', 'show');
    const words = element('div', 'words');
    words.append(element('h2', '', exhibit.name));
    if (exhibit.caption) words.append(element('p', '', exhibit.caption));
    card.append(show, words);
    place.append(card);
    try {
      await SHOWN[exhibit.kind](exhibit, show);
    } catch (error) {
      report(`${exhibit.name}: ${error.message}`);
      show.replaceChildren(element('p', 'problem', `This file could not be shown: ${error.message}. `), download(exhibit));
    }
  }));
}

const SHOWN = {
  async image(exhibit, show) {
    const image = element('img');
    image.alt = exhibit.name;
    image.src = exhibit.file;
    show.append(image);
    await image.decode().catch(() => { throw new Error('the picture cannot be decoded'); });
  },
  audio: (exhibit, show) => playable('audio', exhibit, show),
  video: (exhibit, show) => playable('video', exhibit, show),
  async text(exhibit, show) {
    const answer = await fetch(exhibit.file);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const text = await answer.text();
    const pre = element('pre', '', text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}\n…` : text);
    pre.tabIndex = 0;
    pre.setAttribute('aria-label', exhibit.name);
    show.append(pre);
  },
};

function playable(tag, exhibit, show) {
  const player = element(tag);
  player.controls = true;
  player.preload = 'metadata';
  player.setAttribute('aria-label', exhibit.name);
  if (tag === 'video') player.playsInline = true;
  if (tag === 'video' && exhibit.thumbnail) player.poster = exhibit.thumbnail;
  show.append(player);
  return new Promise((resolve, reject) => {
    player.onloadedmetadata = () => resolve();
    player.onerror = () => reject(new Error('this browser cannot play it'));
    player.src = exhibit.file;
  });
}

export function element(tag, className = '', text = '') {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function download(exhibit) {
  const link = element('a', '', 'Download the file');
  link.href = exhibit.file;
  link.download = exhibit.file.split('/').pop();
  return link;
}
