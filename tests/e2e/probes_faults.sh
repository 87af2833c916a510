#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What befalls a collector of probes: what it needs is missing, what it watches goes away, it is
# interrupted or killed. One clear line, what can go on does, and nothing stays attached.
. "$(dirname "$0")/../trace/setup"

hidden() { # FOLDER COMMAND...: run where the folder is empty
	unshare -m bash -c 'mount -t tmpfs none "$0" && exec "$@"' "$@"
}

test_a_kernel_without_types() {
	need_probe tlbflush
	unshare -m true 2>/dev/null || skip "no mount namespace can be made here"
	try hidden /sys/kernel/btf "$trace" ipi --duration=0.1
	expect_code 1
	expect "$err" "*probe ipi: unsupported: no /sys/kernel/btf/vmlinux*CONFIG_DEBUG_INFO_BTF=y*"
	[[ $err != *$'\n'* ]]
	expect "$(account status)" unsupported
	# What looks into no structure of the kernel's needs none.
	try hidden /sys/kernel/btf "$trace" tlbflush,ipi --duration=0.1
	expect_code 0
	expect "$out" '*"probe":"tlbflush","status":"ok"*"probe":"ipi","status":"unsupported"*'
}

test_somebody_who_may_not() {
	need_probe tlbflush
	cp "$trace" "$scratch/trimm-trace"
	chmod 755 "$scratch" "$scratch/trimm-trace"
	try setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
		"$scratch/trimm-trace" tlbflush --duration=0.1
	expect_code 1
	expect "$err" "*kernel refuses BPF: be root, or have CAP_BPF and CAP_PERFMON"
	[[ $err != *$'\n'* ]]
}

# The other probe goes on.
test_a_tracepoint_that_is_missing() {
	need_probe tlbflush
	traced tlbflush,tracepoint --set=tracepoint.name=nonesuch --duration=0.1
	expect "$err" "*probe tracepoint: missing: this kernel has no tracepoint nonesuch"
	expect "$out" '*"probe":"tracepoint","status":"missing"*'
	expect "$out" '*"probe":"tlbflush","status":"ok"*'
	try "$trace" tracepoint --set=tracepoint.name=nonesuch --duration=0.1
	expect_code 1
}

test_words_that_are_wrong() {
	need_probe tlbflush
	try "$trace" nonesuch
	expect_error 2 "*no probe is called nonesuch*"
	try "$trace" tlbflush,nonesuch
	expect_error 2 "*no probe is called nonesuch*"
	try "$trace" ""
	expect_error 2 "*name a probe; *"
	try "$trace" tlbflush --room=0
	expect_error 2 "*--room=0: a number from 1 to *"
	try "$trace" stalls --duration=0.1
	expect_error 2 "*stalls watches one process: give a command or --pid"
	try "$trace" tracepoint --duration=0.1
	expect_error 2 "*which tracepoint? --set=tracepoint.name=sys_enter"
	try "$trace" tlbflush --pid=4194304 --duration=0.1
	expect_error 2 "*--pid=4194304: there is no such process"
}

# What had no room is counted, and what to do is said.
test_maps_that_are_full() {
	need_probe tlbflush
	traced tlbflush --room=1 -- "$programs/shootdowns" 1000
	[[ $(account full) -gt 0 ]]
	[[ $(account events) -gt $(account delivered) ]]
	expect "$out" '*"why":"its maps are full: --room=N makes them larger"*'
}

# And with it the trace ends.
test_the_process_that_is_watched_dies() {
	need_probe tlbflush
	sleep 1000 &
	victim=$!
	watch tlbflush,stalls --pid="$victim" --duration=100
	kill -9 "$victim"
	wait "$collector"
	expect "$(<"$scratch/said")" ""
	expect "$(<"$scratch/records")" '*"probe":"stalls","status":"ok"*'
	expect_detached
}

test_a_command_that_is_killed() {
	need_probe tlbflush
	try "$trace" tlbflush -- bash -c 'kill -9 $$'
	expect_code 137
	expect "$out" '*"probe":"tlbflush","status":"ok"*'
}

# Threads that have ended take no room.
test_more_threads_than_there_is_room_for() {
	need_probe stalls -- true
	traced stalls -- bash -c 'exec "$0" 4 5000 < <(echo; echo)' "$programs/threads"
	expect "$(account full)" 0
	[[ $(account events) -gt 20000 ]]
}

# A case that dies, and the next before anybody has looked.
test_a_case_right_after_another() {
	need_probe tlbflush
	traced tlbflush -- "$programs/successor"
	expect "$(account status)" ok
}

# As a user ends a trace of the whole machine: what was found is told.
test_an_interrupt_from_the_keyboard() {
	need_probe tlbflush
	watch tlbflush,ipi
	kill -INT "$collector"
	wait "$collector"
	expect "$(<"$scratch/records")" '*"probe":"ipi","status":"ok"*'
	expect_detached
}

# timeout(1) and a terminal signal all of a group, and `trimm trace` passes it on: one request to end.
test_signals_that_come_together_are_one() {
	need_probe tlbflush
	watch tlbflush -- bash -c "trap 'sleep 0.2; echo ended >$scratch/ended; exit 3' TERM
		while :; do sleep 0.05; done"
	kill "$collector"
	sleep 0.1
	kill "$collector"
	wait "$collector" || expect "$?" 3
	expect "$(<"$scratch/ended")" ended
}

# The kernel takes back what a dead process held; the command that it started goes on.
test_a_collector_that_is_killed() {
	need_probe tlbflush
	watch tlbflush,ipi,stalls -- bash -c "sleep 3; echo alive >$scratch/alive"
	kill -9 "$collector"
	wait "$collector" || :
	expect_detached
	for ((i = 0; i < 100; i++)); do
		[[ ! -s $scratch/alive ]] || return 0
		sleep 0.1
	done
	echo "the command died with it"
	return 1
}

# Who reads the records goes away.
test_nobody_reads_any_more() {
	need_probe tlbflush
	timeout 20 "$trace" tlbflush --events --interval=0.1 --duration=10 | head -n 3 >"$scratch/some"
	[[ $(wc -l <"$scratch/some") -eq 3 ]]
}

# A pager that waits for its user: the command is not held up, probes come out, and of the events
# each is written, as the reader goes on, or counted as lost.
test_who_reads_has_stopped() {
	local calls=100000 seen

	need_probe tracepoint --set=tracepoint.name=sys_enter
	mkfifo "$scratch/pipe"
	timeout 100 "$trace" tracepoint --set=tracepoint.name=sys_enter --own --events --output=4 \
		-- "$programs/syscalls" "$calls" 1 4>"$scratch/pipe" 2>"$scratch/said" &
	collector=$!
	exec 6<"$scratch/pipe"
	# The command ends while nobody reads.
	for ((i = 0; i < 600; i++)); do
		[[ ! -s $scratch/said ]] || break
		sleep 0.1
	done
	expect "$(cut -d' ' -f1 "$scratch/said")" "$calls"
	kill -0 "$collector"
	cat <&6 >"$scratch/seen"
	wait "$collector"
	out=$(grep '"t":"probe"' "$scratch/seen")
	seen=$(grep -c '"t":"event".*"bench":0\|"bench":0.*"t":"event"' "$scratch/seen")
	echo "seen $seen: $out"
	[[ $seen -gt 1000 && $(account lost) -gt 0 && $seen -eq $(account delivered) ]]
	[[ $((seen + $(account lost))) -eq $(account events) ]]
	# What has no length says none.
	! grep -m 1 '"len_ns"' "$scratch/seen"
}

# It waits for him no longer than the user wants.
test_who_reads_has_stopped_and_the_user_too() {
	need_probe tracepoint --set=tracepoint.name=sys_enter
	mkfifo "$scratch/pipe"
	"$trace" tracepoint --set=tracepoint.name=sys_enter --events --output=4 --duration=0.5 4>"$scratch/pipe" &
	collector=$!
	exec 6<"$scratch/pipe"
	sleep 3
	kill -0 "$collector"
	kill -TERM "$collector"
	for ((i = 0; i < 100; i++)); do
		kill -0 "$collector" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL "$collector"
	return 1
}

tap_run
