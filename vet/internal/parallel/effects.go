package parallel

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// An effect is what a function does to the memory that its arguments (the
// receiver first) make accessible.
type effect struct{ reads, writes []int }

// effects are those of functions from outside that are often given memory
// that goroutines share.
var effects = map[api.Func]effect{
	{Pkg: "os", Recv: "File", Name: "Read"}:        {writes: []int{1}},
	{Pkg: "os", Recv: "File", Name: "ReadAt"}:      {writes: []int{1}},
	{Pkg: "os", Recv: "File", Name: "Write"}:       {reads: []int{1}},
	{Pkg: "os", Recv: "File", Name: "WriteAt"}:     {reads: []int{1}},
	{Pkg: "io", Recv: "Reader", Name: "Read"}:      {writes: []int{1}},
	{Pkg: "io", Recv: "Writer", Name: "Write"}:     {reads: []int{1}},
	{Pkg: "io", Name: "ReadFull"}:                  {writes: []int{1}},
	{Pkg: "net", Recv: "Conn", Name: "Read"}:       {writes: []int{1}},
	{Pkg: "net", Recv: "Conn", Name: "Write"}:      {reads: []int{1}},
	{Pkg: "crypto/rand", Name: "Read"}:             {writes: []int{0}},
	{Pkg: "bytes", Recv: "Buffer", Name: "Read"}:   {writes: []int{0, 1}},
	{Pkg: "bytes", Recv: "Buffer", Name: "Write"}:  {writes: []int{0}, reads: []int{1}},
	{Pkg: "bytes", Recv: "Buffer", Name: "String"}: {reads: []int{0}},
	{Pkg: "bytes", Recv: "Buffer", Name: "Bytes"}:  {reads: []int{0}},
	{Pkg: "bytes", Recv: "Buffer", Name: "Len"}:    {reads: []int{0}},
	{Pkg: "bytes", Recv: "Buffer", Name: "Reset"}:  {writes: []int{0}},

	{Pkg: "bytes", Recv: "Buffer", Name: "WriteString"}:    {writes: []int{0}},
	{Pkg: "bytes", Recv: "Buffer", Name: "WriteByte"}:      {writes: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "Write"}:       {writes: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "WriteString"}: {writes: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "WriteByte"}:   {writes: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "WriteRune"}:   {writes: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "String"}:      {reads: []int{0}},
	{Pkg: "strings", Recv: "Builder", Name: "Len"}:         {reads: []int{0}},

	{Pkg: "sort", Name: "Ints"}:             {writes: []int{0}},
	{Pkg: "sort", Name: "Strings"}:          {writes: []int{0}},
	{Pkg: "sort", Name: "Float64s"}:         {writes: []int{0}},
	{Pkg: "slices", Name: "Sort"}:           {writes: []int{0}},
	{Pkg: "slices", Name: "SortFunc"}:       {writes: []int{0}},
	{Pkg: "slices", Name: "SortStableFunc"}: {writes: []int{0}},
	{Pkg: "slices", Name: "Reverse"}:        {writes: []int{0}},
	{Pkg: "slices", Name: "Contains"}:       {reads: []int{0}},
	{Pkg: "slices", Name: "Index"}:          {reads: []int{0}},
	{Pkg: "slices", Name: "Clone"}:          {reads: []int{0}},
	{Pkg: "strings", Name: "Join"}:          {reads: []int{0}},
	{Pkg: "bytes", Name: "Equal"}:           {reads: []int{0, 1}},

	{Pkg: "container/list", Recv: "List", Name: "PushBack"}:  {writes: []int{0}},
	{Pkg: "container/list", Recv: "List", Name: "PushFront"}: {writes: []int{0}},
	{Pkg: "container/list", Recv: "List", Name: "Remove"}:    {writes: []int{0}},
	{Pkg: "container/list", Recv: "List", Name: "Len"}:       {reads: []int{0}},
	{Pkg: "container/list", Recv: "List", Name: "Front"}:     {reads: []int{0}},

	{Pkg: "maps", Name: "Keys"}:   {reads: []int{0}},
	{Pkg: "maps", Name: "Values"}: {reads: []int{0}},
	{Pkg: "maps", Name: "All"}:    {reads: []int{0}},
	{Pkg: "maps", Name: "Clone"}:  {reads: []int{0}},
	{Pkg: "maps", Name: "Copy"}:   {writes: []int{0}, reads: []int{1}},

	{Pkg: "fmt", Name: "Fprint"}:   {writes: []int{0}},
	{Pkg: "fmt", Name: "Fprintf"}:  {writes: []int{0}},
	{Pkg: "fmt", Name: "Fprintln"}: {writes: []int{0}},

	{Pkg: "reflect", Recv: "Value", Name: "Set"}:       {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "SetInt"}:    {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "SetUint"}:   {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "SetFloat"}:  {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "SetBool"}:   {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "SetString"}: {writes: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "Int"}:       {reads: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "Uint"}:      {reads: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "Float"}:     {reads: []int{0}},
	{Pkg: "reflect", Recv: "Value", Name: "Bool"}:      {reads: []int{0}},
	{Pkg: "reflect", Name: "Copy"}:                     {writes: []int{0}, reads: []int{1}},
}

func init() {
	// A hash reads what is written to it.
	for _, recv := range []string{"Hash", "Hash32", "Hash64"} {
		effects[api.Func{Pkg: "hash", Recv: recv, Name: "Write"}] = effect{reads: []int{1}}
	}
}

type atomicKind uint8

const (
	notAtomic atomicKind = iota
	atomicLoad
	atomicStore
	atomicAdd
	atomicCAS
	atomicOther
)

// An atomicOp is an atomic operation: on what address, storing or adding
// val, for a CAS only if it finds old.
type atomicOp struct {
	kind     atomicKind
	addr     ssa.Value
	val, old ssa.Value
}

func atomicCall(call *ssa.CallCommon, f api.Func) atomicOp {
	if f.Pkg != "sync/atomic" && f.Pkg != "internal/runtime/atomic" && f.Pkg != api.Atomic || call.IsInvoke() || len(call.Args) == 0 {
		return atomicOp{}
	}
	a := atomicOp{kind: atomicOther, addr: call.Args[0]}
	if _, isPointer := call.Args[0].Type().Underlying().(*types.Pointer); !isPointer {
		return atomicOp{} // a fence, or a constructor
	}
	arg := func(i int) ssa.Value {
		if i < len(call.Args) {
			return call.Args[i]
		}
		return nil
	}
	switch {
	case strings.HasPrefix(f.Name, "Load"):
		a.kind = atomicLoad
	case strings.HasPrefix(f.Name, "Store"):
		a.kind, a.val = atomicStore, arg(1)
	case strings.HasPrefix(f.Name, "Swap"):
		a.kind, a.val = atomicStore, arg(1)
	case strings.HasPrefix(f.Name, "Add"), f.Name == "FetchAdd":
		a.kind, a.val = atomicAdd, arg(1)
	case strings.HasPrefix(f.Name, "CompareAndSwap"), strings.HasPrefix(f.Name, "CompareExchange"):
		a.kind, a.old, a.val = atomicCAS, arg(1), arg(2)
	}
	return a
}
