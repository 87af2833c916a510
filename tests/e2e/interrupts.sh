#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Ctrl-C, SIGTERM and kill -9 at a run: the file says what happened, and no process is left.
. "$(dirname "$0")/setup"

# Start a run and wait until its target is at work; $pid is the command's.
begin() { # WORKLOAD...
	trimm run "$@" --quiet >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	# A test that fails here leaves nothing running, either.
	trap 'kill -KILL $(pgrep -P "$pid") "$pid" ${target-} 2>/dev/null || :' EXIT
	until grep -qs '"text":"hangs"' "$TRIMM_RESULTS"/runs/*.ndjson; do
		kill -0 "$pid"
		sleep 0.02
	done
	# "$build/trimm" runs in a subshell's place or below it: the command is the target's parent.
	target=$(pgrep -f "^[^ ]*bash $fake/trimm-user" | head -n 1)
	pid=$(ps -o ppid= -p "$target" | tr -d ' ')
}

finish() { # CODE
	code=0
	wait %1 || code=$?
	out=$(cat "$scratch/out") err=$(cat "$scratch/err")
	[[ $1 == any ]] || expect_code "$1"
	# The target is gone too; a zombie is.
	for _ in {1..100}; do
		kill -0 "$target" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "trimm-user is still there"
	return 1
}

test_interrupt() {
	begin hang -- steady
	kill -INT "$pid"
	finish 1
	expect "$err" "trimm: stopping at the next block; once more kills"
	expect "$out" "*.ndjson"
	expect "$(lines '"t":"bench".*"status":"partial"')" 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial","benches":1,"skipped":0,"failed":0}'
	trimm validate "$(run_file)"
}

test_terminate() {
	begin hang
	kill -TERM "$pid"
	finish 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
}

test_second_interrupt_kills() {
	begin stubborn
	kill -INT "$pid"
	kill -INT "$pid"
	sleep 0.7
	kill -0 "$target"
	kill -INT "$pid"
	finish 1
	expect "$(lines '"t":"bench".*"status":"partial","why":"stopped by the user"')" 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
	trimm validate "$(run_file)"
}

test_kill_leaves_a_readable_file_and_no_process() {
	begin stubborn
	kill -KILL "$pid"
	finish any
	try trimm validate "$(run_file)"
	expect_code 1
	expect "$out" "*incomplete*"
}

tap_run
