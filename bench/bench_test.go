package bench

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes "go test -bench ." quick enough to be used: there are hundreds
// of benchmarks, and a second for each, the default, is many minutes.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.benchtime" })
	if !asked {
		if err := flag.Set("test.benchtime", "20ms"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// Benchmark runs every subject of every case.
func Benchmark(b *testing.B) {
	for _, c := range Cases() {
		b.Run(c.Name, func(b *testing.B) {
			for _, s := range c.Subjects {
				b.Run("by="+s.By, func(b *testing.B) {
					if s.New == nil {
						sum := 0.0
						for range b.N {
							sum += s.Sample()
						}
						b.ReportMetric(0, "ns/op")
						b.ReportMetric(sum/float64(b.N), c.unit())
						return
					}
					b.ReportAllocs()
					do := s.New()
					b.ResetTimer()
					do(b.N)
				})
			}
		})
	}
}

// Every subject checks its own result, so that running it is a test.
func TestSubjectsAreCorrect(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Cases() {
		if names[c.Name] {
			t.Errorf("two cases named %s", c.Name)
		}
		names[c.Name] = true
		if len(c.Subjects) < 2 || c.Subjects[0].By != Ours {
			t.Errorf("%s: the subjects must be the library and a rival", c.Name)
		}
		by := map[string]bool{}
		for _, s := range c.Subjects {
			by[s.By] = true
			if (s.New == nil) == (s.Sample == nil) {
				t.Fatalf("%s by %s: exactly one of New and Sample must be set", c.Name, s.By)
			}
			if s.Sample != nil {
				if testing.Short() || raceEnabled {
					continue // hundreds of thousands of goroutines, tenths of seconds
				}
				if v := s.Sample(); !(v > 0) {
					t.Errorf("%s by %s: %v %s", c.Name, s.By, v, c.unit())
				}
				continue
			}
			do := s.New()
			do(1)
			do(37)
		}
		for _, target := range c.Targets {
			if !by[target.Of] || target.Of == Ours {
				t.Errorf("%s: the target is a ratio to %q, which is no rival", c.Name, target.Of)
			}
		}
	}
}
