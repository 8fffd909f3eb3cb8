// Models to walk round: one on a studio floor, several on plinths in a ring, each brought to the same height.

import * as THREE from './vendor/three/three.module.min.js';
import { OrbitControls } from './vendor/three/OrbitControls.js';
import { contactShadow, floorDisc, plinth, PLINTH_HEIGHT } from './furniture.js';

const HEIGHT = 1.5;
const WIDEST = 1.9;
const SPACING = 3.8;
const FLIGHT_SECONDS = 1.5;

export class Museum {
  constructor(stage, surface, exhibits) {
    Object.assign(this, { stage, surface, exhibits, current: 0, sizes: [], problems: [] });
    this.several = exhibits.length > 1;
    this.radius = this.several ? Math.max(2.4, exhibits.length * SPACING / (2 * Math.PI)) : 0;
    this.places = exhibits.map((_, index) => this.placeOf(index));
    this.light();
    this.furnish();
    this.listen();
    surface.name(exhibits[0]);
  }

  placeOf(index) {
    const angle = index / this.exhibits.length * 2 * Math.PI;
    const outward = new THREE.Vector3(Math.sin(angle), 0, Math.cos(angle));
    return { angle, outward, position: outward.clone().multiplyScalar(this.radius) };
  }

  get top() {
    return this.several ? PLINTH_HEIGHT : 0;
  }

  light() {
    const { scene, renderer } = this.stage;
    scene.environment = this.stage.studioLight();
    scene.environmentIntensity = this.several ? 0.3 : 0.7;
    renderer.toneMappingExposure = 1.08;
    this.lamp = new THREE.SpotLight(0xffe6c4, 95, 0, 0.42, 0.75, 2);
    this.lamp.castShadow = true;
    this.lamp.shadow.mapSize.setScalar(this.stage.software ? 1024 : 2048);
    Object.assign(this.lamp.shadow.camera, { near: 2, far: 14 });
    this.lamp.shadow.bias = -0.0003;
    this.lamp.shadow.normalBias = 0.012;
    this.lamp.shadow.radius = 6;
    const rim = new THREE.DirectionalLight(0xcfdcf2, this.several ? 0.35 : 0.9);
    rim.position.set(-4, 5, -6);
    const fill = new THREE.DirectionalLight(0xfff0da, this.several ? 0.2 : 0.5);
    fill.position.set(5, 4, 6);
    scene.add(this.lamp, this.lamp.target, rim, fill);
  }

  furnish() {
    const { scene } = this.stage;
    if (this.several) scene.fog = new THREE.Fog(0x2b241e, 1, 100);
    scene.add(floorDisc(this.several ? this.radius + 9 : 7, this.several));
    if (!this.several) return;
    this.exhibits.forEach((exhibit, index) => {
      const stand = plinth(exhibit.name, index + 1);
      stand.position.copy(this.places[index].position);
      stand.rotation.y = this.places[index].angle;
      scene.add(stand);
    });
  }

  // Stands the model on its place: equal height, or less where it would be too wide.
  add(index, model) {
    const root = model.scene;
    root.updateMatrixWorld(true);
    const box = visibleBounds(root);
    const size = box.getSize(new THREE.Vector3());
    if (!(size.length() > 0)) throw new Error('it has no shape to show');
    const scale = Math.min(HEIGHT / Math.max(size.y, 1e-9), WIDEST / Math.max(Math.hypot(size.x, size.z), 1e-9));
    const holder = new THREE.Group();
    root.position.sub(box.getCenter(new THREE.Vector3()).setY(box.min.y));
    holder.add(root);
    holder.scale.setScalar(scale);
    holder.position.copy(this.places[index].position).setY(this.top);
    holder.rotation.y = this.places[index].angle;
    holder.traverse((node) => { if (node.isMesh) node.castShadow = node.receiveShadow = true; });
    this.stage.sharpenTextures(root);
    const shadow = contactShadow(Math.hypot(size.x, size.z) * scale);
    shadow.position.copy(holder.position).y += 0.004;
    this.stage.scene.add(holder, shadow);
    this.sizes[index] = size.multiplyScalar(scale);
    this.stage.renderer.shadowMap.needsUpdate = true;
    this.stage.invalidate();
    if (index === this.current && this.controls) this.show(index);
  }

  fail(index, reason) {
    this.problems[index] = reason;
    this.surface.markFailed(index);
    if (index === this.current && this.controls) this.show(index);
  }

  async open() {
    const { stage, surface } = this;
    const { camera } = stage;
    stage.setFieldOfView(32, 27);
    this.controls = new OrbitControls(camera, surface.canvas);
    Object.assign(this.controls, { enableDamping: true, dampingFactor: 0.07, enablePan: false, maxPolarAngle: 1.56, minPolarAngle: 0.25,
      autoRotate: !stage.calm && !stage.software, autoRotateSpeed: 0.7, rotateSpeed: 0.8, zoomSpeed: 0.8 });
    this.controls.addEventListener('start', () => this.touch());
    const first = Math.max(0, this.sizes.findIndex(Boolean));
    if (this.several) surface.fillStrip(this.exhibits, (index) => this.show(index));
    this.problems.forEach((_, index) => surface.markFailed(index));
    this.keepClear();
    this.show(first, true);
    this.offerOverview();
    surface.setHint(this.several ? 'Drag to turn · scroll or pinch to zoom · [←] [→] next piece' : 'Drag to turn · scroll or pinch to zoom');
    stage.update = (seconds) => this.update(seconds);
    new ResizeObserver(() => {
      this.keepClear();
      if (!this.touchedOnce) this.show(this.current, true);
    }).observe(surface.canvas);
    await stage.compile();
  }

  keepClear() {
    this.stage.setFrame({ top: 100, bottom: this.surface.footHeight() });
  }

  touch() {
    this.controls.autoRotate = false;
    this.touchedOnce = true;
    this.surface.touched();
  }

  listen() {
    this.surface.onKey((event) => this.key(event));
  }

  key(event) {
    if (!this.controls) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const turn = { a: -1, d: 1 }[event.key.toLowerCase()];
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || turn || event.key.toLowerCase() === 'o')) return;
    event.preventDefault();
    this.touch();
    if (event.key.toLowerCase() === 'o' && this.several) this.toggleOverview();
    else if (step && this.several) this.show((this.current + step + this.exhibits.length) % this.exhibits.length);
    else this.rotate((turn ?? step) * 0.3);
  }

  rotate(angle) {
    const { camera } = this.stage;
    camera.position.sub(this.controls.target).applyAxisAngle(new THREE.Vector3(0, 1, 0), angle).add(this.controls.target);
    this.stage.invalidate();
  }

  offerOverview() {
    if (!this.several) return;
    this.surface.overview.hidden = false;
    this.surface.overview.addEventListener('click', () => this.toggleOverview());
  }

  toggleOverview() {
    this.touch();
    if (this.above) return this.show(this.current);
    this.surface.overview.setAttribute('aria-pressed', 'true');
    this.surface.clearNotice();
    this.above = true;
    const outward = this.places[this.current].outward;
    const reach = this.radius + 0.9;
    const ring = new THREE.Box3(new THREE.Vector3(-reach, 0, -reach), new THREE.Vector3(reach, this.top + HEIGHT, reach));
    const target = new THREE.Vector3(0, this.top + 0.3, 0);
    const away = outward.clone().setY(0.55).normalize();
    const far = this.stage.distanceFor(ring, target, away, 0.76);
    this.controls.maxDistance = far * 1.6;
    this.clear(far + this.radius);
    this.travel(target.clone().addScaledVector(away, far), target, this.stage.calm);
    this.aim(new THREE.Vector3(0, 0, 0), outward, true);
    return undefined;
  }

  // The air is clear up to this far, and what lies behind sinks into the dusk.
  clear(far) {
    const { fog } = this.stage.scene;
    if (fog) Object.assign(fog, { near: far + 0.6, far: far + this.radius * 2.6 + 2 });
  }

  show(index, atOnce = false) {
    this.current = index;
    this.above = false;
    const { outward, position } = this.places[index];
    const size = this.sizes[index] ?? new THREE.Vector3(1, HEIGHT, 1);
    const bottom = this.several ? this.top - 0.5 : 0;
    const target = position.clone().setY((bottom + this.top + size.y) / 2);
    const side = new THREE.Vector3(outward.z, 0, -outward.x);
    const away = outward.clone().addScaledVector(side, 0.3).setY(this.several ? 0.16 : 0.2).normalize();
    const half = Math.max(Math.hypot(size.x, size.z) * 0.4, this.several ? 0.62 : 0.2);
    const box = new THREE.Box3(new THREE.Vector3(-half, bottom, -half), new THREE.Vector3(half, this.top + size.y, half));
    box.translate(new THREE.Vector3(position.x, 0, position.z));
    const far = this.stage.distanceFor(box, target, away);
    const from = target.clone().addScaledVector(away, far);
    Object.assign(this.controls, { minDistance: half * 1.4, maxDistance: far * 2 });
    this.clear(far);
    this.travel(from, target, atOnce || this.stage.calm);
    this.aim(position, outward, false);
    this.surface.name(this.exhibits[index]);
    this.surface.mark(index);
    this.surface.overview.setAttribute('aria-pressed', 'false');
    this.tellProblem(index);
  }

  tellProblem(index) {
    this.surface.clearNotice();
    if (this.problems[index]) this.surface.notice({ ...this.exhibits[index], reason: this.problems[index] });
  }

  // The lamp follows the piece that is looked at.
  aim(position, outward, wide) {
    const side = new THREE.Vector3(outward.z, 0, -outward.x);
    this.lamp.target.position.copy(position).setY(this.top + 0.6);
    this.lamp.position.copy(position).addScaledVector(outward, 2.6).addScaledVector(side, -2.4).setY(wide ? 11 : 5.4);
    this.lamp.angle = wide ? 0.75 : 0.42;
    this.lamp.intensity = wide ? 260 : 95;
    this.lamp.shadow.camera.far = wide ? 24 : 14;
    this.stage.renderer.shadowMap.needsUpdate = true;
    this.stage.invalidate();
  }

  travel(from, target, atOnce) {
    const { camera } = this.stage;
    this.controls.enabled = atOnce;
    this.flight = atOnce ? null : { share: 0, start: camera.position.clone(), startTarget: this.controls.target.clone(), from, target };
    if (!atOnce) return;
    camera.position.copy(from);
    this.controls.target.copy(target);
    this.controls.update();
    this.stage.invalidate();
  }

  update(seconds) {
    if (this.flight) return this.fly(seconds);
    if (this.controls.autoRotate && this.stage.hopeless) this.controls.autoRotate = false;
    return this.controls.update(seconds);
  }

  // Round the ring, not through it: angle, distance and height change each on their own.
  fly(seconds) {
    const { flight, stage: { camera }, controls } = this;
    flight.share = Math.min(flight.share + (this.stage.hopeless ? 0.34 : seconds / FLIGHT_SECONDS), 1);
    const eased = flight.share ** 2 * (3 - 2 * flight.share);
    camera.position.copy(around(flight.start, flight.from, eased));
    controls.target.copy(around(flight.startTarget, flight.target, eased));
    camera.lookAt(controls.target);
    if (flight.share === 1) {
      this.flight = null;
      controls.enabled = true;
      controls.update();
    }
    return true;
  }
}

function around(a, b, share) {
  const [from, to] = [Math.atan2(a.x, a.z), Math.atan2(b.x, b.z)];
  const turn = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  const far = THREE.MathUtils.lerp(Math.hypot(a.x, a.z), Math.hypot(b.x, b.z), share);
  const angle = Math.hypot(a.x, a.z) < 1e-6 ? to : Math.hypot(b.x, b.z) < 1e-6 ? from : from + turn * share;
  return new THREE.Vector3(Math.sin(angle) * far, THREE.MathUtils.lerp(a.y, b.y, share), Math.cos(angle) * far);
}

function visibleBounds(root) {
  const box = new THREE.Box3();
  root.traverse((node) => { if (node.isMesh || node.isPoints || node.isLine) box.expandByObject(node, true); });
  return box;
}
