// Time as the server has it, and every running figure on the page, moved by one timer.

let ahead = 0;
const running = new Map();
let timer = null;

export function serverSays(now) {
  ahead = now - Date.now() / 1000;
}

export function since(moment) {
  return Math.max(0, Date.now() / 1000 + ahead - moment);
}

// Shows the time since `moment` in the element until it is told otherwise.
export function run(element, moment) {
  running.set(element, moment);
  element.textContent = lasting(since(moment));
  timer ??= setInterval(tick, 250);
}

export function rest(element) {
  running.delete(element);
}

function tick() {
  for (const [element, moment] of running) {
    if (!element.isConnected) running.delete(element);
    else {
      const words = lasting(since(moment));
      if (element.textContent !== words) element.textContent = words;
    }
  }
  if (running.size === 0) {
    clearInterval(timer);
    timer = null;
  }
}

// 4 s, 1:05, 1:02:03
export function lasting(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (number) => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// 0.04 s, 1.2 s, 12 s, 1:05
export function took(seconds) {
  if (seconds >= 60) return lasting(seconds);
  if (seconds >= 10) return `${Math.round(seconds)} s`;
  return `${seconds.toFixed(seconds < 0.1 ? 2 : 1)} s`;
}
