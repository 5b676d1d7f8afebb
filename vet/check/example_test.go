package check_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fearless-go/fearless/vet/check"
)

// counter is a module with one race.
func counter() (dir string) {
	dir, err := os.MkdirTemp("", "fearless-*")
	if err != nil {
		panic(err)
	}
	for name, text := range map[string]string{"go.mod": "module example.com/counter\n\ngo 1.26\n", "counter.go": `package counter

func Count() int {
	n := 0
	go func() { n++ }()
	return n
}
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			panic(err)
		}
	}
	return dir
}

// A program that runs the rules; the go command calls it back for each package.
func ExampleRun() {
	// In main:
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	dir := counter()
	defer os.RemoveAll(dir)
	findings, err := check.Run(context.Background(), check.Options{Dir: dir, Patterns: []string{"./..."}, Rules: []string{"share"}})
	if err != nil {
		panic(err)
	}
	_ = check.Print(os.Stdout, findings)
	// Output:
	// counter.go:5:14: `n` is written here, by the goroutine started at counter.go:5, and read at counter.go:6; nothing orders the two [share]
	// 	confidence: must
	// 	counter.go:6:9: the other use: `n` is read here
	// 	counter.go:5:2: the goroutine starts here
}

// Findings of packages that can be checked are good even if others cannot.
func ExampleError() {
	_, err := check.Run(context.Background(), check.Options{Patterns: []string{"./nowhere"}})
	var e *check.Error
	fmt.Println(errors.As(err, &e))
	// Output: true
}

func ExampleFinding() {
	f := check.Finding{Position: check.Position{File: "counter.go", Line: 5, Column: 14}, Rule: "share", Message: "`n` is written here"}
	fmt.Println(f)
	// Output: counter.go:5:14: `n` is written here [share]
}

// Findings that a baseline accepts may move; a further one of the kind is new.
func ExampleBaseline() {
	at := func(line int) check.Finding {
		return check.Finding{Position: check.Position{File: "counter.go", Line: line}, Rule: "share", Message: "`n` is written here"}
	}
	accepted := check.NewBaseline([]check.Finding{at(5)})
	for _, f := range accepted.New([]check.Finding{at(8), at(12)}) {
		fmt.Println(f)
	}
	// Output: counter.go:12: `n` is written here [share]
}

func ExampleApplyFixes() {
	dir := counter()
	defer os.RemoveAll(dir)
	findings := []check.Finding{{Message: "Count is a poor name", Fixes: []check.Fix{{Edits: []check.Edit{
		{File: "counter.go", Start: 22, End: 27, New: "Racy"},
	}}}}}
	left, err := check.ApplyFixes(dir, findings)
	src, _ := os.ReadFile(filepath.Join(dir, "counter.go"))
	fmt.Printf("%d left, %v\n%.32s\n", len(left), err, src)
	// Output:
	// 0 left, <nil>
	// package counter
	//
	// func Racy() int
}
