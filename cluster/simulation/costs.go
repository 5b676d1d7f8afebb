package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

// Costs are what a simulation reckons with. The first ones are measured.
type Costs struct {
	Plain   time.Duration `json:"plainNanoseconds"`   // of the server's processor, for a message that is not stored
	Request time.Duration `json:"requestNanoseconds"` // for a question and its answer
	Stored  time.Duration `json:"storedNanoseconds"`  // for a message that is stored, and its answer
	Result  time.Duration `json:"resultNanoseconds"`  // of the coordinator's processor, for a result
	Piece   time.Duration `json:"pieceNanoseconds"`   // of a worker, for a piece that does nothing
	Start   time.Duration `json:"startNanoseconds"`   // of a worker, to start a test binary

	All time.Duration `json:"allNanoseconds"` // of all three together, for such a piece; not reckoned with

	Work    int `json:"workBytes"`   // of a piece's message
	Outcome int `json:"resultBytes"` // of a result's message, without what it leaves

	Latency time.Duration `json:"latencyNanoseconds"` // assumed: one way through the network
	Cores   int           `json:"cores"`              // assumed: of the server
}

//go:embed costs.json
var measured []byte

func readCosts(text []byte) (c Costs, err error) {
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("the costs cannot be read: %w", err)
	}
	if c.Plain <= 0 || c.Request <= 0 || c.Stored <= 0 || c.Result <= 0 || c.Piece <= 0 || c.Start < 0 || c.Latency < 0 || c.Cores < 1 || c.Work < 1 || c.Outcome < 1 {
		return c, fmt.Errorf("the costs must be more than 0: %+v; -measure prints some", c)
	}
	return c, nil
}
