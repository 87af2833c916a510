#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What this machine's kernel is asked for, recorded: what is known to be asked is in the trace, and
# the trace is sound. In guests: tests/module/record.sh.
. "$(dirname "$0")/../tap"

# Static programs have no sanitizers.
build=$root/build/release
record=$build/trimm-record-kernel
trace=$scratch/trace

count() { # [kmalloc|pages WHAT]
	"$build/tests/kmem/trace_count" "$trace" "$@"
}

# Probes are root's, and not every machine lets root.
need_probes() {
	[[ -x $record && -x $build/tests/kmem/messages ]] || skip "no $record; make build tests"
	try timeout 20 "$record" -q -s 0.01 -o "$trace"
	[[ $err != *"kernel refuses"* && $err != *"no /sys/kernel/btf"* ]] || skip "$err"
	expect_code 0
}

recorded() { # OPTION... -- COMMAND...
	need_probes
	try timeout 60 "$record" -o "$trace" "$@"
}


# 48 bytes of head and 1237 of text: 500 rounds of 10, freed; and 7 that nobody received.
test_objects_that_are_known() {
	trap '"$build/tests/kmem/messages" -r' EXIT
	recorded -- "$build/tests/kmem/messages" 500 7
	expect_code 0
	expect "$err" "recorded *events*given out*freed*dropped*at the end*left out*lost *"
	expect "$(count kmalloc 1285)" "5007 5000 7"
}

# 16 MiB, in whatever blocks the kernel thinks best.
test_pages_that_are_known() {
	local order allocated pages=0

	recorded -e pages -- dd if=/dev/zero of=/dev/null bs=16M count=1
	expect_code 0
	for order in {0..10}; do
		read -r allocated _ _ <<<"$(count pages "$order")"
		pages=$((pages + (allocated << order)))
	done
	((pages >= 4096)) || { echo "$pages pages"; return 1; }
}

test_only_the_kinds_that_were_asked_for() {
	recorded -e cache -- true
	expect_code 0
	expect "$err" "*given out  0 by kmalloc, * 0 blocks of pages;*"
	recorded -e pages -- true
	expect "$err" "*given out  0 by kmalloc, 0 of 0 caches, *freed      0 objects,*"
}

test_a_trace_to_stdout() {
	need_probes
	"$record" -q -o - -- true | cat >"$trace"
	(($(count) > 0))
}

# On an idle machine perhaps nothing is asked for.
test_so_many_seconds() {
	local from=$SECONDS

	recorded -s 1.2
	expect_code 0
	((SECONDS - from >= 1 && SECONDS - from < 20))
	count >/dev/null
}

test_a_signal_ends_it_in_order() {
	local signal

	need_probes
	for signal in INT TERM HUP; do
		rm "$trace"
		"$record" -q -o "$trace" &
		pid=$!
		trap 'kill -KILL $pid 2>/dev/null || :' EXIT
		until [[ -e $trace ]]; do sleep 0.05; done
		kill -$signal "$pid"
		wait "$pid"
		count >/dev/null
	done
}

test_a_command_that_does_not_end_is_ended() {
	need_probes
	"$record" -q -o "$trace" -- sleep 100 &
	pid=$!
	trap 'kill -KILL $pid 2>/dev/null || :' EXIT
	until pgrep -P "$pid" -x sleep >/dev/null; do sleep 0.05; done
	kill -TERM "$pid"
	code=0
	wait "$pid" || code=$?
	expect "$code" 143
	count >/dev/null
}

test_in_the_background() {
	need_probes
	rm "$trace"
	"$record" -q --background -o "$trace" </dev/null >/dev/null 2>&1
	[[ -e $trace ]]
	pid=$(pgrep -f -- "--background -o $trace")
	trap 'kill -KILL $pid 2>/dev/null || :' EXIT
	kill -TERM "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
	count >/dev/null
}

# The smallest buffer holds 1,600 events, a few milliseconds of this.
test_what_is_lost_is_said() {
	recorded -b 64K -- "$build/tests/kmem/messages" 20000 0
	expect_code 0
	expect "$err" "*trimm: * events lost: *raise --buffer"
	count >/dev/null
}

test_the_exit_code_is_the_commands() {
	recorded -q -- sh -c 'exit 3'
	expect_error 3 ""
	count >/dev/null
	recorded -q -- sh -c 'kill -9 $$'
	expect_error 137 ""
	count >/dev/null
	recorded -q -- /nowhere/program
	expect_error 127 "trimm: /nowhere/program: No such file or directory"
	recorded -q -- "$root"
	expect_error 126 "trimm: $root: Permission denied"
	[[ ! -e $trace ]]
}

test_by_the_command() {
	need_probes
	try timeout 60 "$build/trimm" record --kernel -q -o "$trace" -- sh -c 'echo said; exit 4'
	expect_code 4
	expect "$out" "said"
	try "$build/trimm" about "$trace"
	expect_code 0
	expect "$out" "command *sh -c echo said; exit 4*recorded *kernel*"
	try "$build/trimm" record --kernel --help
	expect "$out" "Usage: trimm record --kernel *"
}

test_no_room() {
	need_probes
	try timeout 20 "$record" -q -o /dev/full -- true
	expect_error 1 "trimm: /dev/full: No space left on device"
	try timeout 20 "$record" -q -o /nowhere/trace -- true
	expect_error 1 "trimm: /nowhere/trace: No such file or directory"
}

test_who_may_not() {
	need_probes
	cp "$record" "$scratch"
	chmod 755 "$scratch"
	try setpriv --reuid 65534 --clear-groups "$scratch/trimm-record-kernel" -o "$trace" -- true
	expect_error 1 "trimm: the kernel refuses *: be root, or have CAP_BPF*"
}

test_bad_words() {
	[[ -x $record ]] || skip "no $record; make build"
	try "$record" --evens=pages
	expect_error 2 "trimm: --evens=pages: no such option; *"
	try "$record" -e pages,areas -- true
	expect_error 2 "trimm: --events=pages,areas: areas is none; *"
	try "$record" -e , -- true
	expect_error 2 "trimm: --events=: name some: *"
	try "$record" -b 3M -- true
	expect_error 2 "trimm: --buffer=3M: give a power of two *"
	try "$record" -s 0
	expect_error 2 "trimm: --seconds=0: give a number above 0"
	try "$record" -s 1 -- true
	expect_error 2 "trimm: --seconds=: *leave out one of them"
	try "$record" ls
	expect_error 2 "trimm: ls: a command comes behind --; *"
	try "$record" --boot
	expect_error 2 "trimm: --boot: only a guest's *"
	try "$record" --target qemu -- true
	expect_error 2 "trimm: --target=qemu: *"
	try "$record" --target module
	expect_error 2 "trimm: --target module: say what the guest is to do: *"
	try "$record" -o
	expect_error 2 "trimm: -o: needs a value; *"
}

tap_run
