// Package copies has no code, only a test: that "go vet" reports copies of
// every type of the library that must not be copied. Begin with copies_test.go;
// a new type gets a line in testdata, marked as those beside it.
package copies
