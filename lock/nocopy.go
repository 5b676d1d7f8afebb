package lock

// noCopy makes "go vet" (copylocks) report copies of what holds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
