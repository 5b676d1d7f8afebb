package tour_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/tour"
)

// promises are what the texts of the lessons say that one will see, as the text
// says to try it: with edits, pairs of old and new text, made in the program.
var promises = []struct {
	lesson, tool string
	edits        []string
	shows        []string
}{
	{"ch1-thread-ids", "run", nil, []string{"agree: true", "mine: true", "again: false"}},
	{"ch1-output-locking", "run", nil, []string{"step 1 of 3\nfirst thread: step 2 of 3\nfirst thread: step 3 of 3"}},
	{"ch1-03-spawn-closure", "vet", []string{"\tunwrap(t.Join())", "\tnumbers[0] = 7\n\tunwrap(t.Join())"}, []string{"[share]"}},
	{"ch1-03-spawn-closure", "vet", []string{"\tunwrap(t.Join())", "\tunwrap(t.Join())\n\tnumbers[0] = 7"}, []string{}},
	{"ch1-thread-builder", "run", []string{"StackSize: 64 << 10", "StackSize: 0"}, []string{"I am worker", "refused: true"}},
	{"ch1-statics", "vet", []string{"func() { fmt", "func() { staticNumbers[0]++; fmt"}, []string{"[share]"}},
	{"ch1-leaking", "run", nil, []string{"the file: in use", "leak hook: the ", "was never dropped"}},
	{"ch1-leaking", "run", []string{"\t// Here file.Drop() is missing", "\tfile.Drop()\n\t//"}, []string{"dropped", "stopped"}},
	{"ch1-05-rc", "vet", []string{"\tb.Drop()\n", "\tt := thread.Go(func() { b.Get() })\n\tunwrap(t.Join())\n\tb.Drop()\n", "import (", "import (\n\t\"github.com/fearless-go/fearless/thread\""}, []string{"[send]"}},
	{"ch1-05-rc", "run", []string{"\tb.Drop()\n", "\tt := thread.Go(func() { b.Get() })\n\tunwrap(t.Join())\n\tb.Drop()\n", "import (", "import (\n\t\"github.com/fearless-go/fearless/thread\""}, []string{"= 1", "has ended"}},
	{"ch1-arc-clones", "run", nil, []string{"a.StrongCount() = 1"}},
	{"ch1-naming-clones", "run", []string{"\t\ta := a.Clone()\n", ""}, []string{"panic", "dropped"}},
	{"ch1-06-cell", "vet", []string{"\tf(v)\n", "\tt := thread.Go(func() { v.Set(nil) })\n\tunwrap(t.Join())\n", "\tf := func", "\t_ = func", "import (", "import (\n\t\"github.com/fearless-go/fearless/thread\""}, []string{"[send]"}},
	{"ch1-06-cell", "run", []string{"\tf(v)\n", "\tt := thread.Go(func() { v.Set(nil) })\n\tunwrap(t.Join())\n", "\tf := func", "\t_ = func", "import (", "import (\n\t\"github.com/fearless-go/fearless/thread\""}, []string{"v.Get() = []", "has ended"}},
	{"ch1-07-refcell", "run", []string{"\t_, err := v.TryBorrowMut()", "\tv.BorrowMut()", "\tDbg(out, err != nil)", ""}, []string{"panic", ".go:"}},
	{"ch1-09-sleep-before-unlock", "vet", []string{" //fearless:ignore held it shows what comes of that", ""}, []string{"[held]"}},
	{"ch1-10-unlock-before-sleep", "run", []string{
		"\t\t\t\tguard := n.Lock()\n\t\t\t\tfor range 100 {\n\t\t\t\t\t*guard.Ptr() += 1\n\t\t\t\t}\n\t\t\t\tguard.Unlock()\n", "\t\t\t\tn.With(func(v *int) { *v += 100 })\n",
	}, []string{"= 1000"}},
	{"ch1-rwlock-policies", "run", nil, []string{"next is the reader", "next is the second writer"}},
	{"ch1-writer-starvation", "run", nil, []string{"10 of 10", ": 0 of 10"}},
	{"ch1-11-thread-parking", "schedules", []string{"\t\t\tt.Thread().Unpark()", "\t\t\t_ = t"}, []string{"deadlock"}},
	{"ch1-unparks-do-not-add-up", "run", []string{"\tt.Thread().Unpark()\n\tt.Thread().Unpark()\n", "\tt.Thread().Unpark()\n"}, []string{"the first Park found the token", "the second Park found none"}},
	{"ch1-condvar-many-consumers", "schedules", []string{"changed.NotifyAll()", "changed.NotifyOne()"}, []string{"deadlock"}},
	{"ch1-condvar-two-conditions", "run", nil, []string{"fullest = 2"}},
	{"ch2-06-progress-reporting-multiple-threads", "vet", []string{"numDone.FetchAdd(1, atomic.Relaxed)", "numDone.Store(numDone.Load(atomic.Relaxed)+1, atomic.Relaxed)"}, []string{"["}},
	{"ch2-08-id-allocation", "run", nil, []string{"overflowed!", "allocateNewID() = 0"}},
	{"ch2-09-id-allocation-panic", "run", nil, []string{"too many IDs!", "overflowed!"}},
	{"ch2-10-id-allocation-subtract-before-panic", "run", nil, []string{"= 1003", "= 1000"}},
	{"ch2-11-increment-with-compare-exchange", "vet", nil, []string{}},
	{"ch2-11-increment-with-compare-exchange", "run", nil, []string{"= 2"}},
	{"ch2-fetch-update", "run", nil, []string{"id = 2", "ok = false", "= 3"}},
	{"ch2-one-time-initialization", "run", nil, []string{"Once: ran 1 time for 4 threads", "OnceLock: ran 1", "LazyLock: ran 1"}},
	{"ch2-aba", "run", nil, []string{"popped A, and the stack is B"}},
}

func TestTextsTellWhatOneSeesLong(t *testing.T) {
	long.Only(t, "it builds thirty programs")
	lessons, err := tour.Lessons()
	if err != nil {
		t.Fatal(err)
	}
	limits := tour.DefaultLimits
	limits.Run = 20 * time.Second
	s := serve(t, limits)
	for _, p := range promises {
		for _, l := range lessons {
			if l.Name != p.lesson {
				continue
			}
			source := l.Sheets[0].Source
			for i := 0; i < len(p.edits); i += 2 {
				if !strings.Contains(source, p.edits[i]) {
					t.Errorf("%s: there is no %q", l.Name, p.edits[i])
				}
				source = strings.Replace(source, p.edits[i], p.edits[i+1], 1)
			}
			got := s.press(press{Lesson: l.Name, Tool: p.tool, Source: source})
			all := got.out + got.end.Text
			for _, want := range p.shows {
				if !strings.Contains(all, want) {
					t.Errorf("%s, %s: no %q in\n%s", l.Name, p.tool, want, all)
				}
			}
			if len(p.shows) == 0 && !got.end.OK {
				t.Errorf("%s, %s: something is found in\n%s", l.Name, p.tool, all)
			}
		}
	}
}
