#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# When a program's threads did not run, and why, against programs that are known to give their CPU
# up, to sleep, or to want it at the same time as another.
. "$(dirname "$0")/../trace/setup"

stalled() { # CAUSE
	recorded stall "\"cause\":\"$1\""
}

# The last of two threads to yield is alone: it goes on at once.
test_a_yield_is_not_taken_for_preemption() {
	need_probe stalls -- true
	# shellcheck disable=SC2016
	traced stalls -- bash -c 'exec "$0" 2000 300 < <(echo; echo)' "$programs/yields"
	echo "yielded $(stalled yielded), blocked $(stalled blocked), preempted $(stalled preempted)"
	expect_about "$(stalled yielded)" 4000 "yields"
	(($(stalled blocked) >= 600 && $(stalled blocked) <= 620))
	(($(stalled preempted) < 400))
	expect "$(account lost) $(account full)" "0 0"
}

# Two that only compute share a CPU: what one lacks of the time is in its stalls.
test_a_spinner_is_preempted() {
	local spin='while :; do :; done' lacks

	need_probe stalls -- true
	taskset -c 0 timeout 20 bash -c "$spin" &
	other=$!
	# shellcheck disable=SC2016
	try timeout 60 "$trace" stalls -- taskset -c 0 bash -c \
		'end=$((${EPOCHREALTIME/.} + 1000000)); while ((${EPOCHREALTIME/.} < end)); do :; done'
	kill "$other"
	wait "$other" || :
	expect_code 0
	lacks=$(grep '"cause":"preempted"' <<<"$out" | sed -nE 's/.*"sum":"([0-9]+)".*/\1/p' |
		awk '{ sum += $1 } END { printf "%.0f", sum / 1e6 }')
	echo "$lacks ms of a second"
	((lacks >= 250))
	expect "$(stalled yielded)" 0
}

tap_run
