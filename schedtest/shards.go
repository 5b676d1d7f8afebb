package schedtest

import "fmt"

// shards notes which file has which shard of a run.
type shards struct {
	of   int
	file map[int]string
}

// mostShards keeps a damaged file from making a list of millions.
const mostShards = 1 << 16

// add returns an error if the shard cannot belong to the others.
func (s *shards) add(text, file string) error {
	var i, n int
	if _, err := fmt.Sscanf(text, "%d/%d", &i, &n); err != nil || i < 1 || i > n || n > mostShards {
		return fmt.Errorf("%q is no shard, such as 1/4", text)
	}
	if s.file == nil {
		s.of, s.file = n, map[int]string{}
	}
	if n != s.of {
		return fmt.Errorf("it is shard %s, and the others are of %d: merge the shards of one run", text, s.of)
	}
	if other, ok := s.file[i]; ok {
		return fmt.Errorf("it is shard %s, and so is %s: keep one of them", text, other)
	}
	s.file[i] = file
	return nil
}

// MissingShards are the shards of the run that the report does not have, such
// as "2/4". Only a merged report can be without some.
func (r *Report) MissingShards() (list []string) {
	have := map[string]bool{}
	for _, s := range r.Shards {
		have[s] = true
	}
	for i := 1; i <= r.shardsOf; i++ {
		if s := fmt.Sprintf("%d/%d", i, r.shardsOf); !have[s] {
			list = append(list, s)
		}
	}
	return list
}
