package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// join connects to the cluster of the flags or, for -workers, to one that is made
// for this run, with processes that work for it. The context that it returns ends
// when all of those have ended; close ends what was started.
func (s *spreadFlags) join(ctx context.Context, std stdio) (c *cluster.Conn, working context.Context, close func(), err error) {
	if s.workers == 0 {
		c, err := cluster.Connect(ctx, s.at)
		if err != nil {
			return nil, nil, nil, err
		}
		return c, ctx, c.Close, nil
	}
	dir, err := os.MkdirTemp("", "fearless-cluster-")
	if err != nil {
		return nil, nil, nil, fmt.Errorf("no folder for the pieces: %w", err)
	}
	token := rand.Text()
	server, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: filepath.Join(dir, "streams"), Token: token})
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, nil, err
	}
	working, end := context.WithCancelCause(ctx)
	workers := &localWorkers{}
	workers.gone = func() { end(errNoWorkerLeft) }
	close = func() {
		end(nil)
		if c != nil {
			c.Close()
		}
		workers.stop()
		server.Close()
		os.RemoveAll(dir)
	}
	s.at = cluster.Address{URL: server.URL(), Token: token}
	if c, err = cluster.Connect(ctx, s.at); err == nil {
		err = workers.start(s.workers, s.at, dir, std.err)
	}
	if err != nil {
		close()
		return nil, nil, nil, err
	}
	return c, working, close, nil
}

var errNoWorkerLeft = errors.New("all workers have ended: what they printed says why; start again")

// localWorkers are processes that end with this one: their standard input does.
type localWorkers struct {
	gone   func() // is called when all have ended
	left   atomic.Int32
	wg     sync.WaitGroup
	inputs []io.Closer
}

func (l *localWorkers) start(n int, a cluster.Address, dir string, errw io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot start workers: %w", err)
	}
	l.left.Store(int32(n))
	for i := range n {
		cmd := exec.Command(self, "cluster", "work", "-until-eof", "-server", a.URL, "-dir", filepath.Join(dir, "binaries"), "-deadline", "10s")
		cmd.Env = append(os.Environ(), tokenVariable+"="+a.Token)
		said := &lastOutput{}
		cmd.Stdout, cmd.Stderr = said, said
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			return fmt.Errorf("cannot start worker %d: %w", i+1, err)
		}
		l.inputs = append(l.inputs, in)
		l.wg.Go(func() {
			if err := cmd.Wait(); err != nil {
				fmt.Fprintf(errw, "fearless: a worker ended: %v: %s\n", err, strings.TrimSpace(said.String()))
			}
			if l.left.Add(-1) == 0 {
				l.gone()
			}
		})
	}
	return nil
}

func (l *localWorkers) stop() {
	for _, in := range l.inputs {
		in.Close()
	}
	l.wg.Wait()
}
