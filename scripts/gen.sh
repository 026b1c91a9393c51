#!/usr/bin/env bash
# Regenerates what is generated. A test compares the committed copies.
source "$(dirname "$0")/lib.sh"
step "docs/openapi.json"
cargo run --quiet -p weiqiao -- openapi > docs/openapi.json.new
mv docs/openapi.json.new docs/openapi.json
step "docs/configuration.md, .env.example and the TOML sample"
WEIQIAO_REGENERATE=1 cargo test --quiet -p weiqiao --lib handbook
