package ownership

import "fmt"

// A Misuse is a broken rule. The packages convert it to an error type of
// their own, with the same fields.
type Misuse struct {
	Type, Op, Made, Dropped string
	Zero                    bool
}

// Text says for package pkg what was done wrong, and how to mend it.
func (m Misuse) Text(pkg string) string {
	const rule = "Clone it for every owner, and Drop each once"
	switch {
	case m.Zero:
		return fmt.Sprintf("%s: %s of a zero %s, which owns nothing; make it with %s.New or Clone", pkg, m.Op, m.Type, pkg)
	case m.Dropped != "":
		return fmt.Sprintf("%s: %s of a %s that was dropped at %s (made at %s); %s", pkg, m.Op, m.Type, m.Dropped, m.Made, rule)
	}
	return fmt.Sprintf("%s: %s of a dropped %s; %s (build with -race or -tags fearless_debug to see where it was dropped)", pkg, m.Op, m.Type, rule)
}

// A Leak is an owner that became garbage without having been dropped.
type Leak struct{ Type, Made string }

// Text says for package pkg what leaked.
func (l Leak) Text(pkg string) string { return pkg + ": " + l.String() }

func (l Leak) String() string {
	return fmt.Sprintf("%s made at %s was never dropped; whoever owns it last must call Drop", l.Type, l.Made)
}
