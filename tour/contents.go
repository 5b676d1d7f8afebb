package tour

// contents is the order of the tour: that of the two chapters.
var contents = []struct{ heading, lessons string }{
	{"Threads", `
		ch1-01-hello ch1-thread-ids ch1-02-hello-join ch1-output-locking ch1-03-spawn-closure ch1-thread-builder
		ch1-04-scoped-threads`},
	{"Shared ownership and reference counting", `
		ch1-statics ch1-leaking ch1-05-rc ch1-arc-clones ch1-naming-clones`},
	{"Borrowing, and changing what is shared", `
		ch1-undefined-behavior ch1-06-cell ch1-07-refcell ch1-unsafe-send`},
	{"Locks", `
		ch1-08-mutex ch1-09-sleep-before-unlock ch1-10-unlock-before-sleep ch1-mutex-poisoning ch1-lock-in-one-statement
		ch1-guard-lifetime ch1-rwlock-policies ch1-writer-starvation`},
	{"Waiting", `
		ch1-11-thread-parking ch1-spurious-wake-ups ch1-unparks-do-not-add-up ch1-lost-wake-up ch1-12-condvar
		ch1-condvar-many-consumers ch1-condvar-two-conditions`},
	{"Atomics: load and store", `
		ch2-01-stop-flag ch2-02-progress-reporting ch2-03-progress-reporting-unpark ch2-04-lazy-init
		ch2-relaxed-out-of-order`},
	{"Fetch-and-modify", `
		ch2-05-fetch-add ch2-06-progress-reporting-multiple-threads ch2-07-statistics
		ch2-statistics-behind-a-mutex ch2-08-id-allocation
		ch2-09-id-allocation-panic
		ch2-10-id-allocation-subtract-before-panic`},
	{"Compare-and-exchange", `
		ch2-11-increment-with-compare-exchange ch2-weak-compare-exchange ch2-12-id-allocation-without-overflow ch2-fetch-update
		ch2-13-lazy-one-time-init
		ch2-one-time-initialization ch2-aba`},
}
