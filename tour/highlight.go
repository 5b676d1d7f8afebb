package tour

import (
	"slices"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// A word is a piece of a line and the class that colours it, as style.css knows it.
type word [2]string

var goLexer = chroma.Coalesce(lexers.Get("go"))

// highlight divides Go into lines of words. What is no Go is plain.
func highlight(source string) [][]word {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	lines := strings.Split(source, "\n")
	found := make([][]word, len(lines))
	iterator, err := goLexer.Tokenise(nil, source)
	if err != nil {
		return plain(lines)
	}
	at := 0
	for _, t := range iterator.Tokens() {
		for i, piece := range strings.Split(t.Value, "\n") {
			if i > 0 {
				at++
			}
			if piece != "" && at < len(found) {
				found[at] = append(found[at], word{class(t.Type), piece})
			}
		}
	}
	// Colours never change a text.
	for i, line := range found {
		var b strings.Builder
		for _, t := range line {
			b.WriteString(t[1])
		}
		if b.String() != lines[i] {
			return plain(lines)
		}
	}
	return found
}

func plain(lines []string) [][]word {
	all := make([][]word, len(lines))
	for i, line := range lines {
		if line != "" {
			all[i] = []word{{"", line}}
		}
	}
	return all
}

// class is one of few: what a program says should not drown in colours.
func class(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "c"
	case slices.Contains([]chroma.TokenType{chroma.KeywordType, chroma.NameBuiltin, chroma.KeywordConstant}, t):
		return "t"
	case t.InCategory(chroma.Keyword):
		return "k"
	case t.InSubCategory(chroma.LiteralString):
		return "s"
	case t.InSubCategory(chroma.LiteralNumber):
		return "n"
	case t == chroma.NameFunction:
		return "f"
	}
	return ""
}
