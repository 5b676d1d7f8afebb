package proven

import "testing"

func TestRing(t *testing.T) {
	var r Ring
	done := make(chan int)
	go func() {
		n := 0
		for v := range 3 {
			if r.TryPut(v) {
				n++
			}
		}
		done <- n
	}()
	last := -1
	for range 2 {
		if v, ok := r.TryGet(); ok {
			if v <= last {
				t.Errorf("%d after %d", v, last)
			}
			last = v
		}
	}
	<-done
}
