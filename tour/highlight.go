package tour

import (
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
)

// A word is a piece of a line and the class that colours it, as style.css knows it.
type word [2]string

// highlight divides Go into lines of words. What is no Go is plain. The scanner is
// Go's own: it costs nothing where no page is drawn, while a library for many
// languages reads its grammars whenever a process begins.
func highlight(source string) [][]word {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	lines := &coloured{lines: [][]word{nil}}
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(token.Position, string) {}, scanner.ScanComments)
	done := 0               // how much of source is in lines
	var name, before [2]int // where the name that was read last begins and ends
	put := func(end int, class string) {
		lines.add(source[done:end], class)
		done = end
	}
	for {
		pos, t, text := s.Scan()
		at := file.Offset(pos)
		name, before = [2]int{}, name
		// A name is coloured once it is known what follows it.
		if before[1] > 0 {
			put(before[0], "")
			put(before[1], nameClass(source[before[0]:before[1]], t))
		}
		switch {
		case t == token.EOF:
			put(len(source), "")
			return lines.lines
		case t == token.IDENT:
			name = [2]int{at, at + len(text)}
		case t == token.COMMENT, t.IsLiteral(), t.IsKeyword():
			// A raw string or comment with a carriage return is longer than its text.
			end := min(at+len(text), len(source))
			put(at, "")
			put(end, tokenClass(t))
		}
	}
}

// tokenClass is one of few: what a program says should not drown in colours.
func tokenClass(t token.Token) string {
	switch {
	case t == token.COMMENT:
		return "c"
	case t == token.STRING, t == token.CHAR:
		return "s"
	case t.IsKeyword():
		return "k"
	}
	return "n"
}

// nameClass is that of a name before a token next: of something that Go declares
// itself, of a function, or of anything else.
func nameClass(name string, next token.Token) string {
	switch {
	case types.Universe.Lookup(name) != nil:
		return "t"
	case next == token.LPAREN:
		return "f"
	}
	return ""
}

// coloured are lines to which words are added.
type coloured struct{ lines [][]word }

func (c *coloured) add(text, class string) {
	for i, piece := range strings.Split(text, "\n") {
		if i > 0 {
			c.lines = append(c.lines, nil)
		}
		if piece == "" {
			continue
		}
		last := &c.lines[len(c.lines)-1]
		if n := len(*last); n > 0 && (*last)[n-1][0] == class {
			(*last)[n-1][1] += piece
			continue
		}
		*last = append(*last, word{class, piece})
	}
}
