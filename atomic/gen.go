//go:build ignore

// Gen writes the integer types, which differ in their names and widths only,
// and the words below them.
package main

import (
	"bytes"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

type integer struct {
	Name, Go     string // Int32, int32
	Word, WordGo string // Uint32, uint32
}

func (i integer) Converted() bool { return i.Go != i.WordGo }

// Sign is how the word's changes that compare are called.
func (i integer) Sign() string {
	if strings.HasPrefix(i.Go, "int") {
		return "Signed"
	}
	return ""
}

func (i integer) ToWord(expr string) string   { return convert(i.WordGo, i.Converted(), expr) }
func (i integer) FromWord(expr string) string { return convert(i.Go, i.Converted(), expr) }

func convert(to string, needed bool, expr string) string {
	if !needed {
		return expr
	}
	return to + "(" + expr + ")"
}

func (i integer) Article() string {
	if strings.HasPrefix(i.Name, "I") {
		return "An"
	}
	return "A"
}
func (i integer) ArticleLower() string { return strings.ToLower(i.Article()) }
func (i integer) GoArticle() string    { return i.ArticleLower() }

// Narrow reports whether the integer is narrower than its cell.
func (i integer) Narrow() bool { return strings.HasPrefix(i.Word, "Narrow") }

func (i integer) Note() string {
	if !i.Narrow() {
		return ""
	}
	return "// It takes four bytes: Go has no atomic operation on fewer."
}

func main() {
	log.SetFlags(0)
	integers := template.Must(template.ParseFiles("integer.go.tmpl"))
	for _, i := range []integer{
		{"Int8", "int8", "Narrow[uint8]", "uint8"},
		{"Int16", "int16", "Narrow[uint16]", "uint16"},
		{"Int32", "int32", "Uint32", "uint32"},
		{"Int64", "int64", "Uint64", "uint64"},
		{"Int", "int", "Uintptr", "uintptr"},
		{"Uint8", "uint8", "Narrow[uint8]", "uint8"},
		{"Uint16", "uint16", "Narrow[uint16]", "uint16"},
		{"Uint32", "uint32", "Uint32", "uint32"},
		{"Uint64", "uint64", "Uint64", "uint64"},
		{"Uint", "uint", "Uintptr", "uintptr"},
		{"Uintptr", "uintptr", "Uintptr", "uintptr"},
	} {
		write(integers, i, i.Go+".go")
	}
	words := template.Must(template.ParseFiles("../internal/word/word.go.tmpl"))
	for _, w := range []integer{{Name: "Uint32", Go: "uint32"}, {Name: "Uint64", Go: "uint64"}, {Name: "Uintptr", Go: "uintptr"}} {
		write(words, w, filepath.Join("..", "internal", "word", w.Go+"_real.go"))
	}
}

func write(t *template.Template, data any, file string) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		log.Fatal(err)
	}
	src, err := format.Source(b.Bytes())
	if err != nil {
		log.Fatalf("%s: %v", file, err)
	}
	if err := os.WriteFile(file, src, 0o644); err != nil {
		log.Fatal(err)
	}
}
