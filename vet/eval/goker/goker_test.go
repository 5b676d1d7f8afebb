package goker_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/vet/check"
	"github.com/fearless-go/fearless/vet/eval/goker"
)

// The test binary is its own vet tool.
func TestMain(m *testing.M) {
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	os.Exit(m.Run())
}

func TestFindsTheResourceDeadlocksOfGoKerLong(t *testing.T) {
	long.Only(t, "vet reads the standard library once more")
	results, err := goker.Run(t.Context(), "")
	if errors.Is(err, goker.ErrNoSource) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := goker.Print(&table, results); err != nil {
		t.Fatal(err)
	}
	t.Log(table.String())
	if n := goker.Found(results); n < 20 {
		t.Errorf("%d found, fewer than 20", n)
	}
	for _, r := range results {
		if r.Finding == nil && r.Why == "" {
			t.Errorf("%s is not found and nothing says why", r.Name)
		}
		if r.Finding != nil && r.Why != "" {
			t.Errorf("%s is found, but is said to need %s", r.Name, r.Why)
		}
	}
}
