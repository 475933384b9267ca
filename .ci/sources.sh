#!/bin/sh
# Lists the Go files that people write: not the generated ones, nor our caches.
set -eu
find . -name '*.go' ! -name '*_templ.go' ! -path './.cache/*' ! -path './.git/*'
