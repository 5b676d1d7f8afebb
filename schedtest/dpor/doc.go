// Package dpor explores the executions of a concurrent program, one of each
// class of those that differ only in the order of independent events: optimal
// dynamic partial order reduction with sleep sets and wakeup trees (Abdulla,
// Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic
// Partial Order Reduction", JACM 2017).
//
// Begin reading at Dpor, whose methods a host calls that runs the program:
//
//	for x.Begin() {
//		for something is enabled {
//			i, variant := x.Pick(pending) // which thread runs next
//			…                             // run it to its next operation
//			x.Access(touched)             // what the event did
//			x.Woke(thread)                // for each thread that it created or woke
//		}
//		x.Stuck(pending) // what is left, not enabled
//		x.End(false)
//	}
//
// The files are compiled twice: here, to be tested, and as part of package
// runtime of a program under test, where Pick, Access, Woke and Forget run on
// the scheduler's own stack. They import nothing, their package-level names
// begin with dpor, and those methods do not allocate: when a buffer is too small
// the execution is abandoned, and Begin repeats its schedule with a larger one.
//
// # What depends on what
//
// Two events of one thread are dependent, as are an event and the next of a
// thread that it created or woke, and two events that access one object with
// modes that do not commute:
//
//	        Read  Write  Add  Sub  Send  Recv
//	Read     -     x      x    x    x     x
//	Write    x     x      x    x    x     x
//	Add      x     x      -    -    x     x
//	Sub      x     x      -    -    x     x
//	Send     x     x      x    x    x     *
//	Recv     x     x      x    x    *     x
//
// (*) The receive of item i happens after the send of item i, and the send of
// item i after the receive of item i-c, c being the channel's capacity. Other
// sends and receives commute.
//
// # Operations that wait
//
// An operation that waits stands at its point until it is enabled. So the event
// that disabled it need not be the last before it that it conflicts with: in
//
//	lock(g1) unlock(g1) lock(g2)
//
// lock(g2) cannot take unlock(g1)'s place, but it can take lock(g1)'s. Therefore
// races goes back through the object's events to the nearest in whose place the
// operation is enabled, and it looks also at operations that are left waiting at
// the end (Stuck). Nothing is lost: let w be an execution from some node in
// which q runs after the events w', and p an event explored at that node that
// commutes with w' but disables q. All executions that begin with p and w' are
// explored. In one of them q runs as soon as it is enabled, or never; in that
// one no event between p and q is one in whose place q is enabled, so that p is
// found, and what is inserted, all that does not happen after p and then q,
// contains w' and q. What else it contains commutes with q, since an event that
// conflicts with q on p's object conflicts with p too, and so happens after p.
//
// That last is not so of counters, where Add and Sub commute and yet disable
// WaitGroup.Wait. There cuts tries every set of the counter's events after which
// it has the state that is waited for.
//
// Once a counter can be made negative, only that failure is sure to be found.
//
// # What is claimed, and its twin
//
// Every class is explored, none twice, and, while Stable is set, no execution is
// begun in vain if all that operations do in another place can be told: for
// atomics, Mutex, RWMutex, WaitGroup, Once, buffered channels and selects over
// them. Where it cannot be told (an operation does more when another thread waits
// for it, or the objects of two executions cannot be compared) the exploration
// goes on without wakeup trees (source, in wakeup.go): each class once, but
// executions that sleep sets then end are counted in Stats as blocked.
//
// A turn of a waiting loop without effect is taken out (Forget). Loops that read
// one object are then explored once a class; a loop that reads several is explored
// with its turns, and what is explored again counts as blocked.
//
// The tests hold this against an enumeration of all orders of random programs, of
// a language whose machine is a host of Dpor (machine_test.go, host_test.go,
// enumerate_test.go); of programs with waiting loops the final states are compared
// (await_test.go). FEARLESS_DPOR_PROGRAMS sets how many programs of each kind.
//
// Wakeup trees may grow with the number of executions in the worst case. Nothing
// else does.
package dpor
