package beyond

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A writer of programs writes functions that wait in a loop for atomics, in as
// many ways as it knows, and that return all that they have kept.
type writer struct {
	*rand.Rand
	depth  int
	locals []string // of type int, that can be assigned
	loops  []string // labels of the loops around, innermost last
	used   map[string]bool
	number int
	lit    int // function literals around, in which no loop can be left
}

// program is the text of one function.
func program(rnd *rand.Rand, number int) string {
	w := &writer{Rand: rnd, used: make(map[string]bool)}
	w.locals = []string{"x", "y", "z"}
	var b strings.Builder
	result := w.chance(5)
	if result {
		fmt.Fprintf(&b, "func p%d() (out string) {\n", number)
	} else {
		fmt.Fprintf(&b, "func p%d() string {\n", number)
	}
	b.WriteString("a, b := atomic.NewUint32(), atomic.NewUint32()\n_, _ = a, b\n")
	b.WriteString("x, y, z := 0, 0, 0\n_, _, _ = x, y, z\n")
	b.WriteString("s, p, arr, sl, mp := &state{next: &state{}}, new(int), [3]int{}, make([]int, 3), map[int]int{}\n_, _, _, _, _ = s, p, arr, sl, mp\n")
	b.WriteString("var st state; var bx box[int]; e := embedded{state: s}; _, _, _ = st, bx, e\n")
	b.WriteString("inc := func() { x++ }; ready := func() bool { return isSet(a, 1) }; n := 0; count := func() bool { n++; return true }; made := counter(); cur := ready\n_, _, _, _, _ = inc, ready, count, made, cur\n")
	b.WriteString("var ad adder = s; add := s.add; fs := []func() bool{ready, count}; var any1 any; _, _, _, _ = ad, add, fs, any1\n")
	if w.chance(8) {
		b.WriteString("px := &x; _ = px\n")
	}
	recovers := w.chance(6)
	if recovers {
		b.WriteString("v0 := func() (r int) {\ndefer func() { recover() }()\n")
		w.locals = append(w.locals, "r")
	}
	w.lit = 0
	b.WriteString(w.waiting())
	if recovers {
		b.WriteString("return r\n}()\n_ = v0\n")
		w.locals = w.locals[:3]
	}
	tail := []string{"n", "s.text()", "*p", "arr", "sl", "mp", "global", "shared.text()", "st.text()", "bx.v", "e.k", "any1", "made()"}
	if recovers {
		tail = append(tail, "v0")
	}
	for _, v := range []string{"x", "y", "z"} {
		if !w.chance(3) {
			tail = append(tail, v)
		}
	}
	if result {
		fmt.Fprintf(&b, "out = fmt.Sprint(%s)\nreturn\n}\n", strings.Join(tail, ", "))
	} else {
		fmt.Fprintf(&b, "return fmt.Sprint(%s)\n}\n", strings.Join(tail, ", "))
	}
	return b.String()
}

// chance is true one time in n.
func (w *writer) chance(n int) bool { return w.IntN(n) == 0 }

func (w *writer) one(list ...string) string { return list[w.IntN(len(list))] }

func (w *writer) sep() string {
	if w.chance(5) {
		return "; "
	}
	return "\n"
}

func (w *writer) local() string { return w.one(w.locals...) }

func (w *writer) flag() string { return w.one("a", "a", "b") }

// loaded is an expression of type int with an operation in it.
func (w *writer) loaded() string {
	return fmt.Sprintf(w.one("int(%s.Load(atomic.Acquire))", "load(%s)", "int(%s.Load(atomic.Acquire))", "loadOrPause(%s)", "polled(%s)", "int(%s.Swap(1, atomic.Acquire))"), w.flag())
}

// cond is a condition, most often with an operation.
func (w *writer) cond() string {
	switch w.IntN(15) {
	case 0:
		return w.cond() + " && " + w.cond()
	case 1:
		return w.cond() + " || " + w.cond()
	case 2:
		return w.one("!", "") + "ready()"
	case 3:
		return w.one("!", "") + w.one("call(ready)", "call(cur)", "both(ready, count)", "both(count, ready)", "call(func() bool { return isSet(b, 1) })", "call(func() bool { y++; return isSet(b, 1) })", "both(func() bool { return isSet(b, 1) }, func() bool { y++; return true })")
	case 4:
		return w.one("s.is(2)", "count()", "counts()", "s.counts()", "made()", "cur()", "bump(&x) > 2", "s.copied() > 1", "bx.look() == 1", "pauses()", "fs[0]()")
	case 5:
		return fmt.Sprintf("func() bool { _, ok := %s.CompareExchange(%s, %s, atomic.Acquire, atomic.Relaxed); return ok }()", w.flag(), w.one("0", "1", "uint32(x)"), w.one("1", "2"))
	case 6, 7:
		return w.plain()
	case 8:
		return fmt.Sprintf("isSet(%s, %d)", w.flag(), w.IntN(3))
	}
	return w.loaded() + w.one(" == ", " != ") + fmt.Sprint(w.IntN(3))
}

// plain is a condition without an operation.
func (w *writer) plain() string {
	return w.local() + w.one(" == ", " != ", " < ", " > ") + fmt.Sprint(w.one("0", "1", "2", "3", "7", w.local()))
}

func (w *writer) value() string {
	return w.one("1", "2", w.local(), w.local()+" + 1", "s.n", "arr[1]", "len(sl)", "cap(sl)", "bx.look()", "pick(x > 1, x, y)", "min(y, 3)", "100 / (x - 7)", "arr[x%3]", "arr[y]", "global")
}

// assignment writes something, or calls what may.
func (w *writer) assignment() string {
	switch w.IntN(12) {
	case 0, 1, 2:
		return w.local() + " = " + w.value()
	case 3:
		return w.local() + w.one("++", " += 2", " *= 2", " ^= 1")
	case 4, 5:
		return w.local() + " = " + w.loaded()
	case 6:
		return w.one("x, y = y, x", "x, y = 1, x", "z, _ = named(a)", "y, x = load(a), load(b)", "x, sl[0] = 1, 2")
	case 7:
		return w.one("s.n", "*p", "arr[1]", "sl[0]", "mp[1]", "global", "shared.n", "st.m", "s.next.n", "e.n", "e.k", "bx.v", "s.list[1]", "shared.list[0]", "(*s).m") + " = " + w.value()
	case 8:
		return w.one("inc()", "add()", "ad.add()", "s.add()", "s.set(2)", "st.add()", "put(&x, 2)", "put(p, 1)", "bx.put(1)", "count()", "counts()", "bump(p)", "e.add()", "global++", "any1 = x", "cur = count", "sl = append(sl, 1)", "s = s.next", "*s = state{n: 1, next: s}", "st = *s", "state.copied(st)", "(*state).add(s)", "func() { y = 3 }()", "delete(mp, 1)", "clear(sl)", "copy(sl, []int{1, 2})")
	case 9:
		w.number++
		v := fmt.Sprint("w", w.number)
		return fmt.Sprintf("%s := %s; %s", v, w.one(w.value(), w.loaded()), w.one(v+"++", w.local()+" = "+v, "_ = "+v, "if "+v+" > 1 { "+w.local()+" = 1 }", w.local()+", "+v+" = "+v+", 2"))
	case 10:
		w.number++
		v := fmt.Sprint("c", w.number)
		return fmt.Sprintf("%s := %s; %s", v, w.one("st", "*s", "shared"), w.one(v+".n = 5", v+".add()", v+".list[1] = 2", v+".next = s; "+v+".next.n = 1", "y = "+v+".n"))
	}
	return w.one("x := x + 1; _ = x", "defer func() { y++ }()", "for i := range 2 { x = i }", "for i := range each { x = i }", "for i := range s.all { _ = i }", "for x = range 2 { }", "for _, f := range fs { f() }", "for i := 0; i < 2; i++ { y += i }", "switch { case x > 1: y = 2; default: z = 1 }", "if x == 0 { x = 2 }")
}

func (w *writer) pauseText() string {
	return w.one("atomic.SpinLoop()", "atomic.SpinLoop()", "atomic.SpinLoop()", "pause()", "for range min(x, 4) { atomic.SpinLoop() }; pause()", "for range 2 { atomic.SpinLoop() }", "if x < 3 { x++ }; for range x { atomic.SpinLoop() }", "if y > 3 { pause() } else { y++; atomic.SpinLoop() }", "_ = pauses()", "if pauses() { "+w.assignment()+" }", "runtime.Gosched(); atomic.SpinLoop()", "func() { atomic.SpinLoop() }()", "if x++; x > 2 { pause(); x = 0 } else { pause() }")
}

// leave is a statement that goes elsewhere.
func (w *writer) leave() string {
	var list []string
	for _, l := range w.loops {
		list = append(list, "break "+l, "continue "+l)
	}
	list = append(list, "break", "break", "break", "continue", "continue", "goto end", `panic("left")`)
	s := w.one(list...)
	if _, l, ok := strings.Cut(s, " "); ok {
		w.used[l] = true
	}
	return s
}

// block is some statements.
func (w *writer) block(n int) string {
	var b strings.Builder
	locals := len(w.locals)
	for range n {
		b.WriteString(w.statement())
		b.WriteString(w.sep())
	}
	w.locals = w.locals[:locals]
	return b.String()
}

func (w *writer) statement() string {
	if w.depth > 4 {
		return w.assignment()
	}
	w.depth++
	defer func() { w.depth-- }()
	switch w.IntN(16) {
	case 0, 1, 2, 3, 4:
		return w.assignment()
	case 5, 6:
		return w.pauseText()
	case 7, 8, 9:
		return "if " + w.cond() + " { " + w.block(w.IntN(2)) + w.leave() + " }"
	case 10:
		return "if " + w.cond() + " {\n" + w.block(1+w.IntN(2)) + "}" + w.one("", " else {\n"+w.block(1)+"}")
	case 11:
		return fmt.Sprintf("if w := %s; w == %d {\n%s} else if %s = w; w > 1 {\n%s}", w.loaded(), w.IntN(3), w.block(1), w.local(), w.block(1))
	case 12:
		return "switch " + w.loaded() + " {\ncase 0:\n" + w.block(1) + "case 1:\n" + w.block(1) + w.one("fallthrough\n", "", w.leave()+"\n") + "default:\n" + w.block(1) + "}"
	case 13:
		return w.loop()
	case 14:
		return "{\n" + w.block(2) + "}"
	}
	return w.assignment()
}

// loop is a loop of any form.
func (w *writer) loop() string {
	w.number++
	label := fmt.Sprint("L", w.number)
	w.loops = append(w.loops, label)
	var head string
	switch w.IntN(8) {
	case 0, 1, 2:
		head = "for "
	case 3, 4:
		head = "for " + w.cond() + " "
	case 5:
		head = fmt.Sprintf("for i := 0; %s; i++ ", w.one("", w.cond(), "i < 3 && "+w.cond(), "i < 1000 && "+w.cond()))
	case 6:
		head = fmt.Sprintf("for %s = %d; %s; %s ", w.local(), w.IntN(2), w.cond(), w.one("", w.local()+"++", w.local()+" = "+w.loaded()))
	default:
		head = w.one("for range 2 ", "for range each ", "for i := range 3 ", "for y = range 2 ")
	}
	body := w.block(1 + w.IntN(3))
	w.loops = w.loops[:len(w.loops)-1]
	text := head + "{/*guard*/\n" + body + "}"
	if w.used[label] {
		text = label + ":\n" + text
	}
	return text
}

// between is a loop around a text, with what may be done on the way back to it.
func (w *writer) between(text string) string {
	way := func() string {
		return w.one("", "", w.assignment()+"\n", "_ = load(b)\n", "b.Store(1, atomic.Release)\n", "if "+w.cond()+" { "+w.one("break", "continue", "x = 3")+" }\n", w.local()+" = "+w.loaded()+"\n", "stored(b)\n", "mayStore(b, x)\n")
	}
	return "for " + w.one("", w.plain(), w.cond(), "range 3", "i := 0; i < 3; i++", ";; y++", ";; x = load(b)") + " {/*guard*/\n" + way() + text + way() + way() + "}\n"
}

// waiting is the loop, or two around each other, in a function literal or not.
func (w *writer) waiting() string {
	w.number++
	label := fmt.Sprint("L", w.number)
	w.loops = append(w.loops, label)
	head := w.one("for ", "for ", "for "+w.cond()+" ", "for "+w.cond()+" ", "for i := 0; "+w.cond()+"; i++ ", "for "+w.local()+" = 0; "+w.plain()+"; "+w.local()+"++ ", "for "+w.local()+" = 0; "+w.plain()+"; ")
	parts := []string{w.pauseText()}
	for range w.IntN(3) {
		parts = append(parts, w.statement())
	}
	if head == "for " || w.chance(2) {
		parts = append(parts, "if "+w.cond()+" { "+w.block(w.IntN(2))+w.leave()+" }")
	}
	w.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p + w.sep())
	}
	text := head + "{/*guard*/\n" + b.String() + "}\n"
	w.loops = w.loops[:len(w.loops)-1]
	if w.used[label] {
		text = label + ":\n" + text
	}
	switch w.IntN(11) {
	case 10: // with a variable that the post statement writes
		v := w.local()
		text = "for " + w.one("", v+" = 0") + "; " + w.one(v+" != 1", w.plain(), w.cond()) + "; " + v + " = " + w.one(w.loaded(), w.loaded()+" + "+w.value()) + " {/*guard*/\n" +
			w.one("", "atomic.SpinLoop()\n") + w.one("", w.assignment()+"\n", w.local()+" = "+v+"\n") + w.one("", "if "+w.cond()+" { break }\n") + "}\n"
	case 9: // left by a panic, and come to again
		text = w.between("func() {\ndefer func() { " + w.one("recover()", "_ = recover()", "if recover() == nil { y = 2 }") + " }()\n" + text + "}()\n")
	case 8: // in a function that is called again
		text = "wait := func() {\n" + text + "}\n" + w.between(w.one("wait()\n", "if x < 3 { wait() }\n", "func() { wait() }()\n"))
	case 7:
		text = w.between(text)
	case 6: // without a pause, and with a variable that has a new value in each round
		v := w.local()
		text = "for " + w.one("", w.plain(), v+" != 1") + " {/*guard*/\n" + w.one("", "", w.assignment()+"\n") + v + " = " + w.one(w.loaded(), w.loaded()+" + "+w.value()) + "\n" +
			w.one("", w.assignment()+"\n", "if "+w.cond()+" { "+w.assignment()+" }\n") + "if " + w.cond() + " { " + w.one("", w.local()+" = "+v+"; ") + "break }\n}\n"
	case 0:
		w.number++
		outer := fmt.Sprint("L", w.number)
		text = outer + ":\nfor " + w.one("", w.plain(), w.cond(), "i := 0; i < 3; i++") + " {/*guard*/\n" + text + w.assignment() + "\nif " + w.one(w.plain(), w.cond()) + " { break " + outer + " }\n}\n"
	case 1:
		text = w.one("until(func() bool {\n"+w.one("", w.assignment()+"\n")+"return "+w.cond()+"\n})\n", "until(ready)\n", "until(made)\n", "until(cur)\n")
	}
	if w.used["end"] {
		// A goto may not jump over a variable.
		text = "func() {\n" + strings.ReplaceAll(text, "goto end", "return") + "}()\n"
	}
	return text
}
