package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

func runClusterServe(ctx context.Context, args []string, std stdio) error {
	var o embedded.Options
	var web string
	flags := flag.NewFlagSet("cluster serve", flag.ContinueOnError)
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:4222", "`host:port` for workers and coordinators; 0.0.0.0:4222 is for other machines, too")
	flags.StringVar(&o.Dir, "dir", "", "keep pieces, results and binaries in `folder` (default in the user's cache)")
	flags.StringVar(&o.Token, "token", "", "what clients must give (default the variable "+tokenVariable+", or a token that is made and kept in -dir)")
	flags.StringVar(&o.Cert, "cert", "", "`file` with a certificate, for TLS")
	flags.StringVar(&o.Key, "key", "", "`file` with its key")
	flags.StringVar(&web, "http", "", "show the status as a page at `host:port`, too")
	rest, err := parse(flags, "[flags]", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("cluster serve: %q is one argument too many: it takes flags only", rest[0])
	}
	if o.Dir == "" {
		if o.Dir, err = embedded.DefaultDir(); err != nil {
			return usagef("cluster serve: %w", err)
		}
	}
	made := ""
	if o.Token == "" {
		o.Token = os.Getenv(tokenVariable)
	}
	if o.Token == "" {
		if made, err = keptToken(o.Dir); err != nil {
			return usagef("cluster serve: %w", err)
		}
		o.Token = made
	}
	s, err := embedded.Start(o)
	if err != nil {
		return clusterError("cluster serve", err)
	}
	defer s.Close()
	fmt.Fprintf(std.out, "serving at %s, streams in %s\n", s.URL(), o.Dir)
	if made != "" {
		fmt.Fprintf(std.out, "token: %s\n", made)
	}
	fmt.Fprintf(std.out, "whoever has the token may run code on the workers: start them with\n  %s=... fearless cluster work -server %s\n", tokenVariable, s.URL())
	if web != "" {
		l, err := net.Listen("tcp", web)
		if err != nil {
			return usagef("cluster serve: -http %s: %w", web, err)
		}
		fmt.Fprintf(std.out, "status: http://%s/\n", l.Addr())
		go serveStatus(ctx, l, cluster.Address{URL: s.URL(), Token: o.Token, CA: o.Cert})
	}
	<-ctx.Done()
	return nil
}

// keptToken is the token of the server whose streams are in dir. It is made when
// there is none.
func keptToken(dir string) (string, error) {
	file := filepath.Join(dir, "token")
	data, err := os.ReadFile(file)
	if token := strings.TrimSpace(string(data)); err == nil && token != "" {
		return token, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", &cluster.Error{Kind: cluster.StoreFailed, What: file, Next: "let it be read, or give a token with -token", Err: err}
	}
	token := rand.Text()
	if err = os.MkdirAll(dir, 0o700); err == nil {
		err = os.WriteFile(file, []byte(token+"\n"), 0o600)
	}
	if err != nil {
		return "", &cluster.Error{Kind: cluster.StoreFailed, What: dir, Next: "use a folder that can be written to", Err: err}
	}
	return token, nil
}
