package trace

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Version is the version of the JSON form. It changes when a reader of the
// old form would misread the new one; a new optional member does not change it.
const Version = 1

// file is the JSON form: the members of Trace, and the version before them.
// Kinds and flags are written by name.
type file struct {
	Version int `json:"version"`
	Trace
}

// WriteJSON writes t as one JSON object that [ReadJSON] reads back equal
// (bytes that are not UTF-8 become U+FFFD):
//
//	{
//	  "version": 1,
//	  "headline": "…", "detail": "…", "replay": "…",
//	  "lanes": [{"name": "…", "created": {"file": "…", "line": 1, "func": "…"}, "end": "…"}],
//	  "steps": [{"lane": 0, "pos": {…}, "op": "…", "value": "…", "note": "…", "flags": ["failing"]}],
//	  "edges": [{"from": 0, "to": 1, "kind": "reads-from"}]
//	}
//
// Lanes and steps are numbered from 0. Members that are empty are left out,
// except version, headline, the three lists, and what names a step or an edge.
func (t *Trace) WriteJSON(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	f := file{Version, *t}
	// A list is a list for every reader, also when it is empty.
	f.Lanes = append([]Lane{}, f.Lanes...)
	f.Steps = append([]Step{}, f.Steps...)
	f.Edges = append([]Edge{}, f.Edges...)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(f)
}

// ReadJSON reads what [Trace.WriteJSON] wrote. It returns an *InvalidError
// for anything else, and ignores members that it does not know.
func ReadJSON(r io.Reader) (*Trace, error) {
	var f file
	if err := json.NewDecoder(r).Decode(&f); err != nil {
		return nil, &InvalidError{Where: "JSON", Err: err}
	}
	if f.Version != Version {
		return nil, &InvalidError{Where: "JSON", Err: fmt.Errorf("version %d is not supported; this program reads version %d", f.Version, Version)}
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	return &f.Trace, nil
}

// MarshalText returns the name of k.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText accepts the names that MarshalText returns.
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kindNames[:], string(text))
	if i <= 0 {
		return fmt.Errorf("unknown kind of edge %q; want one of %q", text, kindNames[1:])
	}
	*k = Kind(i)
	return nil
}

// MarshalJSON returns a list of names, such as ["blocked","failing"].
func (f Flags) MarshalJSON() ([]byte, error) { return json.Marshal(f.names()) }

// UnmarshalJSON accepts the lists that MarshalJSON returns.
func (f *Flags) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return err
	}
	*f = 0
	for _, name := range names {
		i := slices.Index(flagNames[:], name)
		if i < 0 {
			return fmt.Errorf("unknown flag %q; want one of %q", name, flagNames)
		}
		*f |= 1 << i
	}
	return nil
}
