#!/usr/bin/env bash
# Builds deploy/Dockerfile with buildah where no image can be pulled: its base is made of Debian's packages and this machine's
# Node.js, and tagged as the one that the Dockerfile names. Then runs the image without root until /health/live answers.
# Needs root on Debian with buildah and debootstrap:
#   apt-get install -y --no-install-recommends buildah debootstrap && deploy/image.sh
set -euo pipefail
cd "$(dirname "$0")/.."
IMAGE=${IMAGE:-localhost/bilten:rehearsal}
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d)
container=
finish() {
  [ -z "$container" ] || buildah rm "$container" >/dev/null
  rm -rf "$work"
}
trap finish EXIT

base=$(sed -nE 's/^FROM ([^ ]+)$/\1/p' deploy/Dockerfile)
release=$(sed -nE 's/.*-([a-z]+)-slim$/\1/p' <<<"$base")
echo "== A base for $base"
if ! buildah inspect --type image "docker.io/library/$base" >/dev/null 2>&1; then
  mirror=$(apt-get indextargets --format '$(SITE)' "Codename: $release" | head -1)
  debootstrap --variant=minbase --include=ca-certificates,libstdc++6 "$release" "$work/root" "${mirror:-http://deb.debian.org/debian}" >"$work/log" ||
    { tail -20 "$work/log"; exit 1; }
  install -D "$(command -v node)" "$work/root/usr/local/bin/node"
  mkdir -p "$work/root/usr/local/lib/node_modules"
  cp -a "$(npm root --global)/npm" "$work/root/usr/local/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
  chroot "$work/root" useradd --create-home --uid 1000 node
  rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale}
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$work/root" / >/dev/null
  buildah commit --quiet --rm "$container" "docker.io/library/$base" >/dev/null
  container=
  rm -rf "$work/root"
fi

echo "== The image"
# npm's settings and cache, and the certificates that this machine trusts.
cache=$(npm config get cache)
mkdir -p "$cache"
volumes=(--volume "$cache:/root/.npm" --volume /etc/ssl/certs:/etc/ssl/certs:ro)
[ ! -f "$HOME/.npmrc" ] || volumes+=(--volume "$HOME/.npmrc:/root/.npmrc:ro")
buildah bud --quiet --format docker --pull-never --layers=false "${volumes[@]}" --file deploy/Dockerfile --tag "$IMAGE" . >/dev/null

echo "== A run"
container=$(buildah from --pull-never "$IMAGE")
user=$(buildah run "$container" -- id -un)
size=$(buildah run "$container" -- sh -c 'du -sm /app | cut -f1')
[ "$user" = node ] || { echo "The image runs as $user"; exit 1; }
PORT=$(node -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
# PostgreSQL is away: the process has to live, not to be ready.
buildah run --env PORT="$PORT" --env HOST=127.0.0.1 --env DATABASE_URL=postgres://nobody:nothing@127.0.0.1:9/bilten \
  --env JWT_SECRET="$(openssl rand -base64 48)" --env MAIL_DRIVER=local --env PUBLIC_URL=https://tickets.example.com \
  "$container" -- node dist/server.js >"$work/log" 2>&1 &
run=$!
answer=
for _ in $(seq 60); do
  answer=$(curl -s "http://127.0.0.1:$PORT/health/live" || true)
  case $answer in *'"live"'*) break ;; esac
  kill -0 $run 2>/dev/null || break
  sleep 0.5
done
# buildah's child is what listens; the signal goes to it.
pkill -TERM -P $run 2>/dev/null || true
kill -TERM $run 2>/dev/null || true
wait $run 2>/dev/null || true
case $answer in
  *'"live"'*) echo "Runs as $user, /app has $size MB, and /health/live answers $answer" ;;
  *) tail -20 "$work/log"; echo "The image does not answer"; exit 1 ;;
esac
