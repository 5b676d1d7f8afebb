package schedtest_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/schedtest"
)

func TestMergeWantsEveryShardOnce(t *testing.T) {
	for _, c := range []struct {
		shards  []string
		missing []string
		want    string // of the error
	}{
		{shards: []string{"1/2", "2/2"}},
		{shards: []string{"3/3", "1/3"}, missing: []string{"2/3"}},
		{shards: []string{"2/2", "2/2"}, want: "keep one of them"},
		{shards: []string{"1/2", "2/3"}, want: "merge the shards of one run"},
		{shards: []string{"0/2"}, want: "no shard"},
		{shards: []string{"1/1000000000"}, want: "no shard"},
		{shards: []string{"x"}, want: "no shard"},
	} {
		dir := t.TempDir()
		for i, s := range c.shards {
			text := `{"format":"fearless-test/1","shards":["` + s + `"],"results":[{"package":"p","test":"TestX","schedules":5}]}`
			if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".json"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		report, err := schedtest.Merge(dir)
		if c.want != "" {
			var merge *schedtest.MergeError
			if !errors.As(err, &merge) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v: %v; want %q", c.shards, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v: %v", c.shards, err)
			continue
		}
		var b strings.Builder
		if err := report.WriteText(&b, false); err != nil {
			t.Fatal(err)
		}
		told := strings.Contains(b.String(), "incomplete: no report of shard "+strings.Join(c.missing, ", "))
		if missing := report.MissingShards(); !slices.Equal(missing, c.missing) || told != (c.missing != nil) {
			t.Errorf("%v: missing %v, want %v\n%s", c.shards, missing, c.missing, b.String())
		}
	}
}
