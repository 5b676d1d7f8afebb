//go:build race

package runtime

func fearlessRaceIgnore(by int32) {
	if by > 0 {
		RaceDisable()
	} else {
		RaceEnable()
	}
}

// fearlessRaces returns how many reports the race detector has made.
func fearlessRaces() uint32 { return uint32(RaceErrors()) }
