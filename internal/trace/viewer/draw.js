"use strict";
// The picture: time runs downward, a lane is a column, edges are arrows. Only
// what can be seen is in the document, so that its size does not depend on the
// length of the trace.
const svgNS = "http://www.w3.org/2000/svg";
function svg(name, attributes, ...children) {
  const e = document.createElementNS(svgNS, name);
  for (const k in attributes) e.setAttribute(k, attributes[k]);
  e.append(...children);
  return e;
}
const cut = (s, n) => s.length > n ? s.slice(0, Math.max(1, n - 1)) + "…" : s;

// The widths of the columns in characters.
const mostChars = 44;
const numberChars = String(steps.length).length;
let placeChars = 0;
const laneChars = lanes.map(l => Math.max(12, l.name.length, (l.end || "").length));
for (const s of steps) {
  laneChars[s.lane] = Math.min(mostChars, Math.max(laneChars[s.lane], opText(s).length));
  placeChars = Math.min(mostChars, Math.max(placeChars, place(s.pos).length));
}
for (const i in laneChars) laneChars[i] = Math.min(mostChars, laneChars[i]);

const picture = { rows: [], rowOf: [], selected: -1, zoom: 1, kinds: new Set(), shownLanes: [] };

// measures are the sizes in pixels that follow from the zoom and the lanes shown.
function measures() {
  const z = picture.zoom, char = 7.3 * z, row = Math.round(24 * z);
  const narrow = document.getElementById("view").clientWidth < 600;
  const gutter = Math.round((numberChars + (narrow ? 0 : placeChars + 2)) * char + 16);
  let x = gutter + 40 * z;
  const lane = new Array(lanes.length).fill(-1);
  for (const i of picture.shownLanes) {
    lane[i] = Math.round(x);
    x += laneChars[i] * char + 48 * z;
  }
  return { z, char, row, gutter, lane, narrow, head: row + 6, width: Math.round(x), height: (picture.rows.length + 2) * row + row + 6 };
}

// layout is called when the rows, the lanes or the zoom have changed.
function layout() {
  picture.rowOf = new Array(steps.length);
  const used = new Set();
  picture.rows.forEach((r, k) => {
    if (r.step === undefined) return;
    picture.rowOf[r.step] = k;
    used.add(steps[r.step].lane);
  });
  const all = picture.rows.length && used.size === 0 ? lanes.map((_, i) => i) : [...used];
  picture.shownLanes = all.sort((a, b) => a - b);
  picture.laneRows = new Map(picture.shownLanes.map(i => [i, []]));
  picture.rows.forEach((r, k) => { if (r.step !== undefined) picture.laneRows.get(steps[r.step].lane).push(k); });
  const m = picture.m = measures();
  const space = document.getElementById("space");
  space.style.width = m.width + "px";
  space.style.height = m.height + "px";
  draw();
}

function draw(all) {
  const view = document.getElementById("view"), m = picture.m, pic = document.getElementById("pic");
  const width = all ? m.width : Math.min(view.clientWidth, Math.max(m.width, 1)), height = all ? m.height : view.clientHeight;
  const top = all ? 0 : view.scrollTop, left = all ? 0 : view.scrollLeft;
  pic.setAttribute("width", width);
  pic.setAttribute("height", height);
  const first = Math.max(0, Math.floor(top / m.row) - 1), last = Math.min(picture.rows.length - 1, Math.ceil((top + height) / m.row));
  const y = k => m.head + k * m.row + m.row / 2 - top, x = lane => m.lane[lane] - left;
  const text = m.z >= 0.55;
  const parts = [arrowHeads()];
  for (let k = first; k <= last; k++) parts.push(rowBackground(k, y(k), m, width));
  for (const i of picture.shownLanes) {
    if (x(i) > -10 && x(i) < width + 10) parts.push(...laneLines(i, first, last, x(i), y));
  }
  parts.push(...arrows(first, last, x, y, m));
  for (let k = first; k <= last; k++) {
    const r = picture.rows[k];
    if (r.step === undefined) {
      parts.push(svg("text", { x: m.gutter + 8, y: y(k) + 4 * m.z, class: "at", "font-size": 12 * m.z, style: size(m) }, `… ${r.count} steps without an event`));
    } else if (x(steps[r.step].lane) < width + 10) {
      parts.push(...stepMarks(r.step, x, y(k), m, text));
    }
  }
  for (const i of picture.shownLanes) {
    const own = picture.laneRows.get(i), k = own[own.length - 1] + 1;
    if (lanes[i].end && text && k >= first && k <= last + 2) {
      parts.push(svg("text", { x: x(i) + 14 * m.z, y: y(k) + 4 * m.z, class: "end", style: size(m) }, cut(lanes[i].end, laneChars[i])));
    }
  }
  parts.push(...gutter(first, last, y, m, height), ...heads(x, m, width));
  pic.replaceChildren(...parts);
}

const size = m => `font-size:${12 * m.z}px`;

function arrowHeads() {
  return svg("defs", {}, ...trace.kinds.map(kind =>
    svg("marker", { id: "head-" + kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0L8 4L0 8z", style: `fill:var(--${kind})` }))));
}

function rowBackground(k, y, m, width) {
  const r = picture.rows[k];
  const e = svg("rect", { class: "row" + (k % 2 ? " even" : "") + (r.step !== undefined && r.step === picture.selected ? " selected" : ""), x: 0, y: y - m.row / 2, width, height: m.row });
  if (r.step !== undefined) {
    e.append(svg("title", {}, steps[r.step].title));
    e.dataset.step = r.step;
  } else {
    e.dataset.fold = r.from;
  }
  return e;
}

// laneLines draws the parts of a lane between its steps that cross the window.
function laneLines(i, first, last, x, y) {
  const own = picture.laneRows.get(i), lines = [];
  let k = own.findIndex(r => r >= first);
  if (k < 0) return lines;
  for (k = Math.max(k, 1); k < own.length; k++) {
    const a = own[k - 1], b = own[k];
    const step = picture.rows[b].step;
    let kind = "";
    if (has(steps[step], "preempted")) kind = " preempted";
    else if (has(steps[picture.rows[a].step], "blocked")) kind = " blocked";
    lines.push(svg("line", { class: "lane" + kind, x1: x, x2: x, y1: y(a), y2: y(b) }));
    if (a > last) break;
  }
  return lines;
}

function arrows(first, last, x, y, m) {
  const out = [], passing = [];
  for (const e of edges) {
    if (!picture.kinds.has(e.kind)) continue;
    const a = picture.rowOf[e.from], b = picture.rowOf[e.to];
    if (a === undefined || b === undefined || Math.max(a, b) < first || Math.min(a, b) > last) continue;
    const inside = k => k >= first && k <= last;
    (inside(a) || inside(b) ? out : passing).push([e, a, b]);
  }
  // Hundreds of arrows from far above to far below hide the rest.
  return [...out, ...passing.slice(0, 200)].map(([e, a, b]) => {
    const strong = e.from === picture.selected || e.to === picture.selected;
    const path = svg("path", {
      class: "arrow " + e.kind + (strong ? " strong" : ""), style: `stroke:var(--${e.kind})`, "marker-end": `url(#head-${e.kind})`,
      d: curve(x(steps[e.from].lane), y(a), x(steps[e.to].lane), y(b), trace.kinds.indexOf(e.kind), m.z),
    });
    path.append(svg("title", {}, `${e.from + 1} → ${e.to + 1} ${e.kind}: ${steps[e.from].op} → ${steps[e.to].op}`));
    return path;
  });
}

// curve leads from one dot to another. Arrows of different kinds between the
// same two dots bend differently, so that none hides another.
function curve(x1, y1, x2, y2, kind, z) {
  const r = 5 * z;
  if (x1 === x2) {
    const bend = x1 - (16 + 5 * kind) * z;
    return `M${x1 - r} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2 - r - 2} ${y2}`;
  }
  const side = x2 < x1 ? -1 : 1, reach = side * (26 + 8 * kind) * z;
  return `M${x1 + side * r} ${y1} C${x1 + reach} ${y1 + 6 * kind * z} ${x2 - reach} ${y2 - 6 * kind * z} ${x2 - side * (r + 2)} ${y2}`;
}

function stepMarks(i, x, y, m, text) {
  const s = steps[i], at = x(s.lane);
  const marks = [svg("circle", { class: "step " + s.flags.join(" "), cx: at, cy: y, r: 5 * m.z, "pointer-events": "none" })];
  if (text) {
    marks.push(svg("text", {
      x: at + 14 * m.z, y: y + 4 * m.z, class: has(s, "failing") ? "bad" : "", "pointer-events": "none",
      style: size(m) + ";paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round",
    }, cut(opText(s), laneChars[s.lane])));
  }
  return marks;
}

function gutter(first, last, y, m, height) {
  const parts = [svg("rect", { class: "cover", x: 0, y: 0, width: m.gutter, height, "pointer-events": "none" })];
  for (let k = first; k <= last; k++) {
    const i = picture.rows[k].step;
    if (i === undefined || m.z < 0.45) continue;
    const where = m.narrow ? "" : "  " + cut(place(steps[i].pos), mostChars);
    parts.push(svg("text", { x: 8, y: y(k) + 4 * m.z, class: "at", style: size(m) + ";white-space:pre", "pointer-events": "none" }, String(i + 1).padStart(numberChars) + where));
  }
  return parts;
}

function heads(x, m, width) {
  const parts = [svg("rect", { class: "cover", x: 0, y: 0, width, height: m.head }), svg("line", { class: "rule", x1: 0, x2: width, y1: m.head, y2: m.head })];
  for (const i of picture.shownLanes) {
    if (x(i) > m.gutter - 60 && x(i) < width) {
      const e = svg("text", { x: Math.max(x(i) - 6, m.gutter), y: m.head - 9 * m.z, class: "head", style: size(m) }, cut(lanes[i].name, laneChars[i]));
      e.append(svg("title", {}, lanes[i].title));
      e.dataset.lane = i;
      parts.push(e);
    }
  }
  return parts;
}
