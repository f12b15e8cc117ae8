# Sourced by every script: where things are built, and with which settings.
# Each setting below can be overridden from outside.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
export ROOT

# One target folder outside the checkout, so that a fresh checkout reuses what is built.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/ballast-target}"
export CARGO_INCREMENTAL="${CARGO_INCREMENTAL:-0}"
# The system's OpenSSL and zstd instead of building them from source: minutes.
export OPENSSL_NO_VENDOR="${OPENSSL_NO_VENDOR:-1}"
export ZSTD_SYS_USE_PKG_CONFIG="${ZSTD_SYS_USE_PKG_CONFIG:-1}"

WASM_TARGET=wasm32v1-none
# The toolchain of `scripts/setup` for machines where rustup cannot fetch the Wasm target.
WASM_FALLBACK_TOOLCHAIN=ballast-wasm

has() { command -v "$1" >/dev/null 2>&1; }

# Whether the given compiler (default: the one cargo uses) has the Wasm target's libraries.
has_wasm_target() {
	local sysroot
	sysroot="$("${1:-rustc}" --print sysroot 2>/dev/null)" || return 1
	compgen -G "$sysroot/lib/rustlib/$WASM_TARGET/lib/libcore-*.rlib" >/dev/null
}

if [ "${BALLAST_WASM:-}" = debian ] || ! has_wasm_target rustc; then
	if [ -x /usr/bin/rustc ] && has_wasm_target /usr/bin/rustc && has rustup; then
		export WASM_BUILD_TOOLCHAIN="${WASM_BUILD_TOOLCHAIN:-$WASM_FALLBACK_TOOLCHAIN}"
	fi
fi

# Clippy runs as the compiler of our own crates, so that linting shares every build. The wrapper is
# used by all scripts alike: another wrapper would mean another build.
if [ -z "${RUSTC_WORKSPACE_WRAPPER:-}" ]; then
	if has rustup && driver="$(rustup which clippy-driver 2>/dev/null)"; then
		export RUSTC_WORKSPACE_WRAPPER="$driver"
	elif has clippy-driver; then
		RUSTC_WORKSPACE_WRAPPER="$(command -v clippy-driver)"
		export RUSTC_WORKSPACE_WRAPPER
	fi
fi

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a step and says how long it took.
step() {
	local title="$1" began=$SECONDS
	shift
	say "$title"
	"$@"
	note "done in $((SECONDS - began)) s"
}

# Cargo does not tell two checkouts of a workspace apart, it compares times: sources of this checkout
# that are older than what another one has built would count as built. So whoever comes after another
# checkout makes its own sources new.
claim_target() {
	local mark="$CARGO_TARGET_DIR/.ballast-checkout"
	[ "$(cat "$mark" 2>/dev/null)" = "$ROOT" ] && return
	mkdir -p "$CARGO_TARGET_DIR"
	find "$ROOT" -name node_modules -prune -o -type f \
		\( -name '*.rs' -o -name '*.toml' -o -name '*.md' -o -name '*.csv' \) -exec touch {} +
	printf '%s' "$ROOT" >"$mark"
}

# The two build commands of this repository. Every other mix of packages and features would build
# the dependencies once more.
build_node() { claim_target && (cd "$ROOT" && cargo build --release --locked -p ballast-node \
	-p ballast-bench "$@"); }
test_native() {
	claim_target
	(cd "$ROOT" && cargo test --locked --workspace --exclude ballast-node \
		--exclude ballast-bench --exclude ballast-runtime-wasm --features try-runtime,runtime-benchmarks "$@")
}
export BALLAST_NODE="${BALLAST_NODE:-$CARGO_TARGET_DIR/release/ballast-node}"
