package proven

import "testing"

func TestTopic(t *testing.T) {
	topic := NewTopic(0)
	go func() {
		topic.Set(1)
		topic.Set(2)
	}()
	last := -1
	for last != 2 {
		v, newer := topic.Get()
		if v <= last {
			t.Fatalf("%d after %d", v, last)
		}
		if last = v; v != 2 {
			<-newer
		}
	}
}
