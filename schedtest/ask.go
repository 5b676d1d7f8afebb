package schedtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// ask.go is how processes of one machine come to share what is left of a proof. Each
// explores what it has taken for long, since a process costs much to begin, and has a
// file of its own that it looks for from time to time. Who finds nothing to take makes
// these files; who then sees its own gives back what it has not come to, as at the end of
// its time. So what is explored does not depend on the files, only how it is divided: a
// file that is seen late, or left from before, costs time.
//
// A process does not look before it has explored for several times as long as it took to
// begin. So a proof of less than a second is one process's.

const (
	shareSlice = 20 * time.Second       // for how long a process explores that can be asked
	shareTimes = 4                      // as often as it takes to begin, it explores before it looks
	firstBegin = 250 * time.Millisecond // what that is thought to be before any has begun
)

// mayAsk makes the folder of the files.
func (s *search) mayAsk() (dir string, err error) {
	dir, err = os.MkdirTemp(s.x.r.dir, "asks")
	if err != nil {
		return "", fmt.Errorf("no folder for a job: %w", err)
	}
	for i := range s.now {
		s.asks = append(s.asks, filepath.Join(dir, strconv.Itoa(i)))
	}
	return dir, nil
}

// ask asks the processes that run for pieces. A file that cannot be made only lets who
// waits wait until their time is over.
func (s *search) ask() {
	for _, name := range s.asks {
		if f, err := os.Create(name); err == nil {
			f.Close()
		}
	}
}
