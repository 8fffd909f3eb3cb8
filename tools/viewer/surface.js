// What lies over the picture: the curtain while loading, the name plate, the hint, the strip of names, the buttons.

import { download, element } from './cards.js';

const byId = (id) => document.getElementById(id);

export class Surface {
  constructor() {
    this.stage = byId('stage');
    this.canvas = byId('canvas');
    this.plate = byId('plate');
    this.hintLine = byId('hint');
    this.strip = byId('strip');
    this.pad = byId('pad');
    this.overview = byId('overview');
    byId('help').addEventListener('click', () => this.hint(this.hintShown ? 0 : 15));
    this.offerFullScreen();
  }

  open() {
    this.stage.hidden = false;
  }

  progress(text, share) {
    byId('curtain-text').textContent = text;
    const bar = byId('progress');
    bar.firstElementChild.style.transform = `scaleX(${share})`;
    bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  }

  raiseCurtain() {
    document.body.classList.remove('loading');
  }

  // Keys belong to the picture when it fills the window or has the focus; elsewhere they scroll the page.
  onKey(act) {
    window.addEventListener('keydown', (event) => {
      const inStage = event.target === document.body ? document.body.classList.contains('theatre') : this.stage.contains(event.target);
      if (inStage) act(event);
    });
  }

  touched() {
    document.body.classList.add('touched');
  }

  // The plate of the exhibit that is looked at now; `within` is a thing in it that the visitor walked up to.
  // A page's only exhibit bears the page's title, which stands above already.
  name(exhibit, within = null) {
    const lines = within ? [element('h2', '', within.name), element('p', '', within.caption || exhibit.name)]
      : [element('h2', '', exhibit.name === document.title ? '' : exhibit.name), element('p', '', exhibit.caption)];
    this.plate.replaceChildren(...lines.filter((line) => line.textContent));
    this.canvas.setAttribute('aria-label', `${within ? within.name : exhibit.name}, 3D view`);
  }

  // Words in [brackets] are keys.
  setHint(text) {
    this.hintLine.replaceChildren(...text.split(/(\[[^\]]+\])/).filter(Boolean).map((part) => (
      part.startsWith('[') ? element('kbd', '', part.slice(1, -1)) : document.createTextNode(part))));
  }

  hint(seconds) {
    clearTimeout(this.hintTimer);
    this.hintShown = seconds > 0;
    this.hintLine.classList.toggle('shown', this.hintShown);
    byId('help').setAttribute('aria-expanded', String(this.hintShown));
    if (this.hintShown) this.hintTimer = setTimeout(() => this.hint(0), seconds * 1000);
  }

  notice(exhibit) {
    const box = byId('notice');
    this.stage.hidden = false;
    this.stage.parentElement.append(box);
    box.replaceChildren();
    if (exhibit.thumbnail) {
      const image = element('img');
      image.alt = exhibit.name;
      image.src = exhibit.thumbnail;
      box.append(image);
    }
    box.append(element('h2', '', exhibit.name), element('p', '', exhibit.reason));
    if (exhibit.file) box.append(element('p'), download(exhibit));
    box.hidden = false;
    this.stage.append(box);
    this.raiseCurtain();
  }

  clearNotice() {
    byId('notice').hidden = true;
  }

  fillStrip(exhibits, choose) {
    this.strip.replaceChildren(...exhibits.map((exhibit, index) => {
      const button = element('button');
      button.type = 'button';
      const picture = element(exhibit.thumbnail ? 'img' : 'b', '', exhibit.thumbnail ? '' : String(index + 1));
      if (exhibit.thumbnail) Object.assign(picture, { src: exhibit.thumbnail, alt: '' });
      button.append(picture, element('span', '', exhibit.name));
      button.addEventListener('click', () => choose(index));
      return button;
    }));
    this.strip.hidden = false;
  }

  // Pixels that the name plate and the strip cover at the bottom of the picture.
  footHeight() {
    return Math.max(90, this.strip.parentElement.offsetHeight);
  }

  mark(index) {
    [...this.strip.children].forEach((button, place) => {
      if (place === index) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    });
    const button = this.strip.children[index];
    if (button) this.strip.scrollTo({ left: button.offsetLeft - (this.strip.clientWidth - button.clientWidth) / 2, behavior: 'smooth' });
  }

  markFailed(index) {
    this.strip.children[index]?.classList.add('failed');
  }

  offerFullScreen() {
    if (!document.fullscreenEnabled) return;
    const button = byId('fullscreen');
    button.hidden = false;
    button.addEventListener('click', () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen().catch(() => { button.hidden = true; });
    });
  }
}
