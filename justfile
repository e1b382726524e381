# Short commands; `just ready` runs what CI runs.

# List the commands.
default:
    @just --list

# Everything that CI runs.
ready:
    .ci/run

# The tests a newcomer runs.
test:
    cargo test --workspace

# Format, then lint.
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

# Accept changed snapshots after reading them.
accept:
    INSTA_UPDATE=always cargo test --workspace

# Figures for docs/benchmarks.md.
bench *ARGS:
    cargo bench -p switchboard-benches {{ARGS}}

# One fuzz target for some seconds: parse, format, intake, script.
fuzz TARGET SECONDS="60":
    fuzz/run {{TARGET}} {{SECONDS}}

# The main job on an emulated day.
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# Licences, duplicate versions and sources (needs cargo-deny).
deny:
    cargo deny check bans licenses sources
