// Package goker measures the lock rules on GoKer, the kernels of deadlocks in
// well-known Go programs that Go's own tests contain (GOROOT,
// src/runtime/testdata/testgoroutineleakprofile/goker).
//
// The kernels are from Yuan et al., "GoBench: A Benchmark Suite of Real-World
// Go Concurrency Bugs" (CGO 2021), which labels 24 of them resource deadlocks.
// One of these, cockroach18101, has no lock at all; the other 23 are [Bugs].
package goker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/vet/check"
)

// A Bug is a resource deadlock of GoKer. Its name is that of its file.
type Bug struct {
	Name string
	Kind string // what the bug is
	// Rules are the rules of which one must find it.
	Rules []string
	// Why tells, of a bug that is not found, what finding it would need.
	Why string
}

var (
	reentry  = []string{"guard", "lockorder"}
	forgets  = []string{"guard"}
	orders   = []string{"lockorder"}
	heldWait = []string{"held"}
)

// Bugs are the resource deadlocks of GoKer.
var Bugs = []Bug{
	{Name: "cockroach10214", Kind: "AB-BA, across calls", Rules: orders},
	{Name: "cockroach16167", Kind: "RLock-Lock-RLock, through Cond.L", Rules: reentry},
	{Name: "cockroach3710", Kind: "RLock-Lock-RLock, across calls", Rules: orders},
	{Name: "cockroach584", Kind: "forgotten Unlock, at a break", Rules: forgets},
	{Name: "cockroach6181", Kind: "RLock-Lock-RLock, in a callee", Rules: reentry},
	{Name: "cockroach7504", Kind: "AB-BA, across calls", Rules: orders},
	{Name: "cockroach9935", Kind: "double lock, in a callee", Rules: reentry},
	{Name: "etcd10492", Kind: "double lock, through a function in a field", Rules: reentry},
	{Name: "etcd5509", Kind: "forgotten RUnlock, at a return", Rules: forgets},
	{Name: "etcd6708", Kind: "double lock, through interfaces", Rules: reentry},
	{Name: "grpc3017", Kind: "forgotten Unlock, at a return", Rules: forgets},
	{Name: "grpc795", Kind: "double lock", Rules: reentry},
	{Name: "hugo3251", Kind: "AB-BA, of a lock in a map", Rules: orders},
	{Name: "hugo5379", Kind: "double lock, through functions in a map", Rules: reentry,
		Why: "that the page which a function in the map renders is the page whose lock is held: the contents of maps would have to be followed"},
	{Name: "kubernetes13135", Kind: "AB-BA, through functions in fields", Rules: orders},
	{Name: "kubernetes30872", Kind: "AB-BA, through interfaces", Rules: orders},
	{Name: "kubernetes58107", Kind: "read lock held during Cond.Wait", Rules: heldWait},
	{Name: "kubernetes62464", Kind: "RLock-Lock-RLock, in a callee", Rules: reentry},
	{Name: "moby17176", Kind: "forgotten Unlock, at a return", Rules: forgets},
	{Name: "moby36114", Kind: "double lock, in a callee", Rules: reentry},
	{Name: "moby4951", Kind: "AB-BA, by unlocking and locking again in a callee", Rules: orders},
	{Name: "moby7559", Kind: "forgotten Unlock, at a continue", Rules: forgets},
	{Name: "syncthing4829", Kind: "double lock, in a callee", Rules: reentry},
}

// A Result is a bug and the finding that tells of it.
type Result struct {
	Bug
	Finding *check.Finding // nil if it is not found
}

// ErrNoSource says that this Go installation has no GoKer.
var ErrNoSource = errors.New("goker: this Go installation comes without src/runtime/testdata/testgoroutineleakprofile/goker; install Go from go.dev/dl")

// Run applies the rules to GoKer. Tool is the executable that calls
// [check.Tool]; "" is the running one.
func Run(ctx context.Context, tool string) ([]Result, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run the go command, which must be in PATH: %w", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "src", "runtime", "testdata", "testgoroutineleakprofile", "goker")
	if _, err := os.Stat(dir); err != nil {
		return nil, ErrNoSource
	}
	findings, err := check.Run(ctx, check.Options{Dir: dir, Rules: []string{"guard", "held", "lockorder"}, Tool: tool})
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, bug := range Bugs {
		r := Result{Bug: bug}
		for i, f := range findings {
			if filepath.Base(f.File) == bug.Name+".go" && slices.Contains(bug.Rules, f.Rule) {
				r.Finding = &findings[i]
				break
			}
		}
		results = append(results, r)
	}
	return results, nil
}

// Found counts the bugs that were found.
func Found(results []Result) int {
	n := 0
	for _, r := range results {
		if r.Finding != nil {
			n++
		}
	}
	return n
}

// Print writes results as a Markdown table.
func Print(w io.Writer, results []Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d resource deadlocks of GoKer found.\n\n| bug | kind | found by |\n|---|---|---|\n", Found(results), len(results))
	for _, r := range results {
		by := "not found; it would need to know " + r.Why
		if r.Finding != nil {
			by = fmt.Sprintf("%s, line %d", r.Finding.Rule, r.Finding.Line)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.Name, r.Kind, by)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
