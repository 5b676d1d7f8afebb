// Command fearless-vet is a vet tool for the go command:
//
//	go vet -vettool=$(which fearless-vet) ./...
//
// "fearless vet" runs the same rules with more ways to report.
package main

import "github.com/fearless-go/fearless/vet/check"

func main() { check.Tool() }
