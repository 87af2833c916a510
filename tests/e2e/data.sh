#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Verbs that read runs: what they give, and that damage is one line and changes nothing.
. "$(dirname "$0")/setup"

# One run of two arms; $id is its.
make_run() {
	FAKE_SLOWER=${1-0} trimm run steady nr_pages=1,2 flush=eager,lazy --quiet >"$scratch/run" 2>&1
	id=$(basename "$(ls -t "$TRIMM_RESULTS"/runs/*.ndjson | head -n 1)" .ndjson)
}

test_list_runs() {
	make_run
	try trimm list runs
	expect_code 0
	expect "$out" "$id *ok*4 benches*trimm run steady nr_pages=1,2*"
}

test_compare_by() {
	make_run
	try trimm compare latest --by flush
	expect_code 0
	expect "$out" "*lazy against eager*trimm: regressed 0, *"
	try trimm compare "${id:0:18}" --by flush --base lazy
	expect "$out" "*eager against lazy*"
}

test_regression_is_exit_3_unless_told() {
	make_run 5
	try trimm compare latest --by flush
	expect_code 3
	try trimm compare latest --by flush --no-fail
	expect_code 0
}

test_compare_two_runs() {
	make_run
	cp "$(run_file)" "$scratch/before.ndjson"
	sed -i 's/"value":10,/"value":9,/' "$scratch/before.ndjson"
	try trimm compare "$scratch/before.ndjson" "$id"
	expect_code 3
	expect "$out" "*flush_range*regressed*"
}

# A gate must not pass for want of a number: an edited copy of a run against the run.
gate() { # EXIT-CODE WHAT-IT-SAYS SED-SCRIPT
	make_run
	sed -E "$3" "$(run_file)" >"$scratch/after.ndjson"
	try trimm compare "$(run_file)" "$scratch/after.ndjson"
	expect_code "$1"
	expect "$out" "$2"
}
test_a_lost_counter_does_not_pass() {
	gate 4 "*flush_range: not comparable: counted on one side only*" '/"name":"flush_range"/d'
}
test_an_unstable_counter_does_not_pass() {
	gate 4 "*flush_range: inconclusive: unstable*" \
		'/"name":"flush_range"/s/"stable":true/"stable":false/'
}
test_a_lost_case_does_not_pass() {
	gate 4 "*benchmark set differs: 2 only in*" '/"t":"bench"/s/"nr_pages":"?1"?/"nr_pages":99/'
}

# The null workload stands in both, but measures the harness and nobody's code.
test_runs_with_nothing_in_common() {
	TRIMM_RESULTS=$scratch/a trimm run steady nr_pages=1 --quiet >/dev/null
	TRIMM_RESULTS=$scratch/b trimm run steady nr_pages=2 --quiet >/dev/null
	try trimm compare "$scratch"/a/runs/*.ndjson "$scratch"/b/runs/*.ndjson
	expect_error 4 "trimm: * have no benchmark with equal parameters; the nearest, of steady, differ in nr_pages (1, 2)"
}

test_formats() {
	local format

	make_run
	for format in text json csv markdown junit; do
		try trimm compare latest --by flush --format $format
		expect_code 0
		[[ -n $out && -z $err ]]
	done
}

test_compare_by_what_does_not_vary() {
	make_run
	try trimm compare latest --by cpus
	expect_error 2 "trimm: *cpus*"
}

test_unknown_run() {
	make_run
	try trimm compare 1999 --by flush
	expect_error 1 "trimm: *1999*"
}

test_no_runs_yet() {
	try trimm report
	expect_error 1 "trimm: $TRIMM_RESULTS: no runs there; *"
	[[ ! -e $TRIMM_RESULTS ]]
}

test_missing_file() {
	try trimm validate "$scratch/nothing.ndjson"
	expect_error 1 "trimm: $scratch/nothing.ndjson*No such file*"
}

test_file_cut_short() {
	make_run
	head -c -200 "$(run_file)" >"$scratch/cut.ndjson"
	try trimm validate "$scratch/cut.ndjson"
	expect_code 1
	expect "$out" "$scratch/cut.ndjson: incomplete *"
}

test_damage_in_the_middle() {
	make_run
	sed '3s/"/?/' "$(run_file)" >"$scratch/bad.ndjson"
	try trimm validate "$scratch/bad.ndjson"
	expect_error 1 "trimm: $scratch/bad.ndjson:3: *"
	try trimm report "$scratch/bad.ndjson" --output "$scratch/page"
	expect_error 1 "trimm: $scratch/bad.ndjson:3: *"
	[[ ! -e $scratch/page ]]
}

test_another_schema_version() {
	make_run
	sed '1s|trimm/1|trimm/2|' "$(run_file)" >"$scratch/new.ndjson"
	try trimm validate "$scratch/new.ndjson"
	expect_error 1 "trimm: $scratch/new.ndjson:1: *trimm/2*"
}

test_import_leaves_the_index_alone_when_a_file_is_bad() {
	make_run
	trimm import
	sed '3s/"/?/' "$(run_file)" >"$scratch/bad.ndjson"
	sum=$(sha256sum "$TRIMM_RESULTS/trimm.db")
	try trimm import "$scratch/bad.ndjson"
	expect_code 1
	expect "$err" "trimm: $scratch/bad.ndjson:3: *"
	expect "$(sha256sum "$TRIMM_RESULTS/trimm.db")" "$sum"
}

test_import_counts() {
	make_run
	rm "$TRIMM_RESULTS"/trimm.db*
	try trimm import
	expect "$out" "imported 1 new, 0 changed; 0 were there already, 0 unreadable"
	try trimm import
	expect "$out" "imported 0 new, 0 changed; 1 were there already, 0 unreadable"
}

test_a_database_that_is_none() {
	make_run
	rm "$TRIMM_RESULTS"/trimm.db*
	echo precious >"$TRIMM_RESULTS/trimm.db"
	try trimm list runs
	expect_error 1 "trimm: $TRIMM_RESULTS/trimm.db*"
	expect "$(cat "$TRIMM_RESULTS/trimm.db")" precious
}

# Where SQLite keeps PRAGMA user_version: 4 bytes at 60 of the file.
test_a_database_of_a_later_trimm() {
	make_run
	printf "\\0\\0\\3\\347" | dd of="$TRIMM_RESULTS/trimm.db" bs=1 seek=60 conv=notrunc status=none
	sum=$(sha256sum "$TRIMM_RESULTS/trimm.db")
	try trimm list runs
	expect_error 1 "trimm: $TRIMM_RESULTS/trimm.db*999*"
	expect "$(sha256sum "$TRIMM_RESULTS/trimm.db")" "$sum"
}

test_export() {
	make_run
	try trimm export
	expect_code 0
	expect "$out" "*,*
*flush_range*"
	try trimm export "$id" --format json --output "$scratch/run.json"
	expect_code 0
	expect "$(cat "$scratch/run.json")" "[[]*]"
	try trimm export "$id" --output "$scratch/no/where.csv"
	expect_error 1 "trimm: $scratch/no/where.csv*No such file or directory"
}

test_report() {
	make_run
	try trimm report
	expect_code 0
	expect "$out" "$TRIMM_RESULTS/report/$id/index.html"
	grep -q '</html>' "$out"
	try trimm report latest --output "$scratch/page"
	expect "$out" "$scratch/page/index.html"
}

test_report_without_a_place() {
	make_run
	echo precious >"$scratch/file"
	try trimm report --output "$scratch/file/page"
	expect_error 1 "trimm: *$scratch/file*"
}

test_doctor() {
	try trimm doctor
	expect_code 0
	[[ $(grep -cE '^(ok|warn|missing) +[a-z]+ +[^ ]' <<<"$out") -eq $(wc -l <<<"$out") ]]
	expect "$out" "*cpus*clock*shootdowns*pmu*tracepoints*bpf*kvm*qemu*gnuplot*"
	expect "$err" ""
}

test_doctor_without_a_target() {
	try env TRIMM_TARGET_DIR=/nonexistent "$build/trimm" doctor
	expect_code 0
	expect "$out" "*missing  pmu *unknown: /nonexistent/trimm-user does not say*"
}

# The rows are what trimm-user found when it opened the counters, word for word.
test_doctor_counts_as_the_target_does() {
	local said finding subject text

	[[ -x $build/trimm-user ]] || skip "no build of trimm-user"
	try env TRIMM_TARGET_DIR="$build" "$build/trimm" doctor
	expect_code 0
	said=$("$build/trimm-user" perf)
	[[ $(grep -cE $'^(ok|warn|missing)\t(pmu|rdpmc|perf|tracepoints)\t' <<<"$said") -eq 4 ]]
	while IFS=$'\t' read -r finding subject text; do
		[[ $finding == counter ]] ||
			expect "$out" "*$(printf '%-8s %-12s ' "$finding" "$subject")$text*"
	done <<<"$said"
	grep -q $'^counter\tcycles_user\t' <<<"$said"
	# Where there is no PMU, it says what counts instead.
	[[ -e /sys/bus/event_source/devices/cpu || -e /sys/bus/event_source/devices/cpu_core ]] ||
		expect "$out" "*missing  pmu *mode=exact*"
}

# A user without rights is told of each what it takes.
test_doctor_as_nobody() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to be nobody"
	[[ $(cat /proc/sys/kernel/perf_event_paranoid) -eq 2 ]] ||
		skip "needs kernel.perf_event_paranoid=2"
	mkdir "$scratch/programs"
	chmod 755 "$scratch" "$scratch/programs"
	cp "$build"/{trimm,trimm-user} "$scratch/programs"
	try env TRIMM_TARGET_DIR="$scratch/programs" setpriv --reuid=65534 --clear-groups \
		"$scratch/programs/trimm" doctor
	expect_code 0
	expect "$out" "*"$'\n'"warn     perf *of*counters; the kernel is counted with: sysctl kernel.perf_event_paranoid=1*"
	expect "$out" "*"$'\n'"missing  tracepoints *root*"
}

tap_run
