package tour

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A stream sends what happens to the page as it happens: a line of JSON for each
// event. It holds no more than a line, so that a program that prints gigabytes
// takes none of the server's memory: behind its limit it drops what comes.
//
// It is safe for the goroutines that copy a program's output and the timer that
// sends half a line.
type stream struct {
	mu     sync.Mutex
	w      http.ResponseWriter
	left   int    // bytes that may come yet
	half   []byte // what has come of a line that has not ended
	hidden string // a folder that no reader knows, with the separator behind it
	full   func()
	timer  *time.Timer
	err    error // of the connection; then nothing is sent
}

// An event is what a page is told.
type event struct {
	Out  string  `json:"out,omitempty"`  // output
	Note string  `json:"note,omitempty"` // what is being done
	End  *ending `json:"end,omitempty"`
}

// longestHalf is how much of a line without an end is held back.
const longestHalf = 4096

func newStream(w http.ResponseWriter, limit int) *stream { return &stream{w: w, left: limit} }

// hide leaves the folder out of what is printed.
func (s *stream) hide(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden = strings.TrimRight(dir, `/\`)
}

// onFull calls f, once, when there has been too much output.
func (s *stream) onFull(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.full = f
}

// Write takes output of a program. It never fails: a program whose reader has
// gone is ended by its context.
func (s *stream) Write(p []byte) (int, error) {
	n := len(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left < len(p) {
		p = p[:max(s.left, 0)]
		if s.full != nil {
			s.full()
			s.full = nil
		}
	}
	s.left -= len(p)
	s.half = append(s.half, p...)
	if end := bytes.LastIndexByte(s.half, '\n') + 1; end > 0 {
		s.print(s.half[:end])
		s.half = append(s.half[:0], s.half[end:]...)
	}
	if len(s.half) > longestHalf {
		s.sendHalf()
	} else if len(s.half) > 0 && s.timer == nil {
		s.timer = time.AfterFunc(100*time.Millisecond, s.flush)
	}
	return n, nil
}

// flush sends what has come of a line.
func (s *stream) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.sendHalf()
}

// sendHalf keeps the beginning of a character whose end has not come.
func (s *stream) sendHalf() {
	end := len(s.half)
	for back := 1; back < utf8.UTFMax && back <= end; back++ {
		if b := s.half[end-back]; utf8.RuneStart(b) {
			if !utf8.FullRune(s.half[end-back:]) {
				end -= back
			}
			break
		}
	}
	s.print(s.half[:end])
	s.half = append(s.half[:0], s.half[end:]...)
}

func (s *stream) print(text []byte) {
	if len(text) == 0 {
		return
	}
	out := strings.ToValidUTF8(string(text), "\uFFFD")
	if s.hidden != "" {
		out = strings.ReplaceAll(out, s.hidden+"/", "")
		out = strings.ReplaceAll(out, s.hidden+`\`, "")
		out = strings.ReplaceAll(out, s.hidden, ".")
	}
	s.send(event{Out: out})
}

// note tells what is being done.
func (s *stream) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(event{Note: text})
}

// end tells that it is over, and how.
func (s *stream) end(e ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.sendHalf()
	s.print(s.half) // half a character at the very end
	s.half = nil
	s.send(event{End: &e})
	s.err = http.ErrServerClosed // whatever comes later has no reader
}

func (s *stream) send(e event) {
	if s.err != nil {
		return
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = s.w.Write(append(line, '\n'))
	}
	if err == nil {
		err = http.NewResponseController(s.w).Flush()
	}
	s.err = err
}
