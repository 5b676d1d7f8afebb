// Package book holds the programs of chapters 1 and 2 of Mara Bos's "Rust
// Atomics and Locks", written in Go on fearless's library, and what is needed
// to list, run and show them. "fearless tour" is made of it.
//
// A program is a function of a context, an input and an output, in a file of
// its own that is named as in the book's companion repository: the book's
// ch1-08-mutex is [Mutex] in ch1_08_mutex.go. The passages of the two chapters
// that come without a program there are programs of the same kind here, named
// after their subject: [MutexPoisoning] is ch1-mutex-poisoning.
//
//	program, err := book.Find(book.Programs(), "ch1-08")
//	if err != nil {
//		return err // names what would have been found
//	}
//	err = book.Run(ctx, program, os.Stdin, book.NewStdout(os.Stdout))
//
// The programs take their time as the book's do; [WithSpeed] shortens it. They
// write to a [Stdout], which threads share without mixing their lines, and
// show values with [Dbg], Rust's dbg!.
package book
