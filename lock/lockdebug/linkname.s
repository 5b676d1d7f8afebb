// This file lets labels_linkname.go declare a function without a body.
