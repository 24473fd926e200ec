#!/usr/bin/env bash
# Creates the database, its owner and the program's role, with the passwords in /etc/bilten, and lets PgBouncer know the latter.
# Safe to run again: it then sets the passwords. Needs root on the machine of PostgreSQL.
set -euo pipefail
folder=${1:-/etc/bilten}
# The password in a URL; deploy/secrets.sh makes them without characters that need quoting.
password() { sed -nE "s#^$2=postgres://[^:]+:([0-9A-Za-z]+)@.*#\1#p" "$folder/$1"; }
owner=$(password owner.env DATABASE_OWNER_URL)
program=$(password bilten.env DATABASE_URL)
[ -n "$owner" ] && [ -n "$program" ] || { echo "$folder has no passwords: run deploy/secrets.sh machine" >&2; exit 1; }

# Over standard input, so that no password is seen in the list of processes.
setpriv --reuid=postgres --regid=postgres --init-groups psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 postgres <<SQL
SELECT 'CREATE ROLE bilten_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bilten_owner') \gexec
SELECT 'CREATE ROLE bilten_program LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bilten_program') \gexec
ALTER ROLE bilten_owner PASSWORD '$owner';
ALTER ROLE bilten_program PASSWORD '$program';
SELECT 'CREATE DATABASE bilten OWNER bilten_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bilten') \gexec
REVOKE ALL ON DATABASE bilten FROM PUBLIC;
GRANT CONNECT ON DATABASE bilten TO bilten_program;
SQL
install -m 640 -o postgres -g postgres /dev/stdin /etc/pgbouncer/userlist.txt <<<"\"bilten_program\" \"$program\""
