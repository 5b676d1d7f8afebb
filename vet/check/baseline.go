package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// A Baseline counts findings that are accepted: those a codebase had when it
// adopted fearless vet. It does not depend on line numbers, so that edits
// elsewhere in a file leave it valid.
type Baseline map[string]int

// baselineFile is a Baseline on disk: sorted entries, so that diffs are small.
type baselineFile struct {
	Version  int            `json:"version"`
	Findings map[string]int `json:"findings"`
}

var lineNumbers = regexp.MustCompile(`(\.go)(:\d+)+`)

// key names a finding in a baseline.
func (f Finding) key() string {
	return filepath.ToSlash(f.File) + ": " + lineNumbers.ReplaceAllString(f.Message, "$1") + " [" + f.Rule + "]"
}

// NewBaseline accepts findings.
func NewBaseline(findings []Finding) Baseline {
	b := Baseline{}
	for _, f := range findings {
		b[f.key()]++
	}
	return b
}

// ReadBaseline reads a file that Write has written.
func ReadBaseline(file string) (Baseline, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("baseline %s does not exist: write it once with -write-baseline %s", file, file)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the baseline: %w", err)
	}
	var f baselineFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("baseline %s is not valid: %w; write it anew with -write-baseline %s", file, err, file)
	}
	if f.Version != 1 {
		return nil, fmt.Errorf("baseline %s has version %d, this program reads version 1; write it anew with -write-baseline %s", file, f.Version, file)
	}
	return f.Findings, nil
}

// Write writes b to file.
func (b Baseline) Write(file string) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(baselineFile{1, b}); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o666)
}

// New returns the findings that b does not accept. If a file has more of one
// kind than the baseline counts, the last ones are new.
func (b Baseline) New(findings []Finding) []Finding {
	left := map[string]int{}
	for k, n := range b {
		left[k] = n
	}
	var fresh []Finding
	for _, f := range findings {
		if left[f.key()] > 0 {
			left[f.key()]--
			continue
		}
		fresh = append(fresh, f)
	}
	return fresh
}
