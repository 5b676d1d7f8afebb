// Package imports uses the locks of another package.
package imports

import "github.com/fearless-go/fearless/vet/lockorder/testdata/src/imports/bank"

func half(b *bank.Bank) int {
	b.Lock()
	defer b.Unlock()
	return b.Sum() / 2 // want `b.mu is locked by Sum, through Lock \(at bank.go:12\), which is called here while this goroutine holds it since imports.go:7`
}

func flush(b *bank.Bank) {
	b.Log.Lock()
	defer b.Log.Unlock()
	b.Lock() // want `bank.Bank.mu is taken here \(in Lock, at bank.go:12\) while bank.Bank.Log is held since imports.go:13, but Report holds bank.Bank.mu`
	defer b.Unlock()
}
