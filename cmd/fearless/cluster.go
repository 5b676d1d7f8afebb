package main

import (
	"context"
	"strings"
)

func clusterCommand() command {
	return command{
		name:    "cluster",
		args:    "serve|work|status [flags]",
		summary: "share explorations between machines: a server, workers, and how things stand",
		run:     runCluster,
	}
}

const clusterUsage = `usage: fearless cluster serve|work|status [flags]

  serve    run a server for a team: NATS with JetStream, nothing else is needed
  work     take pieces of explorations and run them; no Go toolchain is needed
  status   tell runs, workers, what is left

"fearless test", "prove", "model" and "litmus" hand their work out with -cluster URL;
with -workers N they need none of these. A worker runs the test binaries that it
is sent: whoever has the token may run code on it.
"fearless cluster serve -h" tells the flags of serve, and so on.
`

func runCluster(ctx context.Context, args []string, std stdio) error {
	subs := map[string]func(context.Context, []string, stdio) error{"serve": runClusterServe, "work": runClusterWork, "status": runClusterStatus}
	if len(args) == 0 {
		return usagef("cluster: use serve, work or status; \"fearless cluster -h\" tells what they do")
	}
	if isHelp(args[0]) {
		std.out.Write([]byte(clusterUsage)) // an error of standard output is told at the end
		return nil
	}
	run, ok := subs[args[0]]
	if !ok {
		return usagef("cluster: %q is no part of it: use serve, work or status; \"fearless cluster -h\" tells what they do", strings.TrimSpace(args[0]))
	}
	return run(ctx, args[1:], std)
}
