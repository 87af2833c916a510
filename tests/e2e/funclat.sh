#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Calls of functions that are known, counted by probe funclat as often as they were, and no shorter
# than they are: in each other, in themselves, asleep and in threads. Of programs, which every
# kernel lets; the kernel's own are tests/module/trace.sh's.
. "$(dirname "$0")/../tap"

# Static programs have no sanitizers.
build=$root/build/release
calls=$build/tests/trace/calls

watch() { # FUNCTION[,FUNCTION...] [OPTION...] -- COMMAND...
	local names=$1

	shift
	[[ -x $build/trimm-trace && -x $calls ]] || skip "no $build/trimm-trace; make build tests"
	try timeout 60 "$build/trimm-trace" funclat --set=funclat.function="$names" --output=7 "$@" \
		7>"$scratch/records"
	# Who reads the records tells the user why there is none.
	err+=$(sed -nE 's/.*"probe":"funclat","status":"(denied|unsupported|missing|failed)".*"why":"(([^"\\]|\\.)*)".*/trimm: probe funclat: \1: \2/p' \
		"$scratch/records")
	[[ $err != *": denied: "* && $err != *" no uprobes "* && $err != *"refuses BPF"* ]] || skip "$err"
}

# Of a record, numbers by their names.
numbers() { # NAME...
	local name line

	while read -r line; do
		for name; do
			sed -E "s/.*\"$name\":\"?([^,}\"]*).*/\1/" <<<"$line"
		done | paste -sd ' '
	done
}

of_function() { # FUNCTION NAME...
	grep -F "\"function\":\"$calls:$1\"" "$scratch/records" | grep '"t":"hist"' | numbers "${@:2}"
}

account() {
	grep '"t":"probe"' "$scratch/records" | numbers how events delivered missed refused full
}

expect_calls() { # FUNCTION N LEAST_US
	local n least

	read -r n least <<<"$(of_function "$1" n min)"
	expect "$1 $n" "$1 $2"
	((least >= 1000 * $3))
}

# 20 rounds: each level of a recursion, and what a call stands in, has its own time.
test_calls_that_are_known() {
	local most all

	watch "$calls:recurse,$calls:spin,$calls:outer,$calls:doze,$calls:ends,$calls:jumps" -- \
		"$calls" 20
	expect_code 0
	expect_calls recurse 200 100
	expect_calls spin 40 50
	expect_calls outer 20 2100
	expect_calls doze 100 2000
	expect_calls ends 20 10
	expect_calls jumps 20 10
	expect "$(account)" "uprobe 400 400 0 0 0"
	# The deepest recursion is of ten levels, the next of nine ...
	read -r most all <<<"$(of_function recurse max sum)"
	((most >= 1000000 && all >= 20 * 5500000))
}

# Of 20 calls that never end, 19 are found out by the next in the same place; the last goes on.
test_calls_without_an_end() {
	watch "$calls:leaves" -- "$calls" 20
	expect "$(account)" "uprobe 20 0 19 0 0"
}

# Each when it has ended: what a call calls is within it.
test_single_calls() {
	local at spin_at=0 name len

	watch "$calls:outer,$calls:spin" --events -- "$calls" 3
	grep '"t":"event"' "$scratch/records" | numbers function at_ns len_ns >"$scratch/events"
	expect "$(sed 's/.*:\([a-z]*\) .*/\1/' "$scratch/events" | paste -sd ' ')" \
		"spin spin outer spin spin outer spin spin outer"
	while read -r name at len; do
		[[ $name != *:outer ]] || ((at < spin_at && spin_at < at + len))
		spin_at=$at
	done <"$scratch/events"
}

test_functions_that_are_not_there() {
	watch "$calls:recurze" -- true
	expect_error 1 "trimm: probe funclat: missing: $calls has no function recurze (*); there is recurse*"
	watch vfre -- true
	expect_error 1 "trimm: probe funclat: missing: the kernel has no function vfre (*); there is *vfree*"
	watch "$scratch/err:main" -- true
	expect_error 1 "trimm: probe funclat: *: $scratch/err: no ELF file, so no program"
	watch /nowhere:main -- true
	expect_error 1 "trimm: probe funclat: missing: /nowhere: No such file or directory"
	watch /nowhere/main -- true
	expect "$err" "*a program's function is PATH:NAME"
	watch "" -- true
	expect "$err" "*--set=funclat.function=NAME*"
}

tap_run
