#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every word a user can get wrong: one line that names it, exit code 2, nothing measured.
. "$(dirname "$0")/setup"

refused() { # PATTERN WORD...
	local pattern=$1
	shift
	try trimm "$@"
	expect_error 2 "$pattern"
	[[ ! -e $TRIMM_RESULTS ]]
}

test_no_verb() { refused 'trimm: name a verb; `trimm --help` lists them'; }
test_unknown_verb() { refused 'trimm: rnu: no such verb; did you mean "run"?' rnu; }
test_verb_like_no_other() { refused 'trimm: xyzzy: no such verb; `trimm --help` names them' xyzzy; }
test_no_workload() { refused 'trimm: name a workload; *' run flush=lazy; }
test_unknown_workload() { refused 'trimm: stedy: no such workload; did you mean "steady"?' run stedy; }
test_unknown_parameter() {
	refused 'trimm: nr_page: no such parameter of steady; did you mean "nr_pages"?' run steady nr_page=1
}
test_reserved_parameter() {
	refused 'trimm: first_bench: no such parameter of steady*' run steady first_bench=3
}
test_unknown_value() {
	refused 'trimm: lasy: no such value of flush; did you mean "lazy"?' run steady flush=eager,lasy
}
test_value_out_of_range() {
	refused 'trimm-user: nr_pages=600: out of range; give 1 to 512 pages' run steady nr_pages=1..600
}
test_value_not_a_number() { refused 'trimm-user: nr_pages=four: *' run steady nr_pages=four; }
test_range_without_end() { refused 'trimm: nr_pages=1..: not a range; *nr_pages=1..512' run steady nr_pages=1..; }
test_range_of_words() { refused 'trimm: flush=eager..lazy: not a range; *' run steady flush=eager..lazy; }
test_range_backwards() { refused 'trimm: nr_pages=8..1: a range doubles *' run steady nr_pages=8..1; }
test_range_from_zero() { refused 'trimm: nr_pages=0..8: a range doubles *' run steady nr_pages=0..8; }
test_range_of_two_units() {
	refused 'trimm: nr_pages=1K..1M: give both ends of the range in the same unit' run steady nr_pages=1K..1M
}
test_empty_value() { refused 'trimm: nr_pages=: empty value; *' run steady nr_pages=; }
test_empty_list_item() { refused 'trimm: nr_pages=1,,2: empty value; *' run steady nr_pages=1,,2; }
test_value_twice() { refused 'trimm: nr_pages=1,2,1: "1" is there twice' run steady nr_pages=1,2,1; }
test_parameter_twice() { refused 'trimm: nr_pages=2: "nr_pages" is set twice; *' run steady nr_pages=1 nr_pages=2; }
test_name_missing() { refused 'trimm: =1: the name is missing; *' run steady =1; }
test_arm_of_nothing() { refused 'trimm: arm:: an arm of nothing; *' run steady arm:; }
test_arm_twice() {
	refused 'trimm: arm:flush=lazy: is there twice; *' run steady arm:flush=lazy arm:flush=lazy
}
test_unknown_reason() { refused 'trimm: bech: no such reason; did you mean "bench"?' run steady --reason bech; }
test_unknown_format() { refused 'trimm: jsn: no such format; did you mean "json"?' compare x --format jsn; }
test_unknown_list() { refused 'trimm: runz: no such list; did you mean "runs"?' list runz; }
test_bad_threshold() { refused 'trimm: --threshold 2x: give a percentage*' compare a b --threshold 2x; }
test_bad_inject() { refused 'trimm: --inject 0%: give 1% to 100%, whole' compare --self-check --inject 0%; }
test_compare_nothing() { refused 'trimm: compare: name a run; *' compare; }
test_compare_one_run() { refused 'trimm: compare: give --by FACTOR, *' compare latest; }
test_compare_base_and_two_runs() { refused 'trimm: compare: --base is for *' compare a b --base lazy; }
test_compare_three_runs() { refused 'trimm: compare: two runs at most' compare a b c; }
test_compare_one_core() { refused 'trimm: core=a.so: give two, core=A,B: *' compare kmalloc-pair core=a.so; }
test_compare_no_such_core() { refused 'trimm: core=./none.so: ./none.so: No such file *; `make core` builds one' compare kmalloc-pair core=./none.so,b; }
test_compare_core_name() { refused 'trimm: core=a: a name without a slash is of $TRIMM_CORES/a.so; *' compare kmalloc-pair core=a,b; }
test_compare_cores_of_nothing() { refused 'trimm: compare: core=A,B needs a workload; *' compare core=/dev/null,/dev/null; }
test_compare_cores_twice() { refused 'trimm: core=/dev/null,/dev/null: "core" is set twice' compare core=/dev/null,/dev/null core=/dev/null,/dev/null; }
test_inject_without_self_check() { refused 'trimm: compare: --inject goes *' compare a --by b --inject 5%; }

# A bad word in the last of many cases: nothing may be measured before it is found.
test_all_words_before_any_measuring() {
	refused 'trimm-user: nr_pages=600: *' run steady nr_pages=1,2,3 -- steady nr_pages=4 -- steady nr_pages=600
}

test_unknown_option() {
	try trimm run steady --bogus
	expect_code 2
	expect "$err" "trimm run: *--bogus*"
}

test_every_verb_has_help_with_examples() {
	local verb
	for verb in list run compare report validate import export; do
		try trimm $verb --help
		expect_code 0
		expect "$out" "Usage: trimm $verb*  trimm $verb*"
	done
	try trimm doctor --help
	expect_code 0
}

test_help_lists_every_verb() {
	try trimm --help
	expect_code 0
	expect "$out" "*doctor*list*run*compare*report*validate*import*export*"
}

test_version() {
	try trimm --version
	expect "$out" "trimm [0-9]*.[0-9]*"
}

test_list() {
	try trimm list
	expect_code 0
	expect "$out" "*steady*nr_pages=1*flush=lazy*eager*"
	expect "$err" ""
}

test_target_missing() {
	TRIMM_TARGET_DIR=$scratch try trimm list
	expect_error 1 'trimm: */trimm-user: not there; `make` builds it'
}

test_target_of_another_version() {
	printf '#!/bin/sh\necho "{}"\n' >"$scratch/trimm-user"
	chmod +x "$scratch/trimm-user"
	TRIMM_TARGET_DIR=$scratch try trimm list
	expect_error 1 'trimm: */trimm-user describe: no usable answer; *'
}

tap_run
