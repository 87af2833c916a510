#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm show, on the real targets: the state of a core in the middle of a run.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

# Soon at its blocks, also where the machine has more to do.
soon="memory=64M warmup=50 exact_ops=64 slice=200"

need_build() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
}

test_of_a_workload() {
	need_build
	# shellcheck disable=SC2086
	try trimm show vmstat unmap-storm $soon
	expect_code 0
	expect "$out" "nr_free_pages *trimm_table_write [1-9]*"
	# Nothing was kept of the run.
	[[ ! -e $TRIMM_RESULTS ]]
}

test_every_name() {
	need_build
	for name in buddyinfo meminfo pagetypeinfo slabinfo vmallocinfo vmstat zoneinfo; do
		# shellcheck disable=SC2086
		try trimm show "$name" unmap-storm $soon
		expect_code 0
		[[ -n $out ]]
	done
}

test_zones() {
	need_build
	try trimm show zoneinfo page-pair dma=16M dma32=32M memory=128M warmup=0 exact_ops=64
	expect_code 0
	expect "$out" "*DMA*managed  4096*DMA32*managed  8192*Normal*managed  20480*"
}

test_during_a_run() {
	need_build
	local command shown=""

	# shellcheck disable=SC2086
	"$build/trimm" run unmap-storm flush=eager,lazy $soon blocks=1000 --quiet \
		>"$scratch/run.out" 2>&1 &
	command=$!
	for _ in {1..100}; do
		sleep 0.1
		target=$(pgrep -P "$command" trimm-user | head -n 1) || continue
		shown=$(trimm show meminfo --pid "$target" --arm 1 2>/dev/null) && break
	done
	expect "$shown" "MemTotal: *65536 kB*"
	try trimm show meminfo --pid "$target" --arm 2
	expect_error 1 "trimm: show meminfo, arm 2 of process $target: the case has no such arm"
	kill -INT "$command"
	wait "$command" || true
	trimm validate "$(run_file)"
}

test_as_proc() {
	need_build
	[[ $EUID -eq 0 ]] || unshare -Ur true 2>/dev/null || skip "no user namespaces"
	# shellcheck disable=SC2086
	try trimm show --as-proc unmap-storm $soon -- free -k
	expect_code 0
	expect "$out" "*Mem: *65536 *"
	# The command's code is ours; what it needs not be found.
	# shellcheck disable=SC2086
	try trimm show --as-proc unmap-storm $soon -- sh -c 'exit 5'
	expect_code 5
	# shellcheck disable=SC2086
	try trimm show --as-proc unmap-storm $soon -- /no/such/command
	expect_code 2
	expect "$err" "trimm: /no/such/command: No such file or directory"
}

need_kernel() {
	[[ -x $build/trimm-qemu ]] || skip "no release build; make check makes one first"
	command -v qemu-system-x86_64 >/dev/null || skip "no qemu-system-x86_64"
}

test_of_the_kernel() {
	need_kernel
	# shellcheck disable=SC2086
	try timeout 60 "$build/trimm" show zoneinfo unmap-storm cpus=2 dma=16M $soon --target qemu
	expect_code 0
	expect "$out" "*DMA*managed  4096*Normal*managed  12288*"
	# shellcheck disable=SC2086
	try timeout 60 "$build/trimm" show vmstat null $soon target=qemu
	expect_error 1 "trimm: show vmstat, arm 0 of process *: this arm's subject keeps its memory *"
}

test_during_a_run_of_the_kernel() {
	need_kernel
	local command shown="" asked=0

	# shellcheck disable=SC2086
	timeout 60 "$build/trimm" run unmap-storm flush=eager,lazy cpus=2 $soon blocks=1000 \
		--target qemu --quiet >"$scratch/run.out" 2>&1 &
	command=$!
	for _ in {1..200}; do
		sleep 0.1
		target=$(pgrep -P "$(pgrep -P "$command" -x trimm)" -x trimm-qemu) || continue
		shown=$(trimm show meminfo --pid "$target" --arm 1 2>/dev/null) && asked=$((asked + 1))
		[[ $asked -eq 3 ]] && break
	done
	expect "$shown" "MemTotal: *65536 kB*"
	try trimm show meminfo --pid "$target" --arm 2
	expect_error 1 "trimm: show meminfo, arm 2 of process $target: the case has no such arm"
	kill -INT "$command"
	wait "$command" || true
	trimm validate "$(run_file)"
}

# An answer would be counted, or move what is.
refused() { # WORD...
	local command

	timeout 60 "$build/trimm" run unmap-storm memory=64M exact_ops=1000000 --mode exact "$@" \
		--quiet >"$scratch/run.out" 2>&1 &
	command=$!
	for _ in {1..200}; do
		sleep 0.1
		target=$(pgrep -P "$(pgrep -P "$command" -x trimm)" -x trimm-qemu) || continue
		try trimm show meminfo --pid "$target"
		[[ $err == *counts* ]] && break
	done
	# The second request kills, once it can't be the first one seen twice.
	kill -INT "$command"
	sleep 0.6
	kill -INT "$command" 2>/dev/null || true
	wait "$command" || true
	expect "$err" "trimm: show meminfo, arm 0 of process $target: an answer would change *"
}

test_exact_runs_are_not_asked() {
	need_kernel
	refused --target qemu
	command -v qemu-x86_64 >/dev/null || skip "no qemu-x86_64"
	refused
	try trimm show vmstat unmap-storm --mode exact
	expect_error 2 "trimm: --mode exact: *"
}

test_other_subjects_cannot_be_shown() {
	need_build
	try trimm show vmstat null
	expect_error 1 "trimm: show vmstat, arm 0 of process *: this arm's subject keeps its memory *"
}

test_bad_words() {
	need_build
	try trimm show
	expect_code 2
	try trimm show vmsat
	expect_error 2 'trimm: vmsat: no such thing to show; did you mean "vmstat"?'
	try trimm show vmstat --arm x
	expect_error 2 "trimm: --arm x: not a number"
	try trimm show --as-proc
	expect_code 2
	try trimm show vmstat unmap-storn
	expect_error 2 '*did you mean "unmap-storm"?'
	try trimm show vmstat flush=eager
	expect_error 2 "trimm: flush: a setting is a workload's; name one*"
	try trimm show vmstat unmap-storm --pid 1
	expect_error 2 "trimm: --pid 1: *"
	try trimm show vmstat --pid 1
	expect_error 1 "*did the run end?*"
}

tap_run
