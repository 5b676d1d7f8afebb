package schedtest_test

import "testing"

// The headline of a failure is what was said as the test failed, whatever it logged
// before and after.
func TestAFailureIsNamedByWhatWasSaid(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestInASubtest(t *testing.T) {
	t.Log("begins")
	t.Run("sub", func(t *testing.T) {
		t.Log("in it")
		t.Error("is wrong")
		t.Fatal("is wrong again")
	})
}

func TestInAGoroutine(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			t.Log("worker", i)
			if i == 1 {
				t.Errorf("worker %d is wrong", i)
			}
			t.Log("ends", i)
		})
	}
	wg.Wait()
}

func TestAsAssertionsPrint(t *testing.T) {
	t.Log("begins")
	t.Errorf("\n\tError Trace:\tm_test.go:1\n\tError:  \tNot equal: \n\t\texpected: 1")
}

func TestOnlyLogs(t *testing.T) {
	t.Log("the last word")
	t.Fail()
	t.Log("too late")
}

func TestSaysNothing(t *testing.T) { t.FailNow() }
`})
	got := map[string]string{}
	for _, r := range run(t, opts).Results {
		if r.Finding != nil {
			got[r.Test] = r.Finding.Message
		}
	}
	for test, want := range map[string]string{
		"TestInASubtest":        "m_test.go:12: is wrong",
		"TestInAGoroutine":      "m_test.go:23: worker 1 is wrong",
		"TestAsAssertionsPrint": "m_test.go:33: Error: Not equal:",
		"TestOnlyLogs":          "m_test.go:37: the last word",
		"TestSaysNothing":       "the test failed",
	} {
		if got[test] != want {
			t.Errorf("%s: %q, want %q", test, got[test], want)
		}
	}
}
