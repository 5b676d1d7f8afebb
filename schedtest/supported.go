package schedtest

import "context"

// Supported returns the version of the Go distribution that Run would use, as
// in "go1.26.8", and an error if tests cannot be built over it: an
// *[AnchorError] where a declaration is not as this version of fearless knows
// it. It builds nothing, and of opts it uses Dir, Env and CacheDir.
func Supported(ctx context.Context, opts Options) (version string, err error) {
	opts.fill()
	b, err := newBuilder(ctx, &opts)
	if b != nil {
		version = b.env.GOVERSION
	}
	return version, err
}
