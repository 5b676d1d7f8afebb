package fragment

// protocols are ways in which goroutines of real programs share memory. The
// variable that is shared is made first.
var protocols = []protocol{
	{"mutex", mutexes},
	{"rwmutex", readers},
	{"handshake", handshake},
	{"closing", closing},
	{"group", groups},
	{"group passes on", groupPassesOn},
	{"once", onces},
	{"publish", publish},
	{"await", await},
	{"double-checked init", doubleChecked},
	{"last one to count", lastOne},
	{"last one closes", lastCloses},
	{"flag under lock", flagUnderLock},
	{"count under lock", countUnderLock},
	{"spin lock", spinLock},
	{"single winner", singleWinner},
	{"ping-pong", pingPong},
	{"semaphore", semaphore},
	{"token", token},
	{"request and reply", requestReply},
	{"worker", worker},
	{"pipeline", pipeline},
	{"own elements", ownElements},
	{"try lock", tryLock},
	{"joined by buffer", joinedByBuffer},
	{"turns", turns},
	{"lock handed over", handedOver},
	{"states", states},
	{"poll", polls},
	{"owner flag", ownerFlag},
}

func mutexes(b *builder) []Stmt {
	x, mu := b.data(), b.variable("mu", Mutex, 0)
	locked := func() []Stmt { return list(op(Lock, mu), b.use(x), op(Unlock, mu)) }
	return list(b.start(nil, locked()...), b.start(nil, list(locked(), locked())...), locked())
}

func readers(b *builder) []Stmt {
	x, mu := b.data(), b.variable("mu", RWMutex, 0)
	read := list(op(RLock, mu), Read{Place{Var: x}}, op(RUnlock, mu))
	write := list(op(Lock, mu), b.write(x), op(Unlock, mu))
	return list(b.start(nil, read...), b.start(nil, write...), read)
}

func handshake(b *builder) []Stmt {
	x, ch := b.data(), b.variable("ch", Chan, b.r.IntN(2))
	if b.coin() {
		return list(b.start(nil, list(b.use(x), op(Send, ch))...), op(Recv, ch), b.use(x))
	}
	return list(b.start(nil, list(op(Recv, ch), b.use(x))...), b.use(x), op(Send, ch))
}

func closing(b *builder) []Stmt {
	x, ch := b.data(), b.variable("ch", Chan, b.r.IntN(2))
	return list(
		b.start(nil, list(b.use(x), op(Close, ch))...),
		b.start(nil, list(op(Recv, ch), Read{Place{Var: x}})...),
		op(Recv, ch), Read{Place{Var: x}})
}

func groups(b *builder) []Stmt {
	x, wg, mu := b.data(), b.variable("wg", Group, 0), b.variable("mu", Mutex, 0)
	one := list(op(Lock, mu), b.use(x), op(Unlock, mu))
	return list(b.use(x), b.start(wg, one...), b.start(wg, one...), op(Wait, wg), b.use(x))
}

func groupPassesOn(b *builder) []Stmt {
	x, one, two := b.data(), b.variable("one", Group, 0), b.variable("two", Group, 0)
	return list(b.start(one, b.write(x)), b.start(two, op(Wait, one)), op(Wait, two), b.use(x))
}

func onces(b *builder) []Stmt {
	x, once := b.data(), b.variable("once", Once, 0)
	get := func() []Stmt { return list(Do{once, []Stmt{b.write(x)}}, Read{Place{Var: x}}) }
	return list(b.start(nil, get()...), b.start(nil, get()...), get())
}

func publish(b *builder) []Stmt {
	x, ready := b.data(), b.atomic("ready")
	look := If{Cond: loadIs(ready, 1), Then: []Stmt{b.use(x)}}
	return list(b.start(nil, list(b.write(x), opN(Store, ready, 1))...), look)
}

func await(b *builder) []Stmt {
	x, ready := b.data(), b.atomic("ready")
	wait := Await{loadIs(ready, 1)}
	if b.coin() {
		return list(b.start(nil, list(b.use(x), opN(Store, ready, 1))...), wait, b.use(x))
	}
	return list(b.start(nil, list(wait, b.use(x))...), b.use(x), opN(Store, ready, 1))
}

func pingPong(b *builder) []Stmt {
	x, there, back := b.data(), b.variable("there", Chan, 0), b.variable("back", Chan, b.r.IntN(2))
	n := 1 + b.r.IntN(3)
	return list(
		b.start(nil, Repeat{n, list(op(Recv, there), b.use(x), op(Send, back))}),
		Repeat{n, list(b.use(x), op(Send, there), op(Recv, back))})
}

func semaphore(b *builder) []Stmt {
	x, sem := b.data(), b.variable("sem", Chan, 1)
	held := func() []Stmt { return list(op(Send, sem), b.use(x), op(Recv, sem)) }
	return list(b.start(nil, held()...), b.start(nil, held()...), held())
}

func token(b *builder) []Stmt {
	x, tok := b.data(), b.variable("tok", Chan, b.r.IntN(2))
	held := func() []Stmt { return list(op(Recv, tok), b.use(x), op(Send, tok)) }
	if tok.Size == 0 {
		return list(b.start(nil, held()...), b.use(x), op(Send, tok), op(Recv, tok), b.use(x))
	}
	return list(op(Send, tok), b.start(nil, held()...), b.start(nil, Repeat{2, held()}), held())
}

func requestReply(b *builder) []Stmt {
	x, ask, answer := b.data(), b.variable("ask", Chan, b.r.IntN(2)), b.variable("answer", Chan, b.r.IntN(2))
	n := 1 + b.r.IntN(2)
	return list(
		b.start(nil, Range{ask, list(b.use(x), op(Send, answer))}),
		Repeat{n, list(op(Send, ask), op(Recv, answer), b.use(x))},
		op(Close, ask))
}

func worker(b *builder) []Stmt {
	x, jobs, wg := b.data(), b.variable("jobs", Chan, b.r.IntN(2)), b.variable("wg", Group, 0)
	mu, work := b.variable("mu", Mutex, 0), []Stmt{b.use(x)}
	if b.coin() {
		work = list(op(Lock, mu), work, op(Unlock, mu))
	}
	return list(
		b.start(wg, Range{jobs, work}),
		b.start(wg, Range{jobs, work}),
		Repeat{2, list(op(Send, jobs))},
		op(Close, jobs), op(Wait, wg), b.use(x))
}

func pipeline(b *builder) []Stmt {
	x, one, two := b.data(), b.variable("one", Chan, b.r.IntN(2)), b.variable("two", Chan, b.r.IntN(2))
	return list(
		b.start(nil, b.use(x), op(Send, one)),
		b.start(nil, op(Recv, one), b.use(x), op(Send, two)),
		op(Recv, two), b.use(x))
}

func ownElements(b *builder) []Stmt {
	x, wg := b.variable("x", Array, 0), b.variable("wg", Group, 0)
	return list(
		Repeat{2, b.start(wg, Write{Place{Var: x, ByLoop: true}, 1})},
		If{Cond: Cond{Test: Is, At: Place{Var: x, Sub: 2}, Old: 1}, Then: []Stmt{Return{}}},
		op(Wait, wg), Read{Place{Var: x, Sub: b.r.IntN(3)}})
}

func joinedByBuffer(b *builder) []Stmt {
	x, done := b.data(), b.variable("done", Chan, b.r.IntN(3))
	y := b.variable("y", Int, 0)
	return list(
		b.start(nil, b.use(x), op(Send, done)),
		b.start(nil, b.use(y), op(Send, done)),
		Repeat{2, []Stmt{op(Recv, done)}}, b.use(x), b.use(y))
}

func handedOver(b *builder) []Stmt {
	x, mu := b.data(), b.variable("mu", Mutex, 0)
	return list(op(Lock, mu),
		b.start(nil, b.use(x), op(Unlock, mu)),
		op(Lock, mu),
		b.start(nil, b.use(x), op(Unlock, mu)),
		op(Lock, mu), b.use(x), op(Unlock, mu))
}

func polls(b *builder) []Stmt {
	x, ch := b.data(), b.variable("ch", Chan, b.r.IntN(2))
	last := op(Send, ch)
	if b.coin() {
		last = op(Close, ch)
	}
	return list(b.start(nil, b.use(x), last), Poll{ch, []Stmt{b.use(x)}, nil})
}
