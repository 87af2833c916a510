#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm run: what becomes cases and arms, and that whatever a target does, the file is whole and
# says so.
. "$(dirname "$0")/setup"

# A run that goes wrong: exit code 1, a valid file of status failed, a bench that says why.
goes_wrong() { # WORKLOAD WHY
	try trimm run "$1" --quiet
	expect_code 1
	expect "$err" "*trimm: $1: trimm-user $2*"
	expect "$(lines '"t":"bench".*"status":"failed","why":"trimm-user')" 1
	expect "$(lines '"t":"note".*"level":"error"')" 1
	expect "$(tail -n 1 "$(run_file)")" '{"t":"end",*"status":"failed","benches":1,"skipped":0,"failed":1}'
	trimm validate "$(run_file)"
}

test_ranges_make_cases_and_lists_of_policies_arms() {
	try trimm run steady nr_pages=1..6 flush=eager,lazy --quiet
	expect_code 0
	expect "$(lines '"t":"bench".*"arms":2')" 8
	expect "$(grep -o '"nr_pages":[0-9]*,"flush":"[a-z]*"' "$(run_file)" | tr '\n' ' ')" \
		'"nr_pages":1,"flush":"eager" "nr_pages":1,"flush":"lazy" "nr_pages":2,*"nr_pages":4,*"nr_pages":6,"flush":"lazy" '
	expect "$(grep -o '"bench":[0-9]*,"case":[0-9]*' "$(run_file)" | sort -u | wc -l)" 8
	trimm validate "$(run_file)"
}

test_words_in_any_order() {
	try trimm run flush=eager,lazy steady --quiet nr_pages=2
	expect_code 0
	expect "$(lines '"t":"bench"')" 2
}

# trimm-qemu's first word says which target; the rest is the same.
fake_qemu() {
	printf '#!/bin/sh\necho "$*" >>"%s"\nshift\nexec "%s/trimm-user" "$@"\n' "$scratch/words" \
		"$fake" >"$fake/trimm-qemu"
	chmod +x "$fake/trimm-qemu"
}

test_a_group_may_have_a_target_and_a_mode_of_its_own() {
	fake_qemu
	try trimm run steady -- steady nr_pages=2 target=qemu mode=exact -- steady mode=exact --quiet
	expect_code 0
	expect "$(lines '"t":"bench"')" 3
	expect "$(grep -c '^kernel steady nr_pages=2 mode=exact first_bench=1' "$scratch/words")" 1
	expect "$(grep -c '^user steady mode=exact first_bench=2' "$scratch/words")" 1
}

test_a_group_has_one_target() {
	try trimm run steady target=user,qemu
	expect_error 2 'trimm: target=: one for a group; *'
	try trimm run steady mode=timd
	expect_error 2 'trimm: timd: no such mode; did you mean "timed"?'
}

test_several_specs_in_one_run() {
	try trimm run steady nr_pages=1,2 -- steady nr_pages=512 flush=eager,lazy --quiet
	expect_code 0
	expect "$(lines '"t":"bench"')" 4
	expect "$(lines '"nr_pages":512')" 2
}

test_comparison_and_path_after_the_run() {
	try trimm run steady flush=eager,lazy --quiet
	expect "$out" "*lazy against eager*trimm: regressed 0, improved 0, *
$(run_file)"
}

test_only_data_on_stdout() {
	try trimm run steady flush=eager,lazy --quiet --format json
	expect "$out" '{*}'
	expect "$err" "*.ndjson"
}

test_series_tells_parameters_apart() {
	try trimm run steady nr_pages=1,2 --quiet
	expect "$(grep -o '"series":"[0-9a-f]*"' "$(run_file)" | sort -u | wc -l)" 2
}

test_the_run_line() {
	try trimm run steady "nr_pages=1" --quiet --reason bench
	expect "$(head -n 1 "$(run_file)")" \
		'{"t":"run","schema":"trimm/1","run_id":"*","reason":"bench","command":"trimm run steady nr_pages=1 *"machine":{"fp":"*"env":{*}}'
}

test_progress_without_a_terminal() {
	try trimm run steady nr_pages=1,2
	expect "$err" "trimm: steady, from case 1 of 2"
}

test_crash() { goes_wrong crash 'was killed by signal 11 (*); it said: about to fall'; }
test_failure() { goes_wrong failing 'failed with code 1; it said: *lower memory=*'; }
test_no_record() { goes_wrong silent 'left no record of it'; }
test_garbage() { goes_wrong garbage 'wrote a record that is none (*): this is no record'; }
test_unknown_record() { goes_wrong unknown-type 'wrote a record that is none (*): {"t":"surprise"}'; }
# What a tracer gets wrong is not the measurement's fault.
test_wrong_records_of_a_tracer_are_left_out() {
	try trimm run wrong-trace --quiet
	expect_code 0
	expect "$(lines '"t":"note".*the tracer sent a record that is none \(probe.status: must be one of')" 1
	expect "$(lines 'the tracer sent a record')" 1
	expect "$(lines '"t":"(probe|stack)"')" 1
	expect "$(lines '"source":"ipi"')" 0
	trimm validate "$(run_file)"
}
test_record_of_another_case() { goes_wrong foreign 'wrote a record that is none (not a bench *'; }
test_record_against_the_schema() { goes_wrong wrong-field 'wrote a record that is none (*better*'; }

test_crash_after_the_results() {
	try trimm run late-crash --quiet
	expect_code 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"failed"*'
	expect "$(lines '"level":"error".*signal 6')" 1
}

test_the_run_goes_on_after_a_crash() {
	try trimm run crash -- steady --quiet
	expect_code 1
	expect "$(lines '"t":"bench".*"status":"ok"')" 1
}

test_all_skipped() {
	try trimm run skip --quiet
	expect_code 77
	expect "$err" "trimm: skip: skipped: needs at least 64 CPUs"
	expect "$(tail -n 1 "$(run_file)")" '*"status":"ok","benches":1,"skipped":1,"failed":0}'
}

test_what_is_not_applicable() {
	try trimm run absent --quiet
	expect_code 77
	expect "$err" "trimm: absent: not applicable: it has no such thing"
	expect "$(tail -n 1 "$(run_file)")" '*"benches":1,"skipped":0,"failed":0,"not_applicable":1}'
	trimm validate "$(run_file)"
	rm -r "$TRIMM_RESULTS"
	try trimm run absent -- steady --quiet
	expect_code 0
}

test_some_skipped() {
	try trimm run skip -- steady --quiet
	expect_code 0
}

test_read_only_results() {
	mkdir -m 555 "$TRIMM_RESULTS"
	if [[ $(id -u) -eq 0 ]]; then
		chmod 755 "$scratch" "$fake"
		install "$build/trimm" "$fake/trimm"
		try setpriv --reuid 65534 --regid 65534 --clear-groups "$fake/trimm" run steady --quiet
	else
		try trimm run steady --quiet
	fi
	expect_error 1 "trimm: $TRIMM_RESULTS/runs: Permission denied; give another folder with --results"
}

test_results_that_are_no_folder() {
	echo precious >"$TRIMM_RESULTS"
	try trimm run steady --quiet
	expect_error 1 "trimm: $TRIMM_RESULTS/runs: Not a directory; *"
	expect "$(cat "$TRIMM_RESULTS")" precious
}

# A file-size limit is a disk that fills up in the middle of a record.
test_full_results() {
	local kib=8

	try bash -c "ulimit -f $kib; exec '$build/trimm' run steady nr_pages=1..512 --quiet"
	expect_code 1
	expect "$err" "trimm: $(run_file): *; the run stops here"
	[[ $(stat -c %s "$(run_file)") -le $((kib * 1024)) ]]
	[[ $(tail -c 1 "$(run_file)") == "" ]]
	try trimm validate "$(run_file)"
	expect_code 1
	expect "$out" "*incomplete*"
}

test_self_check_finds_nothing() {
	try trimm compare --self-check steady
	expect_code 0
	expect "$out" "*A/A floor*self-check: passed: like against like, 0 differences found"
}

test_self_check_finds_a_delay() {
	try trimm compare --self-check --inject 5% steady
	expect_code 0
	expect "$out" "*self-check: passed: an injected delay of 5 % was found"
}

test_self_check_that_finds_what_is_not_there() {
	FAKE_SLOWER=1 try trimm compare --self-check steady
	expect_code 1
	expect "$out" "*self-check: FAILED: like against like, * differences found"
}

tap_run
