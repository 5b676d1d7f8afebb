package schedtest

import _ "embed"

// Explanation says in a page what it means that a test is proven.
//
//go:embed PROVE.md
var Explanation string
