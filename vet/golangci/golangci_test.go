package golangci_test

import (
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/fearless-go/fearless/vet"
	"github.com/fearless-go/fearless/vet/golangci"
)

func TestPluginIsRegisteredWithEveryRule(t *testing.T) {
	build, err := register.GetPlugin("fearless")
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if want := len(vet.Rules()) + 1; len(analyzers) != want {
		t.Errorf("%d analyzers, want %d", len(analyzers), want)
	}
	if p.GetLoadMode() != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", p.GetLoadMode())
	}
}

func TestPluginRefusesBadSettings(t *testing.T) {
	for _, settings := range []any{
		map[string]any{"rules": []string{"no-such-rule"}},
		map[string]any{"rule": []string{"share"}},
	} {
		if _, err := golangci.New(settings); err == nil {
			t.Errorf("settings %v: no error", settings)
		}
	}
}
