package exact

import "github.com/fearless-go/fearless/vet/internal/rule"

// Confidence is the category of a diagnostic that tells of what an execution
// has shown: it is certain, unless the execution has taken a way of which it is
// not known whether it is there.
func Confidence(guessed bool) string {
	if guessed {
		return rule.May("a branch on a value that is not known can come out so")
	}
	return rule.Must
}
