package main

import (
	"bytes"
	"context"
	"io"
	"time"
)

// patience is how long a tour of several examples waits for its user.
const patience = 5 * time.Second

// A tourInput is standard input for a tour of several examples, which must not
// hang in the one that reads when there is nobody to type. When nothing arrives
// for the time of patience, or the input was empty, it continues with commands
// of its own, and then ends. Each Read returns one line at the most, so that an
// example that reads ahead leaves the next line to the next example.
type tourInput struct {
	ctx     context.Context
	r       io.Reader
	arrived chan []byte // what r has read; closed at its end
	left    []byte      // of the last that arrived
	some    bool        // something has arrived
	typed   bool        // the commands of the tour's own have been added
}

func (t *tourInput) Read(p []byte) (int, error) {
	if t.arrived == nil {
		t.arrived = make(chan []byte)
		go t.pump()
	}
	for len(t.left) == 0 {
		if t.typed {
			return 0, io.EOF
		}
		select {
		case data, ok := <-t.arrived:
			if !ok && t.some {
				return 0, io.EOF
			}
			t.left, t.some, t.typed = data, true, !ok
		case <-time.After(patience):
			t.typed = true
		case <-t.ctx.Done():
			return 0, t.ctx.Err()
		}
		if t.typed {
			t.left = []byte("help\nstop\n")
		}
	}
	line := t.left
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end+1]
	}
	n := copy(p, line)
	t.left = t.left[n:]
	return n, nil
}

// pump reads r to its end. A read cannot be called back: one that never returns
// keeps its goroutine until the process ends.
func (t *tourInput) pump() {
	defer close(t.arrived)
	for {
		data := make([]byte, 4096)
		n, err := t.r.Read(data)
		if n > 0 {
			select {
			case t.arrived <- data[:n]:
			case <-t.ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// countedReader counts the bytes that were read.
type countedReader struct {
	r io.Reader
	n int
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}
