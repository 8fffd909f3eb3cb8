// Plinths, the floor and soft shadows. Words on a plate are drawn on a canvas, never interpreted.

import * as THREE from './vendor/three/three.module.min.js';

export const PLINTH_HEIGHT = 1.02;
const WIDTH = 1.24;

export function plinth(name, number) {
  const group = new THREE.Group();
  const stone = new THREE.MeshStandardMaterial({ color: 0xb5a791, roughness: 0.55, metalness: 0 });
  const slab = (width, height, y) => {
    const mesh = new THREE.Mesh(bevelled(width, height), stone);
    mesh.position.y = y;
    mesh.castShadow = mesh.receiveShadow = true;
    group.add(mesh);
  };
  slab(WIDTH + 0.16, 0.1, 0);
  slab(WIDTH, PLINTH_HEIGHT - 0.17, 0.1);
  slab(WIDTH + 0.1, 0.07, PLINTH_HEIGHT - 0.07);
  const plate = new THREE.Mesh(new THREE.PlaneGeometry(0.86, 0.215), plateMaterial(name, number));
  plate.position.set(0, PLINTH_HEIGHT - 0.34, WIDTH / 2 + 0.003);
  group.add(plate);
  return group;
}

function bevelled(width, height) {
  const half = width / 2 - 0.012;
  const outline = new THREE.Shape([[-half, -half], [half, -half], [half, half], [-half, half]].map(([x, y]) => new THREE.Vector2(x, y)));
  const solid = new THREE.ExtrudeGeometry(outline, { depth: height - 0.02, bevelThickness: 0.01, bevelSize: 0.012, bevelSegments: 3, steps: 1 });
  return solid.rotateX(-Math.PI / 2).translate(0, 0.01, 0);
}

function plateMaterial(name, number) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1024, 256];
  const pen = canvas.getContext('2d');
  const brass = pen.createLinearGradient(0, 0, 1024, 256);
  [[0, '#b08d4e'], [0.45, '#dcc184'], [0.6, '#caa865'], [1, '#9b7b42']].forEach(([at, colour]) => brass.addColorStop(at, colour));
  pen.fillStyle = brass;
  pen.fillRect(0, 0, 1024, 256);
  pen.strokeStyle = 'rgb(60 42 16 / .55)';
  pen.lineWidth = 4;
  pen.strokeRect(20, 20, 984, 216);
  pen.fillStyle = '#2b1e0b';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  let size = 92;
  const text = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  do pen.font = `${size -= 4}px "Iowan Old Style", Palatino, Georgia, "Liberation Serif", serif`;
  while (pen.measureText(text).width > 900 && size > 24);
  pen.fillText(text, 512, 118, 940);
  pen.font = '34px "Iowan Old Style", Palatino, Georgia, "Liberation Serif", serif';
  pen.fillText(`N° ${number}`, 512, 200);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.anisotropy = 8;
  return new THREE.MeshStandardMaterial({ map: texture, roughness: 0.42, metalness: 0.55 });
}

export function floorDisc(radius, hall) {
  const disc = new THREE.Mesh(new THREE.CircleGeometry(radius, 96).rotateX(-Math.PI / 2), hall ? hallFloor() : new THREE.ShadowMaterial({ opacity: 0.32 }));
  disc.receiveShadow = true;
  disc.renderOrder = -1;
  return disc;
}

function hallFloor() {
  const fade = radialTexture([[0, '#fff'], [0.55, '#fff'], [1, '#000']]);
  return new THREE.MeshStandardMaterial({ color: 0x43382f, roughness: 0.55, metalness: 0, alphaMap: fade, transparent: true });
}

export function contactShadow(across) {
  const soft = radialTexture([[0, 'rgb(0 0 0 / .55)'], [0.45, 'rgb(0 0 0 / .3)'], [0.75, 'rgb(0 0 0 / .08)'], [1, 'rgb(0 0 0 / 0)']]);
  const material = new THREE.MeshBasicMaterial({ map: soft, transparent: true, depthWrite: false, toneMapped: false });
  return new THREE.Mesh(new THREE.PlaneGeometry(across * 1.25, across * 1.25).rotateX(-Math.PI / 2), material);
}

function radialTexture(stops) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 256;
  const pen = canvas.getContext('2d');
  const round = pen.createRadialGradient(128, 128, 0, 128, 128, 128);
  stops.forEach(([at, colour]) => round.addColorStop(at, colour));
  pen.fillStyle = round;
  pen.fillRect(0, 0, 256, 256);
  return new THREE.CanvasTexture(canvas);
}
