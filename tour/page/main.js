// What a reader does on a lesson's page.
const $ = id => document.getElementById(id);
const lesson = $("lesson").dataset.lesson;
function element(name, properties, ...children) {
  const e = Object.assign(document.createElement(name), properties);
  e.append(...children);
  return e;
}

// The word of this tab lives as long as the tab.
const tab = sessionStorage.getItem("tab") || [...crypto.getRandomValues(new Uint32Array(4))].join("-");
sessionStorage.setItem("tab", tab);

const post = (path, body, signal) => fetch("../" + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
async function colour(source) {
  try {
    const answer = await post("highlight", { source });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // without colours the text is all there
  }
}

const sheets = [...document.querySelectorAll(".sheet")].map((box, i) => ({
  box, label: box.dataset.label, tools: box.dataset.tools.split(" "), check: box.dataset.check,
  editor: new Editor(box.querySelector("pre.code"), "text " + lesson + " " + i, colour),
}));
let shown = 0, running = null;

const words = {
  run: ["Run", "compile and run it (Ctrl-Enter)"],
  race: ["Run -race", "run it with Go's race detector, on the schedule that it happens to get"],
  vet: ["vet", "what Rust's compiler would say"],
  schedules: ["schedules", "run it under 1,000 chosen schedules"],
  prove: ["prove", "run it under every schedule that differs"],
  model: ["model", "explore every execution that the memory model allows"],
};

function showSheet(i) {
  shown = i;
  sheets.forEach((s, k) => {
    s.box.hidden = k !== i;
    if (s.tab) {
      s.tab.setAttribute("aria-selected", k === i);
      s.tab.tabIndex = k === i ? 0 : -1;
    }
  });
  if ($("stdin")) $("stdin").hidden = i !== 0;
  sessionStorage.setItem("sheet " + lesson, i);
  const s = sheets[i];
  $("bar").replaceChildren(
    ...s.tools.map((t, k) => element("button", { type: "button", id: "tool-" + t, className: k === 0 ? "main" : "", title: s.check === t ? "check the exercise (Ctrl-Enter)" : words[t][1], onclick: () => start(t) }, s.check === t ? "Check with " + t : words[t][0])),
    element("button", { type: "button", id: "stop", title: "end what runs", onclick: stop }, "Stop"),
    element("button", { type: "button", id: "reset", title: "the program as it was", onclick: () => { s.editor.reset(); say("The program is as it was."); } }, "Reset"));
  enable();
}

function enable() {
  for (const b of $("bar").querySelectorAll("button")) b.disabled = b.id === "stop" ? !running : running && b.id !== "reset";
}

function say(text, kind = "") {
  $("said").textContent = text;
  $("said").className = kind;
}

function stop() { if (running) running.abort(); }

async function start(tool) {
  if (running) return;
  const s = sheets[shown], out = $("out"), mine = running = new AbortController();
  enable();
  out.hidden = true;
  out.replaceChildren(document.createTextNode(""));
  $("picture").replaceChildren();
  s.editor.mark(new Set());
  say("…");
  let text = "", end = null;
  try {
    const answer = await post("job", { tab, lesson, sheet: shown, tool, source: s.editor.value, input: $("input") ? $("input").value : "" }, mine.signal);
    if (!answer.ok) throw new Error((await answer.text()).trim());
    for await (const e of events(answer.body)) {
      if (e.note) say(e.note + " …");
      if (e.out) {
        text += e.out;
        const atEnd = out.scrollTop + out.clientHeight > out.scrollHeight - 20;
        out.hidden = false;
        out.firstChild.appendData(e.out);
        if (atEnd) out.scrollTop = out.scrollHeight;
      }
      if (e.end) end = e.end;
    }
    if (!end) throw new Error("the tour has ended: start fearless tour -http again");
  } catch (error) {
    end = { ok: false, text: error.name === "AbortError" ? "stopped" : error instanceof TypeError ? "the tour does not answer: start fearless tour -http again, and open the address that it prints" : error.message };
  }
  running = null;
  enable();
  if (end.solved) say("Solved: " + end.text + ".", "good");
  else say(end.text[0].toUpperCase() + end.text.slice(1) + ".", end.ok ? "good" : "bad");
  if (text.length < 200000) link(out, text, s.editor, !end.ok);
  if (end.page) {
    $("picture").append(element("p", {}, element("a", { href: "../" + end.page, target: "_blank", rel: "noopener" }, "the picture in a tab of its own")),
      element("iframe", { src: "../" + end.page, title: "an execution, step by step" }));
  }
}

// events reads lines of JSON as they come.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) yield JSON.parse(line);
  }
}

// link makes the places in an output lead to their lines, and may mark those.
function link(out, text, editor, mark) {
  const lines = new Set(), parts = [];
  let at = 0;
  for (const m of text.matchAll(/(?:\.\/|tour\/)?main\.go:(\d+)(?::\d+)?/g)) {
    const line = Number(m[1]);
    lines.add(line);
    parts.push(text.slice(at, m.index), element("a", { href: "#", onclick: e => { e.preventDefault(); editor.go(line); } }, m[0]));
    at = m.index + m[0].length;
  }
  if (!lines.size) return;
  out.replaceChildren(document.createTextNode(""), ...parts, text.slice(at));
  if (mark) editor.mark(lines);
}

if (sheets.length > 1) {
  document.body.classList.add("tabbed");
  sheets.forEach((s, i) => {
    s.tab = element("button", { type: "button", onclick: () => showSheet(i) }, s.label);
    s.tab.setAttribute("role", "tab");
    $("tabs").append(s.tab);
  });
  $("tabs").addEventListener("keydown", e => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    showSheet((shown + step + sheets.length) % sheets.length);
    sheets[shown].tab.focus();
  });
}
showSheet(Math.min(Number(sessionStorage.getItem("sheet " + lesson)) || 0, sheets.length - 1));

addEventListener("keydown", e => {
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
    e.preventDefault();
    start(sheets[shown].tools[0]);
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || /^(TEXTAREA|INPUT)$/.test(e.target.tagName)) return;
  const to = { n: "next", p: "prev" }[e.key], a = to && document.querySelector(`a[rel=${to}]`);
  if (a) a.click();
});
