#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm trace from outside: words to the collector and records from it, files, signals, exit codes.
. "$(dirname "$0")/setup"

cp "$root/tests/e2e/fake-collector" "$fake/trimm-trace"
export FAKE_RECORDS=$root/tests/unit/trace.ndjson FAKE_WORDS=$fake/words

# Wait until a command is fine, 5 seconds at most.
until_fine() {
	local i

	for ((i = 0; i < 250; i++)); do
		! "$@" 2>/dev/null || return 0
		sleep 0.02
	done
	echo "never: $*"
	return 1
}

test_text() {
	try trimm trace ipi,tlbflush --events
	expect_code 0
	expect "$out" '*TIME(s)*ipi.call*ipi: 12,345 events in 1.25 s*latency, from=0 to=1 kind=call*|\*\**'
	expect "$out" '*cost of an event 141 ns*WARNING: the probes disturbed*ipi_sent, interrupts*'
	expect "$err" 'trimm: probe vmalloc: denied: *; be root, *'
	try trimm trace ipi --perfetto "$scratch/p"
	expect "$out" 'ipi: 12,345 events*'
}

test_words_are_handed_on() {
	try env FAKE_TIMES=1 "$build/trimm" trace ipi tlbflush,funclat -f one -f two -p 12 -d 0.5 -i 2 --tag name \
		--perfetto "$scratch/p" --own --set ipi.x=1 --room 9 --folded "$scratch/f"
	expect "$(tr '\n' ' ' <"$FAKE_WORDS")" 'ipi,tlbflush,funclat --pid=12 --duration=0.5 --interval=2 --own --set=ipi.x=1 --room=9 --set=funclat.function=one,two --stacks --events --output=3 '
	try trimm trace ipi -- printf '%s|' a 'b c' --output=9
	expect "$out" 'a|b c|--output=9|*'
	expect "$(tr '\n' ' ' <"$FAKE_WORDS")" 'ipi --output=3 -- printf %s| a b c --output=9 '
}

test_exit_codes() {
	try trimm trace ipi -- sh -c 'exit 7'
	expect_code 7
	try trimm trace denied
	expect_error 1 "trimm: probe denied: denied: it is the fake's wish; be root, *"
	try trimm trace unknown
	expect_error 2 'trimm-trace: unknown: no such probe'
	try trimm trace crash
	expect_error 1 'trimm: trimm-trace was killed by signal 11 (*'
	try trimm trace garbage
	expect_code 1
	expect "$err" '*trimm: trimm-trace: not a record: this is no record; *'
}

refused() { # PATTERN WORD...
	try trimm trace "${@:2}"
	expect_code 2
	expect "$err" "$1"
	[[ ! -e $FAKE_WORDS ]] || rm "$FAKE_WORDS"
}

test_usage() {
	rm -f "$FAKE_WORDS"
	refused '*name a probe; *'
	refused 'trimm: --pid many: give *' ipi -p many
	refused 'trimm: --duration -1: give *' ipi -d -1
	refused 'trimm: --interval 0: give *' ipi -i 0
	refused '*funclat: say with --function *' funclat
	refused '*--function f: *funclat*' ipi -f f
	refused '*--pid is of a process that runs*' ipi -p 1 -- true
	refused 'trimm: --: name the command*' ipi --
	refused 'trimm: cvs: no such format; did you mean "csv"?' ipi --format cvs
}

test_formats() {
	try trimm trace ipi --format ndjson
	expect_code 0
	diff <(echo "$out") "$FAKE_RECORDS"
	try trimm trace ipi --format csv
	expect "$out" $'record,bench,probe,*\r\nprobe,,ipi,status,ok,*hist,,ipi,latency,*stack,*'
	try trimm trace --list
	expect "$out" 'ipi  interrupts'
}

test_files() {
	try trimm trace ipi,tlbflush --output "$scratch/run" --tag before --perfetto "$scratch/p" \
		--folded "$scratch/f"
	expect_code 0
	expect "$(head -n 1 "$scratch/run")" '{"t":"run",*"reason":"trace",*"command":"trimm trace ipi,tlbflush --output *"tag":"before"}'
	expect "$(tail -n 1 "$scratch/run")" '{"t":"end",*"status":"ok",*}'
	diff <(sed '1d;$d' "$scratch/run") <(grep -v '"t":"event"' "$FAKE_RECORDS")
	try trimm validate "$scratch/run"
	expect_code 0
	expect "$(cat "$scratch/f")" $'tlbflush;entry_SYSCALL_64;*flush_tlb_mm_range 10\ntlbflush;*20'
	[[ $(head -c 2 "$scratch/p") == $'[\n' || $(head -c 1 "$scratch/p") == '[' ]]
	expect "$(tail -n 1 "$scratch/p")" ']'
	# Single events are where they are asked for, and only there.
	try trimm trace ipi --events --output "$scratch/events"
	expect_code 0
	expect "$(grep -c '"t":"event"' "$scratch/events")" "$(grep -c '"t":"event"' "$FAKE_RECORDS")"
	[[ $out != *'TIME(s)'* && $out == *'ipi: 12,345 events'* ]]
	try trimm validate "$scratch/events"
	expect_code 0
	try trimm trace ipi --events --format ndjson --output "$scratch/events"
	! grep -q '"t":"event"' <<<"$out"
	try trimm trace ipi --output /nowhere/run
	expect_error 1 'trimm: /nowhere/run: No such file or directory; *'
}

test_phases_of_a_run_are_in_its_own_file() {
	sed 's/"probe":"ipi"/"bench":0,&/; s/"source":"ipi"/"bench":0,&/' "$FAKE_RECORDS" >"$scratch/phases"
	FAKE_RECORDS=$scratch/phases try trimm trace ipi --output "$scratch/run"
	expect "$out" 'ipi, bench 0: 12,345 events*'
	try trimm validate "$scratch/run"
	expect_code 0
	expect "$(cat "$scratch/run")" '*"probe":"tlbflush"*in the file of that run*'
}

test_no_odd_record_gets_into_a_run() {
	(cat "$FAKE_RECORDS"; echo '{"t":"stack","probe":"ipi","weight":1,"unit":"events","frames":[]}') \
		>"$scratch/odd"
	FAKE_RECORDS=$scratch/odd try trimm trace ipi --output "$scratch/run"
	expect_code 1
	expect "$err" '*/run: left out what trimm/1 does not allow: stack.frames: *'
	try trimm validate "$scratch/run"
	expect_code 0
}

test_killed_it_leaves_whole_lines() {
	"$build/trimm" trace half --output "$scratch/run" >/dev/null 2>&1 &
	until_fine grep -q '"from":1' "$scratch/run"
	kill -KILL $!
	wait $! || true
	[[ $(wc -l <"$scratch/run") -eq 4 ]]
	[[ -z $(tail -c 1 "$scratch/run") ]]
}

stops_by() { # SIGNAL
	rm -f "$scratch/ready"
	FAKE_READY=$scratch/ready "$build/trimm" trace until-told >"$scratch/shown" 2>&1 &
	until_fine test -e "$scratch/ready"
	kill "-$1" $!
	wait $!
	expect "$(cat "$scratch/shown")" '*ipi: 12,345 events in 1.25 s*'
}

test_signals_end_it_with_its_records() {
	stops_by TERM
	stops_by HUP
}

# Bash starts its jobs with SIGINT ignored; the terminal's goes to all of the group.
test_ctrl_c() {
	FAKE_READY=$scratch/ready timeout 20 script -qec "'$build/trimm' trace until-told" \
		"$scratch/typed" < <(until_fine test -e "$scratch/ready"; printf '\003'; sleep 5) \
		>/dev/null || true
	expect "$(cat "$scratch/typed")" '*tracing; Ctrl-C ends it*ipi: 12,345 events in 1.25 s*'
}

test_the_second_signal_kills() {
	"$build/trimm" trace half --output "$scratch/run" >/dev/null 2>"$scratch/said" &
	until_fine grep -q '"from":1' "$scratch/run"
	kill -TERM $!
	sleep 0.7
	kill -TERM $!
	code=0
	wait $! || code=$?
	[[ $code -eq 1 ]]
	expect "$(cat "$scratch/said")" '*killed by signal 9*'
	expect "$(tail -n 1 "$scratch/run")" '{"t":"end",*}'
}

test_snapshots() {
	try env FAKE_TIMES=3 "$build/trimm" trace ipi -i 0.5
	expect_code 0
	[[ $(grep -c '^ipi: 12,345 events' <<<"$out") -eq 3 ]]
}

test_no_collector() {
	mv "$fake/trimm-trace" "$fake/away"
	try trimm trace ipi
	mv "$fake/away" "$fake/trimm-trace"
	expect_error 1 'trimm: */trimm-trace: No such file or directory; `make` builds it'
}

tap_run
