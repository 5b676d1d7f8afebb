// Package tour is the book in a browser: the passages of chapters 1 and 2 of
// "Rust Atomics and Locks", told in our own words, each with programs that can
// be changed, run, and given to fearless's checkers. "fearless tour -http" is
// made of it.
//
//	s, err := tour.New(ctx, tour.Config{Tool: "/path/of/fearless"})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	l, err := tour.Listen("127.0.0.1:0")
//	if err != nil {
//		return err
//	}
//	fmt.Println(s.URL(l))
//	err = s.Serve(ctx, l)
//
// A [Lesson] is a passage and its sheets, programs of one file each. A server
// keeps a workshop: a folder with the text of the library ([fearless.Source])
// and stand-ins for its two dependencies, so that nothing has to be downloaded.
// Each run gets a folder and a group of processes of its own there.
//
// Whoever can send a request can run a program. So the server listens on
// 127.0.0.1 only, its addresses begin with a random token, and the Host and the
// Origin of a request have to be its own: none of the three may be relaxed.
// A page must show the text of its lesson without scripts.
//
// Begin reading at lesson.go, then server.go.
package tour
