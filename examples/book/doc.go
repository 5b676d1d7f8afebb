// Package book has programs of chapters 1 and 2 of "Rust Atomics and Locks", made
// small, as tests that fearless prove runs under every schedule that differs:
//
//	fearless prove ./examples/book
//
// The programs themselves are in ../../book; here two threads stand for its ten, and
// two items for its endless queues. Begin with mutex_test.go. Each test has
// //fearless:prove above it, so that fearless test, too, fails when it is not proven.
package book
