package borrow

import "github.com/fearless-go/fearless/vet/internal/api"

// Noun is what the user calls a value of an owner's type: "the guard".
func Noun(recv string) string {
	switch recv {
	case "Guard", "ReadGuard", "WriteGuard", "UpgradableGuard":
		return "the guard"
	case "Ref", "RefMut":
		return "the borrow"
	case "JoinHandle", "ScopedJoinHandle":
		return "the thread"
	case "Weak", "Arc", "Rc", "Mutex", "RWLock":
		return "the " + recv
	}
	return "it"
}

// Ended says what the method f did to its receiver: "unlocked".
func Ended(f api.Func) string {
	switch f.Name {
	case "Unlock":
		return "unlocked"
	case "Downgrade":
		return "downgraded"
	case "Upgrade":
		return "upgraded"
	case "Release":
		return "released"
	case "Drop":
		return "dropped"
	case "Join":
		return "joined"
	}
	return "taken apart by " + f.Name
}
