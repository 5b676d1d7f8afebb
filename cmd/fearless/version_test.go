package main

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	r := call(t, "", "version")
	if r.code != exitOK || !strings.HasPrefix(r.out, "fearless ") || !strings.Contains(r.out, runtime.Version()) || strings.Count(r.out, "\n") != 1 {
		t.Errorf("exit status %d, %q", r.code, r.out)
	}
	var v buildVersion
	if err := json.Unmarshal([]byte(call(t, "", "version", "-json").out), &v); err != nil || v.Go != runtime.Version() || v.Version == "" {
		t.Errorf("-json: %+v, %v", v, err)
	}
	call(t, "", "version", "x").wantError(t, exitUsage, `"x"`)
}
