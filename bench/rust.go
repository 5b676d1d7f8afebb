package bench

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

//go:embed rust/*.rs
var rustSource embed.FS

// AddRust compiles the programs in bench/rust with the rustc on the PATH,
// runs them, and adds what they measured to the cases of r. Without a rustc it
// does nothing. Rust cannot run in turns with Go, in one process, so its
// numbers follow a drift of the machine where the others' ratios do not.
func AddRust(ctx context.Context, r *Report) (err error) {
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		return nil // nothing to add
	}
	dir, err := os.MkdirTemp("", "fearless-bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.CopyFS(dir, rustSource); err != nil {
		return err
	}
	program := filepath.Join(dir, "rust.exe")
	build := exec.CommandContext(ctx, rustc, "--edition", "2021", "-C", "opt-level=3", "-o", program, filepath.Join(dir, "rust", "main.rs"))
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", rustc, err, out)
	}
	version, err := exec.CommandContext(ctx, rustc, "--version").Output()
	if err != nil {
		return fmt.Errorf("%s --version: %w", rustc, err)
	}
	var names []string
	for _, result := range r.Results {
		names = append(names, result.Name)
	}
	// It measures the cases that it is given and that it knows.
	out, err := exec.CommandContext(ctx, program, names...).Output()
	if err != nil {
		return fmt.Errorf("the Rust program: %w", err)
	}
	fields := strings.Fields(string(version))
	r.Rust = strings.Join(fields[:min(2, len(fields))], " ")
	return r.addRust(out)
}

// addRust reads lines of a case's name and its nanoseconds.
func (r *Report) addRust(out []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), " ")
		ns, err := strconv.ParseFloat(value, 64)
		i := slices.IndexFunc(r.Results, func(result Result) bool { return result.Name == name })
		if !ok || err != nil || i < 0 {
			return fmt.Errorf("the Rust program printed %q: want a case and its nanoseconds", lines.Text())
		}
		m := Measurement{By: "Rust", Median: ns, Apart: true}
		if ns > 0 {
			m.Ratio = r.Results[i].Measurements[0].Median / ns
		}
		r.Results[i].Measurements = append(r.Results[i].Measurements, m)
	}
	return lines.Err()
}
