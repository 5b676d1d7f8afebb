// The program unfortunate ends before its goroutine. What looks like a wait is
// a call that the rule knows nothing of.
package main

import (
	"fmt"
	"os"
)

func main() {
	go fmt.Println("a")
	fmt.Fprintln(os.Stderr, "b")
}
