package explore

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// file.go is how tasks are kept in a file.

// A savedTask is a task in a file.
type savedTask struct {
	graph.Saved
	Kind    itemKind `json:"kind"`
	Variant uint8    `json:"variant"`
	Stamp   int32    `json:"stamp"`
	At      int32    `json:"at"`
	Reader  int32    `json:"reader"`
	Rank    []int32  `json:"rank"`
	Share   float64  `json:"share"`
	Start   bool     `json:"start"`
}

// WriteTasks returns tasks as they are kept in a file; nil if there are none.
func WriteTasks(list []*Task) []byte {
	if len(list) == 0 {
		return nil
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b) // it also keeps a checksum
	saved := make([]savedTask, len(list))
	for i, t := range list {
		saved[i] = t.save()
	}
	if err := errors.Join(json.NewEncoder(w).Encode(saved), w.Close()); err != nil {
		panic(err) // numbers, and a buffer to write them to
	}
	return b.Bytes()
}

func (t *Task) save() savedTask {
	return savedTask{
		Saved: t.g.Save(),
		Kind:  t.it.kind, Variant: t.it.variant, Stamp: t.it.stamp, At: t.it.at, Reader: t.it.reader,
		Rank: t.Rank, Share: t.it.share, Start: t.start,
	}
}

var errTasks = errors.New("the file has no exploration to go on with, or is damaged: delete it to begin anew")

// maxTasks is the size of what readTasks unpacks, in bytes.
const maxTasks = 1 << 30

// ReadTasks reads what writeTasks wrote.
func ReadTasks(data []byte) ([]*Task, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxTasks))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	var saved []savedTask
	if err := json.Unmarshal(text, &saved); err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	list := make([]*Task, len(saved))
	for i := range saved {
		if list[i], err = saved[i].task(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *savedTask) task() (*Task, error) {
	g, err := s.Graph()
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errTasks, err)
	}
	if s.Kind > altNothing || s.Stamp < 0 || int(s.Stamp) >= len(g.Ev) && !s.Start || s.Kind == revisit && (s.At < 0 || s.At >= s.Stamp) {
		return nil, errTasks
	}
	it := item{kind: s.Kind, variant: s.Variant, stamp: s.Stamp, at: s.At, reader: s.Reader, share: s.Share}
	if n := len(s.Rank); n > 0 {
		it.up, it.n = int32(n)-1, s.Rank[n-1]
	} else if !s.Start {
		return nil, errTasks
	}
	return &Task{g: g, it: it, Rank: s.Rank, start: s.Start}, nil
}
