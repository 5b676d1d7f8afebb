//go:build race

package runtime

func fearlessRaceIgnore(by int32) {
	if by > 0 {
		RaceDisable()
	} else {
		RaceEnable()
	}
}
