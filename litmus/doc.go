// Package litmus runs litmus tests: small programs over C11 atomics, each with
// a condition on the states in which it may end. It explores every consistent
// execution, under RC11 or under sequential consistency, and so tells exactly
// which states are possible:
//
//	p, err := litmus.ParseC("SB.litmus", data)
//	res, err := litmus.Run(ctx, p, litmus.RC11, litmus.Limits{})
//	res.WriteText(os.Stdout) // as herd7 prints it
//
// Two forms are read. [ParseC] reads the C format of herd7 (Alglave, Maranget,
// Tautschnig, "Herding cats", TOPLAS 2014): threads P0, P1, ... over pointers
// to shared variables, the atomic_ functions of <stdatomic.h> with and without
// _explicit, plain accesses through *, arrays, if and loops, and exists, ~exists
// or forall. [ParseJSON] reads the same programs as data.
//
// The memory model is RC11 (Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing
// Sequential Consistency in C/C++11", PLDI 2017) with that paper's psc and the
// release sequences of C++20: an update carries one on, a later store by the
// same thread does not. A race between accesses of which one is plain makes a
// C program undefined; Result.Races counts the executions that have one.
//
// Limits: all values are 64 bits wide; a loop over nothing but loads, or around one
// compare-exchange, exchange, fetch_or or fetch_and, waits until its condition
// changes, any other loop is run as it stands and may reach the limit on events,
// which says why; there are no pointers as values, no structs, no functions, no locks.
package litmus
