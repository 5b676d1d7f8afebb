// Package marks writes what is measured into the documents that tell it, between two
// comments that only the source shows. Begin at [Replace].
package marks

import (
	"fmt"
	"os"
	"strings"
)

// Replace replaces what stands in the file between the lines "<!-- name begin -->" and
// "<!-- name end -->" by text, which ends in a new line. Its error says which mark is missing.
func Replace(file, name, text string) error {
	begin, end := "<!-- "+name+" begin -->\n", "<!-- "+name+" end -->"
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, rest, there := strings.Cut(string(old), begin)
	if !there {
		return fmt.Errorf("%s has no line %q", file, strings.TrimSpace(begin))
	}
	_, tail, there := strings.Cut(rest, end)
	if !there {
		return fmt.Errorf("%s has no %q behind %q", file, end, strings.TrimSpace(begin))
	}
	return os.WriteFile(file, []byte(head+begin+text+end+tail), 0o666)
}
