// Puts models on the stage: a room to walk through, one object to turn, or several on plinths.

import { GLTFLoader } from './vendor/three/GLTFLoader.js';
import { Interior, isInterior } from './interior.js';
import { Museum } from './museum.js';
import { Stage } from './stage.js';

export async function showModels(exhibits, surface, report) {
  const stage = new Stage(surface.canvas);
  surface.canvas.addEventListener('webglcontextlost', () => {
    report('the graphics context was lost');
    surface.notice({ ...exhibits[0], reason: 'The graphics card gave up. Reloading the page usually helps.' });
  });
  if (exhibits.length === 1) await showOne(exhibits[0], stage, surface, report);
  else await showSeveral(exhibits, stage, surface, report);
  return stage;
}

async function showOne(exhibit, stage, surface, report) {
  surface.name(exhibit);
  try {
    const model = await load(exhibit, (share) => surface.progress(progressText(exhibit, share), share));
    surface.progress(`Lighting ${exhibit.name}`, 1);
    await nextFrame();
    const place = isInterior(model) ? new Interior(stage, surface, exhibit, model) : new Museum(stage, surface, [exhibit]);
    if (place instanceof Museum) place.add(0, model);
    await begin(place, stage, surface);
  } catch (error) {
    report(`${exhibit.name}: ${error.message}`);
    surface.notice({ ...exhibit, reason: `The model could not be shown: ${error.message}` });
  }
}

async function showSeveral(exhibits, stage, surface, report) {
  const museum = new Museum(stage, surface, exhibits);
  let begun = false;
  for (const [index, exhibit] of exhibits.entries()) {
    try {
      const share = (part) => (index + part) / exhibits.length;
      museum.add(index, await load(exhibit, (part) => surface.progress(progressText(exhibit, part), share(part))));
      if (begun) continue;
      await begin(museum, stage, surface);
      begun = true;
    } catch (error) {
      report(`${exhibit.name}: ${error.message}`);
      museum.fail(index, `The model could not be shown: ${error.message}`);
      if (!begun) surface.progress(`${exhibit.name} could not be shown`, 0);
    }
  }
  if (!begun) await begin(museum, stage, surface);
  await nextFrame();
}

async function begin(place, stage, surface) {
  await place.open();
  stage.draw();
  stage.start();
  await nextFrame();
  surface.raiseCurtain();
  surface.hint(9);
}

const READABLE = /\.(glb|gltf)$/;

async function load(exhibit, onShare) {
  const kind = exhibit.file.split('.').pop();
  if (!READABLE.test(exhibit.file)) throw new Error(`this page draws GLB files, and this is a .${kind} file`);
  return await new GLTFLoader().loadAsync(exhibit.file, (event) => onShare(Math.min(event.loaded / (exhibit.bytes || event.total || 1), 1)))
    .catch((error) => { throw new Error(explained(String(error?.message ?? error))); });
}

function explained(message) {
  if (/DRACOLoader|KTX2Loader|setMeshoptDecoder/.test(message)) return 'it is compressed in a way this page cannot unpack';
  if (/responded with 404/.test(message)) return 'the file is missing';
  return message.slice(0, 200);
}

function progressText(exhibit, share) {
  const size = (exhibit.bytes / 1e6).toFixed(exhibit.bytes < 1e7 ? 1 : 0);
  return share < 1 ? `${exhibit.name} · ${Math.round(share * 100)} % of ${size} MB` : `Preparing ${exhibit.name}`;
}

// A hidden tab has no frames; a timer keeps the page from waiting for ever.
function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, 300);
  });
}
