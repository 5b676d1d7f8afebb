package imports

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// What get waits for is not known; but nobody can tell it of the others.
func collect(ctx context.Context, keys []string, get func(string) (int, error)) ([]int, error) {
	g, _ := errgroup.WithContext(ctx)
	var found []int
	for _, k := range keys {
		g.Go(func() error {
			n, err := get(k)
			if err != nil {
				return err
			}
			found = append(found, n) // want "`found` is written here by every goroutine started at group.go:15; nothing orders them"
			return nil
		})
	}
	err := g.Wait()
	return found, err
}

func collectLocked(ctx context.Context, keys []string, get func(string) (int, error)) ([]int, error) {
	var g errgroup.Group
	var mu sync.Mutex
	var found []int
	for _, k := range keys {
		g.Go(func() error {
			n, err := get(k)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			found = append(found, n)
			return nil
		})
	}
	err := g.Wait()
	return found, err
}

// Whoever knows the group may wait for it, and tell.
func collectFor(g *errgroup.Group, keys []string, get func(string) (int, error)) []int {
	var found []int
	for _, k := range keys {
		g.Go(func() error {
			n, err := get(k)
			found = append(found, n)
			return err
		})
	}
	g.Wait()
	return found
}
