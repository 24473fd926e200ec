#!/usr/bin/env bash
# Restarts the APIs and workers one after another, without a failed request: each has to be ready before the next one stops.
#   deploy/restart.sh                the units that bilten.target wants
#   deploy/restart.sh bilten-api@4000
set -euo pipefail
[ $# -gt 0 ] || set -- $(sed -n 's/^Wants=//p' /etc/systemd/system/bilten.target)
for unit; do
  port=${unit#*@}
  systemctl restart "$unit"
  for _ in $(seq 120); do
    curl -fs -o /dev/null "http://127.0.0.1:${port%.service}/health/ready" && break
    sleep 0.5
  done
  curl -fsS -o /dev/null "http://127.0.0.1:${port%.service}/health/ready" || { echo "$unit is not ready; the others were not restarted." >&2; exit 1; }
  # nginx asks an address that did not answer again after two seconds.
  sleep 3
  echo "Restarted $unit"
done
