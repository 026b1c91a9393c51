#!/usr/bin/env bash
# `make run`: the playground. Sets up, builds, starts. Arguments go to weiqiao-dev.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh run
scripts/web.sh
step "Building weiqiao-dev (the first time takes a few minutes)"
cargo build -p weiqiao-dev --features web
exec target/debug/weiqiao-dev "$@"
