#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The gate: today's exact counters against results/baseline, and that it would catch what it is for.
. "$(dirname "$0")/tap"

# The suite is measured once, for all tests but that of a planted change.
kept=$(mktemp -d)
trap 'rm -rf "$scratch" "$kept"' EXIT
export TRIMM_BUILD=$root/build/release

need() {
	[[ -x $TRIMM_BUILD/trimm-user-static ]] || skip "no release build; make check makes one first"
	command -v qemu-x86_64 >/dev/null || skip "no qemu-x86_64; make deps installs it"
}

measured() {
	need
	[[ ! -e $kept/run.ndjson ]] || return 0
	TRIMM_RESULTS=$kept timeout 120 "$TRIMM_BUILD/trimm" run --suite "$root/suites/baseline.suite" \
		--quiet >/dev/null
	mv "$kept"/runs/*.ndjson "$kept/run.ndjson"
}

# A baseline of the run itself, edited by awk -F '\t': what is judged then.
edited() { # AWK-PROGRAM
	measured
	export TRIMM_BASELINE=$scratch/baseline
	"$root/tests/baseline" renew "a test" "$kept/run.ndjson" >"$scratch/log"
	awk -F '\t' -v OFS='\t' "$1" "$TRIMM_BASELINE/counters" >"$scratch/edited"
	! cmp -s "$scratch/edited" "$TRIMM_BASELINE/counters"
	LC_ALL=C sort "$scratch/edited" >"$TRIMM_BASELINE/counters"
	try "$root/tests/baseline" judge "$kept/run.ndjson"
}

# Named so that it comes first. What merely changed does not fail, and is not kept quiet either.
test_0_nothing_is_worse_than_the_baseline() {
	measured
	try "$root/tests/baseline" judge "$kept/run.ndjson"
	expect_code 0
	[[ $out != *changed,* ]] || skip "not worse, but other than the baseline:" \
		"make baseline REASON=... keeps it; tests/baseline judge lists it"
}

test_an_event_more_is_caught() {
	edited '$1 ~ /^areas-live.*areas=augmented/ && $2 == "area_steps" { $3-- } { print }'
	expect_code 3
	expect "$out" "*area_steps*regressed 1, *- areas-live *area_steps*make baseline REASON=*"
}

test_an_event_where_there_was_none_is_caught() {
	edited '!($1 ~ /^page-outstanding.*buddy/ && $2 == "pcp_refill")'
	expect_code 3
	expect "$out" "*regressed 1, *+ page-outstanding *pcp_refill*"
}

test_instructions_have_half_a_percent() {
	edited '$1 == "page-bulk batch=64" && $2 == "instructions" { $3 = int($3 / 1.003) } { print }'
	expect_code 0
	expect "$out" "*regressed 0, *changed, baseline*"
	edited '$1 == "page-bulk batch=64" && $2 == "instructions" { $3 = int($3 / 1.01) } { print }'
	expect_code 3
}

test_instructions_of_another_compiler_are_not_judged() {
	edited '$1 == "(compiler)" { $2 = "gcc 1.0" } $2 == "instructions" { $3 = int($3 / 2) } { print }'
	expect_code 0
	expect "$out" "another compiler*as the baseline*"
}

test_what_is_better_is_said() {
	edited '$1 == "vrealloc_test" && $2 == "table_write" { $3++ } { print }'
	expect_code 0
	expect "$out" "*improved 1, *changed, baseline*"
}

test_a_case_that_is_gone_is_not_comparable() {
	edited '{ print } $1 == "vrealloc_test" { $1 = "vrealloc_test nr=2"; print }'
	expect_code 4
	expect "$out" "*gone:*vrealloc_test nr=2*"
}

test_other_work_is_not_comparable() {
	edited '$1 == "vrealloc_test" && $2 == "(digest)" { $3 = "0123456789abcdef" } { print }'
	expect_code 4
}

# In a copy of the sources and objects, so that little is compiled.
test_a_planted_change_is_caught() {
	need
	mkdir -p "$scratch/tree/build"
	cd "$root"
	cp -a Makefile mmcore bench targets launch "$scratch/tree"
	mkdir "$scratch/tree/build/release"
	cp -a build/libperf "$scratch/tree/build"
	cp -a build/release/{mmcore,bench,targets,launch,tlbmodel.so,trimm-qemu} "$scratch/tree/build/release"
	cd "$scratch/tree"
	patch -s -p1 -i "$root/tests/history/plants/lost_batch.patch"
	try env -u MAKEFLAGS -u MFLAGS make -s -j2 build/release/trimm-user build/release/trimm-user-static
	expect_code 0
	try env TRIMM_TARGET_DIR="$scratch/tree/build/release" timeout 120 "$root/tests/baseline" judge
	expect_code 3
	expect "$out" "*pcp_refill*regressed*"
}

test_bad_words() {
	try "$root/tests/baseline"
	expect_error 2 "*judge*renew REASON*"
	try "$root/tests/baseline" renew " "
	expect_error 2 "*say why*REASON=*"
	try env TRIMM_BASELINE="$scratch/none" "$root/tests/baseline" judge "$scratch/none.ndjson"
	expect_error 1 "*none/counters is missing*make baseline*"
}

tap_run
