package cluster

import "fmt"

// Kind says what kept a cluster from its work.
type Kind string

// The kinds of [Error].
const (
	BadAddress  Kind = "bad address"  // the URL, team or key file cannot be used
	NoServer    Kind = "no server"    // nothing answers at the URL
	Refused     Kind = "refused"      // the server does not know the token, key or certificate
	NoJetStream Kind = "no JetStream" // the server stores nothing
	TooLarge    Kind = "too large"    // a limit of the server is too small for what is to be stored
	StoreFailed Kind = "store"        // what is to be stored cannot be written or read
	OldResults  Kind = "old results"  // there are results that this version cannot read
	Taken       Kind = "taken"        // the run has a coordinator already
	NoWorker    Kind = "no worker"    // nobody takes the pieces of the run
	Lost        Kind = "lost"         // the server has no longer what it has stored
)

// An Error names what is at fault and the next step.
type Error struct {
	Kind Kind
	What string // the address, file or run at fault
	Next string // what helps
	Err  error  // may be nil
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s", e.What, e.Kind)
	if e.Err != nil {
		text += fmt.Sprintf(" (%v)", e.Err)
	}
	return text + ": " + e.Next
}

func (e *Error) Unwrap() error { return e.Err }
