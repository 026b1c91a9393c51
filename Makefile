# Two commands matter: `make run` and `make test`. Each does all its own set-up. Anything longer than a line is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test lint fmt web bench figures gen release docs clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1mmake %-9s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the playground: service, emulated WeChat, demo page, demo data
	@scripts/run.sh $(ARGS)

test: ## run every test: Rust, web, Chromium, on SQLite and on a private Postgres and Redis
	@scripts/test.sh

lint: ## formatting, clippy and web lints
	@cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings && scripts/web.sh && npm --prefix web run --silent lint

fmt: ## format everything
	@cargo fmt --all && npm --prefix web run --silent format

web: ## build the web packages and pages
	@scripts/setup.sh run && scripts/web.sh

bench: ## run the benches (criterion), with a private Postgres and Redis
	@scripts/with-services.sh cargo bench --workspace

figures: ## measure start-up time and memory of a release build
	@scripts/figures.sh

gen: ## regenerate everything generated (the OpenAPI snapshot); CI compares
	@scripts/gen.sh

release: ## build the release binaries with their pages inside
	@scripts/setup.sh run && scripts/web.sh && cargo build --release -p weiqiao -p weixin-emulator --features weiqiao/web,weixin-emulator/web

docs: ## build the Rust documentation
	@cargo doc --workspace --no-deps

clean: ## remove what was built (not ./data)
	@rm -rf target web/node_modules web/packages/*/dist web/apps/*/dist
