package schedtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"time"

	"github.com/fearless-go/fearless/internal/atomicfile"
	"github.com/fearless-go/fearless/schedtest/pieces"
)

// A CheckpointError reports a file that a proof cannot go on from.
type CheckpointError struct {
	File string
	Why  string // with what to do
}

func (e *CheckpointError) Error() string { return "checkpoint " + e.File + ": " + e.Why }

const checkpointFormat = "fearless-prove/2"

// checkpoint is a file of searches that were interrupted, and of those that are done,
// by package and test.
type checkpoint struct {
	Format string                 `json:"format"`
	Tests  map[string]checkpoint1 `json:"tests"`
}

// checkpoint1 is how far the proof of one test has come.
type checkpoint1 struct {
	Of   string       `json:"of"` // what it is a proof of: code and options
	Read inputs       `json:"read,omitempty"`
	Tree *pieces.Tree `json:"tree,omitempty"`
	Sums proofSums    `json:"sums"`
	Cold bool         `json:"cold,omitempty"`
	Wide bool         `json:"wide,omitempty"`
	Done *TestResult  `json:"done,omitempty"` // it is proven
}

func readCheckpoint(name string) (*checkpoint, error) {
	c := &checkpoint{Format: checkpointFormat, Tests: map[string]checkpoint1{}}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, &CheckpointError{name, "it is damaged: " + err.Error() + "; remove it to begin anew"}
	}
	if c.Format != checkpointFormat || c.Tests == nil {
		return nil, &CheckpointError{name, fmt.Sprintf("its format is %q, not %q; name another file", c.Format, checkpointFormat)}
	}
	return c, nil
}

// write replaces the file, in one step: it is whole even if the process ends here.
func (c *checkpoint) write(name string) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(name, text); err != nil {
		return fmt.Errorf("cannot write the checkpoint: %w", err)
	}
	return nil
}

func (s *search) key() string { return s.x.result.Package + " " + s.x.name }

// of says what the search is of: the code that runs, and all that tells it what to do.
func (s *search) of() (string, error) {
	if s.code != "" {
		return s.code, nil
	}
	f, err := os.Open(s.x.r.target.binary)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	o := s.opts
	fmt.Fprintf(h, "%s %q %s %d %t %d %q %q", s.key(), o.Args, o.Time, o.preemptions, o.Short, o.MaxSteps, o.Run, o.Skip)
	s.code = hex.EncodeToString(h.Sum(nil)[:16])
	return s.code, nil
}

// resume goes on from the checkpoint, if there is one. It reports whether that
// says that the test is proven.
func (s *search) resume() (done bool, err error) {
	if s.opts.Checkpoint == "" {
		return false, nil
	}
	c, err := readCheckpoint(s.opts.Checkpoint)
	if err != nil {
		return false, err
	}
	old, ok := c.Tests[s.key()]
	if !ok {
		return false, nil
	}
	of, err := s.of()
	changed := old.Read.changed(s.x.r, "now")
	switch {
	case err != nil:
		return false, err
	case old.Of != of:
		return false, &CheckpointError{s.opts.Checkpoint, fmt.Sprintf("what it has of %s is of other code, another Go, or other options; remove it or name another file", s.x.name)}
	case changed != "":
		return false, &CheckpointError{s.opts.Checkpoint, fmt.Sprintf("%s: what it has of %s is of before; remove it or name another file", changed, s.x.name)}
	case old.Done != nil:
		s.x.result = *old.Done
		return true, nil
	case old.Tree == nil:
		return false, &CheckpointError{s.opts.Checkpoint, "it is damaged: nothing is left of " + s.x.name + "; remove it to begin anew"}
	}
	s.tree, s.sums, s.cold, s.wide = old.Tree, old.Sums, old.Cold, old.Wide
	maps.Copy(s.read, old.Read)
	for i := range s.sums.Limits {
		s.sums.Limits[i].place(s.x)
	}
	return false, nil
}

// save writes how far the search has come, now or if it was not done for long.
func (s *search) save(now bool) error {
	if s.opts.Checkpoint == "" || !now && time.Since(s.saved) < slice {
		return nil
	}
	s.saved = time.Now()
	return s.put(checkpoint1{Read: s.read, Tree: s.tree, Sums: s.sums, Cold: s.cold, Wide: s.wide})
}

// keep notes that the test is proven.
func (s *search) keep() error {
	if s.opts.Checkpoint == "" || s.x.result.Verdict != Proven {
		return nil
	}
	return s.put(checkpoint1{Read: s.read, Done: &s.x.result})
}

func (s *search) put(entry checkpoint1) (err error) {
	if entry.Of, err = s.of(); err != nil {
		return err
	}
	c, err := readCheckpoint(s.opts.Checkpoint)
	if err != nil {
		return err
	}
	c.Tests[s.key()] = entry
	return c.write(s.opts.Checkpoint)
}
