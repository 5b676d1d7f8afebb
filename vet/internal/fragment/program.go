// Package fragment names the fragment of Go that vet's share decides exactly,
// and holds share against it: closed programs (every call known) of go
// statements, groups, mutexes, channels, Once, atomics, constant loops, fields
// and elements by known index.
//
// A [Program] is a tree of statements. [Generate] makes random ones out of
// protocols, [Program.Source] prints one as Go, and [Judge] runs one in every
// interleaving, with the happens-before of go.dev/ref/mem, and so knows
// whether it has a race or a deadlock. The judge is the slow, obviously right
// twin of share's own reasoning and shares no code with it: it never sees the
// Go text, and share never sees the tree. Begin with this file, then judge.go.
package fragment

// A Program is one function, Run, and the variables that it declares.
type Program struct {
	Name string // the protocol that it comes from, and how it was changed
	Vars []*Var
	Main []Stmt
}

// A Kind is what a variable is.
type Kind uint8

// The kinds of variables.
const (
	Int     Kind = iota // int
	Array               // [3]int
	Record              // struct{ a, b, c int }
	Mutex               // sync.Mutex
	RWMutex             // sync.RWMutex
	Chan                // chan int
	Group               // sync.WaitGroup
	Once                // sync.Once
	Atomic              // atomic.Int32
	Flag                // atomic.Bool
)

// A Var is a variable of the program.
type Var struct {
	Name   string
	Kind   Kind
	Size   int  // of a Chan: how many values it has room for
	Init   int  // of an Int, an Atomic
	Global bool // declared at package level
}

// A Place is memory: an Int, or an element or a field by its number.
type Place struct {
	Var    *Var
	Sub    int
	ByLoop bool // the element that the loop variable says
}

// A Stmt is one statement.
type Stmt interface{ stmt() }

// The statements.
type (
	// Write is place = Value.
	Write struct {
		At    Place
		Value int
	}
	// Read is println(place).
	Read struct{ At Place }
	// Let is r := place. There are four registers.
	Let struct {
		Reg int
		At  Place
	}
	// Sync is an operation on a variable that orders.
	Sync struct {
		Op  Op
		On  *Var
		Val int // what is sent, stored or added
	}
	// Go starts a goroutine; with a Group, by its Go method.
	Go struct {
		Group *Var
		Body  []Stmt
	}
	// Do is once.Do(func).
	Do struct {
		Once *Var
		Body []Stmt
	}
	// If is if cond { Then } else { Else }.
	If struct {
		Cond       Cond
		Then, Else []Stmt
	}
	// Await is for !cond { runtime.Gosched() }.
	Await struct{ Cond Cond }
	// Repeat is for i := range N { Body }.
	Repeat struct {
		N    int
		Body []Stmt
	}
	// Range is for range channel { Body }.
	Range struct {
		Over *Var
		Body []Stmt
	}
	// Poll is select { case <-channel: Then; default: Else }.
	Poll struct {
		From       *Var
		Then, Else []Stmt
	}
	// Return ends the goroutine; in Main, Run.
	Return struct{}
)

func (Write) stmt()  {}
func (Read) stmt()   {}
func (Let) stmt()    {}
func (Sync) stmt()   {}
func (Go) stmt()     {}
func (Do) stmt()     {}
func (If) stmt()     {}
func (Await) stmt()  {}
func (Repeat) stmt() {}
func (Range) stmt()  {}
func (Poll) stmt()   {}
func (Return) stmt() {}

// An Op is what a Sync does.
type Op uint8

// The operations.
const (
	Lock Op = iota
	Unlock
	RLock
	RUnlock
	Send
	Recv
	Close
	Add // to a Group
	Done
	Wait
	Store // to an Atomic or a Flag
	Inc   // Add, to an Atomic
)

// A Cond is a condition. Each is evaluated in one step.
type Cond struct {
	Test     Test
	On       *Var  // all but IsReg and Is
	At       Place // Is
	Reg      int   // IsReg
	Old, New int   // what is compared with; what CAS stores, what AddIs adds
	Not      bool
}

// A Test is what a Cond looks at.
type Test uint8

// The tests.
const (
	Is      Test = iota // place == Old
	IsReg               // register == Old
	LoadIs              // atomic.Load() == Old
	CAS                 // atomic.CompareAndSwap(Old, New)
	AddIs               // atomic.Add(New) == Old
	TryLock             // mutex.TryLock()
)
