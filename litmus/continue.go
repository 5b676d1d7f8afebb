package litmus

// skip is continue, which the parser writes as ifs: a loop of a Program has none.
type skip struct{}

func (skip) stmt() {}

// unskipped is the body of a loop with ifs around what a continue leaves out.
func (p *parser) unskipped(body []Stmt) []Stmt {
	if !skips(body) {
		return body
	}
	skipped := p.temp()
	return append([]Stmt{Set{skipped, Number(0)}}, unskip(body, skipped)...)
}

func skips(body []Stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case skip:
			return true
		case If:
			if skips(s.Then) || skips(s.Else) {
				return true
			}
		}
	}
	return false
}

func unskip(body []Stmt, skipped int) []Stmt {
	var out []Stmt
	for i, s := range body {
		switch s := s.(type) {
		case skip:
			return append(out, Set{skipped, Number(1)})
		case If:
			if skips(s.Then) || skips(s.Else) {
				out = append(out, If{s.Cond, unskip(s.Then, skipped), unskip(s.Else, skipped)})
				if rest := unskip(body[i+1:], skipped); len(rest) > 0 {
					done := Register(skipped)
					out = append(out, If{Cond: Expr{Op: "!", Right: &done}, Then: rest})
				}
				return out
			}
		}
		out = append(out, s)
	}
	return out
}
