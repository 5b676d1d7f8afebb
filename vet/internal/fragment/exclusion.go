package fragment

// The protocols of this file keep goroutines apart by values: who has won a
// compare-and-swap, who has counted down to zero, what a flag says.

func doubleChecked(b *builder) []Stmt {
	x, ready, mu := b.data(), b.atomic("ready"), b.variable("mu", Mutex, 0)
	get := func() []Stmt {
		return list(
			If{Cond: loadNot(ready, 1), Then: list(
				op(Lock, mu),
				If{Cond: loadNot(ready, 1), Then: list(Write{Place{Var: x}, 1}, opN(Store, ready, 1))},
				op(Unlock, mu))},
			Read{Place{Var: x}})
	}
	return list(b.start(nil, get()...), get())
}

func lastOne(b *builder) []Stmt {
	x, left := b.variable("x", Array, 0), b.variable("left", Atomic, 0)
	left.Init = 2
	if b.coin() {
		left.Init, left.Global = 3, false
	}
	count := If{Cond: Cond{Test: AddIs, On: left, New: -1, Old: 0}, Then: []Stmt{Read{Place{Var: x}}, Read{Place{Var: x, Sub: 1}}}}
	out := list(opN(Store, left, left.Init), b.start(nil, Write{Place{Var: x}, 1}, count), b.start(nil, Write{Place{Var: x, Sub: 1}, 1}, count))
	if left.Init == 3 {
		out = list(out, count)
	}
	left.Init = 0
	return out
}

func lastCloses(b *builder) []Stmt {
	x, left, done := b.variable("x", Array, 0), b.variable("left", Atomic, 0), b.variable("done", Chan, 0)
	n := 2
	return list(opN(Store, left, n),
		Repeat{n, []Stmt{Go{Body: []Stmt{
			Write{Place{Var: x, ByLoop: true}, 1},
			If{Cond: Cond{Test: AddIs, On: left, New: -1, Old: 0}, Then: []Stmt{op(Close, done)}}}}}},
		op(Recv, done), Read{Place{Var: x}}, Read{Place{Var: x, Sub: 1}})
}

func flagUnderLock(b *builder) []Stmt {
	x, mu := b.data(), b.variable("mu", Mutex, 0)
	pending := b.variable("pending", Int, 0)
	pending.Init = b.r.IntN(2)
	set, local := Write{Place{Var: pending}, 1 - pending.Init}, b.r.IntN(3)
	seen := list(op(Lock, mu), Let{0, Place{Var: pending}}, op(Unlock, mu),
		If{Cond: Cond{Test: IsReg, Reg: 0, Old: 1 - pending.Init}, Then: []Stmt{b.use(x)}})
	if local == 0 {
		seen = list(op(Lock, mu), If{Cond: Cond{Test: Is, At: Place{Var: pending}, Old: pending.Init, Not: true}, Then: []Stmt{b.use(x)}}, op(Unlock, mu))
	}
	return list(b.start(nil, list(b.use(x), op(Lock, mu), set, op(Unlock, mu))...), seen)
}

func countUnderLock(b *builder) []Stmt {
	x, mu, turn := b.data(), b.variable("mu", Mutex, 0), b.variable("n", Int, 0)
	step := func(from int, then ...Stmt) []Stmt {
		return list(op(Lock, mu),
			If{Cond: Cond{Test: Is, At: Place{Var: turn}, Old: from}, Then: list(then, Write{Place{Var: turn}, from + 1})},
			op(Unlock, mu))
	}
	return list(b.start(nil, step(0, b.write(x))...), b.start(nil, step(0, b.write(x))...), step(1, b.use(x)))
}

func spinLock(b *builder) []Stmt {
	x, busy := b.data(), b.atomic("busy")
	locked := func() []Stmt { return list(Await{cas(busy, 0, 1)}, b.use(x), opN(Store, busy, 0)) }
	out := list(b.start(nil, locked()...), locked())
	if b.coin() {
		out = list(b.start(nil, locked()...), out)
	}
	return out
}

func singleWinner(b *builder) []Stmt {
	x, taken := b.data(), b.atomic("taken")
	body := []Stmt{If{Cond: casNot(taken, 0, 1), Then: []Stmt{Return{}}}, b.write(x)}
	if b.coin() {
		body = []Stmt{If{Cond: cas(taken, 0, 1), Then: []Stmt{b.write(x)}}}
	}
	if b.coin() {
		return []Stmt{Repeat{2 + b.r.IntN(2), []Stmt{Go{Body: body}}}}
	}
	return list(b.start(nil, body...), b.start(nil, body...))
}

func tryLock(b *builder) []Stmt {
	x, mu := b.data(), b.variable("mu", Mutex, 0)
	try := If{Cond: Cond{Test: TryLock, On: mu}, Then: list(b.use(x), op(Unlock, mu))}
	return list(b.start(nil, try), op(Lock, mu), b.use(x), op(Unlock, mu))
}

func turns(b *builder) []Stmt {
	x, turn := b.data(), b.variable("turn", Atomic, 0)
	return list(
		b.start(nil, Await{loadIs(turn, 1)}, b.use(x), opN(Store, turn, 2)),
		b.use(x), opN(Store, turn, 1), Await{loadIs(turn, 2)}, b.use(x))
}

func states(b *builder) []Stmt {
	x, state := b.data(), b.variable("state", Atomic, 0)
	return list(
		b.start(nil, If{Cond: cas(state, 0, 1), Then: list(b.use(x), opN(Store, state, 2))}),
		b.start(nil, If{Cond: cas(state, 2, 3), Then: []Stmt{b.use(x)}}),
		If{Cond: cas(state, 0, 1), Then: list(b.use(x), opN(Store, state, 2))})
}

func ownerFlag(b *builder) []Stmt {
	x, owner := b.data(), b.variable("owner", Atomic, 0)
	mine := func(me int) Stmt {
		return If{Cond: cas(owner, 0, me), Then: list(b.use(x), If{Cond: loadIs(owner, me), Then: list(b.use(x), opN(Store, owner, 0))})}
	}
	return list(b.start(nil, mine(1)), b.start(nil, mine(2)))
}
