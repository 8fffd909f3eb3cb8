// Looking round and walking: mouse, touch, keys and the pad on the screen, all smoothed, never through a wall.

import * as THREE from './vendor/three/three.module.min.js';

const KEYS = { w: 'forward', arrowup: 'forward', s: 'back', arrowdown: 'back', a: 'sideLeft', d: 'sideRight',
  arrowleft: 'left', arrowright: 'right', q: 'left', e: 'right', pageup: 'up', pagedown: 'down' };
const STRIDE = 1.35;
const TAP_PIXELS = 7;
const STEEPEST = 1.25;

export class Walker {
  // `room`: plan, eye (height, the unit of speed), home, root, floor, onTouch, onNear.
  constructor(stage, surface, room) {
    Object.assign(this, { stage, surface, room, enabled: true, held: new Set(), way: [] });
    this.position = room.home.position.clone();
    this.velocity = new THREE.Vector2();
    this.yaw = this.wishYaw = room.home.yaw;
    this.pitch = this.wishPitch = room.home.pitch;
    this.listen(surface.canvas);
  }

  listen(canvas) {
    canvas.addEventListener('pointerdown', (event) => this.press(event));
    canvas.addEventListener('pointermove', (event) => this.drag(event));
    canvas.addEventListener('pointerup', (event) => this.release(event));
    canvas.addEventListener('pointercancel', () => { this.grip = null; });
    canvas.addEventListener('wheel', (event) => this.roll(event), { passive: false });
    this.surface.onKey((event) => this.key(event, true));
    window.addEventListener('keyup', (event) => this.key(event, false));
    window.addEventListener('blur', () => this.held.clear());
    for (const button of this.surface.pad.querySelectorAll('button')) this.listenPad(button);
  }

  listenPad(button) {
    const { walk } = button.dataset;
    button.addEventListener('pointerdown', (event) => {
      button.setPointerCapture(event.pointerId);
      this.hold(walk);
    });
    for (const end of ['pointerup', 'pointercancel']) button.addEventListener(end, () => this.held.delete(walk));
    button.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  hold(direction) {
    this.held.add(direction);
    this.way = [];
    this.facing = null;
    this.room.onTouch();
  }

  key(event, down) {
    const direction = KEYS[event.key.toLowerCase()];
    this.running = event.shiftKey;
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!down) this.held.delete(direction);
    else if (this.enabled) {
      event.preventDefault();
      this.hold(direction);
    }
  }

  press(event) {
    if (!this.enabled || !event.isPrimary || event.button > 0) return;
    this.surface.canvas.setPointerCapture(event.pointerId);
    this.surface.canvas.classList.add('holding');
    this.grip = { x: event.clientX, y: event.clientY, moved: 0 };
    this.room.onTouch();
  }

  drag(event) {
    if (!this.grip || !this.enabled || !event.isPrimary) return;
    const [right, down] = [event.clientX - this.grip.x, event.clientY - this.grip.y];
    this.grip = { x: event.clientX, y: event.clientY, moved: this.grip.moved + Math.abs(right) + Math.abs(down) };
    if (this.grip.moved < TAP_PIXELS) return;
    this.facing = null;
    const angle = this.stage.camera.fov * Math.PI / 180 / this.surface.canvas.clientHeight * 1.15;
    this.wishYaw += right * angle;
    this.wishPitch = THREE.MathUtils.clamp(this.wishPitch + down * angle, -STEEPEST, STEEPEST);
  }

  release(event) {
    this.surface.canvas.classList.remove('holding');
    if (this.grip && this.enabled && this.grip.moved < TAP_PIXELS) this.tap(event);
    this.grip = null;
  }

  roll(event) {
    if (!this.enabled) return;
    event.preventDefault();
    this.room.onTouch();
    const push = -Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 120) / 120 * this.room.eye * 1.1;
    this.velocity.x += -Math.sin(this.yaw) * push;
    this.velocity.y += -Math.cos(this.yaw) * push;
    this.way = [];
  }

  // To the floor where it was tapped; or up to a wall, to stand before what hangs there and face it.
  tap(event) {
    const box = this.surface.canvas.getBoundingClientRect();
    const point = new THREE.Vector2((event.clientX - box.left) / box.width * 2 - 1, 1 - (event.clientY - box.top) / box.height * 2);
    const ray = new THREE.Raycaster();
    ray.setFromCamera(point, this.stage.camera);
    const hit = ray.intersectObject(this.room.root)[0];
    if (!hit) return;
    const normal = hit.face.normal.clone().transformDirection(hit.object.matrixWorld);
    if (normal.dot(ray.ray.direction) > 0) normal.negate();
    if (normal.y > 0.7) this.walkTo(hit.point);
    else if (normal.y > -0.5) this.approach(hit, normal.setY(0).normalize());
  }

  approach(hit, normal) {
    const { plan, eye } = this.room;
    const thing = new THREE.Box3().setFromObject(hit.object);
    const small = thing.getSize(new THREE.Vector3()).length() < eye * 2.5;
    const seen = small ? thing.getCenter(new THREE.Vector3()) : hit.point;
    const standing = [1.7, 1.4, 1.1, 0.8].map((far) => seen.clone().addScaledVector(normal, far * eye))
      .find((place) => plan.free(place.x, place.z));
    this.walkTo(standing ?? seen, seen);
    this.thing = described(hit.object);
  }

  walkTo(place, facing = null) {
    this.way = this.room.plan.path(this.position, place);
    this.facing = facing;
    this.thing = null;
    this.room.onNear(null);
  }

  turn(angle) {
    this.yaw += angle;
    this.wishYaw += angle;
  }

  update(seconds) {
    const before = [this.position.x, this.position.z, this.yaw, this.pitch];
    this.steer(seconds);
    this.walk(seconds);
    const ease = 1 - Math.exp(-seconds * (this.grip ? 22 : 9));
    this.yaw += (this.wishYaw - this.yaw) * ease;
    this.pitch += (this.wishPitch - this.pitch) * ease;
    const after = [this.position.x, this.position.z, this.yaw, this.pitch];
    const moving = after.some((value, which) => Math.abs(value - before[which]) > 2e-4);
    if (moving) this.place();
    return moving;
  }

  steer(seconds) {
    const turn = seconds * (this.running ? 2.2 : 1.5);
    if (this.held.has('left')) this.wishYaw += turn;
    if (this.held.has('right')) this.wishYaw -= turn;
    if (this.held.has('up')) this.wishPitch = Math.min(this.wishPitch + turn, STEEPEST);
    if (this.held.has('down')) this.wishPitch = Math.max(this.wishPitch - turn, -STEEPEST);
    const next = this.way[0];
    if (this.facing && this.way.length <= 1) this.face(this.facing);
    else if (next && !this.grip) this.face({ x: next.x, y: this.position.y, z: next.z });
  }

  face(place) {
    const [x, y, z] = [place.x - this.position.x, place.y - this.position.y, place.z - this.position.z];
    const flat = Math.hypot(x, z);
    if (flat < this.room.eye * 0.3) return;
    const wished = Math.atan2(-x, -z);
    this.wishYaw = this.yaw + Math.atan2(Math.sin(wished - this.yaw), Math.cos(wished - this.yaw));
    this.wishPitch = THREE.MathUtils.clamp(Math.atan2(y, flat), -0.5, 0.5);
  }

  walk(seconds) {
    const wish = this.way.length ? this.alongTheWay() : this.asHeld();
    const ease = 1 - Math.exp(-seconds * 6);
    this.velocity.lerp(wish, ease);
    if (this.velocity.length() < this.room.eye * 0.004) this.velocity.set(0, 0);
    this.step(this.velocity.x * seconds, this.velocity.y * seconds);
  }

  asHeld() {
    const held = (name) => Number(this.held.has(name));
    const [ahead, aside] = [held('forward') - held('back'), held('sideRight') - held('sideLeft')];
    const speed = this.room.eye * STRIDE * (this.running ? 2 : 1) / Math.max(Math.hypot(ahead, aside), 1);
    const [sine, cosine] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    return new THREE.Vector2((-sine * ahead + cosine * aside) * speed, (-cosine * ahead - sine * aside) * speed);
  }

  alongTheWay() {
    const wish = new THREE.Vector2(this.way[0].x - this.position.x, this.way[0].z - this.position.z);
    const far = wish.length();
    const last = this.way.length === 1;
    if (far < this.room.eye * (last ? 0.06 : 0.25)) {
      this.way.shift();
      if (last) this.arrive();
      return wish.set(0, 0);
    }
    const speed = this.room.eye * STRIDE * 1.35;
    return wish.setLength(last ? Math.min(speed, far * 2.6) : speed);
  }

  arrive() {
    if (this.facing && this.thing) this.room.onNear(this.thing);
  }

  // Slides along what is in the way.
  step(x, z) {
    const { plan } = this.room;
    const parts = Math.max(1, Math.ceil(Math.hypot(x, z) / plan.cell));
    for (let part = 0; part < parts; part += 1) {
      if (plan.free(this.position.x + x / parts, this.position.z)) this.position.x += x / parts;
      else this.velocity.x = 0;
      if (plan.free(this.position.x, this.position.z + z / parts)) this.position.z += z / parts;
      else this.velocity.y = 0;
    }
  }

  place() {
    this.stage.camera.position.copy(this.position);
    this.stage.camera.rotation.set(this.pitch, this.yaw, 0, 'YXZ');
  }
}

// What the model itself says about a thing: `title` and `caption` in the extras of the node or one of its parents.
function described(node) {
  for (let at = node; at; at = at.parent) {
    if (typeof at.userData.title === 'string' && at.userData.title) {
      return { name: at.userData.title.slice(0, 160), caption: String(at.userData.caption ?? '').slice(0, 240) };
    }
  }
  return null;
}
