#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own checker has nothing to say about the module's sources, built as the guest's.
. "$(dirname "$0")/setup"

# Workloads are declared where they are listed (bench/words.c), for all targets alike.
said() {
	grep -E "^[^ ]+:[0-9]+:[0-9]+: (warning|error):" "$scratch/log" |
		grep -v "symbol 'workload_[a-z0-9_]*' was not declared" || true
}

# The mirror that guest/prepare made and built: what is compiled already is only looked at.
sparse_says_nothing() { # KERNEL
	local out=$root/build/guest/$1

	command -v sparse >/dev/null || skip "no sparse"
	[[ -e $out/trimm.ko ]] || skip "no module for $1; make module"
	"$root/guest/prepare" "$1" "$out" >"$scratch/prepare" 2>&1 ||
		skip "$(tail -n 1 "$scratch/prepare")"
	flock "$out/lock" timeout 250 make -j2 C=2 -C "$out/headers" M="$out/module" \
		CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$scratch/log" 2>&1 ||
		{ tail -n 5 "$scratch/log"; return 1; }
	grep -q "^  CHECK " "$scratch/log"
	expect "$(said)" ""
}
declare_kernel_tests sparse_says_nothing

tap_run
