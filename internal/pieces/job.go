package pieces

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"time"
)

// The modes of a [Job].
const (
	Cut   = "cut"   // each check explores for a moment, and tells what is left
	One   = "piece" // one check explores what another process has left
	Whole = "whole" // each check reports what all others have found
)

// A Job is what a test binary is to do, in the file of its flag -model.piece.
type Job struct {
	Mode  string        `json:"mode"`
	Dir   string        `json:"dir"`            // of the results; a file "stop" in it ends an exploration
	Check string        `json:"check"`          // of One
	Left  []byte        `json:"left,omitempty"` // of One: what another process has left
	For   time.Duration `json:"forNanoseconds"` // of Cut: how long each check explores
}

// File is where the [Result] of a check is told.
func (j *Job) File(check string) string { return File(j.Dir, check) }

// File is where the [Result] of a check is told, in that folder.
func File(dir, check string) string {
	sum := sha256.Sum256([]byte(check))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])+".json")
}
