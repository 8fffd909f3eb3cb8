// Afternoon light for a room: a low warm sun, a cool sky on the other side, and the room's own reflections.

import * as THREE from './vendor/three/three.module.min.js';

const MIDDLE_GREY = 0.25;

// `room`: bounds, size, floor, eye, home, root.
export function lightRoom(stage, room) {
  const { scene } = stage;
  const ownLights = countLights(room.root);
  const share = ownLights ? 0.4 : hasBakedLight(room.root) ? 0.6 : 1;
  room.sky = skyPicture();
  scene.background = room.sky;
  const sun = sunlight(room, 2.2 * share, stage.software ? 1024 : 4096);
  const sky = new THREE.DirectionalLight(0xc8d8ec, 0.45 * share);
  sky.position.copy(sun.position).sub(sun.target.position).multiply(new THREE.Vector3(-1, 0.8, -1)).add(sun.target.position);
  sky.target = sun.target;
  scene.add(sun, sun.target, sky, new THREE.HemisphereLight(0xfff4e6, 0xc8b698, 1.0));
  castShadows(room);
  brightenWindows(room);
  reflect(stage, room);
  expose(stage, room);
}

function countLights(root) {
  let count = 0;
  root.traverse((node) => { if (node.isLight) count += 1; });
  return count;
}

// Vertex colours are light and shade that somebody has worked out already.
function hasBakedLight(root) {
  let baked = false;
  root.traverse((node) => { baked ||= Boolean(node.geometry?.attributes.color); });
  return baked;
}

// What is behind an open window: pale blue above, warm haze over the roofs.
function skyPicture() {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [4, 256];
  const pen = canvas.getContext('2d');
  const blend = pen.createLinearGradient(0, 0, 0, 256);
  [[0, '#7ea6d2'], [0.36, '#bcd3e6'], [0.49, '#f6e6c8'], [0.52, '#d9c6a4'], [1, '#8c7a63']].forEach(([at, colour]) => blend.addColorStop(at, colour));
  pen.fillStyle = blend;
  pen.fillRect(0, 0, 4, 256);
  const sky = new THREE.CanvasTexture(canvas);
  sky.mapping = THREE.EquirectangularReflectionMapping;
  sky.colorSpace = THREE.SRGBColorSpace;
  return sky;
}

function sunlight(room, intensity, pixels) {
  const sun = new THREE.DirectionalLight(0xffe0b4, intensity);
  const centre = room.bounds.getCenter(new THREE.Vector3());
  const reach = room.size.length();
  sun.target.position.copy(centre).setY(room.floor);
  sun.position.copy(sun.target.position).add(new THREE.Vector3(-0.62, 0.9, -0.5).setLength(reach));
  sun.castShadow = true;
  sun.shadow.mapSize.set(pixels, pixels);
  Object.assign(sun.shadow.camera, { left: -reach / 2, right: reach / 2, top: reach / 2, bottom: -reach / 2, near: reach * 0.2, far: reach * 1.8 });
  sun.shadow.camera.updateProjectionMatrix();
  sun.shadow.bias = -0.0004;
  sun.shadow.normalBias = reach * 0.0012;
  sun.shadow.radius = 4;
  return sun;
}

// Only what stands on the floor casts a shadow: walls and roof would keep the sun out altogether.
function castShadows(room) {
  room.root.traverse((node) => {
    if (!node.isMesh) return;
    const box = new THREE.Box3().setFromObject(node);
    const size = box.getSize(new THREE.Vector3());
    const standing = box.min.y < room.floor + room.eye * 0.15;
    const low = box.max.y < room.floor + room.eye * 1.3;
    const slim = Math.max(size.x / room.size.x, size.z / room.size.z) < 0.3;
    const clear = [node.material].flat().some((material) => material.transparent || glows(material));
    node.castShadow = standing && (low || slim) && !clear;
    node.receiveShadow = true;
  });
}

function glows(material) {
  return Boolean(material.emissive && material.emissiveIntensity && material.emissive.getHex());
}

// Daylight is brighter than anything it falls on; a glTF emission without a strength stops at paper white.
function brightenWindows(room) {
  room.root.traverse((node) => {
    for (const material of [node.material].flat().filter(Boolean)) {
      if (glows(material) && !material.transparent && material.emissiveIntensity === 1) material.emissiveIntensity = 2.4;
    }
  });
}

// Seen from where the visitor stands; six pictures of the room are too many without a GPU.
function reflect(stage, room) {
  const { scene } = stage;
  scene.environment = stage.studioLight(0xfff0de);
  scene.environmentIntensity = 0.5;
  stage.renderer.shadowMap.needsUpdate = true;
  if (stage.software) return;
  const seen = stage.lightFrom(room.home.position, stage.camera.far);
  scene.environment.dispose();
  scene.environment = seen;
  scene.environmentIntensity = 0.7;
}

// Opens or closes the eye until the first view has the brightness of a well lit room, whatever the model's colours.
function expose(stage, room) {
  const eye = stage.camera.clone();
  eye.position.copy(room.home.position);
  eye.rotation.set(room.home.pitch, room.home.yaw, 0, 'YXZ');
  eye.updateMatrixWorld();
  const bright = stage.brightness(eye);
  stage.renderer.toneMappingExposure = THREE.MathUtils.clamp(MIDDLE_GREY / bright, 0.45, 2.4);
}
