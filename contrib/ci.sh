#!/usr/bin/env bash
# The checks of a pull request, for any CI with a shell and Go. It runs at the
# top of the module; PACKAGES and DURATION may be set.
set -euo pipefail
packages=${PACKAGES:-./...}
baseline=()
if [ -f fearless.baseline.json ]; then
	baseline=(-baseline fearless.baseline.json)
fi

status=0
# Status 3 is no failure: something could not be decided, and the output says what.
undecided() { "$@" || { code=$?; [ $code = 3 ] || status=$code; }; }

# The word is not quoted, because it may be several patterns.
# shellcheck disable=SC2086
undecided fearless vet -sarif fearless.sarif ${baseline[@]+"${baseline[@]}"} $packages
# shellcheck disable=SC2086
undecided fearless test -short -duration "${DURATION:-2s}" -junit fearless.xml $packages
exit $status
