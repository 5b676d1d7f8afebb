// Package golangci is fearless vet as a module plugin of golangci-lint.
//
// In .custom-gcl.yml:
//
//	version: v2.1.0
//	plugins:
//	  - module: github.com/fearless-go/fearless
//	    import: github.com/fearless-go/fearless/vet/golangci
//	    version: latest
//
// and in .golangci.yml, after "golangci-lint custom":
//
//	linters:
//	  enable: [fearless]
//	  settings:
//	    custom:
//	      fearless:
//	        type: module
//	        settings:
//	          rules: [share, send]   # none: all
package golangci

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/fearless-go/fearless/vet"
)

func init() { register.Plugin("fearless", New) }

// Settings are what .golangci.yml may say.
type Settings struct {
	// Rules are the rules to apply; none is all.
	Rules []string `json:"rules"`
}

// Plugin is what golangci-lint runs.
type Plugin struct{ analyzers []*analysis.Analyzer }

// New returns the plugin for the settings of .golangci.yml. The error names
// a setting that cannot be used.
func New(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](settings)
	if err != nil {
		return nil, fmt.Errorf("fearless: settings: %w; only \"rules\", a list of names, is known", err)
	}
	analyzers, err := vet.Analyzers(s.Rules...)
	if err != nil {
		return nil, fmt.Errorf("fearless: settings: rules: %w", err)
	}
	return Plugin{analyzers}, nil
}

// BuildAnalyzers returns the analyzers.
func (p Plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p.analyzers, nil }

// GetLoadMode says that the analyzers need types.
func (Plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
