package fragment

import "math/rand/v2"

// Generate makes a random program: one of the protocols, as it should be or
// changed in up to three places, by the protocol's number.
func Generate(r *rand.Rand, protocol int) *Program {
	b := &builder{r: r, p: &Program{}}
	chosen := protocols[protocol%len(protocols)]
	b.p.Name = chosen.name
	b.p.Main = chosen.build(b)
	if r.IntN(4) == 0 {
		b.p.Main = append(b.p.Main, b.use(b.p.Vars[0]))
	}
	for range r.IntN(4) {
		b.p.change(r)
	}
	return b.p
}

// Protocols is how many protocols there are.
var Protocols = len(protocols)

type protocol struct {
	name  string
	build func(*builder) []Stmt
}

// A builder makes the variables and the phrases of protocols.
type builder struct {
	r *rand.Rand
	p *Program
}

func (b *builder) variable(name string, kind Kind, size int) *Var {
	v := &Var{Name: name, Kind: kind, Size: size, Global: b.r.IntN(4) == 0}
	b.p.Vars = append(b.p.Vars, v)
	return v
}

// data is memory that a protocol guards.
func (b *builder) data() *Var { return b.variable("x", Kind(b.r.IntN(3)), 0) }

// use is an access to v, as often a read as a write.
func (b *builder) use(v *Var) Stmt {
	if b.r.IntN(2) == 0 {
		return Read{b.place(v)}
	}
	return b.write(v)
}

func (b *builder) write(v *Var) Stmt { return Write{b.place(v), 1 + b.r.IntN(3)} }

func (b *builder) place(v *Var) Place {
	if v.Kind == Int || b.r.IntN(3) > 0 {
		return Place{Var: v}
	}
	return Place{Var: v, Sub: 1}
}

func (b *builder) coin() bool { return b.r.IntN(2) == 0 }

// start runs body in a goroutine of group, in one of the ways there are.
func (b *builder) start(group *Var, body ...Stmt) []Stmt {
	switch {
	case group == nil:
		return []Stmt{Go{Body: body}}
	case b.coin():
		return []Stmt{Go{Group: group, Body: body}}
	}
	return []Stmt{Sync{Op: Add, On: group, Val: 1}, Go{Body: append(body, Sync{Op: Done, On: group})}}
}

func list(parts ...any) []Stmt {
	var out []Stmt
	for _, p := range parts {
		switch p := p.(type) {
		case []Stmt:
			out = append(out, p...)
		case Stmt:
			out = append(out, p)
		}
	}
	return out
}

func op(o Op, v *Var) Stmt           { return Sync{Op: o, On: v} }
func opN(o Op, v *Var, n int) Stmt   { return Sync{Op: o, On: v, Val: n} }
func loadIs(v *Var, n int) Cond      { return Cond{Test: LoadIs, On: v, Old: n} }
func loadNot(v *Var, n int) Cond     { return Cond{Test: LoadIs, On: v, Old: n, Not: true} }
func cas(v *Var, old, new int) Cond  { return Cond{Test: CAS, On: v, Old: old, New: new} }
func casNot(v *Var, old, n int) Cond { return Cond{Test: CAS, On: v, Old: old, New: n, Not: true} }

// atomic is an Atomic or a Flag.
func (b *builder) atomic(name string) *Var {
	if b.coin() {
		return b.variable(name, Flag, 0)
	}
	return b.variable(name, Atomic, 0)
}
