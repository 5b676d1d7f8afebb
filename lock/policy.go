package lock

import "fmt"

// A Policy says who is let in first when readers and writers wait for an RWLock.
type Policy uint8

const (
	// Fair lets in who came first; readers that came one after another
	// enter together. Nobody starves.
	Fair Policy = iota
	// WriterPreferring lets writers in before readers, and no new reader
	// while a writer waits. Readers can starve.
	WriterPreferring
	// ReaderPreferring lets readers in as long as no writer has the lock.
	// Writers can starve.
	ReaderPreferring
)

var policyNames = [...]string{"Fair", "WriterPreferring", "ReaderPreferring"}

// String returns the name of the policy.
func (p Policy) String() string {
	if int(p) < len(policyNames) {
		return policyNames[p]
	}
	return fmt.Sprintf("Policy(%d)", uint8(p))
}

// A PolicyError is the value of the panic of NewRWLock with a policy that
// does not exist, or with more than one.
type PolicyError struct{ Policies []Policy }

// Error lists what would work.
func (e *PolicyError) Error() string {
	return fmt.Sprintf("lock: NewRWLock with the policies %v: use one of %v", e.Policies, policyNames)
}
