package lockset

import "golang.org/x/tools/go/ssa"

// Private reports whether one of the locks is part of an object that the
// function has made and shared with nobody yet.
func (e Edge) Private() bool { return private(e.First) || private(e.Second) }

func private(p Path) bool {
	alloc, ok := p.Root.(*ssa.Alloc)
	return ok && unshared(alloc)
}

func unshared(alloc *ssa.Alloc) bool {
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.Return, *ssa.DebugRef:
		case *ssa.Store:
			if v, ok := ref.Addr.(*ssa.Alloc); ref.Val == alloc && (!ok || !unshared(v)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
