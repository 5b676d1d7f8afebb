package litmus

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

type known struct {
	Name     string           `json:"name"`
	RC11     int              `json:"rc11_executions"`
	SC       int              `json:"sc_executions"`
	RC11Outs []map[string]int `json:"rc11_outcomes"`
	SCOuts   []map[string]int `json:"sc_outcomes"`
	ByDef    map[string]int   `json:"rc11_by_definition"`
}

func corpus(t *testing.T, file string) ([]*Program, []known) {
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	progs, err := ParseJSON(file, data)
	if err != nil {
		t.Fatal(err)
	}
	var k []known
	if err := json.Unmarshal(data, &k); err != nil {
		t.Fatal(err)
	}
	return progs, k
}

// Every program of the corpus has the executions and outcomes measured with
// other tools; testdata/README.md names them.
func TestProgramsHaveTheirKnownExecutions(t *testing.T) {
	progs, want := corpus(t, "programs.json")
	if len(progs) != 93 {
		t.Fatalf("%d programs, want 93", len(progs))
	}
	for i, p := range progs {
		for _, mem := range []Memory{RC11, SC} {
			res, err := Run(t.Context(), p, mem, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			n, outs := want[i].RC11, want[i].RC11Outs
			if mem == SC {
				n, outs = want[i].SC, want[i].SCOuts
			} else if d, ok := want[i].ByDef["oracle_cpp20_relseq_paper_psc"]; ok {
				n = d
			}
			if res.Executions != n {
				t.Errorf("%s under %v: %d executions, want %d", p.Name, mem, res.Executions, n)
			}
			if res.Races != 0 || res.Blocked != 0 {
				t.Errorf("%s under %v: %d races, %d blocked", p.Name, mem, res.Races, res.Blocked)
			}
			if len(outs) == 0 {
				continue
			}
			if got, want := outcomes(res), expected(outs); !slices.Equal(got, want) {
				t.Errorf("%s under %v:\n got %v\nwant %v", p.Name, mem, got, want)
			}
		}
	}
}

func TestRacyProgramsRace(t *testing.T) {
	progs, _ := corpus(t, "races.json")
	if len(progs) != 32 {
		t.Fatalf("%d programs, want 32", len(progs))
	}
	for _, p := range progs {
		res, err := Run(t.Context(), p, RC11, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if res.Races == 0 {
			t.Errorf("%s: no race found", p.Name)
		}
	}
}

func outcomes(r *Result) []string {
	var out []string
	for _, o := range r.Summary().Outcomes {
		m := map[string]int{}
		for k, v := range o {
			m[k] = int(v)
		}
		out = append(out, flat(m))
	}
	slices.Sort(out)
	return out
}

func expected(outs []map[string]int) []string {
	var out []string
	for _, m := range outs {
		out = append(out, flat(m))
	}
	slices.Sort(out)
	return out
}

func flat(m map[string]int) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "%s=%d ", k, m[k])
	}
	return b.String()
}
