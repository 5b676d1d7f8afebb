package litmus

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteText prints r as herd7 does: the states, whether the condition is met,
// and how many executions satisfy it.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	c := r.condition()
	fmt.Fprintf(&b, "Test %s %s\n", r.Program.Name, c.Quantifier.kind())
	shown := r.shown()
	states := slices.Clone(r.States)
	slices.SortStableFunc(states, func(a, b State) int {
		for _, pl := range shown {
			if c := cmp.Compare(pl.value(&a), pl.value(&b)); c != 0 {
				return c
			}
		}
		return 0
	})
	var lines []string
	positive, negative := 0, 0
	for i := range states {
		s := &states[i]
		if c.Prop.holds(s) {
			positive += s.Executions
		} else {
			negative += s.Executions
		}
		if line := showState(shown, s); len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
	}
	fmt.Fprintf(&b, "States %d\n", len(lines))
	for _, l := range lines {
		fmt.Fprintln(&b, l)
	}
	fmt.Fprintln(&b, r.word(positive, negative))
	seen := "Sometimes"
	switch {
	case positive == 0:
		seen = "Never"
	case negative == 0:
		seen = "Always"
	}
	good, bad := positive, negative
	if c.Quantifier == NotExists {
		good, bad = negative, positive
	}
	fmt.Fprintf(&b, "Witnesses\nPositive: %d Negative: %d\n", good, bad)
	if r.Races > 0 {
		fmt.Fprintf(&b, "Flag data-race: %d of %d executions, the program is undefined\n", r.Races, r.Executions+r.Filtered)
	}
	if r.Blocked > 0 {
		fmt.Fprintf(&b, "Blocked %d\n", r.Blocked)
	}
	fmt.Fprintf(&b, "Condition %v\nObservation %s %s %d %d\n\n", c, r.Program.Name, seen, positive, negative)
	_, err := io.WriteString(w, b.String())
	return err
}

// word is the verdict on the condition.
func (r *Result) word(positive, negative int) string {
	switch {
	case r.Races > 0:
		return "Undef"
	case r.condition().Quantifier.holds(positive, negative):
		return "Ok"
	}
	return "No"
}

// verdict is the condition and what came of it, for a picture of the witness.
func (r *Result) verdict() string {
	c := r.condition()
	positive, negative := 0, 0
	for i := range r.States {
		if c.Prop.holds(&r.States[i]) {
			positive += r.States[i].Executions
		} else {
			negative += r.States[i].Executions
		}
	}
	return fmt.Sprintf("%v: %s, in %d of %d executions", c, r.word(positive, negative), positive, positive+negative)
}

// condition is the program's, or, if it has none, one that every state meets.
func (r *Result) condition() *Condition {
	if c := r.Program.Condition; c != nil {
		return c
	}
	return &Condition{Forall, Prop{Op: "true"}}
}

// shown is the places that the states show: those of the condition and of
// locations, or all of them if there are none.
func (r *Result) shown() []Place {
	p := r.Program
	var list []Place
	add := func(pl Place) {
		if !slices.Contains(list, pl) {
			list = append(list, pl)
		}
	}
	if p.Condition != nil {
		p.Condition.Prop.places(add)
	}
	for _, pl := range p.Locations {
		add(pl)
	}
	if len(list) == 0 {
		for t := range p.Threads {
			for i, name := range p.Threads[t].Regs {
				if name != hidden {
					add(Place{t, i, name})
				}
			}
		}
		for i, v := range p.Vars {
			add(Place{-1, i, v.Name})
		}
	}
	slices.SortStableFunc(list, func(a, b Place) int {
		if (a.Thread < 0) != (b.Thread < 0) { // registers first
			return cmp.Compare(b.Thread, a.Thread)
		}
		return cmp.Or(cmp.Compare(a.Thread, b.Thread), strings.Compare(a.Name, b.Name))
	})
	return list
}

func showState(shown []Place, s *State) string {
	var parts []string
	for _, pl := range shown {
		parts = append(parts, fmt.Sprintf("%v=%d;", pl, pl.value(s)))
	}
	return strings.Join(parts, " ")
}

// A Summary is a Result in the JSON form.
type Summary struct {
	Name       string `json:"name"`
	Executions int    `json:"executions"`
	Blocked    int    `json:"blocked"`
	// Races is how many executions have a data race.
	Races int `json:"races"`
	// Outcomes are the final states: variables, and "thread:register" for
	// each register that the thread has set.
	Outcomes []map[string]int64 `json:"outcomes"`
}

// Summary returns r in the JSON form.
func (r *Result) Summary() Summary {
	s := Summary{
		Name: r.Program.Name, Executions: r.Executions, Blocked: r.Blocked, Races: r.Races,
		Outcomes: []map[string]int64{},
	}
	for i := range r.States {
		st := &r.States[i]
		o := make(map[string]int64)
		for k, v := range r.Program.Vars {
			o[v.Name] = st.Vars[k]
		}
		for t := range st.Regs {
			for k, name := range r.Program.Threads[t].Regs {
				if name != hidden && st.Set[t][k] {
					o[fmt.Sprintf("%d:%s", t, name)] = st.Regs[t][k]
				}
			}
		}
		s.Outcomes = append(s.Outcomes, o)
	}
	return s
}

// Parse reads the programs of a file: the JSON form if it begins with [ or {,
// else one test in C.
func Parse(name string, data []byte) ([]*Program, error) {
	if err := tooLong(name, data); err != nil {
		return nil, err
	}
	switch text := strings.TrimLeft(string(data), " \t\r\n"); {
	case strings.HasPrefix(text, "["), strings.HasPrefix(text, "{"):
		return ParseJSON(name, data)
	default:
		p, err := ParseC(name, data)
		if err != nil {
			return nil, err
		}
		return []*Program{p}, nil
	}
}
