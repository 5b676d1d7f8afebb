// Command simulation plays a cluster of many workers through with costs that were
// measured, and prints a table: how much faster an exploration gets, what goes over the
// network, and what is busy all the time where it gets no faster. It needs no
// network, and prints the same each time.
//
//	go run ./cluster/simulation             the table, with the costs of costs.json
//	go run ./cluster/simulation -measure    measures the costs here, and prints them
//
// Begin reading at cluster.go. Times are whole nanoseconds, so that the table is the
// same on every machine.
package main
