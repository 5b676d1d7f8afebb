package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

var dotStyles = [...]string{
	ReadsFrom:        `color="#1565c0"`,
	SynchronizesWith: `color="#2e7d32", penwidth=2`,
	Spawn:            `color="#6d6d6d", style=dashed`,
	Join:             `color="#6d6d6d", style=dashed`,
	Wake:             `color="#b26a00", style=dotted`,
	Coherence:        `color="#8d6e63", style=dashed`,
	FromRead:         `color="#ad1457"`,
}

// WriteDot writes t as a digraph for Graphviz: a cluster a lane, its steps
// from top to bottom.
func (t *Trace) WriteDot(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	buf, files := bufio.NewWriter(w), t.shortFiles()
	fmt.Fprintf(buf, "digraph trace {\n\tlabel=%s;\n\tnode [shape=box, fontname=monospace, fontsize=10];\n\tedge [fontsize=9];\n", dotQuote(t.Headline))
	for lane := range t.Lanes {
		fmt.Fprintf(buf, "\tsubgraph cluster_%d {\n\t\tlabel=%s;\n", lane, dotQuote(t.laneName(lane)))
		last := -1
		for i, s := range t.Steps {
			if s.Lane != lane {
				continue
			}
			label := fmt.Sprintf("%d %s", i+1, shorten(opText(s)))
			if p := place(s.Pos, files); p != "" {
				label += "\n" + p
			}
			color := ""
			if s.Flags&Failing != 0 {
				color = `, color="#c62828", penwidth=2`
			}
			fmt.Fprintf(buf, "\t\ts%d [label=%s%s];\n", i+1, dotQuote(label), color)
			if last >= 0 {
				fmt.Fprintf(buf, "\t\ts%d -> s%d [color=gray];\n", last+1, i+1)
			}
			last = i
		}
		fmt.Fprint(buf, "\t}\n")
	}
	for _, e := range t.Edges {
		fmt.Fprintf(buf, "\ts%d -> s%d [label=%q, %s, constraint=false];\n", e.From+1, e.To+1, e.Kind.String(), dotStyles[e.Kind])
	}
	fmt.Fprint(buf, "}\n")
	return buf.Flush()
}

// dotQuote returns s as a quoted string of the DOT language, in which a
// backslash stands for itself unless an escape sequence is meant.
func dotQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(cleanLines(s)) + `"`
}
