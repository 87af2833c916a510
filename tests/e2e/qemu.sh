#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The command with real emulation beneath: the kernel target, and exact counts of both targets.
# Times are not checked.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

need() { # PROGRAM of QEMU
	[[ -x $build/trimm-qemu ]] || skip "no release build; make check makes one first"
	command -v "$1" >/dev/null || skip "no $1; make deps installs it"
}

# What hangs fails.
in_time() {
	timeout -k 1 60 "$@"
}

counters() { # FILE
	grep '"t":"counter"' "$1" | grep '"phase":"exact"'
}

test_a_parameter_of_another_target() {
	need qemu-system-x86_64
	try in_time "$build/trimm" run null perf=auto --target qemu
	expect_error 2 'trimm: perf: no parameter of this target, but of --target user'
}

test_run_on_the_kernel() {
	need qemu-system-x86_64
	try in_time "$build/trimm" run null cpus=1 blocks=2 warmup=0 memory=64M --target qemu --quiet
	expect_code 0
	trimm validate "$(run_file)"
	expect "$(lines '"t":"bench".*"target":"x86_64-qemu".*"hw_pagetable".*"status":"ok"')" 1
	expect "$(lines '"t":"note".*"text":"accel=')" 1
}

test_workloads_are_listed_with_where_they_run() {
	local invlpg

	need qemu-system-x86_64
	try in_time "$build/trimm" list workloads
	expect_code 0
	invlpg=$(grep -A 4 '^  invlpg ' <<<"$out")
	grep -q '^  invlpg .*(trimm)$' <<<"$invlpg"
	grep -q '^      nr_pages=16  (1\.\.1024 pages) ' <<<"$invlpg"
	grep -q '^      runs on: qemu' <<<"$invlpg"
	grep -q '^      not on user: a program can.* INVLPG ' <<<"$invlpg"
	# Each says something: where it runs, or why nowhere that is asked.
	expect "$(awk '/^  [a-z]/ { n++; silent++; told = 0 }
		/^      (runs|not) on/ && !told { silent--; told = 1 }
		END { print (n > 60), silent }' <<<"$out")" "1 0"
	# A guest is not prepared for that: it is said how.
	TRIMM_GUEST=$scratch try in_time "$build/trimm" list workloads
	expect_code 0
	grep -q '^      runs on: user, qemu$' <<<"$out"
	grep -q '^Not asked: module kernel=6.12: prepared when it is first used' <<<"$out"
}

test_a_kernel_says_what_it_can() {
	need qemu-system-x86_64
	try in_time "$build/trimm" list --target qemu
	expect_code 0
	expect "$out" "*unmap-storm*watchdog=60*"
	try in_time "$build/trimm" run null cpus=65 --target qemu
	expect_error 2 'trimm-kernel: cpus=65: *'
}

test_the_least_ram() {
	need qemu-system-x86_64
	try in_time "$build/trimm-qemu" kernel kmalloc-pair ram=64M memory=4M cpus=1 blocks=2 warmup=0
	expect_code 0
	try in_time "$build/trimm-qemu" kernel kmalloc-pair ram=64M memory=1G cpus=1 blocks=2 warmup=0
	expect_code 1
	expect "$err" "*memory=*"
}

# A second run, and the gate over both: equal to the last digit.
repeats() { # WORD...
	local first

	in_time "$build/trimm" run "$@" --mode exact --quiet >"$scratch/log"
	first=$(run_file)
	trimm validate "$first"
	[[ $(counters "$first" | grep -c '"source":"tlbmodel"') -gt 5 ]]
	[[ $(grep -c '"t":"hist".*"unit":"instructions"' "$first") -gt 0 ]]
	expect "$(grep -c '"text":"modelled: ' "$first")" 1
	TRIMM_RESULTS=$scratch/again in_time "$build/trimm" run "$@" --mode exact --quiet >"$scratch/log"
	expect "$(counters "$scratch"/again/runs/*.ndjson)" "$(counters "$first")"
	try trimm compare "$first" "$scratch"/again/runs/*.ndjson
	expect "$out" "*regressed 0, improved 0, *"
}

test_exact_counts_of_the_kernel_repeat() {
	need qemu-system-x86_64
	repeats unmap-storm cpus=2 exact_ops=200 memory=64M flush=eager --target qemu
}

test_exact_counts_of_the_user_target_repeat() {
	need qemu-x86_64
	repeats kmalloc-pair exact_ops=200
}

# What the plugin counted of the arm with this answer, in whatever place it came.
modelled_of() { # FLUSH FIRST SECOND TARGET
	local bench

	in_time "$build/trimm-qemu" "$4" unmap-storm mode=exact exact_ops=400 cpus=1 \
		"arm:flush=$2" "arm:flush=$3" >"$scratch/records"
	bench=$(grep '"t":"bench"' "$scratch/records" | grep -n "\"flush\":\"$1\"" | cut -d : -f 1)
	grep "\"bench\":$((bench - 1)),.*\"source\":\"tlbmodel\"" "$scratch/records" |
		sed 's/"bench":[01],//'
}

test_exact_counts_of_an_arm_do_not_depend_on_its_place() {
	local target first

	need qemu-x86_64
	need qemu-system-x86_64
	for target in user kernel; do
		first=$(modelled_of eager eager lazy $target)
		expect "$first" '*"instructions"*"dtlb_misses"*'
		expect "$(modelled_of eager lazy eager $target)" "$first"
	done
}

test_a_static_program_loads_no_libraries() {
	need qemu-x86_64
	try trimm run kmalloc-pair impl=jemalloc --mode exact --quiet
	expect_code 77
	expect "$err" "*a static program loads no libraries*"
}

test_a_hang_a_fault_and_a_reset() {
	need qemu-system-x86_64
	try in_time "$build/trimm-qemu" kernel selftest hang watchdog=1
	expect_code 1
	expect "$err" "*trimm-qemu: no sign of life from the guest for 1 s *"
	try in_time "$build/trimm-qemu" kernel selftest triple-fault
	expect_code 1
	expect "$err" "*trimm-qemu: the guest reset (triple fault)*"
	try in_time "$build/trimm-qemu" kernel selftest null-read
	expect_code 1
	expect "$err" "*null_read*"
}

# A repeat of so many operations takes half a minute: its end is not waited for.
test_interrupt_of_exact_counts() {
	local began

	need qemu-x86_64
	"$build/trimm" run unmap-storm exact_ops=1000000 --mode exact --quiet >"$scratch/out" \
		2>"$scratch/err" &
	command=$!
	trap 'kill -KILL "$command" 2>/dev/null || :' EXIT
	until launcher=$(pgrep -P "$command" trimm-qemu) && pgrep -P "$launcher" qemu-x86_64; do
		kill -0 "$command"
		sleep 0.05
	done
	sleep 1
	began=$SECONDS
	kill -INT "$command"
	code=0
	wait "$command" || code=$?
	expect "$code" 1
	((SECONDS - began < 12))
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
	expect "$(lines '"t":"counter"')" 0
	trimm validate "$(run_file)"
}

test_interrupt() {
	need qemu-system-x86_64
	"$build/trimm" run null blocks=1000 cpus=1 memory=64M --target qemu --quiet \
		>"$scratch/out" 2>"$scratch/err" &
	command=$!
	trap 'kill -KILL "$command" 2>/dev/null || :' EXIT
	until launcher=$(pgrep -P "$command" trimm-qemu) &&
		qemu=$(pgrep -P "$launcher" qemu-system) && [[ -s $(run_file) ]]; do
		kill -0 "$command"
		sleep 0.05
	done
	kill -INT "$command"
	code=0
	wait "$command" || code=$?
	expect "$code" 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
	trimm validate "$(run_file)"
	for _ in {1..100}; do
		kill -0 "$qemu" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "QEMU is still there"
	return 1
}

tap_run
