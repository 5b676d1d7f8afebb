package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/fearless-go/fearless/internal/atomicfile"
	"github.com/fearless-go/fearless/internal/pieces"
)

// A checkpoint is an exploration that was ended early, as a file keeps it.
type checkpoint struct {
	Version    int            `json:"version"`
	Memory     string         `json:"memory"`
	Shard      string         `json:"shard"`
	Executions int            `json:"executions"`
	Blocked    int            `json:"blocked"`
	Panicked   int            `json:"panicked"`
	Elapsed    time.Duration  `json:"elapsed"` // nanoseconds
	Outcomes   map[string]int `json:"outcomes"`
	Left       []byte         `json:"left"`
	// Seen is what was met so far that takes the word exhaustive away, as places
	// in the binary Build.
	Seen  pieces.Seen `json:"seen"`
	Build string      `json:"build"`
	Of    string      `json:"of"` // the function that is explored
}

const checkpointVersion = 2

// build names the binary that runs, by what is in it.
var build = sync.OnceValues(func() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
})

func (c *config) shard() string { return fmt.Sprintf("%d/%d", c.engine.Shard, c.engine.Shards) }

// readCheckpoint returns nil if there is no file.
func (c *config) readCheckpoint() (*checkpoint, error) {
	data, err := os.ReadFile(c.checkpoint)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("model: checkpoint: %w", err)
	}
	own, err := build()
	if err != nil {
		return nil, fmt.Errorf("model: checkpoint: %w", err)
	}
	var p checkpoint
	switch err := json.Unmarshal(data, &p); {
	case err != nil:
		return nil, badOption("model: checkpoint %s: %v; delete it to begin anew", c.checkpoint, err)
	case p.Version != checkpointVersion || len(p.Left) == 0:
		return nil, badOption("model: checkpoint %s is of version %d, and this reads version %d: delete it to begin anew", c.checkpoint, p.Version, checkpointVersion)
	case p.Build != own:
		return nil, badOption("model: checkpoint %s is of another build of the test, which may do something else: delete it to begin anew", c.checkpoint)
	case p.Of != c.of:
		return nil, badOption("model: checkpoint %s is of %s, and this is %s: name another file, or delete it to begin anew", c.checkpoint, p.Of, c.of)
	case p.Memory != c.engine.Memory.String() || p.Shard != c.shard():
		return nil, badOption("model: checkpoint %s is of memory model %s and shard %s, not %v and %s: use the same, or delete it to begin anew",
			c.checkpoint, p.Memory, p.Shard, c.engine.Memory, c.shard())
	}
	return &p, nil
}

// writeCheckpoint keeps what is left of an exploration that ended with r.
func (c *config) writeCheckpoint(r *Report, left []byte) error {
	if left == nil {
		if err := os.Remove(c.checkpoint); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("model: checkpoint: %w", err)
		}
		return nil
	}
	own, err := build()
	if err != nil {
		return fmt.Errorf("model: checkpoint: %w", err)
	}
	data, err := json.Marshal(checkpoint{
		Version: checkpointVersion, Memory: c.engine.Memory.String(), Shard: c.shard(),
		Executions: r.Executions, Blocked: r.Blocked, Panicked: r.Panicked, Elapsed: r.Elapsed, Outcomes: r.Outcomes, Left: left,
		Seen: toPiece(c.engine.Seen), Build: own, Of: c.of,
	})
	if err != nil {
		return fmt.Errorf("model: checkpoint: %w", err)
	}
	if err := atomicfile.Write(c.checkpoint, data); err != nil {
		return fmt.Errorf("model: checkpoint: %w", err)
	}
	return nil
}

// badOption is the error of a file that can be read, and does not fit.
func badOption(format string, args ...any) error {
	return &Failure{Kind: BadOption, Message: fmt.Sprintf(format, args...)}
}

// fileFailure is what a report says of the file of a checkpoint.
func fileFailure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Kind: FileError, Message: err.Error(), Value: err}
}
