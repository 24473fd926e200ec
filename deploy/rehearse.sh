#!/usr/bin/env bash
# Rehearses production on this machine: runs the commands of docs/operations.md as they are, then the README's walk over TLS,
# restarts of everything under load, a backup, the loss of the database and its restore, and prints what it measured.
# Needs root on Debian; `npm install` must have been run. Apart from installing packages, it changes nothing: /etc, /opt and /var are
# overlays, and the network and the processes are in namespaces of their own.
#   deploy/rehearse.sh [seconds of load for each phase, 20]
set -euo pipefail
cd "$(dirname "$0")/.."
tree=$PWD
LOAD_SECONDS=${1:-20}

# The code blocks below a heading of docs/operations.md.
blocks() {
  awk -v heading="### $1" '/^#/ && !code { on = ($0 == heading) } /^```/ { code = !code; if (on) print code ? "# block" : ""; next } on && code' docs/operations.md
}
install_block() { blocks Install | awk -v want="$1" '/^# block/ { n++ } want == "rest" ? n > 1 : n == want'; }

if [ "${IN_NAMESPACE:-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || { echo "Run it as root."; exit 1; }
  export DEBIAN_FRONTEND=noninteractive
  eval "$(install_block 1)" >/dev/null
  apt-get install -y -qq --no-install-recommends iproute2 util-linux >/dev/null
  work=$(mktemp -d /tmp/bilten-rehearsal-XXXXXX)
  trap 'rm -rf "$work"' EXIT
  # The program as an operator gets it, and what npm needs to install it without a network.
  mkdir -p "$work/program"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/program"
  echo "== Packages for the program"
  (cd "$work/program" && npm ci --omit=dev --no-audit --no-fund --ignore-scripts >/dev/null && rm -rf node_modules)
  for folder in etc opt var; do mkdir -p "$work/$folder" "$work/$folder.work"; done
  IN_NAMESPACE=1 WORK=$work TREE=$tree LOAD_SECONDS=$LOAD_SECONDS CACHE=$(npm config get cache) \
    unshare --net --mount --pid --fork --kill-child --mount-proc "$tree/deploy/rehearse.sh"
  exit
fi

ip link set lo up
for folder in etc opt var; do
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$WORK/$folder,workdir=$WORK/$folder.work" "/$folder"
done
mount -t tmpfs tmpfs /run
install -d -o postgres -g postgres /run/postgresql
mkdir -p "$WORK/bin"
cp "$TREE/deploy/rehearsal/systemctl" "$WORK/bin/"
export PATH=$WORK/bin:$PATH npm_config_offline=true npm_config_cache=$CACHE
echo "127.0.0.1 localhost tickets.example.com" >/etc/hosts
mv "$WORK/program" /opt/bilten-1

# A certificate authority, as a public one would sign for the operator.
mkdir -p "$WORK/tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=rehearsal -keyout "$WORK/tls/ca.key" -out "$WORK/tls/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=tickets.example.com -keyout "$WORK/tls/privkey.pem" -out "$WORK/tls/request.pem" 2>/dev/null
openssl x509 -req -days 2 -in "$WORK/tls/request.pem" -CA "$WORK/tls/ca.pem" -CAkey "$WORK/tls/ca.key" -CAcreateserial \
  -extfile <(echo subjectAltName=DNS:tickets.example.com) -out "$WORK/tls/fullchain.pem" 2>/dev/null

for heading in Install Upgrade Restore; do blocks "$heading" >"$WORK/$heading.sh"; done
install_block rest >"$WORK/Install.sh"
export NODE_EXTRA_CA_CERTS=$WORK/tls/ca.pem
node -r sucrase/register deploy/rehearsal/rehearse.ts
