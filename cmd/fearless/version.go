package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name:    "version",
		args:    "[-json]",
		summary: "tell which fearless this is, and what it was built with",
		run:     runVersion,
	}
}

// buildVersion is what a bug report needs to know of this executable.
type buildVersion struct {
	Version  string `json:"version"`  // of the module; "(devel)" for one built in a clone
	Revision string `json:"revision"` // of the clone, with "+" if it was changed; may be empty
	Go       string `json:"go"`
	System   string `json:"system"` // "linux/amd64"
}

func thisVersion() buildVersion {
	v := buildVersion{Version: "(unknown)", Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			v.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true" && v.Revision != "":
			v.Revision += "+"
		}
	}
	return v
}

func runVersion(_ context.Context, args []string, std stdio) error {
	flags := flag.NewFlagSet("version", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print an object {version, revision, go, system}")
	rest, err := parse(flags, "[-json]", args, std)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("version: %q is one argument too many: it takes none", rest[0])
	}
	v := thisVersion()
	if *asJSON {
		return json.NewEncoder(std.out).Encode(v)
	}
	fmt.Fprintf(std.out, "fearless %s", v.Version)
	if v.Revision != "" {
		fmt.Fprintf(std.out, " (%s)", v.Revision)
	}
	fmt.Fprintf(std.out, ", built with %s for %s\n", v.Go, v.System)
	return nil
}
