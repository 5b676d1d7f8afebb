// Package atomicfile replaces files in one step, so that who reads one, or is killed
// while it writes one, finds the old file or the new one and nothing between.
//
// Begin at [Write]. The new file has to be made in the folder of the old one: a rename
// from another file system is a copy.
package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Write makes data the content of the file, which only its owner may read if it is new or
// replaced. Several processes may do so at once; one of them is the last. It does not
// wait for the disk: after a loss of power the file may be the old one, or empty. On
// Windows it fails while another process reads the file.
func Write(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-"+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
