"use strict";
// An editor: a text area over the same text in colours. Lines that are being
// changed are plain until the server has coloured them.
class Editor {
  constructor(pre, name, colour) {
    this.pre = pre;
    this.name = name; // of the text in the storage of this tab
    this.colour = colour;
    this.original = pre.textContent;
    this.lines = this.original.split("\n");
    this.area = document.createElement("textarea");
    Object.assign(this.area, { value: this.original, spellcheck: false, wrap: "off", autocapitalize: "off", autocomplete: "off" });
    this.area.setAttribute("aria-label", "program; Tab indents, Escape and then Tab leaves it");
    const box = document.createElement("div");
    box.className = "editor";
    pre.replaceWith(box);
    box.append(pre, this.area);
    pre.setAttribute("aria-hidden", "true");
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", e => this.key(e));
    const kept = sessionStorage.getItem(name);
    if (kept !== null && kept !== this.original) {
      this.area.value = kept;
      this.changed();
    }
  }

  get value() { return this.area.value; }

  reset() {
    this.area.value = this.original;
    this.changed();
  }

  changed() {
    const text = this.area.value, lines = text.split("\n"), old = this.lines;
    let top = 0, bottom = 0;
    while (top < lines.length && top < old.length && lines[top] === old[top]) top++;
    while (bottom < lines.length - top && bottom < old.length - top && lines[lines.length - 1 - bottom] === old[old.length - 1 - bottom]) bottom++;
    const fresh = lines.slice(top, lines.length - bottom).map(l => this.line([["", l]]));
    const gone = [...this.pre.children].slice(top, old.length - bottom);
    const before = this.pre.children[old.length - bottom] || null;
    for (const e of gone) e.remove();
    for (const e of fresh) this.pre.insertBefore(e, before);
    for (const e of this.pre.children) e.classList.remove("marked");
    this.lines = lines;
    if (text === this.original) sessionStorage.removeItem(this.name);
    else sessionStorage.setItem(this.name, text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.paint(text), 150);
  }

  async paint(text) {
    const tokens = await this.colour(text);
    if (!tokens || text !== this.area.value) return; // edited meanwhile
    const marked = [...this.pre.children].map(e => e.classList.contains("marked"));
    this.pre.replaceChildren(...tokens.map(t => this.line(t || [])));
    marked.forEach((m, i) => { if (m && this.pre.children[i]) this.pre.children[i].classList.add("marked"); });
  }

  line(tokens) {
    const e = document.createElement("span");
    e.className = "l";
    for (const [kind, text] of tokens) {
      const t = document.createElement("span");
      if (kind) t.className = kind;
      t.textContent = text;
      e.append(t);
    }
    e.append("\n");
    return e;
  }

  mark(lines) {
    [...this.pre.children].forEach((e, i) => e.classList.toggle("marked", lines.has(i + 1)));
  }

  go(line) {
    const at = this.lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(at, at);
    const e = this.pre.children[line - 1];
    if (e) e.scrollIntoView({ block: "nearest" });
  }

  // insert changes the text as typing does, so that it can be undone.
  insert(text) {
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
      this.changed();
    }
  }

  key(e) {
    const leaving = this.leaving;
    this.leaving = e.key === "Escape";
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Tab" && !e.shiftKey && !leaving) {
      e.preventDefault();
      this.insert("\t");
    } else if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      const before = this.area.value.slice(0, this.area.selectionStart), line = before.slice(before.lastIndexOf("\n") + 1);
      this.insert("\n" + line.match(/^[\t ]*/)[0] + (/[{(]\s*$/.test(line) ? "\t" : ""));
    }
  }
}
