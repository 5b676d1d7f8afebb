package schedtest

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// processorTime returns how much processor time the process has had, and false
// if the system does not say.
func processorTime(p *os.Process) (time.Duration, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid))
	if err != nil {
		return 0, false
	}
	// The second field is a name in brackets, which may hold anything.
	_, rest, ok := cutLast(string(text), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, false
	}
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0, false
	}
	return time.Duration(user+system) * (time.Second / 100), true // the kernel's USER_HZ
}
