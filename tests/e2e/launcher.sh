#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm-qemu: whatever becomes of QEMU and of the guest, it is one line and an exit code, what was
# whole is passed on, and no process is left.
. "$(dirname "$0")/setup"

# Programs as installed, with a QEMU that does what its word says.
ln -s "$root/tests/e2e/fake-qemu" "$fake/qemu-system-x86_64"
cp "$build/trimm-qemu" "$fake"
: >"$fake/trimm-kernel"
export PATH=$fake:$PATH FAKE_TARGET=$fake/trimm-user

guest() { # WORD...
	try "$fake/trimm-qemu" kernel "$@" accel=tcg
}

# What went before the trouble is passed on; then one line.
goes_wrong() { # PATTERN WORD...
	local pattern=$1
	shift
	guest "$@"
	expect_code 1
	expect "$err" "trimm-qemu: $pattern"
	[[ $err != *$'\n'* ]]
}
progress='{"t":"progress","done":0.5,"text":"block 1 of 2"}'

test_records_and_words_are_passed_on() {
	guest steady
	expect_code 0
	expect "$out" "$progress"
	expect "$err" 'trimm-kernel: words to the user'
}

test_records_go_where_they_are_wanted() {
	code=0
	TRIMM_RECORD_FD=5 "$fake/trimm-qemu" kernel steady accel=tcg 5>"$scratch/five" >"$scratch/out" \
		2>/dev/null
	expect "$(cat "$scratch/five")" "$progress"
	expect "$(cat "$scratch/out")" ""
}

test_words_reach_the_kernel_line_by_line() {
	guest words cpus=1 "arm:label=a b"
	expect "$err" "words|cpus=1|arm:label=a b|accel=tcg"
}

test_exit_codes_of_the_guest() {
	guest failing
	expect_code 1
	expect "$err" "trimm-kernel: no memory left"
	guest skipped
	expect_code 77
}

test_last_words_of_an_early_guest() {
	guest early
	expect_code 1
	expect "$err" "too little memory to begin with"
}

test_hang() {
	goes_wrong 'no sign of life *for 1 s *killed; last heard: {"t":"progress"*' hang watchdog=1
	expect "$out" "$progress"
}

test_hang_from_the_start() {
	goes_wrong 'no sign of life *last heard: nothing' mute watchdog=1
}

test_a_heartbeat_is_a_sign_of_life() {
	guest alive watchdog=1
	expect_code 0
}

test_kvm_that_gives_up() {
	try "$fake/trimm-qemu" kernel gives_up accel=kvm
	expect_code 1
	expect "$out" "$progress"
	expect "$err" 'trimm-qemu: accel=kvm: KVM cannot execute this guest here (KVM internal *'
}

test_triple_fault() {
	goes_wrong 'the guest reset (triple fault); last heard: {"t":"progress"*' reset
	expect "$out" "$progress"
}

test_crash_of_qemu() {
	goes_wrong 'QEMU was killed by signal 11 (*' crash
	expect "$out" "$progress"
}

test_qemu_that_refuses() {
	goes_wrong 'QEMU ended with code 1; it said: *could not load kernel' usage
}

test_plugin_that_gives_up() {
	goes_wrong 'QEMU ended with code 1; it said: tlbmodel: a row began *' broken
	expect "$out" "$progress"
}

test_garbage_in_the_log() {
	goes_wrong "the guest's log: a line that is neither record nor words*" garbage
	expect "$out" "$progress"
}

test_a_log_longer_than_itself() {
	goes_wrong "the guest's log: 4294967296 bytes written *" beyond
}

test_a_log_cut_short() {
	goes_wrong "the guest's log: it ends in the middle of a line" cut
	expect "$out" "$progress"
}

test_a_log_that_was_too_small() {
	goes_wrong "the guest's log: 3 lines found no room in its *; raise ram=" overflow
}

test_a_model_record_without_a_plugin() {
	goes_wrong "the guest's records: a model record, but nothing counts" model
}

test_no_qemu() {
	try env PATH=/nowhere "$fake/trimm-qemu" kernel steady accel=tcg
	expect_error 1 "trimm-qemu: qemu-system-x86_64: not found; install package qemu-system-x86"
}

test_no_kernel() {
	cp "$build/trimm-qemu" "$scratch"
	try "$scratch/trimm-qemu" kernel steady accel=tcg
	expect_error 1 "trimm-qemu: $scratch/trimm-kernel: No such file or directory; \`make\` builds it"
}

test_bad_words() {
	try "$fake/trimm-qemu"
	expect_error 2 'trimm-qemu: say what to run: *'
	try "$fake/trimm-qemu" kernel steady ram=1
	expect_error 2 'trimm-qemu: ram=1: give auto, or 64M to 16G *'
	try "$fake/trimm-qemu" kernel steady memory=9G arm:a=1 arm:a=2
	expect_error 2 'trimm-qemu: memory=9216M: 2 times that, *lower memory='
	try "$fake/trimm-qemu" user steady mode=exact tlb=skylake/stlb=7x2
	expect_error 2 'trimm-qemu: tlb=: model: "stlb=7x2": the ways must divide the entries'
	try "$fake/trimm-qemu" user steady cpus=2 mode=exact
	expect_error 2 'trimm-qemu: cpus=2: *'
	try "$fake/trimm-qemu" user steady
	expect_error 2 'trimm-qemu: *add mode=exact'
}

# Start one and wait until its guest is at work; $pid is the launcher's, $qemu its child's.
begin() { # WORD
	"$fake/trimm-qemu" kernel "$1" accel=tcg >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	trap 'kill -KILL "$pid" ${qemu-} 2>/dev/null || :' EXIT
	until [[ -s $scratch/out ]]; do
		kill -0 "$pid"
		sleep 0.02
	done
	qemu=$(pgrep -P "$pid")
}

gone() {
	for _ in {1..100}; do
		kill -0 "$qemu" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "QEMU is still there"
	return 1
}

test_a_request_to_stop_ends_the_case_in_order() {
	local signal

	for signal in INT TERM; do
		begin patient
		kill -$signal "$pid"
		code=0
		wait "$pid" || code=$?
		expect "$code" 1
		expect "$(tail -n 1 "$scratch/out")" '*"stopped in order"*'
		gone
		: >"$scratch/out"
	done
}

test_a_second_request_kills() {
	begin stubborn
	kill -INT "$pid"
	kill -INT "$pid"
	sleep 0.7
	kill -0 "$qemu"
	kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	expect "$code" 1
	gone
}

test_qemu_dies_with_its_launcher() {
	begin stubborn
	kill -KILL "$pid"
	wait "$pid" || :
	gone
}

# Not even a guest that does not stop when asked to: nobody reads what it says.
test_nothing_outlives_who_started_it() {
	bash -c '"$0" kernel stubborn accel=tcg >"$1"; :' "$fake/trimm-qemu" "$scratch/out" &
	starter=$!
	trap 'kill -KILL "$starter" ${pid-} ${qemu-} 2>/dev/null || :' EXIT
	until [[ -s $scratch/out ]]; do
		kill -0 "$starter"
		sleep 0.02
	done
	pid=$(pgrep -P "$starter")
	qemu=$(pgrep -P "$pid")
	kill -KILL "$starter"
	gone
}

test_the_command_runs_it() {
	try trimm run hang watchdog=1 --target qemu --quiet
	expect_error 2 'trimm: watchdog: no such parameter of hang; *'
	try trimm run garbage --target qemu --quiet
	expect_code 1
	expect "$(lines '"t":"bench".*"status":"failed","why":"trimm-qemu failed with code 1; it said: *')" 1
	trimm validate "$(run_file)"
}

test_choices_that_are_none() {
	try trimm run steady --target qemv
	expect_error 2 'trimm: qemv: no such target; did you mean "qemu"?'
	try trimm list --mode exct
	expect_error 2 'trimm: exct: no such mode; did you mean "exact"?'
	try trimm compare --self-check --mode exact
	expect_error 2 'trimm: compare: --mode exact: *'
	try trimm compare latest --by flush --target qemu
	expect_error 2 'trimm: compare: --target and --mode go with --self-check or *'
}

tap_run
