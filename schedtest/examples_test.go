package schedtest_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// Each example is proven, and each of their broken twins refuted.
func TestExamplesAreProvenLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "two dozen proofs and failures, each in every schedule")
	opts := schedtest.Options{Dir: filepath.Join("..", "examples", "proven"), Race: true, Tags: "broken", Duration: 10 * time.Minute, NoMinimize: true}
	report := prove(t, opts)
	for _, r := range report.Results {
		want := schedtest.Proven
		if strings.HasSuffix(r.Test, "Broken") {
			want = schedtest.Failed
		}
		if r.Verdict != want {
			t.Errorf("%s is %s (%s), want %s", r.Test, r.Verdict, r.Reason, want)
		}
	}
	if len(report.Results) != 24 {
		t.Errorf("%d examples", len(report.Results))
	}
}
