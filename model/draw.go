package model

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/trace"
)

// mostDrawn is how many executions the page of a check that passes has. More are
// seldom looked at, and each makes the page larger.
const mostDrawn = 20

// savePassing draws the first executions of a check that has passed, which it runs
// again for that, and says where. It draws nothing if there are none.
func savePassing(name string, f func(), opts []Option, r *Report) string {
	c, wrong := configure(f, opts)
	if wrong != nil {
		return ""
	}
	all := engine.Draw(f, c.engine, mostDrawn)
	if len(all) == 0 {
		return ""
	}
	told := fmt.Sprintf("%d of %d executions: nothing failed", len(all), r.Executions)
	for _, t := range all {
		t.Headline = name + ", " + t.Headline
	}
	all[0].Detail = told
	name = filepath.Join(*flagHTML, name+".html")
	file, err := os.Create(name)
	if err != nil {
		return fmt.Sprintf("; no page: %v", err)
	}
	err = trace.WriteExecutions(file, all)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Sprintf("; no page: %v", err)
	}
	return fmt.Sprintf("\npicture: %s (%s)", name, told)
}
