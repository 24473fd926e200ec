#!/usr/bin/env bash
# Runs a command of the program with the settings of this machine, as its user:
#   deploy/command.sh admin create --email you@example.com
set -euo pipefail
cd "$(dirname "$0")/.."
set -a
. /etc/bilten/bilten.env
set +a
exec setpriv --reuid=bilten --regid=bilten --init-groups node dist/cli.js "$@"
