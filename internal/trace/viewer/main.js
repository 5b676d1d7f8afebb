"use strict";
// What a reader does: select, filter, zoom, jump.
const $ = id => document.getElementById(id);
function html(name, properties, ...children) {
  const e = Object.assign(document.createElement(name), properties);
  e.append(...children);
  return e;
}

const filter = { text: "", lanes: new Set(), object: "", file: "", fold: steps.length > 400 };

function refresh() {
  picture.rows = visible(filter);
  layout();
  $("count").textContent = `${picture.rows.length} of ${steps.length} steps` + (filter.lanes.size ? `, ${filter.lanes.size} of ${lanes.length} lanes` : "");
}

function select(i, scroll = true) {
  if (!(i >= 0 && i < steps.length)) return;
  picture.selected = i;
  if (picture.rowOf[i] === undefined) {
    // It is folded or filtered out: a reader who asks for it wants to see it.
    Object.assign(filter, { text: "", object: "", file: "", fold: false });
    filter.lanes.clear();
    for (const id of ["search", "object", "file"]) if ($(id)) $(id).value = "";
    $("fold").checked = false;
    refresh();
  }
  if (scroll) show(i);
  draw();
  tell(i);
  history.replaceState(null, "", address(i));
}

function show(i) {
  const m = picture.m, view = $("view"), y = picture.rowOf[i] * m.row;
  if (y < view.scrollTop + m.row || y > view.scrollTop + view.clientHeight - 3 * m.row - m.head) {
    view.scrollTop = Math.max(0, y - view.clientHeight / 2);
  }
  const x = m.lane[steps[i].lane], right = x + Math.min(laneChars[steps[i].lane] * m.char, view.clientWidth / 2);
  if (x < view.scrollLeft + m.gutter) view.scrollLeft = x - m.gutter - 30;
  else if (right > view.scrollLeft + view.clientWidth) view.scrollLeft = Math.max(0, right - view.clientWidth + 20);
}

// tell fills the panel beside the picture.
function tell(i) {
  const s = steps[i];
  $("what").textContent = `step ${i + 1}: ${s.title.split("\n")[0].replace(/^\d+ /, "")}`;
  $("said").textContent = `step ${i + 1} of ${steps.length}, ${s.title.replace(/^\d+ /, "")}`;
  const links = edges.filter(e => e.from === i || e.to === i).map(e => {
    const other = e.from === i ? e.to : e.from;
    const a = html("a", { onclick: () => select(other), tabIndex: 0, role: "link" }, `${e.from === i ? "→" : "←"} ${e.kind} ${other + 1}: ${steps[other].op}`);
    a.onkeydown = event => { if (event.key === "Enter") select(other); };
    return html("li", {}, a);
  });
  if (s.note) links.unshift(html("li", {}, s.note));
  $("links").replaceChildren(html("ul", {}, ...links));
  source(s.pos);
  const state = stateAt(i);
  tellState(state);
  drawCycle(cycle(state, i));
}

function source(pos) {
  const box = $("source"), chunks = pos && trace.sources[pos.file];
  if (!chunks) {
    box.replaceChildren(html("div", { className: "gap" }, pos ? `${place(pos)}: the source is not in this page` : "no place in the source is known"));
    return;
  }
  const width = String(chunks[chunks.length - 1].first + chunks[chunks.length - 1].lines.length).length;
  const lines = [];
  let here = null;
  for (const c of chunks) {
    if (c.first > 1) lines.push(html("div", { className: "gap" }, "⋯"));
    c.lines.forEach((text, k) => {
      const line = html("div", {}, html("b", {}, String(c.first + k).padStart(width) + "  "), text || " ");
      if (c.first + k === pos.line) {
        line.className = "here";
        here = line;
      }
      lines.push(line);
    });
  }
  box.replaceChildren(...lines);
  if (here) box.scrollTop = here.offsetTop - box.offsetTop - box.clientHeight / 2;
}

function tellState(state) {
  const items = [];
  for (const [object, holders] of state.held) {
    for (const h of holders) items.push(`${object} is held by ${laneName(h.lane)}${h.shared ? " (shared)" : ""} since step ${h.step + 1}`);
  }
  for (const [object, c] of state.channels) {
    items.push(`${object}: ${c.sent} sent, ${c.received} received${c.closed ? ", closed" : ""}`);
  }
  for (const w of state.waits) items.push(`${laneName(w.lane)} waits for ${w.object}`);
  $("state").replaceChildren(items.length ? html("ul", {}, ...items.map(t => html("li", {}, t))) : html("span", { className: "mono" }, "nothing that the steps tell of"));
}

// drawCycle draws who waits for whom as a ring.
function drawCycle(ring) {
  if (!ring.length) {
    $("cycle").replaceChildren();
    return;
  }
  const n = ring.length, w = 320, row = 54;
  const parts = [svg("defs", {}, svg("marker", { id: "head-cycle", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", style: "fill:var(--bad);stroke:none" })))];
  ring.forEach((r, k) => {
    const y = 8 + k * row;
    parts.push(svg("rect", { x: 40, y, width: w - 90, height: 24, rx: 5 }), svg("text", { x: 50, y: y + 16 }, cut(laneName(r.lane), 28)));
    const label = `waits for ${r.object}, held by`;
    if (k < n - 1) {
      parts.push(svg("path", { d: `M60 ${y + 24}V${y + row - 1}`, "marker-end": "url(#head-cycle)" }), svg("text", { x: 68, y: y + 43, class: "at" }, cut(label, 34)));
    } else {
      parts.push(svg("path", { d: `M60 ${y + 24}V${y + 38}H14V20H38`, "marker-end": "url(#head-cycle)" }), svg("text", { x: 68, y: y + 43, class: "at" }, cut(label, 34)));
    }
  });
  const pic = svg("svg", { width: w, height: n * row + 8, role: "img", "aria-label": "a cycle: " + ring.map(r => `${laneName(r.lane)} waits for ${r.object}`).join(", ") }, ...parts);
  $("cycle").replaceChildren(html("h2", {}, "the cycle"), pic);
}

function jump(from, direction, wanted) {
  for (let i = from + direction; i >= 0 && i < steps.length; i += direction) if (wanted(steps[i], i)) return select(i);
}
const jumps = {
  "next switch": ["n", () => jump(picture.selected, 1, s => has(s, "preempted"))],
  "previous switch": ["p", () => jump(picture.selected, -1, s => has(s, "preempted"))],
  "next of this object": ["o", () => { const s = steps[picture.selected]; if (s && s.object) jump(picture.selected, 1, t => t.object === s.object); }],
  "previous of this object": ["O", () => { const s = steps[picture.selected]; if (s && s.object) jump(picture.selected, -1, t => t.object === s.object); }],
  "failure": ["f", () => { const i = steps.findLastIndex(s => has(s, "failing")); select(i >= 0 ? i : steps.length - 1); }],
};
function move(direction) {
  const rows = picture.rows;
  let k = picture.selected < 0 ? (direction > 0 ? -1 : rows.length) : picture.rowOf[picture.selected];
  for (k += direction; k >= 0 && k < rows.length; k += direction) if (rows[k].step !== undefined) return select(rows[k].step);
}
// turn goes to another execution: the script begins anew with it. The page is not
// loaded again, since it may stand where only what has put it there may load it.
function turn(by) {
  if (!executions[chosen - 1 + by]) return;
  history.replaceState(null, "", `#execution=${chosen + by}`);
  again();
}
function again() {
  ended.abort();
  for (const id of ["bar", "view", "what", "links", "source", "state", "cycle"]) $(id).replaceChildren();
  const script = document.createElement("script");
  script.textContent = $("script").textContent;
  document.body.append(script);
  script.remove();
}
function zoom(by) {
  const old = picture.m.row, top = $("view").scrollTop;
  picture.zoom = Math.min(2, Math.max(0.2, picture.zoom * by));
  layout();
  $("view").scrollTop = top * picture.m.row / old;
}
function onlyLane(i) {
  if (filter.lanes.has(i)) filter.lanes.delete(i); else filter.lanes.add(i);
  $("lane").value = filter.lanes.size === 1 ? [...filter.lanes][0] : "";
  refresh();
}

function choose(id, label, values, names, change) {
  const box = html("select", { id, onchange: () => { change(box.value); refresh(); } }, html("option", { value: "" }, label), ...values.map((v, i) => html("option", { value: v }, cut(names[i], 40))));
  box.setAttribute("aria-label", label);
  return box;
}
function toolbar() {
  const search = html("input", { id: "search", type: "search", placeholder: "search  /", oninput: () => { filter.text = search.value; refresh(); } });
  search.setAttribute("aria-label", "search in steps");
  const parts = [search, choose("lane", "all lanes", lanes.map((_, i) => i), lanes.map(l => l.name), v => { filter.lanes.clear(); if (v !== "") filter.lanes.add(Number(v)); })];
  const unique = f => [...new Set(steps.map(f).filter(Boolean))].sort();
  const objects = unique(s => s.object), files = unique(s => s.pos && s.pos.file);
  if (objects.length) parts.push(choose("object", "all objects", objects, objects, v => { filter.object = v; }));
  if (files.length > 1) parts.push(choose("file", "all files", files, files, v => { filter.file = v; }));
  const fold = html("input", { type: "checkbox", id: "fold", checked: filter.fold, onchange: () => { filter.fold = fold.checked; refresh(); } });
  parts.push(html("label", {}, fold, " fold"));
  for (const kind of trace.kinds) {
    picture.kinds.add(kind);
    const box = html("input", { type: "checkbox", checked: true, id: "kind-" + kind, onchange: () => { box.checked ? picture.kinds.add(kind) : picture.kinds.delete(kind); draw(); } });
    parts.push(html("label", {}, box, " ", html("i", { className: kind, style: `border-color:var(--${kind})` }), kind));
  }
  if (executions.length > 1) {
    parts.push(html("button", { onclick: () => turn(-1), title: "key [", disabled: chosen === 1 }, "previous execution"), html("span", { id: "execution", className: "mono" }, `${chosen} of ${executions.length}`),
      html("button", { onclick: () => turn(1), title: "key ]", disabled: chosen === executions.length }, "next execution"));
  }
  for (const name in jumps) {
    if (name === "failure" && !steps.some(s => has(s, "failing")) || name.includes("switch") && !steps.some(s => has(s, "preempted")) || name.includes("object") && !objects.length) continue;
    parts.push(html("button", { onclick: jumps[name][1], title: `key ${jumps[name][0]}` }, name));
  }
  parts.push(html("button", { onclick: () => zoom(1.25), title: "key +" }, "+"), html("button", { onclick: () => zoom(0.8), title: "key -" }, "−"), html("span", { id: "count", className: "mono" }));
  $("bar").append(...parts);
}

// What listens does so until another execution is shown.
const ended = new AbortController(), until = { signal: ended.signal };
addEventListener("keydown", event => {
  if (event.target.matches("input:not([type=checkbox]), select") || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "Escape") $("view").focus();
    return;
  }
  const keys = { ArrowDown: () => move(1), j: () => move(1), ArrowUp: () => move(-1), k: () => move(-1), "+": () => zoom(1.25), "-": () => zoom(0.8), "/": () => $("search").focus(),
    "[": () => turn(-1), "]": () => turn(1), Home: () => select(0), End: () => select(steps.length - 1) };
  for (const name in jumps) keys[jumps[name][0]] = jumps[name][1];
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
}, until);

function fill() {
  const view = $("view");
  document.documentElement.style.setProperty("--height", Math.max(280, innerHeight - Math.min(view.getBoundingClientRect().top + scrollY, innerHeight * 0.55)) + "px");
  layout();
}
function fromAddress() {
  const other = /[#&]execution=(\d+)/.exec(location.hash);
  if (other && Number(other[1]) !== chosen && executions[Number(other[1]) - 1]) return again();
  const m = /[#&]step=(\d+)$/.exec(location.hash);
  if (m) select(Number(m[1]) - 1);
  return m;
}

if (executions.length > 1) document.querySelector("h1").textContent = document.title = trace.title;
$("view").append(html("div", { id: "space" }));
$("space").append(svg("svg", { id: "pic", role: "img", "aria-label": "the steps of the trace, a column a lane" }));
toolbar();
refresh();
fill();
$("view").addEventListener("scroll", () => requestAnimationFrame(() => draw()), until);
$("view").addEventListener("click", event => {
  const at = event.target.closest("[data-step], [data-lane], [data-fold]");
  if (!at) return;
  if (at.dataset.step) select(Number(at.dataset.step), false);
  else if (at.dataset.lane) onlyLane(Number(at.dataset.lane));
  else select(Number(at.dataset.fold));
}, until);
addEventListener("resize", fill, until);
addEventListener("hashchange", fromAddress, until);
// A printer gets every row, as far as paper goes.
addEventListener("beforeprint", () => draw(picture.rows.length <= 2000), until);
addEventListener("afterprint", () => draw(), until);
if (steps.length && !fromAddress()) jumps.failure[1]();
