// A polished floor: the room is drawn once more, upside down, and shows in the floor as strongly as its material is smooth.

import * as THREE from './vendor/three/three.module.min.js';

const SMOOTH = 0.6;
const SHARE = 0.5;

export class Polish {
  // The polish of the floor under the visitor, or null where the floor is rough or not flat.
  static of(room, stage) {
    const floor = room.ground;
    if (!floor || Array.isArray(floor.material) || !floor.material.isMeshStandardMaterial) return null;
    const height = new THREE.Box3().setFromObject(floor).getSize(new THREE.Vector3()).y;
    if (height > room.eye * 0.08 || floor.material.roughness > SMOOTH) return null;
    return new Polish(room, stage, floor);
  }

  constructor(room, stage, floor) {
    Object.assign(this, { room, stage, floor });
    this.picture = new THREE.WebGLRenderTarget(8, 8, { type: THREE.HalfFloatType, samples: stage.software ? 0 : 4,
      generateMipmaps: true, minFilter: THREE.LinearMipmapLinearFilter });
    this.view = new THREE.PerspectiveCamera();
    this.view.matrixAutoUpdate = false;
    this.uniforms = { mirrorPicture: { value: this.picture.texture }, mirrorMatrix: { value: new THREE.Matrix4() }, mirrorShare: { value: 0 } };
    this.teach(floor.material);
  }

  teach(material) {
    material.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.uniforms);
      shader.vertexShader = shader.vertexShader
        .replace('#include <common>', '#include <common>\nuniform mat4 mirrorMatrix;\nvarying vec4 vMirror;')
        .replace('#include <project_vertex>', '#include <project_vertex>\nvMirror = mirrorMatrix * modelMatrix * vec4(transformed, 1.0);');
      shader.fragmentShader = shader.fragmentShader
        .replace('#include <common>', '#include <common>\nuniform sampler2D mirrorPicture;\nuniform float mirrorShare;\nvarying vec4 vMirror;')
        .replace('#include <lights_fragment_end>', `#include <lights_fragment_end>\n${MIRROR}`);
    };
    material.needsUpdate = true;
  }

  // Without the mirror the floor falls back on the room's environment light, as when the machine is slow.
  reflect(inside) {
    const { stage, uniforms } = this;
    const skip = !inside || (stage.moving && stage.hopeless);
    uniforms.mirrorShare.value = skip ? 0 : 1;
    if (!skip) this.draw();
  }

  draw() {
    const { stage: { renderer, scene, camera, canvas, ratio }, picture, view, floor, room } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => Math.max(8, Math.round(side * ratio * SHARE)));
    if (picture.width !== width || picture.height !== height) picture.setSize(width, height);
    camera.updateMatrixWorld();
    const flip = new THREE.Matrix4().makeTranslation(0, 2 * room.floor, 0).multiply(new THREE.Matrix4().makeScale(1, -1, 1));
    // Turned over twice (the world about the floor, the picture about its own axis), so that front faces stay front faces.
    view.matrixWorld.copy(flip).multiply(camera.matrixWorld).multiply(new THREE.Matrix4().makeScale(1, -1, 1));
    view.matrix.copy(view.matrixWorld);
    view.matrixWorldInverse.copy(view.matrixWorld).invert();
    view.projectionMatrix.copy(camera.projectionMatrix);
    view.projectionMatrixInverse.copy(camera.projectionMatrixInverse);
    view.matrixWorldAutoUpdate = false;
    this.uniforms.mirrorMatrix.value.set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1)
      .multiply(view.projectionMatrix).multiply(view.matrixWorldInverse);
    const cellar = room.cellar.constant;
    room.cellar.constant = -(room.floor + room.eye * 0.012);
    floor.visible = false;
    renderer.setRenderTarget(picture);
    renderer.clear();
    renderer.render(scene, view);
    renderer.setRenderTarget(null);
    floor.visible = true;
    room.cellar.constant = cellar;
  }
}

const MIRROR = `
{
  vec2 mirrorPlace = vMirror.xy / vMirror.w;
  float mirrorSlant = 1.0 - saturate(dot(normal, normalize(vViewPosition)));
  float mirrorBlur = material.roughness * 7.0;
  vec2 mirrorStep = vec2(0.0016, 0.0026) * (1.0 + mirrorBlur);
  vec3 mirrored = texture2D(mirrorPicture, mirrorPlace, mirrorBlur).rgb * 0.36;
  mirrored += texture2D(mirrorPicture, mirrorPlace + mirrorStep, mirrorBlur).rgb * 0.16;
  mirrored += texture2D(mirrorPicture, mirrorPlace - mirrorStep, mirrorBlur).rgb * 0.16;
  mirrored += texture2D(mirrorPicture, mirrorPlace + mirrorStep * vec2(1.0, -1.0), mirrorBlur).rgb * 0.16;
  mirrored += texture2D(mirrorPicture, mirrorPlace + mirrorStep * vec2(-1.0, 1.0), mirrorBlur).rgb * 0.16;
  float mirrorStrength = mix(0.10, 0.9, pow(mirrorSlant, 3.0)) * (1.0 - material.roughness);
  reflectedLight.indirectSpecular = mix(reflectedLight.indirectSpecular, mirrored * mirrorStrength, mirrorShare);
  reflectedLight.indirectDiffuse *= 1.0 - mirrorShare * mirrorStrength * 0.7;
  reflectedLight.directDiffuse *= 1.0 - mirrorShare * mirrorStrength * 0.7;
  reflectedLight.directSpecular *= 0.1;
}
`;
