package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/schedtest"
)

// A processWork is what a piece of "fearless test" and "fearless prove" is: one run of
// a test binary.
type processWork struct {
	pieceKind
	Process *schedtest.Process `json:"process"`
}

// A processPool has processes of test binaries run by workers. Each binary is a run of
// its own: with the same code and options it goes on where it was.
type processPool struct {
	conn    *cluster.Conn
	command string
	options string // all that tells the pieces of two runs apart, but their binaries
	std     stdio
	here    bool // the workers are this machine's, with this process's environment

	mu      sync.Mutex
	callers map[string]*binaryCaller // by the path of the binary
}

type binaryCaller struct {
	name   string // of the file, as the cluster knows it
	caller *cluster.Caller
	once   sync.Once
	err    error
}

// elsewhere is schedtest.Options.Elsewhere.
func (p *processPool) elsewhere(ctx, working context.Context, proc *schedtest.Process) (*schedtest.Ended, error) {
	b, err := p.caller(ctx, working, proc)
	if err != nil {
		return nil, err
	}
	proc.For = proc.Duration
	work, err := json.Marshal(processWork{pieceKind{"process"}, proc})
	if err != nil {
		return nil, err
	}
	r, err := b.caller.Do(ctx, cluster.Piece{Name: proc.Name(b.name), Title: proc.Package + "." + proc.Test, Binary: b.name, Work: work})
	if err != nil {
		if ctx.Err() == nil && working.Err() != nil {
			return nil, context.Cause(working)
		}
		return nil, err
	}
	if r.GaveUp != "" {
		return nil, &schedtest.GivenUpError{Why: r.GaveUp}
	}
	var e schedtest.Ended
	if err := json.Unmarshal(r.Outcome, &e); err != nil {
		return nil, fmt.Errorf("the result of piece %s cannot be read: %w", r.Piece, err)
	}
	if p.here {
		e.Asked = nil
	}
	return &e, nil
}

// caller is how the pieces of the process's binary are handed out.
func (p *processPool) caller(ctx, working context.Context, proc *schedtest.Process) (*binaryCaller, error) {
	p.mu.Lock()
	b := p.callers[proc.Binary]
	if b == nil {
		b = &binaryCaller{}
		p.callers[proc.Binary] = b
	}
	p.mu.Unlock()
	b.once.Do(func() {
		if b.name, b.err = p.conn.PutFile(ctx, proc.Binary); b.err != nil {
			return
		}
		run := cluster.Run{Name: hashOf(p.command, thisSystem(), p.options, proc.Package, b.name), Title: p.command + " " + proc.Package, System: thisSystem()}
		b.caller = p.conn.Call(working, run, logTo(p.std.err), nil)
	})
	return b, b.err
}

// finish takes the results off the server.
func (p *processPool) finish(ctx context.Context, failed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.callers {
		if b.caller == nil {
			continue
		}
		if err := b.caller.Finish(ctx, failed); err != nil {
			fmt.Fprintf(p.std.err, "fearless: %v\n", err) // the results are here
		}
	}
}

// process does a piece of "fearless test" or "fearless prove".
func (e *executor) process(ctx context.Context, p cluster.Piece, binary string) (outcome []byte, left [][]byte, err error) {
	var w processWork
	if err := json.Unmarshal(p.Work, &w); err != nil || w.Process == nil {
		return nil, nil, fmt.Errorf("its work cannot be read: %w", err)
	}
	temp, err := os.MkdirTemp("", "fearless-piece-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(temp)
	w.Process.Binary = binary
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended, err := w.Process.Run(ctx, func(cmd *exec.Cmd) {
		own := e.command(w.Process.Dir, temp, binary, cmd.Args[1:]...)
		cmd.Path, cmd.Args, cmd.Dir, cmd.SysProcAttr, cmd.Err = own.Path, own.Args, own.Dir, own.SysProcAttr, own.Err
		cmd.Env = withoutToken(cmd.Env)
		if len(e.sandbox) > 0 {
			cmd.Env = append(cmd.Env, "TMPDIR="+temp)
		}
	}, func(proc *os.Process) { go e.guard(ctx, proc, stop) })
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	if err != nil {
		return nil, nil, err
	}
	outcome, err = json.Marshal(ended)
	return outcome, nil, err
}

// shareProcesses sets the options up so that workers run the processes. finish is to be
// called at the end, with whether the run came to it.
func (s *spreadFlags) shareProcesses(ctx context.Context, command, options string, opts *schedtest.Options, std stdio) (finish func(whole bool, failed int), err error) {
	conn, working, end, err := s.join(ctx, std)
	if err != nil {
		return nil, clusterError(command, err)
	}
	places := 2 * s.workers
	if s.workers == 0 {
		st, err := conn.Status(ctx)
		if err != nil {
			end()
			return nil, clusterError(command, err)
		}
		places = 2 * len(slices.DeleteFunc(st.Workers, func(w cluster.WorkerStatus) bool { return w.System != thisSystem() }))
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		end()
		return nil, err
	}
	p := &processPool{conn: conn, command: command, options: dir + " " + options, std: std, here: s.workers > 0, callers: map[string]*binaryCaller{}}
	opts.Processes = min(max(places, 4), 512)
	opts.Elsewhere = func(ctx context.Context, proc *schedtest.Process) (*schedtest.Ended, error) {
		return p.elsewhere(ctx, working, proc)
	}
	return func(whole bool, failed int) {
		if whole {
			p.finish(working, failed)
		}
		end()
	}, nil
}
