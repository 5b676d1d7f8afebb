package rc_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/rc"
)

func TestPrint(t *testing.T) {
	a := rc.New([]int{1, 2})
	w := a.Downgrade()
	if got := fmt.Sprintf("%v %03d %v", a, a, w); got != "[1 2] [001 002] Weak{..}" {
		t.Error(got)
	}
	if text, err := json.Marshal(a); err != nil || string(text) != "[1,2]" {
		t.Errorf("%s, %v", text, err)
	}
	a.Drop()
	w.Drop()
	if got := fmt.Sprint(a, rc.Rc[int]{}); got != "Rc{<dropped>} Rc{<dropped>}" {
		t.Error(got)
	}
}

func TestUnwrapOrClone(t *testing.T) {
	a := rc.New([]int{1})
	b := a.Clone()
	if v := a.UnwrapOrClone(); len(v) != 1 || b.StrongCount() != 1 {
		t.Error(v, b.StrongCount())
	}
	w := b.Downgrade()
	if v := b.UnwrapOrClone(); len(v) != 1 || w.StrongCount() != 0 {
		t.Error(v, w.StrongCount())
	}
	w.Drop()
}
