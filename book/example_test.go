package book_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fearless-go/fearless/book"
)

func ExampleRun() {
	program, err := book.Find(book.Programs(), "ch1-03")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(program.Name)
	err = book.Run(context.Background(), program, os.Stdin, book.NewStdout(os.Stdout))
	fmt.Println("error:", err)
	// Output:
	// ch1-03-spawn-closure
	// 1
	// 2
	// 3
	// error: <nil>
}

func ExampleProgram() {
	program, _ := book.Find(book.Programs(), "ch2-05-fetch-add")
	for line := range strings.Lines(program.Source) {
		if strings.Contains(line, "FetchAdd(") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	// Output:
	// func FetchAdd(_ context.Context, _ io.Reader, out *Stdout) {
	// b := a.FetchAdd(23, atomic.Relaxed)
}

func ExampleFind() {
	_, err := book.Find(book.Programs(), "parking")
	var notFound *book.NotFoundError
	if errors.As(err, &notFound) {
		fmt.Println("did you mean", notFound.Similar)
	}
	fmt.Println(err)
	// Output:
	// did you mean [ch1-11-thread-parking]
	// no example is called "parking": use one of ch1-11-thread-parking
}

func ExampleWithSpeed() {
	ctx := book.WithSpeed(context.Background(), 1000) // a second takes a millisecond
	program, _ := book.Find(book.Programs(), "ch2-04-lazy-init")
	err := book.Run(ctx, program, os.Stdin, book.NewStdout(os.Stdout))
	fmt.Println("error:", err)
	// Output:
	// [book/ch2_04_lazy_init.go:29] getX() = 123
	// [book/ch2_04_lazy_init.go:30] getX() = 123
	// error: <nil>
}

func ExampleCrashError() {
	program := book.Program{
		Name: "example",
		Main: func(context.Context, io.Reader, *book.Stdout) { panic("no way on") },
	}
	err := book.Run(context.Background(), program, os.Stdin, book.NewStdout(os.Stdout))
	var crash *book.CrashError
	fmt.Println(errors.As(err, &crash), err)
	// Output: true example panicked: no way on
}
