package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fearless-go/fearless/internal/atomicfile"
)

// A State says how the run of a tool ended.
type State string

// The states. Only a run that is Done can have found nothing.
const (
	Done      State = "done"       // to its end, with or without findings
	Cut       State = "cut"        // at the limit of time; what it had found by then is there
	NoMemory  State = "memory"     // stopped at the limit of memory
	NotBuilt  State = "not built"  // the packages do not build here
	NoModule  State = "no module"  // it cannot be fetched, or is a folder without go.mod
	NotNeeded State = "not needed" // nothing there that the tool is for
	Crashed   State = "crashed"    // a fault of the tool
)

// A Finding is one thing that a tool says, in a form that a verdict can name.
type Finding struct {
	Tool    string `json:"tool"` // vet, test, race or prove; or a peer
	Rule    string `json:"rule"` // of vet; the kind of failure of the others
	Where   string `json:"where"`
	Message string `json:"message"`        // one line
	Note    bool   `json:"note,omitempty"` // does not count for the exit status
	Replay  string `json:"replay,omitempty"`
	// Sites are where in the module it is: of vet and its like the one place at
	// which it stands; of a failed test those that the message names, and where
	// its goroutines stand.
	Sites []Place `json:"sites,omitempty"`
}

// A Run is what one tool did.
type Run struct {
	Tool     string         `json:"tool"`
	State    State          `json:"state"`
	Why      string         `json:"why,omitempty"` // of a state that is not Done, or what was left out
	Seconds  float64        `json:"seconds"`
	Memory   int64          `json:"memory,omitempty"`   // bytes of all its processes at most; 0: unknown on this system
	Verdicts map[string]int `json:"verdicts,omitempty"` // how many tests came to which verdict
	Executed uint64         `json:"executed,omitempty"` // schedules, or executions
	Findings []Finding      `json:"findings,omitempty"`
	Undecide []string       `json:"undecided,omitempty"` // tests that were not decided, each with its reason
}

// A Result is all that is known of a module.
type Result struct {
	Module
	Half       int     `json:"half"`
	Go         string  `json:"go"`
	Fearless   string  `json:"fearless"` // the version or revision of the tools
	Lines      int     `json:"lines"`    // of Go, without tests
	TestLines  int     `json:"testLines"`
	Goroutines int     `json:"goStatements"` // in the lines without tests
	Tests      int     `json:"tests"`
	State      State   `json:"state"`
	Why        string  `json:"why,omitempty"`
	Seconds    float64 `json:"seconds"`
	Runs       []Run   `json:"runs,omitempty"`
	Made       string  `json:"made,omitempty"` // what the module lacks and was made for it: a go.mod

	// Places are those at which known bugs of the module are, and whether there
	// is such a place.
	Places map[string]bool `json:"places,omitempty"`
}

// look puts down which places are in the module in dir.
func (r *Result) look(dir string, places []Place) {
	t := goFiles{dir: dir}
	for _, p := range places {
		if r.Places == nil {
			r.Places = map[string]bool{}
		}
		r.Places[p.String()] = t.has(p)
	}
}

// save writes r into dir; a hunt that is killed meanwhile leaves the old file.
func (r *Result) save(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("no folder for the results (-results DIR names another): %w", err)
	}
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, r.File()), append(data, '\n'))
}

// load reads the result of m, or reports that there is none yet.
func load(dir string, m Module) (r *Result, there bool, err error) {
	r, err = read(filepath.Join(dir, m.File()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return r, err == nil, err
}

func read(name string) (*Result, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	r := new(Result)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s is no result of hunt (remove it, and the module is tried again): %w", name, err)
	}
	return r, nil
}
