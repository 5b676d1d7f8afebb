package model

import "fmt"

// estimateText is what an estimate says, as in "about 3.7e+05 (2.9e+05 to 6e+05)",
// or "at least 512".
func estimateText(e Estimate) string {
	if e.High == 0 {
		return fmt.Sprintf("at least %.3g", e.Low)
	}
	if e.Low == e.High {
		return fmt.Sprintf("%.6g", e.Mean)
	}
	return fmt.Sprintf("about %.2g (%.2g to %.2g)", e.Mean, e.Low, e.High)
}
