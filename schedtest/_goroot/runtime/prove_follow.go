package runtime

// The replay of an execution that a proof has recorded.

// fearlessPicked records an event, which stands at place.
func fearlessPicked(pick uint32, place uint64) {
	if v := &fearlessProof; v.decider != fearlessByPicks {
		v.picks = append(v.picks, pick, uint32(place))
	}
}

// fearlessFollow takes what v.picks says.
//
// In the first run of a process the distribution makes what it makes once, so that
// there are events of its own that the record lacks: each event is to be at the place
// that the record has, and those of the distribution that are not go on before it.
// Nobody else has an event meanwhile, so that the order of all others is as it was.
// Where the record has what does not happen now, the execution has strayed: from
// there on it is another one. That is not so if all was as recorded up to where the test
// was told something, such as that it fails, and is not now.
func fearlessFollow(timer bool) (*g, uint8) {
	f, v := &fearless, &fearlessProof
	if v.replay >= len(v.picks) {
		return fearlessAsk(timer) // the rest, behind what the explorer saw
	}
	at := fearlessPoints(timer)
	for v.replay+1 < len(v.picks) {
		pick, place := v.picks[v.replay], v.picks[v.replay+1]
		told := fearlessTells(uint8(pick >> 8))
		i := fearlessPickOf(pick)
		if i < 0 {
			v.strayed = v.strayed || !told
			break
		}
		if pick != 0 {
			p := &f.all[f.point.Threads[i].ID-1].ptr().fearless.proof
			if same := uint32(p.place) == place; !same && !p.own && !fearlessTells(p.what) {
				return fearlessTaken(at, i, fearlessBit(p.variants, 0))
			} else if !same && told {
				break
			} else if !same {
				v.strayed = true
				v.replay += 2
				continue
			}
		}
		v.replay += 2
		return fearlessTaken(at, i, int(pick&255))
	}
	v.replay = len(v.picks)
	return fearlessAsk(timer)
}

// fearlessTells reports whether an event tells the test something.
func fearlessTells(what uint8) bool { return pvReport <= what && what <= pvTestEnd }

// fearlessPickOf returns which thread of fearless.point a pick means, or -1.
func fearlessPickOf(pick uint32) int {
	f := &fearless
	for i, t := range f.point.Threads {
		if t.ID == TimerID && pick == 0 || t.ID != TimerID && f.all[t.ID-1].ptr().fearless.proof.name == pick>>16 {
			return i
		}
	}
	return -1
}
