package check

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/fearless-go/fearless/vet"
)

const homepage = "https://github.com/fearless-go/fearless"

// WriteSARIF writes findings as a SARIF 2.1.0 log. Files below the checked
// folder are relative to the base %SRCROOT%.
func WriteSARIF(w io.Writer, findings []Finding) error {
	log := report.NewV210Report()
	run := sarif.NewRunWithInformationURI("fearless vet", homepage)
	for _, r := range vet.Rules() {
		run.AddRule(r.Name).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(r.Summary)).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(r.Explain()))
	}
	run.AddRule("ignore").WithShortDescription(sarif.NewMultiformatMessageString().
		WithText("flags a //fearless:ignore without a reason or without an effect"))
	for _, f := range findings {
		level := "warning"
		if f.Note {
			level = "note"
		}
		result := sarif.NewRuleResult(f.Rule).
			WithLevel(level).
			WithMessage(sarif.NewTextMessage(f.Message)).
			WithLocations([]*sarif.Location{location(f.Position, &f.End)}).
			WithPartialFingerprints(map[string]string{"fearlessFinding/v1": f.key()})
		properties := sarif.NewPropertyBag()
		properties.Add("confidence", string(f.Confidence))
		if f.Assumed != "" {
			properties.Add("assumed", f.Assumed)
		}
		result.WithProperties(properties)
		for i, r := range f.Related {
			result.AddRelatedLocation(location(r.Position, nil).WithID(i + 1).WithMessage(sarif.NewTextMessage(r.Message)))
		}
		run.AddResult(result)
	}
	log.AddRun(run)
	if err := log.Validate(); err != nil {
		return fmt.Errorf("the SARIF log is not valid, which is a fault of this program: %w", err)
	}
	return log.PrettyWrite(w)
}

func location(p Position, end *Position) *sarif.Location {
	artifact := sarif.NewArtifactLocation()
	if filepath.IsAbs(p.File) {
		u := url.URL{Scheme: "file", Path: filepath.ToSlash(p.File)}
		artifact.WithURI(u.String())
	} else {
		u := url.URL{Path: filepath.ToSlash(p.File)}
		artifact.WithURI(u.String()).WithURIBaseID("%SRCROOT%")
	}
	region := sarif.NewRegion().WithStartLine(max(p.Line, 1)).WithStartColumn(max(p.Column, 1))
	if end != nil && end.Line >= p.Line && end.File == p.File && end.Line > 0 {
		region.WithEndLine(end.Line).WithEndColumn(max(end.Column, 1))
	}
	return sarif.NewLocation().WithPhysicalLocation(
		sarif.NewPhysicalLocation().WithArtifactLocation(artifact).WithRegion(region))
}
