package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a terminal of so many columns: user is what a person sees and
// types into, and program what a process has as its terminal.
func terminal(t *testing.T, columns int) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine gives no terminals: %v", err)
	}
	t.Cleanup(func() { user.Close() })
	fd := int(user.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return user, program
}

// typed runs fearless with args on a terminal of 40 columns, and returns all that
// it has written there.
func typed(t *testing.T, args ...string) string {
	t.Helper()
	user, program := terminal(t, 40)
	cmd := process(t, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	program.Close()
	var all strings.Builder
	for b := make([]byte, 1024); ; {
		n, err := user.Read(b)
		all.Write(b[:n])
		if err != nil { // the last process has closed it
			break
		}
	}
	_ = cmd.Wait() // findings are an exit status
	return all.String()
}

// On a narrow terminal progress stays in its line, is gone in the end, and brings
// no colours and no control but the return.
func TestProgressOnATerminal(t *testing.T) {
	racy := vetModule(t, racyProgram)
	for name, test := range map[string]struct {
		args       []string
		shows, end string
	}{
		"vet":    {[]string{"vet", "-C", racy, "."}, "vet: ", "the goroutine starts here"},
		"litmus": {[]string{"litmus", "../../litmus/testdata/races.json"}, "litmus", "Observation"},
		"bench":  {[]string{"bench", "-quick", "-rust=false", "-run", "^once/do$"}, "bench", "1 cases"},
	} {
		out := typed(t, test.args...)
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s writes escape sequences:\n%q", name, out)
		}
		shown := 0
		for _, line := range strings.FieldsFunc(out, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if strings.HasPrefix(line, test.shows) {
				shown++
				if columns(line) > 39 {
					t.Errorf("%s: %d columns: %q", name, columns(line), line)
				}
			}
		}
		if shown == 0 {
			t.Errorf("%s shows no progress:\n%q", name, out)
		}
		last := out[strings.LastIndex(out, test.shows):]
		if i := strings.LastIndex(out, test.end); i < 0 || name == "vet" && strings.LastIndex(out, test.shows) > i {
			t.Errorf("%s: its progress is not gone before the results:\n%q", name, last)
		}
	}
}
