"use strict";
// What the page knows of the trace. Everything in here is computed once, and
// nothing touches the document.
const executions = JSON.parse(document.getElementById("trace").textContent);
// Of several executions the page shows the one that its address names.
const chosen = Math.max(1, Math.min(executions.length, Number((/[#&]execution=(\d+)/.exec(location.hash) || [0, 1])[1])));
const trace = executions[chosen - 1];
const address = step => "#" + (executions.length > 1 ? `execution=${chosen}&` : "") + (step < 0 ? "" : "step=" + (step + 1));
const steps = trace.steps, lanes = trace.lanes, edges = trace.edges;
const has = (step, flag) => step.flags.includes(flag);

// nextInLane[i] is the lane's next step after i, or Infinity.
const nextInLane = new Array(steps.length).fill(Infinity);
const previousInLane = new Array(steps.length).fill(-1);
{
  const last = new Map();
  steps.forEach((s, i) => {
    if (last.has(s.lane)) {
      nextInLane[last.get(s.lane)] = i;
      previousInLane[i] = last.get(s.lane);
    }
    last.set(s.lane, i);
  });
}

const place = p => p ? p.file + ":" + p.line : "";
const opText = s => s.value ? s.op + " = " + s.value : s.op;
const laneName = i => lanes[i].name;

// A step is eventful if it would be missed: it failed or switched, an arrow
// leads to it or from it, or it is the first or the last of its lane.
const eventful = new Array(steps.length).fill(false);
steps.forEach((s, i) => {
  eventful[i] = s.flags.length > 0 || previousInLane[i] < 0 || nextInLane[i] === Infinity;
});
for (const e of edges) eventful[e.from] = eventful[e.to] = true;

// visible is the list of rows under a filter: {step} or {from, to}, a fold.
function visible(filter) {
  const rows = [];
  const words = filter.text.toLowerCase();
  let fold = null;
  steps.forEach((s, i) => {
    if (filter.lanes.size > 0 && !filter.lanes.has(s.lane)) return;
    if (filter.object && s.object !== filter.object) return;
    if (filter.file && (!s.pos || s.pos.file !== filter.file)) return;
    if (words && !(opText(s) + " " + (s.note || "") + " " + place(s.pos) + " " + laneName(s.lane)).toLowerCase().includes(words)) return;
    if (filter.fold && !eventful[i]) {
      if (!fold) rows.push(fold = { from: i, to: i, count: 0 });
      fold.to = i;
      fold.count++;
      return;
    }
    fold = null;
    rows.push({ step: i });
  });
  // A fold of one or two says less than they do.
  return rows.flatMap(r => r.count > 2 || !r.count ? [r] : r.from === r.to ? [{ step: r.from }] : [{ step: r.from }, { step: r.to }]);
}

// stateAt is who holds and who waits once step n has been taken, as far as the
// operations say: a lock that is taken inside a library is not among them.
function stateAt(n) {
  const held = new Map(), waits = [], channels = new Map();
  const channel = o => channels.get(o) || channels.set(o, { sent: 0, received: 0, closed: false }).get(o);
  for (let i = 0; i <= n; i++) {
    const s = steps[i];
    if (!s.object) continue;
    if (has(s, "blocked") && nextInLane[i] > n) {
      waits.push({ lane: s.lane, object: s.object, step: i });
      continue;
    }
    const list = held.get(s.object) || [];
    switch (s.effect) {
      case "acquire": case "acquire-shared":
        held.set(s.object, [...list, { lane: s.lane, step: i, shared: s.effect !== "acquire" }]);
        break;
      case "release": case "release-shared": {
        // A lock may be given back by another goroutine than took it.
        let k = list.findIndex(h => h.lane === s.lane);
        if (k < 0) k = 0;
        held.set(s.object, list.filter((_, j) => j !== k));
        break;
      }
      case "send": channel(s.object).sent++; break;
      case "receive": channel(s.object).received++; break;
      case "close": channel(s.object).closed = true; break;
    }
  }
  if (n === steps.length - 1) {
    lanes.forEach((l, i) => {
      if (l.waitsFor && !waits.some(w => w.lane === i)) waits.push({ lane: i, object: l.waitsFor, step: -1 });
    });
  }
  return { held, waits, channels };
}

// cycle is a list of lanes each of which waits for what the next one holds.
function cycle(state, n) {
  const to = new Map();
  const atEnd = n === steps.length - 1;
  for (const w of state.waits) {
    const l = lanes[w.lane];
    const by = atEnd && l.heldBy && l.heldBy.length ? l.heldBy : (state.held.get(w.object) || []).map(h => h.lane);
    to.set(w.lane, by.map(lane => ({ lane, object: w.object })));
  }
  for (const start of to.keys()) {
    const path = [], seen = new Set();
    const walk = at => {
      for (const next of to.get(at) || []) {
        path.push({ lane: at, object: next.object });
        if (next.lane === start) return true;
        if (!seen.has(next.lane)) {
          seen.add(next.lane);
          if (walk(next.lane)) return true;
        }
        path.pop();
      }
      return false;
    };
    if (walk(start)) return path;
  }
  return [];
}
