package linear

import "reflect"

// A Spec is what an object does for one goroutine alone: a state of type S,
// operations of type O and their results of type R.
type Spec[S, O, R any] struct {
	// Name of the object, for reports.
	Name string
	// Init is the first state.
	Init func() S
	// Step is what the operation may come to in the state: most often one
	// outcome, several if that is left open, none if it waits there. It must not
	// change the state that it gets.
	Step func(state S, op O) []Outcome[S, R]
	// Equal reports whether two states are the same; nil is reflect.DeepEqual.
	Equal func(a, b S) bool
	// Part is what the operation is about, such as the key of a map: a value that
	// can be compared. Operations of different parts have nothing to do with each
	// other and are judged apart, each with a state of its own. Nil is one part.
	Part func(op O) any
}

// An Outcome is what an operation may come to: the state that it leaves behind and
// its result.
type Outcome[S, R any] struct {
	State  S
	Result R
}

// one is the only outcome.
func one[S, R any](state S, result R) []Outcome[S, R] { return []Outcome[S, R]{{state, result}} }

// A rules is a Spec without its types.
type rules struct {
	name  string
	init  func() any
	step  func(state, op any) []Outcome[any, any]
	equal func(a, b any) bool
	part  func(op any) any
}

func (s *Spec[S, O, R]) rules() *rules {
	r := &rules{
		name: s.Name,
		init: func() any { return s.Init() },
		step: func(state, op any) []Outcome[any, any] {
			var list []Outcome[any, any]
			for _, o := range s.Step(state.(S), op.(O)) {
				list = append(list, Outcome[any, any]{o.State, o.Result})
			}
			return list
		},
		equal: reflect.DeepEqual,
		part:  func(any) any { return nil },
	}
	if s.Equal != nil {
		r.equal = func(a, b any) bool { return s.Equal(a.(S), b.(S)) }
	}
	if s.Part != nil {
		r.part = func(op any) any { return s.Part(op.(O)) }
	}
	return r
}

// after is the states that the operation may leave behind.
func (r *rules) after(state any, o *operation) (states []any) {
	for _, out := range r.step(state, o.op) {
		if o.pending || reflect.DeepEqual(out.Result, o.result) {
			states = append(states, out.State)
		}
	}
	return states
}
