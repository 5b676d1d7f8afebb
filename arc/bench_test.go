package arc_test

import (
	"sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/arc"
)

func BenchmarkCloneDrop(b *testing.B) {
	b.Run("two adds", func(b *testing.B) {
		n := new(atomic.Int64)
		for b.Loop() {
			n.Add(1)
			if n.Add(-1) < 0 {
				b.Fatal("below zero")
			}
		}
	})
	b.Run("Arc", func(b *testing.B) {
		b.ReportAllocs()
		a := arc.New(1)
		for b.Loop() {
			c := a.Clone()
			c.Drop()
		}
	})
	b.Run("Weak upgrade", func(b *testing.B) {
		b.ReportAllocs()
		a := arc.New(1)
		w := a.Downgrade()
		for b.Loop() {
			if c, ok := w.Upgrade(); ok {
				c.Drop()
			}
		}
	})
	b.Run("two adds contended", func(b *testing.B) {
		n := new(atomic.Int64)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				n.Add(1)
				n.Add(-1)
			}
		})
	})
	b.Run("Arc contended", func(b *testing.B) {
		a := arc.New(1)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				c := a.Clone()
				c.Drop()
			}
		})
	})
}
