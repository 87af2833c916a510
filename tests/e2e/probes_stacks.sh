#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Ways to an event have names: a program's functions, by its file's symbols, then the kernel's.
. "$(dirname "$0")/../trace/setup"

# The program's own calls of the stack that weighs most.
calls() { # PROGRAM
	need_probe faults
	traced faults --stacks --own -- "$1" 0.5
	heaviest=$(grep '"t":"stack"' <<<"$out" |
		sed -E 's/.*"weight":([0-9]+).*"frames":\[([^]]*)\].*/\1 \2/' | sort -rn | head -n 1)
}

names_a_way() { # PROGRAM
	calls "$1"
	expect "$heaviest" '*"main","outer","leave","inner","asm_exc_page_fault"*'
	# How we got to know of it is no part of the way.
	! grep -E '"(__bpf_|bpf_|__traceiter_|_einittext)[^"]*"' <<<"$heaviest"
}

test_of_a_static_program() {
	names_a_way "$programs/nested"
}

test_of_one_with_libraries_and_no_fixed_place() {
	names_a_way "$programs/nested_pie"
	# What called main is the library's.
	[[ $heaviest == *'"__libc_start'*'"main"'* ]] || [[ $heaviest == *'"libc.so.6+0x'*'"main"'* ]]
}

# Frame pointers of what keeps none lead anywhere: faults of the walk's own, which are not the
# program's.
test_the_walk_is_not_counted() {
	calls "$programs/nested_pie"
	[[ $(account refused) -gt 1000 && $(counted faults '"by":"user"') -gt 1000 ]]
	[[ $(counted faults '"by":"kernel"') -lt 200 ]]
	expect "$(($(account delivered) + $(account refused)))" "$(account events)"
}

# Without symbols: where it is in which file.
test_of_one_without_symbols() {
	strip -o "$scratch/stripped" "$programs/nested_pie"
	calls "$scratch/stripped"
	expect "$heaviest" '*"stripped+0x*","stripped+0x*","stripped+0x*","stripped+0x*","asm_exc_page_fault"*'
}

# Two of one name are told apart, and both have theirs.
test_of_two_at_once() {
	need_probe faults
	traced faults --stacks -- bash -c "'$programs/nested' 0.5 & '$programs/nested_pie' 0.5; wait"
	[[ $(grep -c '"main","outer","leave","inner"' <<<"$out") -ge 2 ]]
}

test_a_flame_graph() {
	need_probe faults
	try timeout 60 "$build/trimm" trace faults --stacks --own --folded "$scratch/folded" -- \
		"$programs/nested" 0.5
	expect_code 0
	expect "$(<"$scratch/folded")" '*main;outer;leave;inner;asm_exc_page_fault*'
}

tap_run
