#!/usr/bin/env bash
# Runs a command with a private Postgres and a private Redis on free ports, and stops both afterwards.
# Usage: scripts/with-services.sh COMMAND [ARG…]
# The command finds them in WEIQIAO_TEST_POSTGRES_URL and WEIQIAO_TEST_REDIS_URL.
source "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || die "usage: scripts/with-services.sh COMMAND [ARG…]"

dir="$(mktemp -d "${TMPDIR:-/tmp}/weiqiao-services.XXXXXX")"
chmod 711 "$dir"
pgbin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)"
[ -n "$pgbin" ] || pgbin="$(dirname "$(command -v initdb || die 'Postgres is missing: run scripts/setup.sh test')")"
have redis-server || die 'Redis is missing: run scripts/setup.sh test'

# Postgres refuses to run as root: then the user that its package made runs it.
if [ "$(id -u)" = 0 ]; then
  pguser=postgres; id postgres >/dev/null 2>&1 || pguser=nobody
  as_pg() { (cd "$dir/pg" && setpriv --reuid="$pguser" --regid="$(id -g "$pguser")" --clear-groups "$@"); }
else
  pguser="$(id -un)"
  as_pg() { (cd "$dir/pg" && "$@"); }
fi
mkdir "$dir/pg" "$dir/redis"
[ "$(id -u)" != 0 ] || chown "$pguser" "$dir/pg"

redis_pid=
stop() {
  as_pg "$pgbin/pg_ctl" -D "$dir/pg/data" -m immediate -w stop >/dev/null 2>&1 || true
  # Both are gone before their folder is.
  [ -z "$redis_pid" ] || { kill "$redis_pid" && wait "$redis_pid"; } 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

pgport="$(free_port)"; redisport="$(free_port)"
# Locale C and one user without a password: the server listens on loopback only, for this run only.
as_pg "$pgbin/initdb" -D "$dir/pg/data" -U weiqiao -A trust -E UTF8 --locale=C.UTF-8 >"$dir/pg/initdb.log" 2>&1 \
  || { cat "$dir/pg/initdb.log" >&2; die "initdb failed"; }
as_pg "$pgbin/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/server.log" -w -t 60 \
  -o "-p $pgport -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c log_min_messages=warning" start >/dev/null \
  || { cat "$dir/pg/server.log" >&2; die "Postgres did not start"; }
redis-server --port "$redisport" --bind 127.0.0.1 --save '' --appendonly no --dir "$dir/redis" --logfile "$dir/redis/log" >/dev/null &
redis_pid=$!
for _ in $(seq 100); do redis-cli -p "$redisport" ping >/dev/null 2>&1 && break; read -rt 0.1 <> <(:) || true; done
redis-cli -p "$redisport" ping >/dev/null 2>&1 || die "Redis did not start"

export WEIQIAO_TEST_POSTGRES_URL="postgres://weiqiao@127.0.0.1:$pgport/postgres"
export WEIQIAO_TEST_REDIS_URL="redis://127.0.0.1:$redisport"
export WEIQIAO_TEST_PGBIN="$pgbin"
export WEIQIAO_TEST_REQUIRE_SERVICES=1
"$@"
