// Package subtests has parallel tests that share memory.
package subtests

func Double(n int) (int, error) { return 2 * n, nil }
