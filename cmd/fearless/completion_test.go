package main

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCompletionListsEveryCommand(t *testing.T) {
	for shell := range completionScripts {
		r := call(t, "", "completion", shell)
		for _, c := range commands() {
			if !strings.Contains(r.out, c.name) {
				t.Errorf("%s: no %s in %q", shell, c.name, r.out)
			}
		}
	}
	call(t, "", "completion").wantError(t, exitUsage, "bash, zsh or fish")
	call(t, "", "completion", "tcsh").wantError(t, exitUsage, `"tcsh"`, "bash, zsh or fish")
}

func TestCompletionInBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine")
	}
	self := process(t)
	complete := func(words string) string {
		script := call(t, "", "completion", "bash").out + `
COMP_WORDS=(` + words + `)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_fearless
echo "${COMPREPLY[*]}"
`
		cmd := exec.CommandContext(t.Context(), bash, "-c", script)
		cmd.Env = self.Env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := complete(`fearless lit`); got != "litmus" {
		t.Errorf("lit completes to %q", got)
	}
	if got := complete(self.Path + ` litmus -max-e`); !strings.Contains(got, "-max-events") || !strings.Contains(got, "-max-executions") || strings.Contains(got, "-json") {
		t.Errorf("-max-e completes to %q", got)
	}
}
