package fragment

// An instr is one step of the judge: a statement without others in it, or a
// jump. The bodies of goroutines are blocks of code of their own.
type instr struct {
	stmt  Stmt // a Write, Read, Let, Sync, Go, Await; nil for the others
	cond  Cond
	kind  code
	on    *Var
	block int // goroutine, group: the block to run
	to    int // jumps: where to go on
	reg   int
	n     int
}

type code uint8

const (
	plain     code = iota // stmt
	branch                // to if cond is false
	jump                  // to
	loopBegin             // register reg = -1
	loopNext              // reg++; to if it is n
	enterOnce             // to if the function has been called
	leaveOnce
	receive // from a range: to if the channel is closed and empty
	poll    // to if there is nothing to receive
	groupDone
	stop
)

// loopReg is the register of the loop at nesting depth n.
func loopReg(depth int) int { return 4 + depth }

const registers = 8

// A compiler turns bodies into blocks of instrs.
type compiler struct{ blocks [][]instr }

// block compiles a goroutine's body. depth is how many loops it is in.
func (c *compiler) block(body []Stmt, group *Var, depth int) int {
	n := len(c.blocks)
	c.blocks = append(c.blocks, nil)
	b := &blockCompiler{compiler: c}
	b.body(body, depth)
	for _, at := range b.returns {
		b.out[at].to = len(b.out)
	}
	if group != nil {
		b.emit(instr{kind: groupDone, on: group})
	}
	b.emit(instr{kind: stop})
	c.blocks[n] = b.out
	return n
}

type blockCompiler struct {
	*compiler
	out     []instr
	returns []int
}

func (b *blockCompiler) emit(i instr) int {
	b.out = append(b.out, i)
	return len(b.out) - 1
}

func (b *blockCompiler) body(list []Stmt, depth int) {
	for _, s := range list {
		b.stmt(s, depth)
	}
}

// stmt compiles one statement, which is in depth loops.
func (b *blockCompiler) stmt(s Stmt, depth int) {
	switch s := s.(type) {
	case Write, Read, Let, Sync, Await:
		b.emit(instr{stmt: s, reg: loopReg(depth - 1)})
	case Go:
		b.emit(instr{stmt: s, on: s.Group, block: b.block(s.Body, s.Group, depth)})
	case If:
		at := b.emit(instr{kind: branch, cond: s.Cond, reg: loopReg(depth - 1)})
		b.choice(at, s.Then, s.Else, depth)
	case Poll:
		b.choice(b.emit(instr{kind: poll, on: s.From}), s.Then, s.Else, depth)
	case Do:
		at := b.emit(instr{kind: enterOnce, on: s.Once})
		b.body(s.Body, depth)
		b.emit(instr{kind: leaveOnce, on: s.Once})
		b.out[at].to = len(b.out)
	case Repeat:
		b.emit(instr{kind: loopBegin, reg: loopReg(depth)})
		at := b.emit(instr{kind: loopNext, reg: loopReg(depth), n: s.N})
		b.body(s.Body, depth+1)
		b.emit(instr{kind: jump, to: at})
		b.out[at].to = len(b.out)
	case Range:
		at := b.emit(instr{kind: receive, on: s.Over})
		b.body(s.Body, depth)
		b.emit(instr{kind: jump, to: at})
		b.out[at].to = len(b.out)
	case Return:
		b.returns = append(b.returns, b.emit(instr{kind: jump}))
	}
}

// choice compiles the two sides of the branch at index at.
func (b *blockCompiler) choice(at int, then, els []Stmt, depth int) {
	b.body(then, depth)
	end := b.emit(instr{kind: jump})
	b.out[at].to = len(b.out)
	b.body(els, depth)
	b.out[end].to = len(b.out)
}
