// A room seen from inside, at the height of a visitor's eyes; and from outside with the roof taken off.

import * as THREE from './vendor/three/three.module.min.js';
import { OrbitControls } from './vendor/three/OrbitControls.js';
import { FloorPlan } from './floor_plan.js';
import { Polish } from './polish.js';
import { lightRoom } from './daylight.js';
import { Walker } from './walker.js';

const TURN = 0.045;

export function isInterior(model) {
  const marked = [model.scene.userData, model.asset?.extras].find((extras) => typeof extras?.interior === 'boolean');
  if (marked) return marked.interior;
  const view = viewpoint(model);
  return view !== null && new THREE.Box3().setFromObject(model.scene).containsPoint(view.getWorldPosition(new THREE.Vector3()));
}

function viewpoint(model) {
  let named = null;
  model.scene.traverse((node) => { if (/^visitor/i.test(node.name)) named ??= node; });
  return named ?? model.cameras[0] ?? null;
}

export class Interior {
  constructor(stage, surface, exhibit, model) {
    Object.assign(this, { stage, surface, exhibit, root: model.scene });
    surface.stage.classList.add('interior');
    stage.scene.add(this.root);
    this.root.updateMatrixWorld(true);
    this.bounds = new THREE.Box3().setFromObject(this.root);
    this.size = this.bounds.getSize(new THREE.Vector3());
    this.stand(viewpoint(model));
    this.openRoof();
  }

  stand(view) {
    const position = view ? view.getWorldPosition(new THREE.Vector3()) : this.bounds.getCenter(new THREE.Vector3());
    if (!view) position.y = this.bounds.min.y + Math.min(1.6, this.size.y * 0.5);
    const below = new THREE.Raycaster(position, new THREE.Vector3(0, -1, 0)).intersectObject(this.root)
      .find((hit) => !hit.object.material.transparent);
    this.floor = below ? below.point.y : this.bounds.min.y;
    this.ground = below?.object ?? null;
    this.eye = Math.max(position.y - this.floor, this.size.y * 0.02);
    const ahead = view ? lookingAlong(view) : new THREE.Vector3(this.size.x > this.size.z ? 1 : 0, 0, this.size.x > this.size.z ? 0 : -1);
    this.home = { position, yaw: Math.atan2(-ahead.x, -ahead.z), pitch: Math.asin(THREE.MathUtils.clamp(ahead.y, -0.95, 0.95)) };
    this.stage.frame = { top: 70, bottom: 70 };
    const degrees = view?.isPerspectiveCamera ? view.fov : 58;
    this.stage.setFieldOfView(THREE.MathUtils.clamp(degrees, 40, 75));
    this.stage.camera.near = this.eye * 0.03;
    this.stage.camera.far = this.size.length() * 4;
    this.stage.camera.updateProjectionMatrix();
  }

  // Four planes from the start: changing their number would compile every shader anew.
  openRoof() {
    this.roof = new THREE.Plane(new THREE.Vector3(0, -1, 0), this.bounds.max.y + this.size.y * 10);
    this.cellar = new THREE.Plane(new THREE.Vector3(0, 1, 0), -(this.bounds.min.y - this.size.y * 10));
    this.sides = [new THREE.Plane(new THREE.Vector3(1, 0, 0), 1e6), new THREE.Plane(new THREE.Vector3(0, 0, 1), 1e6)];
    this.stage.renderer.clippingPlanes = [this.roof, this.cellar, ...this.sides];
    this.roofOn = this.roof.constant;
    this.roofOff = this.floor + Math.min(Math.max(this.eye * 2.1, this.size.y * 0.55), this.size.y * 0.9);
  }

  async open() {
    const { stage } = this;
    stage.sharpenTextures(this.root);
    lightRoom(stage, this);
    const plan = this.plan = new FloorPlan(this.root, this.bounds, this.floor, this.eye, this.home.position);
    this.walker = new Walker(stage, this.surface, { plan, eye: this.eye, home: this.home, root: this.root, floor: this.floor,
      onTouch: () => this.touch(), onNear: (thing) => this.surface.name(this.exhibit, thing) });
    this.polish = Polish.of(this, stage);
    stage.beforeDraw = () => this.polish?.reflect(this.inside);
    stage.update = (seconds) => this.update(seconds);
    this.inside = true;
    this.turning = !stage.calm && !stage.software;
    this.walker.place();
    await stage.compile();
    this.offerOverview();
    this.surface.pad.hidden = false;
    this.sayHint();
  }

  sayHint() {
    const touch = matchMedia('(pointer: coarse)').matches;
    if (!this.inside) this.surface.setHint('Drag to turn the room · scroll or pinch to come closer · [O] back inside');
    else if (touch) this.surface.setHint('Drag to look · tap the floor or a picture to walk there');
    else this.surface.setHint('Drag to look · [W] [A] [S] [D] or click to walk · [O] overview');
  }

  touch() {
    this.turning = false;
    this.surface.touched();
  }

  update(seconds) {
    if (this.flight) return this.fly(seconds);
    if (!this.inside) return this.lookFromOutside(seconds);
    if (this.turning && this.stage.hopeless) this.turning = false;
    if (this.turning) this.walker.turn(TURN * seconds);
    return this.walker.update(seconds) || this.turning;
  }

  offerOverview() {
    const { overview } = this.surface;
    overview.hidden = false;
    overview.addEventListener('click', () => this.toggle());
    this.surface.onKey((event) => { if (event.key.toLowerCase() === 'o') this.toggle(); });
  }

  toggle() {
    this.touch();
    if (this.inside) this.leave();
    else this.enter();
    this.surface.overview.setAttribute('aria-pressed', String(!this.inside));
    this.surface.overview.lastElementChild.textContent = this.inside ? 'Overview' : 'Step inside';
    this.surface.pad.hidden = !this.inside;
    this.sayHint();
    this.surface.hint(6);
  }

  leave() {
    this.inside = false;
    this.walker.enabled = false;
    this.standpoint = pose(this.stage.camera);
    const centre = this.bounds.getCenter(new THREE.Vector3()).setY(this.floor + this.eye * 0.4);
    const lengthwise = this.size.x > this.size.z;
    const away = new THREE.Vector3(lengthwise ? 0.42 : 0.62, 1.0, lengthwise ? 0.78 : 0.6).normalize();
    const from = centre.clone().addScaledVector(away, this.stage.distanceFor(this.dollhouse(), centre, away));
    this.setSides(true);
    this.stage.scene.background = null;
    this.controls ??= this.orbit(centre);
    this.controls.target.copy(centre);
    this.begin({ from: this.standpoint, to: looking(from, centre), roof: this.roofOff, then: () => {
      this.controls.enabled = true;
      this.openSides();
    } });
  }

  enter() {
    this.controls.enabled = false;
    this.closeSides();
    this.begin({ from: pose(this.stage.camera), to: this.standpoint, roof: this.roofOn, then: () => {
      this.setSides(false);
      this.stage.scene.background = this.sky;
      this.inside = true;
      this.walker.enabled = true;
    } });
    this.inside = true;
  }

  orbit(centre) {
    const controls = new OrbitControls(this.stage.camera, this.surface.canvas);
    Object.assign(controls, { enableDamping: true, maxPolarAngle: 1.35, minDistance: this.eye * 2, maxDistance: this.size.length() * 2, enabled: false });
    controls.target.copy(centre);
    controls.addEventListener('change', () => this.stage.invalidate());
    return controls;
  }

  begin(flight) {
    this.flight = { ...flight, share: 0, roofFrom: Math.min(this.roof.constant, this.bounds.max.y + this.size.y * 0.1), length: this.stage.calm ? 0.001 : 1.6 };
  }

  fly(seconds) {
    const { flight, stage: { camera } } = this;
    flight.share = Math.min(flight.share + (this.stage.hopeless ? 0.25 : seconds / flight.length), 1);
    const eased = flight.share * flight.share * (3 - 2 * flight.share);
    camera.position.lerpVectors(flight.from.position, flight.to.position, eased);
    camera.quaternion.slerpQuaternions(flight.from.turn, flight.to.turn, eased);
    const roofTo = Math.min(flight.roof, this.bounds.max.y + this.size.y * 0.1);
    this.roof.constant = THREE.MathUtils.lerp(flight.roofFrom, roofTo, eased);
    if (flight.share === 1) {
      this.roof.constant = flight.roof;
      this.flight = null;
      flight.then();
    }
    return true;
  }

  // What is left of the room without its roof.
  dollhouse() {
    return new THREE.Box3(this.bounds.min.clone().setY(this.floor), this.bounds.max.clone().setY(this.roofOff));
  }

  lookFromOutside(seconds) {
    const moved = this.controls.update(seconds);
    if (moved) this.openSides();
    return moved;
  }

  // Takes away the two walls that stand between the eye and the room.
  openSides() {
    const { camera } = this.stage;
    const walked = this.plan.extent();
    const margin = this.eye * 0.12;
    const centre = this.controls.target;
    const [x, z] = this.sides;
    const [right, front] = [camera.position.x > centre.x, camera.position.z > centre.z];
    x.normal.x = right ? -1 : 1;
    x.constant = right ? walked.max.x + margin : margin - walked.min.x;
    z.normal.z = front ? -1 : 1;
    z.constant = front ? walked.max.y + margin : margin - walked.min.y;
  }

  closeSides() {
    for (const side of this.sides) side.constant = 1e6;
  }

  // From outside, walls that are made of single sheets show only their inner face, so the near ones vanish.
  setSides(outside) {
    this.root.traverse((node) => {
      for (const material of [node.material].flat().filter((each) => each && !each.transparent)) {
        material.userData.side ??= material.side;
        const side = outside ? THREE.FrontSide : material.userData.side;
        if (material.side !== side) Object.assign(material, { side, needsUpdate: true });
      }
    });
  }
}

function lookingAlong(view) {
  return new THREE.Vector3(0, 0, -1).applyQuaternion(view.getWorldQuaternion(new THREE.Quaternion()));
}

function pose(camera) {
  return { position: camera.position.clone(), turn: camera.quaternion.clone() };
}

function looking(from, at) {
  const turn = new THREE.Quaternion().setFromRotationMatrix(new THREE.Matrix4().lookAt(from, at, new THREE.Vector3(0, 1, 0)));
  return { position: from, turn };
}
