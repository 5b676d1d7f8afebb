// Package show prints the types of the library that hold data, as Rust's Debug
// does: `Mutex{data: 3}`, or `Mutex{<locked>}` where the data cannot be read now.
// Left to package fmt, they would be read by reflection, with no regard to who
// holds what. Begin reading at Data.
package show

import "fmt"

// Data prints typ with its data, in the verb and with the flags of f. The caller
// may read *data until Data returns. The notes follow the data.
func Data[T any](f fmt.State, verb rune, typ string, data *T, notes ...string) {
	fmt.Fprintf(f, "%s{data: "+fmt.FormatString(f, verb), typ, inner(data))
	for _, note := range notes {
		fmt.Fprintf(f, ", %s", note)
	}
	fmt.Fprint(f, "}")
}

// Inner prints the data alone, in the verb and with the flags of f.
func Inner[T any](f fmt.State, verb rune, data *T) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), inner(data))
}

// State prints typ with a state in place of its data, such as "locked".
func State(f fmt.State, typ, state string) { fmt.Fprintf(f, "%s{<%s>}", typ, state) }

// inner returns the data as package fmt is to have it: by its pointer if that
// has methods to print it, as that of another lock has.
func inner[T any](data *T) any {
	switch p := any(data).(type) {
	case fmt.Formatter, fmt.GoStringer, fmt.Stringer, error:
		return p
	}
	return *data
}
