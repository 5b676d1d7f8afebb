package channel

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// count is what add adds, if that is a constant.
func count(add groupCall) (n int64, known bool) {
	args := add.instr.Common().Args
	c, ok := args[len(args)-1].(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c.Value)
}

// receives returns the channels from which instr receives.
func receives(instr ssa.Instruction) []ssa.Value {
	switch x := instr.(type) {
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return []ssa.Value{x.X}
		}
	case *ssa.Select:
		var found []ssa.Value
		for _, s := range x.States {
			if s.Dir == types.RecvOnly {
				found = append(found, s.Chan)
			}
		}
		return found
	}
	return nil
}
