// Package seeded has no code, only a test and the mistakes in testdata: that
// fearless vet finds them, and go vet does not. Begin with seeded_test.go. The
// mistakes may be added to, and not changed to suit a rule.
package seeded
