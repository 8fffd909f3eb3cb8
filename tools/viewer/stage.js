// The renderer and its clock. Draws only when something has changed, and gives up sharpness before it gives up motion:
// on a slow machine the picture is coarser while it moves and sharp again as soon as it rests.

import * as THREE from './vendor/three/three.module.min.js';
import { RoomEnvironment } from './vendor/three/RoomEnvironment.js';

const SHARPEST = 2;
const COARSEST = 0.5;
const SLOW_FRAME = 0.045;
const HOPELESS_FRAME = 0.25;

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: 'high-performance' });
    this.renderer.toneMapping = THREE.ACESFilmicToneMapping;
    this.renderer.outputColorSpace = THREE.SRGBColorSpace;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFSoftShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(50, 1, 0.05, 500);
    this.fieldOfView = 50;
    this.frame = { top: 0, bottom: 0 };
    this.calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.software = isSoftware(this.renderer);
    this.update = () => false;
    this.moving = false;
    this.beforeDraw = () => {};
    this.frameSeconds = 0.016;
    this.ratio = this.sharpness();
    this.stale = true;
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  sharpness() {
    return Math.min(window.devicePixelRatio || 1, SHARPEST);
  }

  // True when even the coarsest picture cannot move smoothly, as without a GPU.
  get hopeless() {
    return this.software || this.frameSeconds > HOPELESS_FRAME;
  }

  start() {
    this.last = performance.now();
    this.renderer.setAnimationLoop((now) => this.tick(now));
  }

  tick(now) {
    const seconds = (now - this.last) / 1000;
    this.last = now;
    const wasMoving = this.moving;
    const moving = this.moving = this.update(Math.min(seconds, this.software ? 0.5 : 0.1));
    if (moving) {
      if (wasMoving) this.frameSeconds += (seconds - this.frameSeconds) * 0.15;
      this.adapt();
      this.draw();
    } else if (wasMoving || this.stale) {
      this.setRatio(this.sharpness());
      this.draw();
    }
  }

  adapt() {
    if (this.frameSeconds > SLOW_FRAME) this.coarse = Math.max(COARSEST, (this.coarse ?? this.sharpness()) * 0.94);
    else if (this.frameSeconds < SLOW_FRAME / 2 && this.coarse) this.coarse = Math.min(this.sharpness(), this.coarse * 1.02);
    this.setRatio(this.coarse ?? this.sharpness());
  }

  setRatio(ratio) {
    if (Math.abs(ratio - this.ratio) < 0.06 && ratio !== this.sharpness()) return;
    if (ratio === this.ratio) return;
    this.ratio = ratio;
    this.renderer.setPixelRatio(ratio);
  }

  draw() {
    this.stale = false;
    this.beforeDraw();
    this.renderer.render(this.scene, this.camera);
  }

  invalidate() {
    this.stale = true;
  }

  resize() {
    const width = this.canvas.clientWidth || 1;
    const height = this.canvas.clientHeight || 1;
    this.renderer.setPixelRatio(this.ratio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.setFieldOfView(this.fieldOfView);
    this.centre();
    this.invalidate();
  }

  // Pixels at the top and the bottom that words and buttons cover: the picture is centred between them.
  setFrame(frame) {
    this.frame = frame;
    this.centre();
  }

  centre() {
    const [width, height] = [this.canvas.clientWidth || 1, this.canvas.clientHeight || 1];
    const shift = (this.frame.bottom - this.frame.top) / 2;
    if (shift) this.camera.setViewOffset(width, height, 0, shift, width, height);
    else this.camera.clearViewOffset();
  }

  get usable() {
    return Math.max(0.45, 1 - (this.frame.top + this.frame.bottom) / (this.canvas.clientHeight || 1));
  }

  // Vertical degrees on a landscape screen; a portrait one opens wider, or it would be a keyhole.
  setFieldOfView(degrees, narrowest = 48) {
    this.fieldOfView = degrees;
    const across = 2 * Math.atan(Math.tan(narrowest * Math.PI / 360) / this.camera.aspect) * 180 / Math.PI;
    this.camera.fov = Math.min(Math.max(degrees, across), 88);
    this.camera.updateProjectionMatrix();
  }

  // How far from `target`, in direction `away`, the camera sees the whole box with a little air round it.
  distanceFor(box, target, away, air = 1.08) {
    const { camera } = this;
    const turn = new THREE.Matrix4().lookAt(target.clone().add(away), target, new THREE.Vector3(0, 1, 0)).invert();
    const upright = Math.tan(camera.fov * Math.PI / 360);
    let far = 0;
    for (let corner = 0; corner < 8; corner += 1) {
      const place = new THREE.Vector3(corner & 1 ? box.max.x : box.min.x, corner & 2 ? box.max.y : box.min.y, corner & 4 ? box.max.z : box.min.z)
        .sub(target).applyMatrix4(turn);
      far = Math.max(far, place.z + Math.abs(place.y) * air / (upright * this.usable), place.z + Math.abs(place.x) * air / (upright * camera.aspect));
    }
    return far;
  }

  studioLight(tint = 0xffffff) {
    const generator = new THREE.PMREMGenerator(this.renderer);
    const room = new RoomEnvironment();
    room.traverse((node) => {
      node.material?.emissive?.multiply(new THREE.Color(tint));
      node.material?.color?.multiply(new THREE.Color(tint));
    });
    const light = generator.fromScene(room, 0.04).texture;
    room.dispose();
    generator.dispose();
    return light;
  }

  // What the scene itself looks like from one place, as a light: its reflections show the real room.
  lightFrom(position, far) {
    const generator = new THREE.PMREMGenerator(this.renderer);
    const light = generator.fromScene(this.scene, 0, 0.1, far, { size: this.software ? 64 : 256, position }).texture;
    generator.dispose();
    return light;
  }

  // Mean brightness (0 to 1, after tone mapping, linear) of a picture no bigger than a stamp.
  brightness(camera) {
    const [width, height] = [64, 40];
    const target = new THREE.WebGLRenderTarget(width, height, { type: THREE.HalfFloatType });
    this.renderer.setRenderTarget(target);
    this.renderer.render(this.scene, camera);
    const pixels = new Uint16Array(width * height * 4);
    this.renderer.readRenderTargetPixels(target, 0, 0, width, height, pixels);
    this.renderer.setRenderTarget(null);
    target.dispose();
    let sum = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const value = (channel) => Math.min(THREE.DataUtils.fromHalfFloat(pixels[at + channel]), 8);
      sum += Math.log(1e-3 + 0.2126 * value(0) + 0.7152 * value(1) + 0.0722 * value(2));
    }
    return Math.exp(sum / (width * height));
  }

  async compile() {
    if (this.renderer.extensions.has('KHR_parallel_shader_compile')) await this.renderer.compileAsync(this.scene, this.camera);
    else this.renderer.compile(this.scene, this.camera);
  }

  sharpenTextures(root) {
    const most = Math.min(this.renderer.capabilities.getMaxAnisotropy(), this.software ? 4 : 16);
    root.traverse((node) => {
      for (const material of [node.material].flat().filter(Boolean)) {
        for (const value of Object.values(material)) if (value?.isTexture) value.anisotropy = most;
      }
    });
  }
}

function isSoftware(renderer) {
  const context = renderer.getContext();
  const extension = context.getExtension('WEBGL_debug_renderer_info');
  const name = extension ? String(context.getParameter(extension.UNMASKED_RENDERER_WEBGL)) : '';
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
