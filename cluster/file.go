package cluster

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// renewAfter is the age at which a file that is used again is stored again: the
// server drops those that are older than keep.
const renewAfter = 24 * time.Hour

// PutFile stores the file of that path, compressed, if it is not stored yet. It
// returns the name by which [Conn.GetFile] finds it: the hash of what it holds.
func (c *Conn) PutFile(ctx context.Context, path string) (name string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", &Error{Kind: StoreFailed, What: path, Next: "let it be read", Err: err}
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", &Error{Kind: StoreFailed, What: path, Next: "let it be read", Err: err}
	}
	name = hex.EncodeToString(h.Sum(nil))
	if info, err := c.files.GetInfo(ctx, name); err == nil && time.Since(info.ModTime) < renewAfter {
		return name, nil
	}
	return name, c.put(ctx, path, name, f)
}

// A store that is busy makes the library give up after a fifth of a second. What was
// stored until then it has removed.
const (
	putAttempts = 20
	putPause    = 300 * time.Millisecond
	getTimeout  = 2 * time.Minute // of a file; the library's own is 5 s, which slow networks need for a few MiB
	listTimeout = 30 * time.Second
)

// put stores what r has, compressed.
func (c *Conn) put(ctx context.Context, what, name string, r io.ReadSeeker) (err error) {
	for range putAttempts {
		if _, err = r.Seek(0, io.SeekStart); err != nil {
			return &Error{Kind: StoreFailed, What: what, Next: "let it be read", Err: err}
		}
		if err = c.putOnce(ctx, what, name, r); !errors.Is(err, jetstream.ErrTooManyStalledMsgs) || ctx.Err() != nil {
			break
		}
		pause(ctx, putPause)
	}
	if err != nil {
		return c.storeError(what, err)
	}
	return nil
}

func (c *Conn) putOnce(ctx context.Context, what, name string, r io.Reader) error {
	in, out := io.Pipe()
	go func() {
		z, _ := gzip.NewWriterLevel(out, gzip.BestSpeed) // the level is a good one
		_, err := io.Copy(z, r)
		out.CloseWithError(errors.Join(err, z.Close()))
	}()
	// Where messages are small, so are the parts of a file.
	chunk := min(1<<20, int(c.nc.MaxPayload())-4096)
	if chunk < 4096 {
		chunk = int(c.nc.MaxPayload()) / 2
	}
	_, err := c.files.Put(ctx, jetstream.ObjectMeta{Name: name, Description: filepath.Base(what), Opts: &jetstream.ObjectMetaOptions{ChunkSize: uint32(chunk)}}, in)
	in.Close()
	return err
}

// GetFile returns the path of the file of that name in dir, and fetches it if it
// is not there.
func (c *Conn) GetFile(ctx context.Context, name, dir string) (path string, err error) {
	if len(name) != 2*sha256.Size || strings.Trim(name, "0123456789abcdef") != "" {
		return "", &Error{Kind: OldResults, What: fmt.Sprintf("file %q", name), Next: "it is no hash: start the run again"}
	}
	path = filepath.Join(dir, name+".exe") // Windows wants the ending, others do not mind
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	err = os.MkdirAll(dir, 0o700)
	var f *os.File
	if err == nil {
		f, err = os.CreateTemp(dir, "new-*")
	}
	if err != nil {
		return "", &Error{Kind: StoreFailed, What: dir, Next: "let the worker write there, or give it another folder with -dir", Err: err}
	}
	defer os.Remove(f.Name())
	h := sha256.New()
	err = c.get(ctx, name, io.MultiWriter(f, h))
	if err = errors.Join(err, f.Chmod(0o700), f.Close()); err != nil {
		return "", c.storeError("file "+name, err)
	}
	if hex.EncodeToString(h.Sum(nil)) != name {
		return "", &Error{Kind: StoreFailed, What: "file " + name, Next: "what the server keeps is another file: start the run again"}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return "", &Error{Kind: StoreFailed, What: path, Next: "let the worker write there, or give it another folder with -dir", Err: err}
	}
	return path, nil
}

func (c *Conn) get(ctx context.Context, name string, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, getTimeout)
	defer cancel()
	r, err := c.files.Get(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, z)
	return err
}

// An item is bytes in a message, or, if they are many, the name of a file with them.
type item struct {
	Data []byte `json:"data,omitempty"`
	File string `json:"file,omitempty"`
}

// item makes data part of a message of which it may take so many bytes.
func (c *Conn) item(ctx context.Context, run string, data []byte, most int) (item, error) {
	if len(data) <= most {
		return item{Data: data}, nil
	}
	sum := sha256.Sum256(data)
	name := filesOf(run) + hex.EncodeToString(sum[:])
	return item{File: name}, c.put(ctx, "a piece of "+run, name, bytes.NewReader(data))
}

func (c *Conn) bytes(ctx context.Context, it item) ([]byte, error) {
	if it.File == "" {
		return it.Data, nil
	}
	var b bytes.Buffer
	if err := c.get(ctx, it.File, &b); err != nil {
		return nil, c.storeError("file "+it.File, err)
	}
	return b.Bytes(), nil
}

// share is how many bytes each of n items may take in a message.
func (c *Conn) share(n int) int { return max(int(c.nc.MaxPayload())/2/max(n, 1), 64) }

// filesOf begins the names of the files that belong to a run alone.
func filesOf(run string) string { return "run-" + run + "-" }

// dropFiles removes the files that belong to the run alone. It asks for the names with
// one request: the library's list is a watch, and that of a server that is killed
// may never end.
func (c *Conn) dropFiles(ctx context.Context, run string) error {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	prefix := "$O." + c.fileStore() + ".M."
	stream, err := c.js.Stream(ctx, "OBJ_"+c.fileStore())
	if err != nil {
		return c.storeError("the files of "+run, err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(prefix+">"))
	if err != nil {
		return c.storeError("the files of "+run, err)
	}
	for subject := range info.State.Subjects {
		name, decodeErr := base64.URLEncoding.DecodeString(strings.TrimPrefix(subject, prefix))
		if decodeErr != nil || !strings.HasPrefix(string(name), filesOf(run)) {
			continue
		}
		if dropErr := c.files.Delete(ctx, string(name)); dropErr != nil && !errors.Is(dropErr, jetstream.ErrObjectNotFound) {
			err = errors.Join(err, dropErr)
		}
	}
	if err != nil {
		return c.storeError("the files of "+run, err)
	}
	return nil
}
