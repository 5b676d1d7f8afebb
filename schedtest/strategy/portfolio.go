package strategy

// Portfolio returns the schedule number i of a mix of all the random
// strategies, for a base seed and a length that a run is thought to have. No
// strategy is best for every program: PCT finds orders that need few
// preemptions, however long the run; POS and RandomWalk find the ones that
// need many, close together.
func Portfolio(base, i uint64, length uint32) Spec {
	seed := Mix(base + (i+1)*0x9e3779b97f4a7c15)
	switch i % 8 {
	case 0, 4:
		return Spec{Kind: KindRandom, Seed: seed}
	case 1, 6:
		return Spec{Kind: KindPOS, Seed: seed}
	case 2:
		return Spec{Kind: KindPCT, Depth: 2, Length: length, Seed: seed}
	case 3:
		return Spec{Kind: KindPCT, Depth: 3, Length: length, Seed: seed}
	case 5:
		return Spec{Kind: KindPCT, Depth: 1, Length: length, Seed: seed}
	default:
		return Spec{Kind: KindPCT, Depth: 4 + uint32(i/8%3), Length: length, Seed: seed}
	}
}
