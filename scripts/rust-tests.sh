#!/usr/bin/env bash
# Runs every Rust test with cargo-nextest, in three lots. Usage: scripts/with-services.sh scripts/rust-tests.sh FEATURES
source "$(dirname "$0")/lib.sh"
features="${1:?the features to test with}"
tests() { cargo nextest run --workspace --features "$features" "$@"; }
run() { tests --no-fail-fast "$@"; }

# These wait: for leases of the dead, for a WeChat that is down, for a disk that is full. Each uses a quarter of a processor or
# less, so they go two by two beside all that works.
waits='package(weiqiao-cluster) and test(/^(jobs|wechat|tokens::a_holder)/)
  or binary(fault) and test(/^(fault_(points|kill)::.*on_postgres|fault_disk::a_full_disk)/)'
# These compare figures taken by the clock: nothing runs beside them.
figures='package(weiqiao-cluster)'

tests --no-run
said="$(mktemp)"; beside=; failed=0
finish() { [ -z "$beside" ] || { kill "$beside" && wait "$beside"; } 2>/dev/null || true; rm -f "$said"; }
trap finish EXIT
trap 'exit 130' INT TERM
run -E "$waits" --test-threads 2 >"$said" 2>&1 &
beside=$!
run -E "not ($waits) and not ($figures)" || failed=1
note "Those that ran beside them:"
wait "$beside" || failed=1
beside=
cat "$said"
run -E "($figures) and not ($waits)" || failed=1
exit "$failed"
