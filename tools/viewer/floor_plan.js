// Where a visitor can stand: a grid over the floor, made once from the triangles between knee and head height.
// Assumes one level floor; stairs are walls to it.

import * as THREE from './vendor/three/three.module.min.js';

const MOST_CELLS = 360;
const MOST_SAMPLES = 12e6;

export class FloorPlan {
  // `body` is the visitor's height in the model's units; every other length follows from it.
  constructor(root, bounds, floor, body, start) {
    const size = bounds.getSize(new THREE.Vector3());
    this.cell = Math.max(body * 0.06, Math.max(size.x, size.z) / MOST_CELLS);
    this.origin = bounds.min;
    this.width = Math.ceil(size.x / this.cell) + 1;
    this.depth = Math.ceil(size.z / this.cell) + 1;
    this.blocked = new Uint8Array(this.width * this.depth);
    this.low = floor + body * 0.2;
    this.high = floor + body * 1.08;
    this.samples = 0;
    root.traverse((node) => { if (node.isMesh && node.visible) this.stamp(node); });
    this.keepDistance(body * 0.19);
    this.keepReachable(start);
  }

  stamp(mesh) {
    const { index, attributes: { position } } = mesh.geometry;
    const corners = [new THREE.Vector3(), new THREE.Vector3(), new THREE.Vector3()];
    const count = index ? index.count : position.count;
    for (let at = 0; at + 2 < count; at += 3) {
      corners.forEach((corner, which) => {
        corner.fromBufferAttribute(position, index ? index.getX(at + which) : at + which).applyMatrix4(mesh.matrixWorld);
      });
      this.stampTriangle(...corners);
    }
  }

  stampTriangle(a, b, c) {
    if (Math.max(a.y, b.y, c.y) < this.low || Math.min(a.y, b.y, c.y) > this.high) return;
    const longest = Math.sqrt(Math.max(a.distanceToSquared(b), b.distanceToSquared(c), c.distanceToSquared(a)));
    const steps = Math.max(1, Math.ceil(longest / (this.cell * 0.8)));
    if (this.samples > MOST_SAMPLES) return;
    this.samples += steps * steps / 2;
    for (let i = 0; i <= steps; i += 1) {
      for (let j = 0; j <= steps - i; j += 1) {
        const [u, v] = [i / steps, j / steps];
        const y = a.y + (b.y - a.y) * u + (c.y - a.y) * v;
        if (y < this.low || y > this.high) continue;
        this.blocked[this.at(a.x + (b.x - a.x) * u + (c.x - a.x) * v, a.z + (b.z - a.z) * u + (c.z - a.z) * v)] = 1;
      }
    }
  }

  at(x, z) {
    const column = Math.min(Math.max(Math.floor((x - this.origin.x) / this.cell), 0), this.width - 1);
    const row = Math.min(Math.max(Math.floor((z - this.origin.z) / this.cell), 0), this.depth - 1);
    return row * this.width + column;
  }

  middle(cell) {
    return { x: this.origin.x + (cell % this.width + 0.5) * this.cell, z: this.origin.z + (Math.floor(cell / this.width) + 0.5) * this.cell };
  }

  keepDistance(radius) {
    const reach = Math.max(1, Math.round(radius / this.cell));
    const wide = new Uint8Array(this.blocked.length);
    for (let row = 0; row < this.depth; row += 1) {
      for (let column = 0; column < this.width; column += 1) {
        const edge = row < reach || column < reach || row >= this.depth - reach || column >= this.width - reach;
        if (edge) wide[row * this.width + column] = 1;
        else if (this.blocked[row * this.width + column]) this.stampDisc(wide, column, row, reach);
      }
    }
    this.blocked = wide;
  }

  stampDisc(grid, column, row, reach) {
    for (let down = -reach; down <= reach; down += 1) {
      for (let right = -reach; right <= reach; right += 1) {
        const [x, z] = [column + right, row + down];
        if (down * down + right * right <= reach * reach && x >= 0 && z >= 0 && x < this.width && z < this.depth) grid[z * this.width + x] = 1;
      }
    }
  }

  keepReachable(start) {
    const from = this.nearest(start.x, start.z, (cell) => !this.blocked[cell]);
    this.open = new Uint8Array(this.blocked.length);
    if (from < 0) return;
    this.open[from] = 1;
    this.spread(from, (cell) => { if (this.blocked[cell] || this.open[cell]) return false; this.open[cell] = 1; return true; });
  }

  // Breadth first from one cell; `enter(cell, before)` says whether to go on from there.
  spread(from, enter) {
    const queue = [from];
    for (let head = 0; head < queue.length; head += 1) {
      const cell = queue[head];
      const [column, row] = [cell % this.width, Math.floor(cell / this.width)];
      if (column > 0 && enter(cell - 1, cell)) queue.push(cell - 1);
      if (column < this.width - 1 && enter(cell + 1, cell)) queue.push(cell + 1);
      if (row > 0 && enter(cell - this.width, cell)) queue.push(cell - this.width);
      if (row < this.depth - 1 && enter(cell + this.width, cell)) queue.push(cell + this.width);
    }
  }

  // The box round all that can be walked on.
  extent() {
    const box = new THREE.Box2();
    this.open.forEach((open, cell) => { if (open) box.expandByPoint(new THREE.Vector2(this.middle(cell).x, this.middle(cell).z)); });
    return box;
  }

  free(x, z) {
    return this.open[this.at(x, z)] === 1;
  }

  nearest(x, z, good) {
    const here = this.at(x, z);
    if (good(here)) return here;
    let [best, least] = [-1, Infinity];
    for (let cell = 0; cell < this.blocked.length; cell += 1) {
      if (!good(cell)) continue;
      const place = this.middle(cell);
      const far = (place.x - x) ** 2 + (place.z - z) ** 2;
      if (far < least) [best, least] = [cell, far];
    }
    return best;
  }

  // Corners to walk through, the last one being the reachable place nearest to the wish; empty when there is none.
  path(from, to) {
    const goal = this.nearest(to.x, to.z, (cell) => this.open[cell]);
    const first = this.nearest(from.x, from.z, (cell) => this.open[cell]);
    if (goal < 0 || first < 0) return [];
    const next = new Int32Array(this.open.length).fill(-1);
    next[goal] = goal;
    this.spread(goal, (cell, before) => { if (!this.open[cell] || next[cell] >= 0) return false; next[cell] = before; return true; });
    const cells = [first];
    while (cells.at(-1) !== goal && next[cells.at(-1)] >= 0) cells.push(next[cells.at(-1)]);
    return this.straightened(cells.map((cell) => this.middle(cell)));
  }

  straightened(places) {
    const corners = [];
    let from = 0;
    while (from < places.length - 1) {
      let to = places.length - 1;
      while (to > from + 1 && !this.sees(places[from], places[to])) to -= 1;
      corners.push(places[to]);
      from = to;
    }
    return corners.length ? corners : places.slice(-1);
  }

  sees(a, b) {
    const steps = Math.ceil(Math.hypot(b.x - a.x, b.z - a.z) / (this.cell * 0.5));
    for (let step = 0; step <= steps; step += 1) {
      const share = step / Math.max(steps, 1);
      if (!this.free(a.x + (b.x - a.x) * share, a.z + (b.z - a.z) * share)) return false;
    }
    return true;
  }
}
