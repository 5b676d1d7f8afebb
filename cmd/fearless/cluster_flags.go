package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/fearless-go/fearless/cluster"
)

// tokenVariable has the token for those who do not want it in a list of processes.
const tokenVariable = "FEARLESS_CLUSTER_TOKEN"

// addressFlags are how a command finds a cluster.
func addressFlags(flags *flag.FlagSet, a *cluster.Address) {
	flags.StringVar(&a.Token, "token", "", "the cluster's `token`; the variable "+tokenVariable+" has it, too")
	flags.StringVar(&a.NKey, "nkey", "", "`file` with the seed of an nkey that the NATS server knows")
	flags.StringVar(&a.Creds, "creds", "", "`file` with the credentials of a NATS user")
	flags.StringVar(&a.CA, "ca", "", "`file` with the certificate that signed the server's")
	flags.StringVar(&a.Team, "team", "", "a `name`: teams do not see each other's runs (default \"default\")")
	flags.IntVar(&a.Replicas, "replicas", 1, "how many servers of a NATS cluster keep each stream, for who makes the streams")
}

// complete fills in what is not in the flags.
func completeAddress(a *cluster.Address) {
	if a.Token == "" && a.NKey == "" && a.Creds == "" {
		a.Token = os.Getenv(tokenVariable)
	}
}

// spreadFlags are how a command shares its work.
type spreadFlags struct {
	workers int
	at      cluster.Address
}

func (s *spreadFlags) add(flags *flag.FlagSet) {
	flags.IntVar(&s.workers, "workers", 0, "share the work between `n` processes of this machine")
	flags.StringVar(&s.at.URL, "cluster", "", "share the work between the workers at `url`, such as nats://ci:4222; see \"fearless cluster -h\"")
	addressFlags(flags, &s.at)
}

// on reports whether the work is to be shared.
func (s *spreadFlags) on() bool { return s.workers > 0 || s.at.URL != "" }

// check refuses what cannot be meant. others are flags that are set, of the command.
func (s *spreadFlags) check(command string, others map[string]bool) error {
	completeAddress(&s.at)
	switch {
	case s.workers < 0 || s.workers > 1024:
		return usagef("%s: -workers %d: use 1 to 1024", command, s.workers)
	case s.workers > 0 && s.at.URL != "":
		return usagef("%s: -workers starts processes on this machine, and -cluster uses those that are there: give one of them", command)
	case !s.on():
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		if others[name] {
			return usagef("%s: -%s cannot be shared between workers: leave out -%s, or -workers and -cluster", command, name, name)
		}
	}
	return nil
}

// clusterError gives the errors of a cluster the exit status of what could not run.
func clusterError(command string, err error) error {
	var e *cluster.Error
	if errors.As(err, &e) {
		return usagef("%s: %w", command, err)
	}
	return err
}

// hashOf is a name for what the texts say.
func hashOf(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%q ", t)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// setFlags are those of the flags with these names that the user has set.
func setFlags(flags *flag.FlagSet, names ...string) map[string]bool {
	set := map[string]bool{}
	flags.Visit(func(f *flag.Flag) {
		if slices.Contains(names, f.Name) {
			set[f.Name] = true
		}
	})
	return set
}
