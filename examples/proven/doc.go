// Package proven has a dozen small things that every Go program needs, each with
// a test that fearless prove runs under every schedule that differs, and a broken
// twin that it refutes:
//
//	fearless prove ./examples/proven                  proven, each in a second
//	fearless prove -tags broken ./examples/proven     and what is wrong with each twin
//
// Begin with queue.go and queue_test.go. The twins are in the files that end in
// _broken_test.go, behind the build tag broken; most pass go test a thousand times.
package proven
