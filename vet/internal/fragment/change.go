package fragment

import (
	"math/rand/v2"
	"slices"
)

// bodies are the lists of statements in s.
func bodies(s Stmt) [][]Stmt {
	switch s := s.(type) {
	case Go:
		return [][]Stmt{s.Body}
	case Do:
		return [][]Stmt{s.Body}
	case If:
		return [][]Stmt{s.Then, s.Else}
	case Repeat:
		return [][]Stmt{s.Body}
	case Range:
		return [][]Stmt{s.Body}
	case Poll:
		return [][]Stmt{s.Then, s.Else}
	}
	return nil
}

// rewrite returns list with f done to it and to all lists in it, the inner
// ones first. f must not change what it is given.
func rewrite(list []Stmt, f func([]Stmt) []Stmt) []Stmt {
	out := make([]Stmt, len(list))
	for i, s := range list {
		switch x := s.(type) {
		case Go:
			x.Body = rewrite(x.Body, f)
			s = x
		case Do:
			x.Body = rewrite(x.Body, f)
			s = x
		case If:
			x.Then, x.Else = rewrite(x.Then, f), rewrite(x.Else, f)
			s = x
		case Repeat:
			x.Body = rewrite(x.Body, f)
			s = x
		case Range:
			x.Body = rewrite(x.Body, f)
			s = x
		case Poll:
			x.Then, x.Else = rewrite(x.Then, f), rewrite(x.Else, f)
			s = x
		}
		out[i] = s
	}
	return f(out)
}

// change edits one list of the program: what makes a correct protocol a wrong
// one, or another correct one.
func (p *Program) change(r *rand.Rand) {
	lists := 0
	rewrite(p.Main, func(l []Stmt) []Stmt {
		if len(l) > 0 {
			lists++
		}
		return l
	})
	if lists == 0 {
		return
	}
	at, edit := r.IntN(lists), r.IntN(7)
	names := []string{"drop", "swap", "swap", "move", "value", "again", "also"}
	p.Name += "+" + names[edit]
	var moved Stmt
	p.Main = rewrite(p.Main, func(l []Stmt) []Stmt {
		if len(l) == 0 {
			return l
		}
		if at--; at != -1 {
			return l
		}
		k := r.IntN(len(l))
		switch edit {
		case 0:
			return slices.Delete(slices.Clone(l), k, k+1)
		case 1, 2:
			if k+1 < len(l) && !declares(l[k]) {
				l = slices.Clone(l)
				l[k], l[k+1] = l[k+1], l[k]
			}
		case 3:
			if !declares(l[k]) && len(bodies(l[k])) == 0 {
				moved = l[k]
				return slices.Delete(slices.Clone(l), k, k+1)
			}
		case 4:
			l = slices.Clone(l)
			l[k] = otherValue(l[k], r)
		case 5:
			if isAccess(l[k]) {
				return slices.Insert(slices.Clone(l), r.IntN(len(l)+1), l[k])
			}
		case 6:
			if isAccess(l[k]) {
				moved = l[k]
			}
		}
		return l
	})
	if moved != nil {
		p.insert(moved, r)
	}
}

// insert puts s in at a random place where it may stand.
func (p *Program) insert(s Stmt, r *rand.Rand) {
	switch w := s.(type) {
	case Write:
		w.At.ByLoop = false
		s = w
	case Read:
		w.At.ByLoop = false
		s = w
	}
	if _, isReturn := s.(Return); isReturn {
		return
	}
	p.Main = slices.Insert(slices.Clone(p.Main), r.IntN(len(p.Main)+1), s)
}

func isAccess(s Stmt) bool {
	switch s.(type) {
	case Write, Read:
		return true
	}
	return false
}

// declares reports whether what follows s needs it: a register is declared
// in it.
func declares(s Stmt) bool {
	_, isLet := s.(Let)
	return isLet
}

// otherValue is s with one of its numbers changed.
func otherValue(s Stmt, r *rand.Rand) Stmt {
	switch x := s.(type) {
	case If:
		if x.Cond.Test == TryLock {
			return s
		}
		if r.IntN(2) == 0 {
			x.Cond.Not = !x.Cond.Not
		} else {
			x.Cond.Old ^= 1
		}
		return x
	case Await:
		if x.Cond.Test == TryLock || x.Cond.Test == CAS {
			return s
		}
		x.Cond.Old ^= 1
		return x
	case Repeat:
		x.N = 1 + r.IntN(3)
		return x
	case Sync:
		if x.Op == Store || x.Op == Add {
			x.Val ^= 1
		}
		return x
	}
	return s
}
