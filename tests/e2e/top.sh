#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm top from outside: plain snapshots, and the live view on a terminal of 80x24, by its keys,
# its size and what ends it.
. "$(dirname "$0")/setup"

cp "$root/tests/e2e/fake-collector" "$fake/trimm-trace"
export FAKE_RECORDS=$root/tests/unit/trace.ndjson FAKE_WORDS=$fake/words
socket=""

mux() {
	tmux -f /dev/null -S "$socket" "$@"
}
trap 'mux kill-server 2>/dev/null; rm -rf "$scratch" "$fake"' EXIT

# Wait until the screen is so, 10 seconds at most.
until_shown() { # PATTERN
	local i

	for ((i = 0; i < 100; i++)); do
		shown=$(mux capture-pane -p)
		# shellcheck disable=SC2053
		[[ $shown != $1 ]] || return 0
		sleep 0.1
	done
	printf 'never shown: %s\nbut:\n%s\n' "$1" "$shown"
	return 1
}

# A terminal with the view in it, and what the shell sees of the terminal before and after.
start() { # WORD...
	command -v tmux >/dev/null || skip "no tmux: apt-get install tmux"
	rm -f "$scratch/after"
	# A server that ends leaves its socket for a while.
	socket=$(mktemp -u "$fake/tmux.XXXXXX")
	mux new-session -d -x 80 -y 24 "stty -a >'$scratch/before'; '$build/trimm' top $*; \
		echo \"code \$?\" >'$scratch/code'; stty -a >'$scratch/after'; echo THE END; sleep 30"
	until_shown '*trimm top: *q quit*'
	pid=$(pgrep -P "$(mux display-message -p '#{pane_pid}')" -f "$build/trimm top")
}

# The terminal is as it was, and the screen what it showed before.
ended() { # CODE
	until_shown '*THE END*'
	diff "$scratch/before" "$scratch/after"
	expect "$(cat "$scratch/code")" "code $1"
	[[ $shown != *'q quit'* ]]
	[[ $(mux display-message -p '#{alternate_on} #{cursor_flag}') == "0 1" ]]
	mux kill-server
}

test_batch() {
	try trimm top --machine --batch 2 -i 0.3 ipi,tlbflush
	expect_code 0
	[[ $(grep -c '^machine$' <<<"$out") -eq 2 ]]
	expect "$out" '*flushes *IPIs *purges *EVENT *pgfault *LISTS *CACHE*'
	expect "$out" '*ipi latency from=0 to=1 call * us*tlbflush pages *'
	expect "$out" '*probe vmalloc: denied: *'
	[[ -z $(awk 'length > 80 && !/denied/' <<<"$out") ]]
	expect "$(tr '\n' ' ' <"$FAKE_WORDS")" 'ipi,tlbflush --interval=0.3 --output=3 '
}

test_without_a_collector() {
	TRIMM_TARGET_DIR=$scratch try trimm top --machine --batch 1 -i 0.2
	expect_code 0
	expect "$out" '*no probes: *EVENT *pgfault *'
}

test_usage() {
	try trimm top
	expect_error 2 'trimm: this is no terminal; *'
	try trimm top -i fast --batch 1
	expect_error 2 'trimm: --interval fast: give *'
	try trimm top --machine -p 1 --batch 1
	expect_code 2
	try trimm top -p 999999999 --batch 1
	expect_error 2 'trimm: --pid 999999999: there is no such process'
}

# In the middle of a run: what its memory core says of itself.
test_of_a_run() {
	unset TRIMM_TARGET_DIR
	[[ -x $build/trimm-user ]] || skip "no build"
	"$build/trimm" run unmap-storm flush=lazy blocks=500 cpus=1 >/dev/null 2>&1 &
	local run=$! child=""
	for ((i = 0; i < 100; i++)); do
		child=$(pgrep -P "$run" -f 'trimm-user unmap-storm' | head -n 1)
		[[ -z $child ]] || ! grep -q "@trimm-.*-$child$" /proc/net/unix || break
		sleep 0.1
	done
	TRIMM_TARGET_DIR=$fake try trimm top -p "$child" --batch 8 -i 0.5 ipi
	kill -KILL "$child" "$run" || true
	wait "$run" || true
	expect "$out" "*run $child, arm 0*areas waiting [0-9]*trimm_flush_range*LISTS*"
}

test_live() {
	start --machine -i 0.3
	until_shown '*trimm top: machine*flushes *areas waiting *1 events*A SECOND\**2 latency*ipi latency from=0*3 CPUs*4 slabs*q quit*'
	[[ $(wc -l <<<"$shown") -eq 24 ]]
	mux send-keys 2
	until_shown '*2 latency, * <*P50*P99*'
	[[ $shown != *'1 events'* ]]
	mux send-keys '>'
	until_shown '*P50\**'
	mux send-keys r
	until_shown '*P50^*'
	mux send-keys 0 Tab
	until_shown '*1 events*3 CPUs, * <*'
	mux send-keys p
	until_shown '*PAUSED*'
	mux send-keys p
	mux resize-window -x 60 -y 12
	until_shown '*trimm top*q quit*'
	[[ $shown != *PAUSED* && $(awk 'length > 60' <<<"$shown") == "" ]]
	mux resize-window -x 132 -y 40
	until_shown '*4 slabs*q quit*'
	mux resize-window -x 10 -y 3
	sleep 0.5
	mux resize-window -x 80 -y 24
	until_shown '*4 slabs*q quit*'
	mux send-keys q
	ended 0
}

killed_by() { # SIGNAL CODE
	start --machine -i 0.3
	kill "-$1" "$pid"
	ended "$2"
}

test_ctrl_c() {
	start --machine -i 0.3
	mux send-keys C-c
	ended 0
}

test_signals_leave_the_terminal_as_it_was() {
	killed_by INT 0
	killed_by TERM 143
	killed_by HUP 129
	killed_by QUIT 131
	killed_by USR1 138
}

# The terminal itself goes away.
test_a_terminal_that_hangs_up() {
	start --machine -i 0.3
	mux kill-server
	for ((i = 0; i < 50; i++)); do
		[[ -d /proc/$pid ]] || return 0
		sleep 0.1
	done
	return 1
}

tap_run
