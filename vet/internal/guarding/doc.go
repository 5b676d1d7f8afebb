// Package guarding tells whether a use of a field or package variable holds
// the lock that guards it. Begin with [Uses], which finds the uses, and
// [Checker.Allowed], which judges one.
package guarding
