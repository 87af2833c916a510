#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# From 1 CPU to 64: all start, all work, all are interrupted by a flush, nothing hangs.
. "$(dirname "$0")/setup"

# The median of an exact counter.
counter() { # NAME
	sed -n "s/.*\"phase\":\"exact\",\"name\":\"$1\".*\"value\":\([0-9]*\).*/\1/p" <<<"$out"
}

flushing() { # CPUS
	need_qemu
	try kernel unmap-storm cpus="$1" flush=eager exact_ops=4 mode=exact memory=32M window=64M
	expect_code 0
	expect "$out" "*\"params\":{\"cpus\":$1,*"
	[[ $(counter flush_range) -gt 0 ]]
	# Each flush interrupts every other CPU.
	[[ $(counter shootdowns) -eq $(($(counter flush_range) * ($1 - 1))) ]]
}

test_1() {
	flushing 1
}

test_2() {
	flushing 2
}

test_64() {
	flushing 64
}

tap_run
