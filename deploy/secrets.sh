#!/usr/bin/env bash
# Writes settings with new random secrets, readable by their owner only. Never overwrites a file.
#   deploy/secrets.sh compose                     deploy/.env, for deploy/compose.yaml
#   deploy/secrets.sh machine [/etc/bilten]       bilten.env and owner.env, for systemd and PM2 on one machine
# PUBLIC_URL, SMTP_URL and MAIL_FROM are taken from the environment if they are set there. .env.example explains every setting.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
PUBLIC_URL=${PUBLIC_URL:-https://tickets.example.com}
MAIL_FROM=${MAIL_FROM:-Tickets <tickets@example.com>}

secret() { openssl rand -hex "${1:-24}"; }
# noclobber makes the shell refuse to write a file that exists.
write() { (set -C; cat >"$1") 2>/dev/null || { echo "$1 exists already: nothing was changed." >&2; return 1; }; echo "Wrote $1"; }

case ${1:-} in
  compose)
    write .env <<EOF
PUBLIC_URL=$PUBLIC_URL
MAIL_FROM="$MAIL_FROM"
JWT_SECRET=$(secret 48)
METRICS_TOKEN=$(secret)
OWNER_PASSWORD=$(secret)
PROGRAM_PASSWORD=$(secret)
REDIS_PASSWORD=$(secret)
S3_SECRET_ACCESS_KEY=$(secret)
EOF
    ;;
  machine)
    folder=${2:-/etc/bilten}
    mkdir -p "$folder"
    [ ! -e "$folder/owner.env" ] || { echo "$folder/owner.env exists already: nothing was changed." >&2; exit 1; }
    program=$(secret)
    write "$folder/bilten.env" <<EOF
NODE_ENV=production
HOST=127.0.0.1
TRUST_PROXY=1
DATA_DIR=/var/lib/bilten
PUBLIC_URL=$PUBLIC_URL
DATABASE_URL=postgres://bilten_program:$program@127.0.0.1:6432/bilten
DATABASE_DIRECT_URL=postgres://bilten_program:$program@127.0.0.1:5432/bilten
DATABASE_PREPARED_STATEMENTS=false
REDIS_URL=redis://127.0.0.1:6379
JWT_SECRET=$(secret 48)
METRICS_TOKEN=$(secret)
SMTP_URL=${SMTP_URL:-smtp://127.0.0.1:25}
MAIL_FROM="$MAIL_FROM"
EOF
    write "$folder/owner.env" <<EOF
DATABASE_OWNER_URL=postgres://bilten_owner:$(secret)@127.0.0.1:5432/bilten
EOF
    ;;
  *) sed -n '2,5s/^# //p' "$0"; exit 2 ;;
esac
