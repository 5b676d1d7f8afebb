package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
)

func completionCommand() command {
	return command{
		name:    "completion",
		args:    "bash|zsh|fish",
		summary: "print a script that completes commands and flags in a shell",
		run:     runCompletion,
	}
}

// The scripts ask the command itself for a subcommand's flags, so that they
// need not be printed again after an update.
var completionScripts = map[string]string{
	"bash": `# source <(fearless completion bash)
_fearless() {
	local word=${COMP_WORDS[COMP_CWORD]}
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W 'COMMANDS help' -- "$word"))
	elif [[ $word == -* ]]; then
		COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "${COMP_WORDS[1]}" -h 2>/dev/null | sed -n 's/^  \(-[a-z.-]*\).*/\1/p')" -- "$word"))
	else
		COMPREPLY=()
	fi
}
complete -o default -F _fearless fearless
`,
	"zsh": `#compdef fearless
# source <(fearless completion zsh), or put this into a file _fearless of $fpath
_fearless() {
	if (( CURRENT == 2 )); then
		compadd COMMANDS help
	elif [[ $words[CURRENT] == -* ]]; then
		compadd -- ${(f)"$($words[1] $words[2] -h 2>/dev/null | sed -n 's/^  \(-[a-z.-]*\).*/\1/p')"}
	else
		_files
	fi
}
compdef _fearless fearless
`,
	"fish": `# fearless completion fish | source
complete -c fearless -n __fish_use_subcommand -f -a 'COMMANDS help'
complete -c fearless -n 'not __fish_use_subcommand' -a '(fearless (commandline -opc)[2] -h 2>/dev/null | sed -n "s/^  \(-[a-z.-]*\).*/\1/p")'
`,
}

func runCompletion(_ context.Context, args []string, std stdio) error {
	flags := flag.NewFlagSet("completion", flag.ContinueOnError)
	rest, err := parse(flags, "bash|zsh|fish", args, std)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("completion: name one shell: bash, zsh or fish")
	}
	script, ok := completionScripts[rest[0]]
	if !ok {
		return usagef("completion: shell %q is unknown: use bash, zsh or fish", rest[0])
	}
	list := []string{}
	for _, c := range commands() {
		list = append(list, c.name)
	}
	slices.Sort(list)
	fmt.Fprint(std.out, strings.ReplaceAll(script, "COMMANDS", strings.Join(list, " ")))
	return nil
}
