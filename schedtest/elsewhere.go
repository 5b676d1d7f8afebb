package schedtest

import "context"

// do runs the job. What has failed elsewhere is run here as well, and only that counts:
// the place may be at fault, which has other files, another environment, or a sandbox
// that does not start. One at a time is, for this machine may have to do all then.
func (s *search) do(ctx context.Context, r *runner, j *job, tick func(ran uint64, done float64)) (*outcome, error) {
	o, err := r.run(ctx, j, tick)
	if err != nil || o.proof.how != "" || s.opts.Elsewhere == nil {
		return o, err
	}
	s.here.Lock()
	defer s.here.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return s.x.r.run(ctx, j, tick)
}
