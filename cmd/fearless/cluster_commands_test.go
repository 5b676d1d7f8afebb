package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/cluster/embedded"
	"github.com/fearless-go/fearless/internal/long"
)

const sandboxedTest = `package user

import (
	"os"
	"testing"
)

func TestWhere(t *testing.T) {
	if os.Getenv("FEARLESS_CLUSTER_TOKEN") != "" && os.Getenv("FEARLESS_MARKER_SANDBOX") != "" {
		t.Error("the token is there")
	}
	if os.Getenv("FEARLESS_MARKER_SANDBOX") != "" {
		os.WriteFile(os.Getenv("FEARLESS_MARKER"), []byte("it ran in the sandbox"), 0o666)
	}
}
`

// A worker of its own, with a token, that runs binaries by a command.
func TestAWorkerRunsBinariesInItsSandboxLong(t *testing.T) {
	long.Only(t, "an instrumented standard library is built")
	sandboxes := map[string]string{"env": "env FEARLESS_MARKER_SANDBOX=1"}
	if _, err := exec.LookPath("bwrap"); err == nil && exec.Command("bwrap", "--ro-bind", "/", "/", "true").Run() == nil {
		sandboxes["bwrap"] = "bwrap --ro-bind / / --bind /tmp /tmp --dev /dev --proc /proc --unshare-all --die-with-parent env FEARLESS_MARKER_SANDBOX=1"
	} else {
		t.Log("bubblewrap is not here, or may not be used: its sandbox is not tried")
	}
	if _, err := exec.LookPath("env"); err != nil {
		t.Skip("there is no command env here to run binaries by")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/user\n\ngo 1.26\n", "user_test.go": sandboxedTest} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, sandbox := range sandboxes {
		t.Run(name, func(t *testing.T) {
			s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Token: "secret"})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			marker := filepath.Join(t.TempDir(), "marker")
			t.Setenv("FEARLESS_MARKER", marker)
			t.Setenv(tokenVariable, "secret")
			w := process(t, "cluster", "work", "-server", s.URL(), "-dir", t.TempDir(), "-sandbox", sandbox)
			if err := w.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { w.Process.Kill(); w.Wait() }() //nolint:errcheck // it is killed
			r := call(t, "", "test", "-C", dir, "-cluster", s.URL(), "-schedules", "30", ".")
			if text, err := os.ReadFile(marker); r.code != exitOK || err != nil || string(text) != "it ran in the sandbox" {
				t.Errorf("status %d, %q, %v\n%s\n%s", r.code, text, err, r.out, r.err)
			}
		})
	}
}

// A coordinator that is killed leaves its workers no work, and no process behind.
func TestAWorkerThatIsStoppedEndsItsBinaryLong(t *testing.T) {
	long.Only(t, "it builds the binaries of workers")
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("what processes there are is read from /proc, which is not here")
	}
	dir := t.TempDir()
	slow := strings.Replace(sandboxedTest, "func TestWhere(t *testing.T) {", "func TestWhere(t *testing.T) {\n\tif os.Getenv(\"FEARLESS_MARKER_SANDBOX\") != \"\" {\n\t\tos.WriteFile(os.Getenv(\"FEARLESS_MARKER\"), []byte(strconv.Itoa(os.Getpid())), 0o666)\n\t\tfor {\n\t\t\tn++\n\t\t}\n\t}", 1)
	slow = strings.Replace(slow, "\t\"testing\"\n)", "\t\"strconv\"\n\t\"testing\"\n)\n\nvar n int", 1)
	for name, text := range map[string]string{"go.mod": "module example.com/user\n\ngo 1.26\n", "user_test.go": slow} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	marker := filepath.Join(t.TempDir(), "marker")
	t.Setenv("FEARLESS_MARKER", marker)
	t.Setenv(tokenVariable, "secret")
	w := process(t, "cluster", "work", "-server", s.URL(), "-dir", t.TempDir(), "-sandbox", "env FEARLESS_MARKER_SANDBOX=1")
	c := process(t, "test", "-C", dir, "-cluster", s.URL(), "-schedules", "30", ".")
	for _, cmd := range []*exec.Cmd{w, c} {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { cmd.Process.Kill(); cmd.Wait() }() //nolint:errcheck // it is killed
	}
	pid := ""
	for pid == "" {
		time.Sleep(50 * time.Millisecond)
		text, _ := os.ReadFile(marker) // it is not there yet
		pid = string(text)
	}
	w.Process.Kill() //nolint:errcheck // what comes of it is seen below
	w.Wait()         //nolint:errcheck // it was killed
	for i := 0; ; i++ {
		status, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil || strings.Contains(string(status), "State:\tZ") {
			return
		}
		if i > 400 {
			t.Fatalf("the binary of a worker that was killed still runs:\n%s", status)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
