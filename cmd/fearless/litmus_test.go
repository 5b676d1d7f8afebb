package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func litmusRun(t *testing.T, in string, args ...string) (code int, out, errw string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"litmus"}, args...), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

const sbTest = "../../litmus/testdata/c/SB.litmus"

func TestLitmusPrintsStates(t *testing.T) {
	code, out, errw := litmusRun(t, "", sbTest)
	if code != exitOK || !strings.Contains(out, "Observation SB Sometimes 1 3") || errw != "" {
		t.Errorf("%d\n%s%s", code, out, errw)
	}
	code, out, _ = litmusRun(t, "", "-memory", "sc", sbTest)
	if code != exitOK || !strings.Contains(out, "Observation SB Never 0 3") {
		t.Errorf("under sc: %d\n%s", code, out)
	}
}

func TestLitmusJSON(t *testing.T) {
	code, out, errw := litmusRun(t, "", "-json", "../../litmus/testdata/races.json")
	var list []struct {
		Name     string
		Races    int
		Outcomes []map[string]int
	}
	if err := json.Unmarshal([]byte(out), &list); code != exitOK || err != nil {
		t.Fatal(code, err, errw)
	}
	if len(list) != 32 || list[0].Name == "" || list[0].Races == 0 || len(list[0].Outcomes) == 0 {
		t.Errorf("%d programs, the first is %+v", len(list), list[0])
	}
}

func TestLitmusTakesTheFilesOfAFolder(t *testing.T) {
	code, out, errw := litmusRun(t, "", filepath.Dir(sbTest))
	for _, name := range []string{"CAS", "MP", "SB"} {
		if !strings.Contains(out, "Test "+name) {
			t.Errorf("%s was not run: %d\n%s%s", name, code, out, errw)
		}
	}
	empty := t.TempDir()
	if code, _, errw := litmusRun(t, "", empty); code != exitUsage || !strings.Contains(errw, empty+" has no file *.litmus: name files") {
		t.Errorf("an empty folder: %d %s", code, errw)
	}
}

func TestLitmusDrawsAWitness(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.html")
	code, _, errw := litmusRun(t, "", "-html", file, sbTest)
	page, err := os.ReadFile(file)
	if code != exitOK || err != nil || !bytes.Contains(page, []byte("0:r0=0; 1:r0=0;")) || !bytes.Contains(page, []byte("<th>thread 1</th>")) {
		t.Error(code, err, errw)
	}
	if code, out, _ := litmusRun(t, "", "-dot", "-", sbTest); code != exitOK || !strings.HasPrefix(out, "digraph") || strings.Count(out, "from-read") != 2 {
		t.Errorf("%d\n%s", code, out)
	}
}

func TestLitmusRefusesBadInput(t *testing.T) {
	for _, test := range []struct {
		in   string
		args []string
		want string
	}{
		{"", nil, "no file given"},
		{"", []string{"-memory", "tso", sbTest}, `-memory "tso" is unknown`},
		{"", []string{"no/such/file"}, "no/such/file"},
		{"C t\n{}\nP0(atomic_int* x) { for(;;); }", []string{"-"}, `-:3:21: this loop does nothing`},
		{"[{}]", []string{"-"}, `expected "name"`},
		{"", []string{"-dot", "-", "../../litmus/testdata/races.json"}, "there are 32"},
	} {
		code, _, errw := litmusRun(t, test.in, test.args...)
		if code != exitUsage || !strings.Contains(errw, test.want) {
			t.Errorf("%v: status %d, %q; want %q", test.args, code, errw, test.want)
		}
	}
}

// An interrupt leaves what is done: in text it has been printed, as JSON it is an array.
func TestLitmusInterrupted(t *testing.T) {
	const races = "../../litmus/testdata/races.json"
	ctx, cancel := context.WithCancel(t.Context())
	var text, errw bytes.Buffer
	code := run(ctx, []string{"litmus", races}, strings.NewReader(""), writerFunc(func(p []byte) { text.Write(p); cancel() }), &errw)
	if code != exitFailure || strings.Count(text.String(), "Observation") != 1 || !strings.Contains(errw.String(), "1 of 32 programs are done") {
		t.Errorf("%d %s\n%s", code, errw.String(), text.String())
	}
	var out bytes.Buffer
	errw.Reset()
	code = run(ctx, []string{"litmus", "-json", races}, strings.NewReader(""), &out, &errw)
	if code != exitFailure || strings.TrimSpace(out.String()) != "[]" || !strings.Contains(errw.String(), "0 of 32 programs are done") {
		t.Errorf("%d %s\n%s", code, errw.String(), out.String())
	}
}
