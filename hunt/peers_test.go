package main

import (
	"path/filepath"
	"testing"
)

// What staticcheck prints is told apart: findings, a package that does not build, and
// what is neither.
func TestWhatStaticcheckPrints(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"pool/pool.go": "package pool\n\nfunc (p *Pool) Close() {\n\tprintln()\n}\n\ntype Pool int\n"})
	at := func(code, file, message string) string {
		return `{"code":"` + code + `","location":{"file":"` + filepath.ToSlash(filepath.Join(dir, file)) + `","line":4},"message":"` + message + `"}` + "\n"
	}
	for _, test := range []struct {
		name     string
		o        outcome
		state    State
		why      string
		findings int
	}{
		{"nothing", outcome{}, Done, "", 0},
		{"two findings", outcome{stdout: []byte(at("SA2002", "pool/pool.go", "a") + at("U1000", "pool/pool.go", "b")), exit: 1}, Done, "", 2},
		{"one package does not build", outcome{stdout: []byte(at("compile", "x.go", "undefined: y") + at("SA2002", "pool/pool.go", "a")), exit: 1}, NotBuilt, "undefined: y", 1},
		{"it does not start", outcome{stderr: []byte("# x\nno such module\n"), exit: 1}, NotBuilt, "no such module", 0},
		{"no JSON", outcome{stdout: []byte("help"), exit: 2}, Crashed, "what it prints is no JSON: invalid character 'h' looking for beginning of value", 0},
		{"cut", outcome{stdout: []byte(at("SA2002", "pool/pool.go", "a") + `{"code`), exit: -1}, Cut, "", 1},
	} {
		r := Run{State: Done}
		if test.state == Cut {
			r.State = Cut
		}
		r.readStaticcheck(dir, test.o)
		if r.State != test.state || r.Why != test.why || len(r.Findings) != test.findings {
			t.Errorf("%s: %+v", test.name, r)
		}
		for _, f := range r.Findings {
			if f.Where != "pool/pool.go:4" || len(f.Sites) != 1 || f.Sites[0].Func != "Pool.Close" {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
	}
}
