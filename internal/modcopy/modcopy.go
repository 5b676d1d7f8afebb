// Package modcopy brings modules of the module proxy into folders that can be
// written to, for the tools that are tried on code of others.
//
// Begin at [Download], which fetches, and [Tree], which copies. The module cache itself
// is only read.
package modcopy

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// LanguageOfOld is the language that the go command takes for a module without
// go.mod. One from 1.22 on mends loop variables that goroutines share.
const LanguageOfOld = "1.16"

// A DownloadError says that a module cannot be had.
type DownloadError struct{ Module, Why string }

func (e *DownloadError) Error() string {
	return fmt.Sprintf("go mod download %s: %s", e.Module, e.Why)
}

// Download fetches module, path@version, and returns its folder in the module cache
// and the version, which differs if that was asked for by another name, as latest.
// Its error is a [*DownloadError].
func Download(ctx context.Context, module string) (dir, version string, err error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var d struct{ Dir, Version, Error string }
	if jsonErr := json.Unmarshal(out, &d); jsonErr != nil || d.Error != "" || d.Dir == "" {
		why, _, _ := strings.Cut(strings.TrimSpace(d.Error), "\n")
		if why == "" {
			why = fmt.Sprint(err)
		}
		return "", "", &DownloadError{module, why}
	}
	return d.Dir, d.Version, nil
}

// Tree copies the folders below from to the folder to, which is there, and the files that keep reports
// true of by their names. The copies can be written to. What is neither (a pipe, a
// link) stays out, and so does a .git.
func Tree(from, to string, keep func(name string) bool) error {
	return filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		dest := filepath.Join(to, rel)
		switch {
		case e.IsDir():
			if e.Name() == ".git" {
				return fs.SkipDir
			}
			return os.MkdirAll(dest, 0o777)
		case e.Type().IsRegular() && keep(e.Name()):
			info, err := e.Info()
			if err != nil {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			return os.WriteFile(dest, data, info.Mode().Perm()|0o600)
		}
		return nil
	})
}

// All keeps every file.
func All(string) bool { return true }
