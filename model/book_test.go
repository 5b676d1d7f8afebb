//go:build fearless_model

package model_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/model"
)

// bookLimit is how many executions of a program that has too many are explored.
const bookLimit = 2000

// inTheModel says of each of the book's programs how far it can be explored as
// it is printed: with as many outputs as it says, bounded, or not, and why.
var inTheModel = map[string]struct {
	outputs int // 0: not known, for it is bounded
	bounded bool
	finds   model.Kind // that the program is about
	not     string
}{
	"ch1-01-hello":                               {finds: model.Leak},
	"ch1-02-hello-join":                          {outputs: 20},
	"ch1-03-spawn-closure":                       {outputs: 1},
	"ch1-04-scoped-threads":                      {outputs: 4},
	"ch1-05-rc":                                  {outputs: 1},
	"ch1-06-cell":                                {outputs: 1},
	"ch1-07-refcell":                             {outputs: 1},
	"ch1-08-mutex":                               {bounded: true, outputs: 1}, // 10! orders
	"ch1-09-sleep-before-unlock":                 {not: "prints how long it took"},
	"ch1-10-unlock-before-sleep":                 {not: "prints how long it took"},
	"ch1-11-thread-parking":                      {outputs: 1},
	"ch1-12-condvar":                             {outputs: 1},
	"ch1-statics":                                {outputs: 1},
	"ch1-arc-clones":                             {outputs: 1},
	"ch1-naming-clones":                          {outputs: 2},
	"ch1-leaking":                                {not: "waits for the garbage collector"},
	"ch1-output-locking":                         {outputs: 2},
	"ch1-mutex-poisoning":                        {outputs: 1},
	"ch1-guard-lifetime":                         {outputs: 1},
	"ch1-rwlock-policies":                        {bounded: true},
	"ch1-writer-starvation":                      {bounded: true},
	"ch1-lost-wake-up":                           {not: "channels"},
	"ch1-unparks-do-not-add-up":                  {not: "channels"},
	"ch1-condvar-many-consumers":                 {bounded: true},
	"ch1-condvar-two-conditions":                 {bounded: true},
	"ch2-01-stop-flag":                           {not: "reads its input"},
	"ch2-02-progress-reporting":                  {not: "prints the time and again, in a loop without an end of its own"},
	"ch2-03-progress-reporting-unpark":           {not: "prints the time and again, in a loop without an end of its own"},
	"ch2-04-lazy-init":                           {outputs: 1},
	"ch2-05-fetch-add":                           {outputs: 1},
	"ch2-06-progress-reporting-multiple-threads": {not: "prints the time and again, in a loop without an end of its own"},
	"ch2-07-statistics":                          {not: "prints the time and again, in a loop without an end of its own"},
	"ch2-08-id-allocation":                       {not: "counts through all numbers"},
	"ch2-09-id-allocation-panic":                 {not: "counts through all numbers"},
	"ch2-10-id-allocation-subtract-before-panic": {not: "takes a thousand numbers before it comes to its point"},
	"ch2-11-increment-with-compare-exchange":     {outputs: 1},
	"ch2-12-id-allocation-without-overflow":      {not: "takes a thousand numbers before it comes to its point"},
	"ch2-13-lazy-one-time-init":                  {finds: model.Nondeterminism}, // a random key
	"ch2-aba":                                    {outputs: 1},
	"ch2-one-time-initialization":                {bounded: true, outputs: 1},
	"ch1-thread-builder":                         {outputs: 1},
	"ch1-thread-ids":                             {outputs: 1},
	"ch1-undefined-behavior":                     {outputs: 1},
	"ch1-unsafe-send":                            {outputs: 1},
	"ch1-lock-in-one-statement":                  {outputs: 1},
	"ch1-spurious-wake-ups":                      {outputs: 6}, // woken for nothing or not
	"ch2-relaxed-out-of-order":                   {outputs: 1},
	"ch2-weak-compare-exchange":                  {outputs: 1},
	"ch2-fetch-update":                           {outputs: 1},
	"ch2-statistics-behind-a-mutex":              {bounded: true, outputs: 1},
}

// TestTheBooksPrograms runs the programs themselves, line by line of output.
func TestTheBooksPrograms(t *testing.T) {
	fit := 0
	for _, p := range book.Programs() {
		is, ok := inTheModel[p.Name]
		if !ok {
			t.Errorf("%s: not in the table", p.Name)
			continue
		}
		if is.not != "" {
			t.Logf("%s: not in the model: %s", p.Name, is.not)
			continue
		}
		fit++
		limit := 0
		if is.bounded {
			limit = bookLimit
		}
		r := model.Explore(func() {
			var out bytes.Buffer
			ctx, cancel := context.WithCancel(book.WithSpeed(context.Background(), 1e12)) // no time to sleep
			defer cancel()
			p.Main(ctx, strings.NewReader(""), book.NewStdout(&out))
			model.Observe(out.String())
		}, model.MaxExecutions(limit))
		switch {
		case is.finds != 0:
			if r.Failure == nil || r.Failure.Kind != is.finds {
				t.Errorf("%s: %v; want %v", p.Name, r.Failure, is.finds)
			}
		case r.Failure != nil:
			t.Errorf("%s: %v", p.Name, r.Failure)
		case !is.bounded && !r.Exhaustive || is.outputs != 0 && len(r.Outcomes) != is.outputs || len(r.Outcomes) == 0:
			t.Errorf("%s: %d outputs, want %d, exhaustive %v", p.Name, len(r.Outcomes), is.outputs, r.Exhaustive)
		}
		t.Logf("%s: %d executions, %d blocked, %d outputs, exhaustive %v, %v", p.Name, r.Executions, r.Blocked, len(r.Outcomes), r.Exhaustive, r.Elapsed.Round(time.Millisecond))
	}
	t.Logf("%d of %d programs fit", fit, len(inTheModel))
}
