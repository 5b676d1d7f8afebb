package main

import (
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpClient is connected to "fearless mcp" as a process.
func mcpClient(t *testing.T) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: process(t, "mcp")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// mcpClose is deferred: a cleanup comes after the test's context, with which the process ends.
func mcpClose(t *testing.T, s *mcp.ClientSession) {
	if err := s.Close(); err != nil {
		t.Errorf("it does not end when its client has gone: %v", err)
	}
}

func mcpCall(t *testing.T, s *mcp.ClientSession, tool string, arguments map[string]any) (text string, failed bool) {
	t.Helper()
	r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Content {
		text += c.(*mcp.TextContent).Text
	}
	return text, r.IsError
}

func TestMCPServesTheTools(t *testing.T) {
	s := mcpClient(t)
	defer mcpClose(t, s)
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	if got := strings.Join(names, " "); got != "model prove replay test vet" {
		t.Errorf("the tools are %q", got)
	}
	dir := vetModule(t, racyProgram)
	text, failed := mcpCall(t, s, "vet", map[string]any{"dir": dir})
	if failed || !strings.HasPrefix(text, "something was found") || !strings.Contains(text, "m.go:5:14: `n` is written here") {
		t.Errorf("vet of a race: %v, %q", failed, text)
	}
	text, failed = mcpCall(t, s, "vet", map[string]any{"dir": vetModule(t, "package m\n"), "packages": []string{"."}})
	if failed || !strings.HasPrefix(text, "nothing was found") {
		t.Errorf("vet of nothing: %v, %q", failed, text)
	}
}

func TestMCPRefusesBadInput(t *testing.T) {
	s := mcpClient(t)
	defer mcpClose(t, s)
	dir := t.TempDir()
	for _, test := range []struct {
		tool string
		args map[string]any
		want string
	}{
		{"vet", map[string]any{"dir": dir + "/none"}, "is no folder"},
		{"vet", map[string]any{"dir": dir, "run": "X"}, "vet runs no tests"},
		{"vet", map[string]any{"dir": dir, "packages": []string{"-fix"}}, "is no package pattern"},
		{"test", map[string]any{"dir": dir, "duration": "soon"}, "is no time"},
		{"replay", map[string]any{"dir": dir, "seed": ""}, "none is given"},
		{"test", map[string]any{"dir": dir}, "does not build"},
		{"model", map[string]any{}, "dir"},
	} {
		if text, failed := mcpCall(t, s, test.tool, test.args); !failed || !strings.Contains(text, test.want) {
			t.Errorf("%s %v: %v, %q; want an error with %q", test.tool, test.args, failed, text, test.want)
		}
	}
}

func TestMCPTakesNoArguments(t *testing.T) {
	call(t, "", "mcp", "serve").wantError(t, exitUsage, `unexpected argument "serve"`)
}
