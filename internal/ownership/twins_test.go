package ownership_test

import (
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/rc"
)

// owner and weak are what Arc and Rc have in common.
type owner[O, W any] interface {
	*O
	Clone() O
	Drop()
	Get() tally
	GetMut() (*tally, bool)
	MakeMut() *tally
	TryUnwrap() (tally, bool)
	IntoInner() (tally, bool)
	Downgrade() W
	StrongCount() int
	WeakCount() int
}

type weak[O, W any] interface {
	*W
	Clone() W
	Drop()
	Upgrade() (O, bool)
	StrongCount() int
	WeakCount() int
}

// A tally counts the ends of itself and its clones.
type tally struct {
	n     int
	ended *int
}

func (t tally) Drop() { *t.ended++ }

// play runs a program of one byte an operation and returns what it saw.
func play[O, W any, PO owner[O, W], PW weak[O, W]](program []byte, newOwner func(tally) O) []string {
	ended := 0
	var seen []string
	see := func(op string, values ...any) { seen = append(seen, fmt.Sprint(op, values, ended)) }
	owners := []O{newOwner(tally{0, &ended})}
	var weaks []W
	for _, b := range program {
		op, i := b%10, int(b/10)
		if op >= 7 { // of a Weak
			if len(weaks) == 0 {
				continue
			}
			i %= len(weaks)
			w := PW(&weaks[i])
			see("weak", w.StrongCount(), w.WeakCount())
			switch op {
			case 7:
				o, ok := w.Upgrade()
				see("Upgrade", ok)
				if ok {
					owners = append(owners, o)
				}
			case 8:
				weaks = append(weaks, w.Clone())
			case 9:
				w.Drop()
				weaks = append(weaks[:i:i], weaks[i+1:]...)
			}
			continue
		}
		if len(owners) == 0 {
			continue
		}
		i %= len(owners)
		o := PO(&owners[i])
		see("owner", o.Get().n, o.StrongCount(), o.WeakCount())
		gone := false
		switch op {
		case 0:
			owners = append(owners, o.Clone())
		case 1:
			o.Drop()
			gone = true
		case 2:
			weaks = append(weaks, o.Downgrade())
		case 3:
			p, ok := o.GetMut()
			see("GetMut", ok)
			if ok {
				p.n++
			}
		case 4:
			o.MakeMut().n += 10
			see("MakeMut", o.StrongCount(), o.WeakCount())
		case 5:
			v, ok := o.TryUnwrap()
			see("TryUnwrap", v.n, ok)
			gone = ok
		case 6:
			v, ok := o.IntoInner()
			see("IntoInner", v.n, ok)
			gone = true
		}
		if gone {
			owners = append(owners[:i:i], owners[i+1:]...)
		}
	}
	for i := range owners {
		PO(&owners[i]).Drop()
	}
	see("end")
	return seen
}

// On one thread Arc and Rc are the same type: every program sees the same.
func FuzzArcAndRcAreTwins(f *testing.F) {
	f.Add([]byte{0, 10, 2, 3, 1, 7, 4, 5, 9, 3, 5, 7, 6})
	f.Add([]byte{2, 2, 8, 4, 7, 17, 0, 4, 14, 24, 9, 9, 3, 6, 6, 6})
	f.Fuzz(func(t *testing.T, program []byte) {
		a := play[arc.Arc[tally], arc.Weak[tally], *arc.Arc[tally], *arc.Weak[tally]](program, arc.New[tally])
		r := play[rc.Rc[tally], rc.Weak[tally], *rc.Rc[tally], *rc.Weak[tally]](program, rc.New[tally])
		for i := range max(len(a), len(r)) {
			if i >= len(a) || i >= len(r) || a[i] != r[i] {
				t.Fatalf("they differ from observation %d on:\nArc %v\nRc  %v", i, a[min(i, len(a)):], r[min(i, len(r)):])
			}
		}
	})
}
