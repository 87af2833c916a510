#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `trimm compare` gates on exact counts: what it lets pass, what not, what it won't compare.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

need() { # PROGRAM of QEMU
	[[ -x $build/trimm-qemu ]] || skip "no release build; make check makes one first"
	command -v "$1" >/dev/null || skip "no $1; make deps installs it"
}

# A run: its file is $1.
run_into() { # NAME WORD...
	TRIMM_RESULTS=$scratch/of timeout -k 1 60 "$build/trimm" run "${@:2}" --mode exact --quiet >"$scratch/log"
	mv "$scratch"/of/runs/*.ndjson "$scratch/$1"
}

# The same file, a counter's value times so much, rounded up, plus so much.
changed() { # FROM TO COUNTER FACTOR [MORE]
	awk -v name="\"name\":\"$3\"" -v factor="$4" -v more="${5-0}" '
		index($0, name) && match($0, /"value":[0-9]+/) {
			value = substr($0, RSTART + 8, RLENGTH - 8)
			value = sprintf("%d", value * factor + more + 0.999999)
			$0 = substr($0, 1, RSTART + 7) value substr($0, RSTART + RLENGTH)
		}
		/"t":"run"/ { sub(/"run":"/, "&other-") }
		{ print }' "$scratch/$1" >"$scratch/$2"
	! cmp -s "$scratch/$1" "$scratch/$2"
}

compare() { # FROM TO CODE REGRESSED
	try trimm compare "$scratch/$1" "$scratch/$2"
	expect_code "$3"
	expect "$out" "*regressed $4, *"
}

judged() { # RUN: a run of unmap-storm
	changed "$1" worse instructions 1.01
	changed "$1" bit_worse instructions 1.001
	changed "$1" better instructions 0.9
	changed "$1" misses walk_steps 1.01 1
	changed "$1" flushed shootdowns 1 1
	compare "$1" worse 3 1
	compare worse "$1" 0 0
	compare "$1" bit_worse 0 0
	compare "$1" better 0 0
	compare "$1" misses 3 1
	# An event more is one too many.
	compare "$1" flushed 3 1
}

test_counts_of_the_kernel_gate() {
	need qemu-system-x86_64
	run_into kernel unmap-storm cpus=2 exact_ops=100 memory=64M --target qemu
	judged kernel
}

test_counts_of_the_user_target_gate() {
	need qemu-x86_64
	run_into user unmap-storm cpus=1 exact_ops=100 memory=64M
	judged user
}

# Misses of another TLB, work of another size or machine: no verdict.
test_what_is_not_comparable() {
	need qemu-x86_64
	need qemu-system-x86_64
	run_into here kmalloc-pair cpus=1 exact_ops=100 memory=64M
	run_into other_tlb kmalloc-pair cpus=1 exact_ops=100 memory=64M tlb=zen3
	run_into in_kernel kmalloc-pair cpus=1 exact_ops=100 memory=64M --target qemu
	for other in other_tlb in_kernel; do
		try trimm compare "$scratch/here" "$scratch/$other"
		expect_code 4
		expect "$out$err" "*no benchmark with equal parameters*"
	done
}

tap_run
