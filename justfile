# What is done often. `just` alone lists it.
_default:
    @just --list

# Serves the shop.
run *arguments:
    cargo run -p galleria -- {{arguments}}

# Runs the tests; those on PostgreSQL where a server is found.
test *arguments:
    cargo test --workspace {{arguments}}

# What the build server runs.
ci:
    .ci/run

fmt:
    cargo fmt --all

lint:
    cargo clippy --workspace --all-targets -- -D warnings

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Holds the code to architecture.toml.
boundaries *arguments:
    cargo run -q -p architecture-tests -- check {{arguments}}

# Licences, advisories and sources of the dependencies.
deny:
    cargo deny check

# Measures the release binary; the tables are in docs/benchmarks.md.
bench *arguments:
    cargo build --release -p galleria --bin galleria -p bench --bin bench
    target/release/bench {{arguments}}

# Lists the points at which the crash suite ends the process.
faults:
    cargo run -q -p galleria --bin galleria-faults -- fault-points

# Cuts every way of a purchase at every point that it reaches.
crash:
    GALLERIA_CRASH_ALL=1 cargo test -p galleria --test journeys crash

# Runs the purchase suite over every placement, or those that are named; the table is in docs/placements.md. Thousands of
# processes start, hence the release build, and mostly it waits: `--test-threads 8` pays where PostgreSQL has 500 connections.
matrix *arguments:
    .ci/feature-sets
    GALLERIA_MATRIX=1 GALLERIA_SLIM="${CARGO_TARGET_DIR:-$PWD/target}/slim" cargo test --release -p galleria --test placements -- {{arguments}}

# Checks each feature set, and builds the slim binaries.
feature-sets:
    .ci/feature-sets
