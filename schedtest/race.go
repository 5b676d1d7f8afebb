package schedtest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// writesCounted is what counts a goroutine's writes to memory, in the assembly
// that the race detector is told of them by. Elsewhere a waiting loop is not
// known as one.
var writesCounted = map[string]string{
	"runtime/race_amd64.s": "\tINCQ\tg_fearlessWrites(R14)\n",
	"runtime/race_arm64.s": "\tMOVD\tg_fearlessWrites(g), R10\n\tADD\t$1, R10\n\tMOVD\tR10, g_fearlessWrites(g)\n",
}

// accessesUnseen is what keeps accesses from the race detector while a goroutine does
// what it is not to see, in the function that all accesses go through.
var accessesUnseen = map[string][2]string{
	"runtime/race_amd64.s": {"TEXT	racecalladdr<>(SB), NOSPLIT, $0-0\n", "\tCMPB\tg_fearlessUnseen(R14), $0\n\tJNE\tret\n"},
	"runtime/race_arm64.s": {"TEXT	racecalladdr<>(SB), NOSPLIT, $0-0\n\tload_g\n", "\tMOVBU\tg_fearlessUnseen(g), R10\n\tCBNZ\tR10, ret\n"},
}

// patchRace has the race detector's entries count writes, and look whether they are to
// see an access; see prove_await.go and prove_unseen.go of _goroot/runtime.
func patchRace(src, version string, files map[string][]byte) error {
	for file, count := range writesCounted {
		text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(file)))
		if err != nil {
			return fmt.Errorf("cannot read the Go distribution: %w", err)
		}
		for _, entry := range []string{"racewrite<ABIInternal>(SB), NOSPLIT, $0-8", "racewritepc(SB), NOSPLIT, $0-24",
			"racewriterange<ABIInternal>(SB), NOSPLIT, $0-16", "racewriterangepc1(SB), NOSPLIT, $0-24"} {
			line := []byte("TEXT\truntime·" + entry + "\n")
			if n := bytes.Count(text, line); n != 1 {
				return &AnchorError{version, file, entry, fmt.Sprintf("stands there %d times, not once", n)}
			}
			text = bytes.Replace(text, line, append(line, count...), 1)
		}
		unseen := accessesUnseen[file]
		if n := bytes.Count(text, []byte(unseen[0])); n != 1 {
			return &AnchorError{version, file, "racecalladdr", fmt.Sprintf("stands there %d times, not once", n)}
		}
		text = bytes.Replace(text, []byte(unseen[0]), []byte(unseen[0]+unseen[1]), 1)
		files[file] = text
	}
	return nil
}
