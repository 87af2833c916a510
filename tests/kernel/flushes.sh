#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What flushes execute, drop and report. That they reach every CPU is in faults.sh.
. "$(dirname "$0")/setup"

exact() { # WORD...
	need_qemu
	try kernel "$@" mode=exact memory=32M window=64M exact_ops=10
	expect_code 0
}

# An exact counter, over the 10 operations.
counter() { # NAME
	sed -n "s/.*\"phase\":\"exact\",\"name\":\"$1\".*\"value\":\([0-9]*\).*/\1/p" <<<"$out"
}

test_up_to_the_ceiling_page_by_page() {
	exact flush-range nr_pages=33 cpus=1
	expect "$(counter invlpg) $(counter cr4_writes)" "330 0"
}

test_beyond_it_all_at_once() {
	exact flush-range nr_pages=34 cpus=1
	expect "$(counter invlpg) $(counter cr4_writes)" "0 20"
}

test_the_ceiling_can_be_moved() {
	exact flush-range nr_pages=34 invlpg_max=34 cpus=1
	expect "$(counter invlpg) $(counter cr4_writes)" "340 0"
	exact flush-range nr_pages=1 invlpg_max=0 cpus=1
	expect "$(counter invlpg) $(counter cr4_writes)" "0 20"
}

# The window's pages are global: a move to CR3 leaves them, which is why a full flush is CR4's. TCG
# drops them by either; the modelled TLB does as hardware.
test_a_full_flush_drops_global_pages() {
	exact cr3-reload nr_pages=16 cpus=1
	expect "$(counter cr3_writes) $(counter tlb_dropped)" "10 0"
	exact flush-full nr_pages=16 cpus=1
	expect "$(counter cr3_writes)" 0
	[[ $(counter tlb_dropped) -ge 160 ]]
}

# Histograms of flushes, by the CPUs each interrupted.
shootdowns() { # CPUS ACCEL
	need_qemu
	try kernel flush-range accel="$2" cpus="$1" nr_pages=4 exact_ops=2 "${small[@]}"
	expect_code 0
	grep -o '"metric":"shootdown[^"]*"' <<<"$out" | cut -d '"' -f 4 | tr '\n' ' '
}

test_flushes_are_told_by_the_cpus_they_interrupt() {
	expect "$(shootdowns 1 tcg)" "shootdown.0 "
	expect "$(shootdowns 2 mttcg)" "shootdown.1 "
	expect "$(shootdowns 4 tcg)" "shootdown.2-3 "
}

tap_run
