package check

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
)

// ApplyFixes applies the first fix of each finding to the files below dir
// and formats them. A fix that overlaps an earlier one is left for the next
// run, as is one that touches a file outside dir. It returns the findings
// that were not fixed. Files are written only after all edits have succeeded.
func ApplyFixes(dir string, findings []Finding) (left []Finding, err error) {
	files := map[string][]Edit{}
	for _, f := range findings {
		if len(f.Fixes) == 0 || !fits(files, f.Fixes[0].Edits) {
			left = append(left, f)
			continue
		}
		for _, e := range f.Fixes[0].Edits {
			if !slices.Contains(files[e.File], e) {
				files[e.File] = append(files[e.File], e)
			}
		}
	}
	fixed := map[string][]byte{}
	for name, edits := range files {
		path := filepath.Join(dir, name)
		src, err := os.ReadFile(path)
		if err != nil {
			return findings, fmt.Errorf("cannot fix: %w", err)
		}
		if fixed[path], err = apply(src, edits); err != nil {
			return findings, fmt.Errorf("cannot fix %s: %w", name, err)
		}
	}
	for path, src := range fixed {
		info, err := os.Stat(path)
		if err != nil {
			return findings, err
		}
		if err := os.WriteFile(path, src, info.Mode().Perm()); err != nil {
			return findings, err
		}
	}
	return left, nil
}

// fits tells whether edits stay below the checked folder and overlap none
// of those taken before; the same edit twice is one edit.
func fits(taken map[string][]Edit, edits []Edit) bool {
	if len(edits) == 0 {
		return false
	}
	for _, e := range edits {
		if !filepath.IsLocal(e.File) {
			return false
		}
		for _, t := range taken[e.File] {
			if t != e && e.Start < t.End && t.Start < e.End || t != e && e.Start == t.Start {
				return false
			}
		}
	}
	return true
}

func apply(src []byte, edits []Edit) ([]byte, error) {
	slices.SortFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("the edit of bytes %d to %d does not fit; has the file changed?", e.Start, e.End)
		}
		out.Write(src[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(src[at:])
	return format.Source(out.Bytes())
}
