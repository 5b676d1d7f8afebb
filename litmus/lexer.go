package litmus

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A token is one word of a C litmus file.
type token struct {
	kind      tokenKind
	text      string
	num       int64
	line, col int
}

type tokenKind uint8

const (
	tEnd tokenKind = iota
	tName
	tNumber
	tString
	tPunct
)

func (t token) String() string {
	if t.kind == tEnd {
		return "the end of the file"
	}
	return quote(t.text)
}

// quote is text as a message shows it: not all of a name of a million letters.
func quote(text string) string {
	const most = 60
	if len(text) > most {
		return strconv.Quote(text[:most]) + "..."
	}
	return strconv.Quote(text)
}

type lexer struct {
	file      string
	src       string
	pos       int
	line, col int
	code      bool // in a thread's body, where (* is no comment but a parenthesis and a pointer
}

// syntaxError is how the parser leaves its depths; ParseC turns it into the error.
type syntaxError struct{ *ParseError }

func (l *lexer) fail(line, col int, format string, args ...any) {
	panic(syntaxError{&ParseError{l.file, line, col, fmt.Errorf(format, args...)}})
}

func (l *lexer) advance(n int) {
	for range n {
		if l.src[l.pos] == '\n' {
			l.line, l.col = l.line+1, 1
		} else if utf8.RuneStart(l.src[l.pos]) {
			l.col++
		}
		l.pos++
	}
}

func (l *lexer) has(s string) bool {
	return len(l.src)-l.pos >= len(s) && l.src[l.pos:l.pos+len(s)] == s
}

// blank skips space and comments of C and, outside bodies, of herd7: (* ... *).
func (l *lexer) blank() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.advance(1)
		case l.has("//"):
			for l.pos < len(l.src) && l.src[l.pos] != '\n' {
				l.advance(1)
			}
		case l.has("/*"):
			l.comment("*/")
		case l.has("(*") && !l.code:
			l.comment("*)")
		default:
			return
		}
	}
}

func (l *lexer) comment(end string) {
	line, col := l.line, l.col
	l.advance(2)
	for !l.has(end) {
		if l.pos >= len(l.src) {
			l.fail(line, col, "this comment does not end: expected %s", end)
		}
		l.advance(1)
	}
	l.advance(2)
}

var puncts = []string{
	"/\\", "\\/", "=>", "==", "!=", "<=", ">=", "&&", "||", "<<=", ">>=", "<<", ">>", "++", "--",
	"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->",
}

func (l *lexer) next() token {
	l.blank()
	t := token{line: l.line, col: l.col}
	if l.pos >= len(l.src) {
		return t
	}
	start := l.pos
	c := l.src[l.pos]
	switch {
	case letter(c):
		t.kind = tName
		for l.pos < len(l.src) && (letter(l.src[l.pos]) || digit(l.src[l.pos])) {
			l.advance(1)
		}
	case digit(c):
		t.kind = tNumber
		for l.pos < len(l.src) && (letter(l.src[l.pos]) || digit(l.src[l.pos])) {
			l.advance(1)
		}
		n, err := strconv.ParseInt(strings.TrimRight(l.src[start:l.pos], "uUlL"), 0, 64)
		if err != nil || strings.Contains(l.src[start:l.pos], "_") {
			l.fail(t.line, t.col, "%s is no number: expected one of at most 64 bits", quote(l.src[start:l.pos]))
		}
		t.num = n
	case c == '"':
		t.kind = tString
		l.advance(1)
		for l.pos < len(l.src) && l.src[l.pos] != '"' {
			l.advance(1)
		}
		if l.pos >= len(l.src) {
			l.fail(t.line, t.col, `this string does not end: expected "`)
		}
		l.advance(1)
	default:
		t.kind = tPunct
		n := 1
		for _, p := range puncts {
			if l.has(p) {
				n = max(n, len(p))
			}
		}
		if n == 1 {
			_, n = utf8.DecodeRuneInString(l.src[l.pos:])
		}
		l.advance(n)
	}
	t.text = l.src[start:l.pos]
	return t
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// dedent is a block's text without empty lines around it, and without the blanks
// that all of its lines begin with.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(strings.ReplaceAll(text, "\t", "    "), "\r\n"), "\n")
	margin := len(text) * 4
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \r")
		if lines[i] != "" {
			margin = min(margin, len(lines[i])-len(strings.TrimLeft(lines[i], " ")))
		}
	}
	for i, line := range lines {
		lines[i] = line[min(margin, len(line)):]
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
