package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/fearless-go/fearless/tour"
)

// serveTour shows the tour to a browser until ctx ends.
func serveTour(ctx context.Context, address string, std stdio) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	l, err := tour.Listen(address)
	if err != nil {
		return usagef("tour: -http %w", err)
	}
	defer l.Close() // for what goes wrong below; Serve has closed it otherwise
	s, err := tour.New(ctx, tour.Config{Tool: self})
	if noGo := (*tour.NoGoError)(nil); errors.As(err, &noGo) {
		return usagef("tour: -http: %w", err)
	}
	if err != nil {
		return fmt.Errorf("tour: -http: %w", err)
	}
	defer s.Close()
	fmt.Fprintf(std.out, "The tour is at %s\nOpen it in a browser on this machine; Ctrl-C ends it.\n", s.URL(l))
	return s.Serve(ctx, l)
}
