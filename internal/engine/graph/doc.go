// Package graph is execution graphs, and what a memory model allows of them: pure data,
// which knows nothing of threads that run and of the exploration that makes it grow.
//
// Begin with event.go, one node of a graph, and graph.go, which has the nodes with their
// three relations: program order (po, a Log for each thread), reads-from (Event.RF), and
// the coherence order of each location (Location.CO). From these follow happens-before
// (hb) and porf, po with reads-from, which clocks.go keeps as vector clocks, and from-read
// (fr): a read comes before the writes that are behind what it reads in CO.
//
// checker.go is the door to the axioms: rc11.go has those of RC11, sc.go those of
// sequential consistency, race.go says what a data race is. restrict.go is what TruSt
// leaves of a graph when a write revisits a read, twins.go what threads that are alike
// wait for, saved.go and word.go how a graph is kept in a file and in a line.
//
// What may not be touched:
//
//   - The number of an event is its place in the order of addition, <G of the TruSt paper.
//     Events are added at the end and removed from there; only Restrict leaves some out.
//   - An event's clocks are computed when it is added, and again by who changes what they
//     follow from. Nothing in a graph is looked at before that.
//   - A location of which CO[0] is the initial value has its writes from place 1 on, and
//     each write knows its place (Event.Pos). Nothing comes between an update and the
//     write that it reads from.
//   - Which executions are consistent is held against a brute-force enumeration of the
//     axioms (engine's reference_test.go and litmus's). No change of this package counts
//     as whole before they have run.
package graph
