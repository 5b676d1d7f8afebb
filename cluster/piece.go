package cluster

// A Piece is a part of a run that one worker does alone.
type Piece struct {
	Run    string `json:"run"`
	Name   string `json:"name"`             // unique in the run; a root has no "-", and what it leaves has its name, "-" and a hash
	Title  string `json:"title"`            // for people: the test that it is a piece of
	Binary string `json:"binary,omitempty"` // the file that it needs, as [Conn.PutFile] named it
	Work   []byte `json:"-"`                // what is to be done
}

// message is a piece as it is stored.
type message struct {
	Piece
	Work item `json:"work"`
}
