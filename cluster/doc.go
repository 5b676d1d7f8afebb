// Package cluster spreads an exploration over machines, by way of NATS JetStream.
//
// A [Run] is an exploration. It is made of pieces: a [Piece] is a part of the
// exploration that one worker does alone, such as a range of seeds or some
// branches of a tree. A [Worker] takes pieces and stores a [Result] for each. A
// [Coordinator] adds the results up. What a piece is made of is not known here:
// to this package its work and its outcome are bytes.
//
// Why nothing is lost, and nothing counts twice:
//
//   - A result is stored under its piece's name, and only if there is none yet:
//     the server compares. So however often a piece is delivered, one result of
//     it is kept.
//   - A worker that gives part of a piece back says so in the result: the result
//     and the pieces that it leaves are one message. So either both are known or
//     neither.
//   - A piece is acknowledged when its result is stored. A worker that dies before
//     that leaves the piece to the next one.
//   - The coordinator's state follows from the results alone, in whatever order
//     they come. One that is started anew reads them again.
//   - A piece's name has a hash of its work, so that a result of an earlier run
//     is never taken for that of other work: see childName.
//   - A piece that no worker could do is part of the result as such: see
//     Result.GaveUp. Who adds up must not call that complete.
//
// Begin reading at names.go, which has the streams and subjects; then queue.go,
// worker.go and coordinator.go. Package embedded has a server for those who run
// none. The names of subjects and the JSON of messages are what workers of
// another build see: a change of either changes protocol, in system.go.
package cluster
