// Package checked says which build this is: one that spends time and memory
// on finding misuse and on saying where it began, or one that does not.
package checked
