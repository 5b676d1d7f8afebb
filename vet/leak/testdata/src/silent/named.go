package silent

// A named result that a deferred function can see is returned by storing it in
// itself.
func named() (c chan int, ok bool) {
	defer func() { recover() }()
	return
}

func callsNamed() {
	if c, ok := named(); ok {
		<-c
	}
}
