// Command hunt runs fearless on modules that nobody here wrote, and keeps what
// it says of them as data: the examination of the tools.
//
//	go run ./hunt -module github.com/oklog/run@v1.2.0    one module
//	go run ./hunt -module ./service                      one that lies in a folder
//	go run ./hunt -all                                   those of hunt/modules.txt that have no result yet
//	go run ./hunt -all -modules FILE                     those of another list
//	go run ./hunt -report                                the tables, of the results and of hunt/verdicts.tsv
//	go run ./hunt -known                                 the old bugs of hunt/known.tsv: which of them are found
//	go run ./hunt -reproduce                             run the reproducers below hunt/bugs
//
// A module is copied to a folder that is removed at the end; its own folder in
// the module cache is not touched. Then plain go test, fearless vet, fearless
// test, fearless test -race and fearless prove run there, each within a limit
// of time and memory. One file of JSON a module goes to the folder of results,
// when the module is done: a hunt that is stopped goes on where it was.
//
// An old bug is a line of hunt/known.tsv: the last version that has it, the
// issue that tells of it, and the places at which a finding names it.
//
// To begin reading: hunt.go has the order of what is done to one module, known.go
// what counts as found.
//
// What may not be touched: a tool that did not run to its end is never counted
// as one that found nothing. Each run has a state, and the tables tell them apart.
package main
