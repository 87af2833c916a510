#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `trimm nightly`: two cores compared from build to verdict; whatever kills it costs one case; it
# leaves no trace in the repository; what goes wrong is one line. Cores are text files here
# (fake-cores). NIGHT_KILLS: how many nights are killed at random moments.
. "$(dirname "$0")/setup"
. "$root/tests/e2e/cores_repository"
kills=${NIGHT_KILLS-4}

nightly() {
	try timeout -k 1 120 "$build/trimm" nightly --repo "$scratch/repo" --suite "$scratch/t.suite" \
		--processes 8 --no-report "$@"
}

# The file of the newest night.
night() {
	find "$TRIMM_RESULTS/nights" -name '*.json' | sort | tail -n 1
}

# What is in it: a Python expression over the night n.
field() { # EXPRESSION
	python3 -c 'import json, sys
n = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$(night)" "$1"
}

# How many cases were measured so far.
measured() {
	cat "$FAKE_COUNT" 2>/dev/null | wc -l
}

# Nothing is left but what is kept.
no_trace() {
	[[ $(git_ worktree list | wc -l) -eq 1 ]]
	[[ ! -e $scratch/repo/.git/worktrees || -z $(ls "$scratch/repo/.git/worktrees") ]]
	[[ -z $(ls -d "$TRIMM_RESULTS"/nightly.lock "$TRIMM_RESULTS"/builds/{lock,worktree,cores} \
		"$TRIMM_RESULTS"/runs/*.cases "$TRIMM_RESULTS"/*/*.partial 2>/dev/null) ]]
}

test_the_first_night_compares_head_with_itself() {
	repository
	commit "count flush_range 32;time 100"
	nightly
	expect_code 0
	expect "$err" "*HEAD $(id c1) \"change 1\"*reference $(id c1) \"change 1\" (HEAD, as this is the first night; *"
	expect "$out" "night *trimm: regressed 0, improved 0, unchanged 2, inconclusive 0, not comparable 0, skipped 0"
	expect "$(field '(n["status"], n["exit"], n["why"], len(n["cases"]))')" "('ok', 0, None, 2)"
	# 2 cases counted once, and timed in 8 processes.
	[[ $(measured) -eq 18 ]]
	no_trace
}

test_a_night_finds_what_counts_more_and_what_takes_longer() {
	repository
	commit "count flush_range 32;time 100"
	nightly
	commit "count flush_range 40;time 100"
	nightly
	expect_code 3
	expect "$err" "*HEAD $(id c2) *reference $(id c1) \"change 1\" (HEAD at the first night; *"
	expect "$out" "*steady nr_pages=1: regression (counted only): flush_range 32 -> 40 (+25.0 %)*"
	commit "count flush_range 32;time 120"
	nightly
	expect_code 3
	expect "$out" "*steady nr_pages=4: slowdown, cause not in counted events: time +[12]?.? % (*), again +[12]?.? %*"
	expect "$err" "*time, a second time: 16 cases*"
	commit "count flush_range 40;time 120"
	nightly --gate exact
	expect_code 3
	expect "$out" "*regression (confirmed)*trimm: regressed 2, *"
	commit "count flush_range 30;time 80"
	nightly
	expect_code 0
	expect "$out" "*improvement*trimm: regressed 0, improved 2, *"
	no_trace
}

test_the_gate_says_what_fails() {
	repository
	commit "count flush_range 32;time 100"
	nightly
	commit "count flush_range 32;time 120"
	nightly --gate exact
	expect_code 0
	nightly --gate time
	expect_code 3
}

test_the_reference_is_pinned_by_a_file() {
	repository
	commit "count flush_range 32"
	commit "count flush_range 40"
	mkdir -p "$TRIMM_RESULTS"
	echo "$(id c1) what we shipped" >"$TRIMM_RESULTS/reference"
	nightly
	expect_code 3
	expect "$err" "*reference $(id c1) \"change 1\" (*/reference: what we shipped)*"
	nightly --reference c2
	expect_code 0
	expect "$err" "*reference $(id c2) \"change 2\" (--reference c2)*"
	echo "nowhere it was" >"$TRIMM_RESULTS/reference"
	nightly --quiet
	expect_error 2 "trimm: */reference: nowhere: no such revision in *"
	echo >"$TRIMM_RESULTS/reference"
	nightly --quiet
	expect_error 2 "trimm: */reference: empty; *"
}

test_what_lists_of_a_suite_become() {
	repository
	commit "count flush_range 32"
	printf '# Some.\nsteady nr_pages=1..4 flush=lazy,eager\nsteady nr_pages=8 target=user mode=exact\n' >"$scratch/t.suite"
	printf 'steady nr_pages=1 flush=eager\nsteady target=qemu nr_pages=1,2\n' >>"$scratch/t.suite"
	nightly --dry-run
	expect_code 0
	[[ $(grep -c '^  steady.*core=reference | core=head$' <<<"$out") -eq 7 ]]
	[[ $(grep -c '^  steady.*core=reference | core=copy | core=head$' <<<"$out") -eq 6 ]]
	expect "$out" "reference $(id c1) *counts, 7 cases:*time, 6 cases:*each timed in 8 processes; about * min*"
	expect "$err" "*trimm: *t.suite: 2 cases are left out: *"
	[[ ! -e $TRIMM_RESULTS ]]
	echo "steady core=x" >"$scratch/t.suite"
	nightly
	expect_code 2
	expect "$err" "*trimm: *t.suite:1: core= and processes= are a night's own; leave them out"
	echo "steady target=qemu" >"$scratch/t.suite"
	nightly --dry-run --quiet
	expect_error 2 "trimm: *t.suite: nothing in it that two cores could be compared by"
}

# As if from the terminal: a job in the background would have SIGINT ignored.
background() { # COMMAND...
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$@" >"$scratch/log" 2>&1 &
	pid=$!
}

begin() { # WORDS...
	background "$build/trimm" nightly --repo "$scratch/repo" --suite "$scratch/t.suite" --processes 8 "$@"
}

# Wait until so many cases were measured.
until_measured() { # N
	local i

	for ((i = 0; i < 1000; i++)); do
		[[ $(measured) -lt $1 ]] || return 0
		sleep 0.02
	done
	return 1
}

test_a_stopped_night_is_gone_on_with() {
	local signal before
	repository
	commit "count flush_range 32;time 100"
	commit "count flush_range 40;time 100"
	export FAKE_SLEEP=0.2
	for signal in INT TERM HUP; do
		before=$(measured)
		begin --reference c1
		until_measured $((before + 3))
		kill -$signal $pid
		code=0
		wait $pid || code=$?
		expect_code 1
		expect "$(cat "$scratch/log")" "*stopped; the same command goes on with night *"
		expect "$(field '(n["status"], n["finished"], n["why"])')" "('partial', None, 'stopped by the user')"
		[[ -z $(ls -d "$TRIMM_RESULTS"/nightly.lock "$TRIMM_RESULTS"/builds/{lock,worktree,cores} 2>/dev/null) ]]
	done
	expect "$(field '[c["verdict"] for c in n["cases"]]')" "*'regression (counted only)'*"
	FAKE_SLEEP=0 nightly --reference c1
	expect_code 3
	expect "$err" "*goes on with night $(field 'n["night"]')*"
	# Each case that was stopped, and no other, is measured twice.
	[[ $(measured) -le $((18 + 3)) ]]
	[[ $(find "$TRIMM_RESULTS/nights" -name '*.json' | wc -l) -eq 1 ]]
	expect "$(field 'n["status"]')" ok
	try "$build/trimm" validate "$TRIMM_RESULTS"/runs/*.ndjson
	expect_code 0
	no_trace
}

# What a killed one had finished is not measured again: each loses the case at hand at most.
test_killed_nights_lose_nothing() {
	local i before finished=0
	repository
	commit "count flush_range 32;time 100"
	commit "count flush_range 40;time 100"
	export FAKE_SLEEP=0.05
	for ((i = 0; i < kills; i++)); do
		begin --reference c1
		sleep "$((RANDOM % 2)).$((RANDOM % 10))$((RANDOM % 10))"
		kill -KILL $pid 2>"$scratch/dead" || true
		wait $pid 2>"$scratch/dead" || true
		# It may have been done before: then the next is another night.
		finished=$(grep -l '"finished": *"2' "$TRIMM_RESULTS"/nights/*.json 2>/dev/null | wc -l)
	done
	FAKE_SLEEP=0 nightly --reference c1
	expect_code 3
	finished=$((finished + 1))
	before=$(find "$TRIMM_RESULTS/nights" -name '*.json' | wc -l)
	# Nights that were begun before their file was written are none.
	[[ $before -eq $finished ]]
	[[ $(measured) -le $((18 * finished + kills)) ]]
	try "$build/trimm" validate "$TRIMM_RESULTS"/runs/*.ndjson
	expect_code 0
	expect "$(field '", ".join("%s %d" % (c["verdict"], c["time"]["n"]) for c in n["cases"])')" \
		"regression (counted only) 8, regression (counted only) 8"
	no_trace
}

test_another_night_is_not_gone_on_with() {
	repository
	commit "count flush_range 32;time 100"
	FAKE_SLEEP=0.1 begin
	until_measured 3
	kill -KILL $pid
	wait $pid || true
	nightly --threshold 3%
	expect_code 0
	[[ $err != *"goes on with"* ]]
	nightly --fresh
	expect_code 0
	[[ $err != *"goes on with"* ]]
	# A suite of other cases: counted anew, under the name of the same night.
	printf '# More.\nsteady nr_pages=1,4,8\n' >"$scratch/t.suite"
	nightly
	expect_code 0
	expect "$err" "*goes on with night*counts: 3 cases*"
	expect "$out" "*unchanged 3, *"
}

test_two_at_once() {
	repository
	commit "count flush_range 32"
	mkdir -p "$TRIMM_RESULTS"
	exec 9>"$TRIMM_RESULTS/nightly.lock"
	flock 9
	echo "trimm nightly, process 7, since 2026-01-01T00:00:00Z" >&9
	nightly 9>&-
	exec 9>&-
	expect_error 1 "trimm: */nightly.lock: held by trimm nightly, process 7, since *; wait for its end, *"
	# Nobody holds it: it was left by one that was killed.
	echo "trimm nightly, process 7, since 2026-01-01T00:00:00Z" >"$TRIMM_RESULTS/nightly.lock"
	nightly
	expect_code 0
	no_trace
}

test_only_so_many_nights_are_kept() {
	local i
	repository
	for i in 1 2 3 4 5; do
		commit "count flush_range 32;count number $i"
		nightly --keep 2
		sleep 1
	done
	[[ $(find "$TRIMM_RESULTS/nights" -name '*.json' | wc -l) -eq 5 ]]
	# Counts, time, and time again of what counts alone do not decide.
	for run in $(field 'n["runs"]["exact"][0]'); do
		[[ -e $TRIMM_RESULTS/runs/$run.ndjson ]]
	done
	[[ $(find "$TRIMM_RESULTS/runs" -name '*.ndjson' | wc -l) -le 6 ]]
	[[ $(find "$TRIMM_RESULTS/builds" -name '*.so' | wc -l) -le 3 ]]
	[[ -e $TRIMM_RESULTS/builds/$(git_ rev-parse c1).so ]]
	[[ -e $TRIMM_RESULTS/builds/$(git_ rev-parse c5).so ]]
}

test_who_waits_for_a_verdict_gets_it() {
	repository
	commit "count flush_range 32"
	commit "count flush_range 40"
	nightly --reference c1 --junit "$scratch/n.xml" --markdown "$scratch/n.md" --output "$scratch/n.json" \
		--on-verdict "cat >'$scratch/input'; echo \"\$#\" >'$scratch/words'; echo"
	expect_code 3
	cmp "$scratch/input" "$(night)"
	cmp "$scratch/n.json" "$(night)"
	expect "$err" "*$(realpath "$(night)")*"
	python3 -c 'import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
cases = suite.findall("testcase")
assert len(cases) == 2 and all(case.find("failure") is not None for case in cases)
assert suite.get("failures") == "2" and suite.get("tests") == "2"' "$scratch/n.xml"
	expect "$(cat "$scratch/n.md")" "### Night *| case | verdict |*flush*range 32 -> 40*"
	nightly --reference c2 --on-verdict "exit 7"
	expect_code 1
	expect "$err" "*trimm: --on-verdict exit 7: failed with code 7"
	nightly --reference c2 --junit "$scratch/none/n.xml"
	expect_code 1
	expect "$err" "*trimm: $scratch/none/n.xml: No such file or directory"
	expect "$(field 'n["status"]')" ok
}

test_what_is_accepted_fails_no_more() {
	repository
	commit "count flush_range 32;time 100"
	commit "count flush_range 40;time 100"
	mkdir -p "$TRIMM_RESULTS"
	printf 'trimm-accepted/1\n%s steady flush_range it frees sooner\n' "$(id c2)" >"$TRIMM_RESULTS/accepted"
	nightly --reference c1
	expect_code 0
	expect "$out" "*flush_range 32 -> 40 (+25.0 %)*accepted since $(id c2): it frees sooner*accepted 2"
	# Of a commit that is not between the two it says nothing.
	printf 'trimm-accepted/1\n%s steady flush_range it frees sooner\n' "$(id c1)" >"$TRIMM_RESULTS/accepted"
	nightly --reference c1
	expect_code 3
	echo "nonsense" >"$TRIMM_RESULTS/accepted"
	nightly --reference c1 --quiet
	expect_error 1 "trimm: */accepted:1: *"
}

test_a_report_is_written() {
	repository
	commit "count flush_range 32;time 100"
	try timeout 60 "$build/trimm" nightly --repo "$scratch/repo" --suite "$scratch/t.suite" --processes 2
	expect "$out" "*/report/night-*/index.html*trimm: regressed 0, *"
	[[ -s $(head -n 1 <<<"$out") ]]
}

test_a_core_that_does_not_build() {
	repository
	commit "count flush_range 32"
	echo 'echo "core.c:1:1: error: expected ;" >&2; exit 1' >"$scratch/repo/build.sh"
	commit "count flush_range 40"
	nightly --quiet --reference c1 --junit "$scratch/n.xml" --on-verdict "cat >'$scratch/input'"
	expect_code 1
	expect "$err" "trimm: HEAD $(id c2) \"change 2\": does not build: core.c:1:1: error: expected ; (*.log)"
	expect "$(field '(n["status"], n["exit"])')" "('failed', 1)"
	cmp "$scratch/input" "$(night)"
	expect "$(cat "$scratch/n.xml")" "*errors=\"1\"*does not build*"
	no_trace
	# Both ends.
	nightly --quiet --reference c2
	expect_code 1
	expect "$err" "trimm: the reference $(id c2) \"change 2\": does not build: *"
	[[ $err != *$'\n'* ]]
	[[ ! -e $FAKE_COUNT ]]
}

test_a_core_of_another_trimm_is_built_again_or_not_comparable() {
	repository
	commit "count flush_range 32;kind 1"
	commit "count flush_range 32"
	nightly --quiet --reference c2
	expect_code 0
	# As what an older trimm had built, and kept.
	echo "kind 0" >>"$TRIMM_RESULTS/builds/$(git_ rev-parse c2).so"
	nightly --quiet --fresh --reference c2
	expect_code 0
	! grep -q "kind 0" "$TRIMM_RESULTS/builds/$(git_ rev-parse c2).so"
	rm "$FAKE_COUNT"
	FAKE_KIND=2 nightly --quiet --reference c1 --on-verdict "cat >'$scratch/input'"
	expect_code 4
	expect "$err" "trimm: the reference $(id c1) \"change 1\": not comparable: its core was built for another trimm-user: CORE_ABI is 1 there, 2 here"
	expect "$(field '(n["status"], n["exit"], n["summary"])')" "('failed', 4, 'trimm: not comparable')"
	cmp "$scratch/input" "$(night)"
	[[ ! -e $FAKE_COUNT ]]
	no_trace
}

test_a_machine_that_cannot_build_ends_no_night() {
	repository
	commit "count flush_range 32"
	echo 'echo "cc1: fatal error: No space left on device" >&2; exit 1' >"$scratch/repo/build.sh"
	commit "count flush_range 40"
	nightly --quiet --reference c1
	expect_error 1 "trimm: HEAD $(id c2) \"change 2\": *No space left on device*"
	expect "$(field '(n["status"], n["finished"])')" "('partial', None)"
	no_trace
}

test_a_core_that_falls() {
	repository
	commit "count flush_range 32;time 100"
	commit "crash it has a bug"
	nightly --reference c1
	[[ $code -eq 4 || $code -eq 77 ]]
	expect "$err" "*it has a bug*"
	expect "$(field 'n["status"]')" ok
	no_trace
}

test_what_is_not_committed_is_not_measured() {
	repository
	commit "count flush_range 32"
	echo "count flush_range 99" >"$scratch/repo/core"
	nightly
	expect_code 0
	expect "$err" "*HEAD $(id c1) \"change 1\", as it is committed: changes that are not are left out*"
	expect "$(field 'n["head"]["dirty"]')" True
	expect "$(cat "$scratch/repo/core")" "count flush_range 99"
	[[ -z $(git_ status --porcelain --untracked-files=all | grep -v '^ M core$') ]]
}

test_bad_input() {
	repository
	commit "count flush_range 32"
	commit "count flush_range 32"
	nightly --repo "$scratch"
	expect_error 2 "trimm: $scratch: not a git repository; give the folder of one with --repo"
	nightly --repo "$scratch/none"
	expect_error 2 "trimm: $scratch/none: No such file or directory; *"
	nightly --reference nowhere
	expect_error 2 "trimm: nowhere: no such revision in $scratch/repo; *"
	nightly --head nowhere
	expect_error 2 "trimm: nowhere: no such revision in $scratch/repo; *"
	nightly --suite nowhere --quiet
	expect_code 2
	nightly --gate counts
	expect_error 2 'trimm: counts: no such gate; *'
	nightly --keep 0
	expect_error 2 'trimm: --keep 0: give a number from 1 to *'
	nightly --threshold much
	expect_error 2 'trimm: --threshold much: give a percentage, as in 2%'
	nightly steady
	expect_error 2 'trimm: steady: a night takes no words; *'
	git clone -q --depth 1 "file://$scratch/repo" "$scratch/shallow"
	nightly --repo "$scratch/shallow" --reference "$(git_ rev-parse c1)"
	expect_error 2 "trimm: *: no such revision in $scratch/shallow, a shallow clone; \`git fetch --unshallow\` brings the rest"
	nightly --repo "$scratch/shallow"
	expect_code 0
	[[ -z $(ls "$TRIMM_RESULTS/nights" | sed -n 2p) ]]
}

test_an_index_of_a_newer_version() {
	repository
	commit "count flush_range 32"
	nightly
	expect_code 0
	python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute("pragma user_version = 9999")
d.commit()' "$TRIMM_RESULTS/trimm.db"
	find "$TRIMM_RESULTS" -type f -exec cksum {} + | sort >"$scratch/before"
	nightly
	expect_error 1 "trimm: */trimm.db: *"
	find "$TRIMM_RESULTS" -type f -exec cksum {} + | sort >"$scratch/after"
	cmp "$scratch/before" "$scratch/after"
}

# Room for some of it: what is there stays good, and more room is enough to go on.
test_a_full_disk() {
	repository
	commit "count flush_range 32;time 100"
	commit "count flush_range 40;time 100"
	mkdir -p "$TRIMM_RESULTS"
	export -f nightly try expect_code expect field night no_trace git_
	export TRIMM_RESULTS build scratch
	unshare -rm true 2>/dev/null || skip "no disk of its own: unshare -m is not allowed"
	unshare -rm bash -e -c 'mount -t tmpfs -o size=80m none "$TRIMM_RESULTS"
		nightly --reference c1
		expect_code 3
		# The last pages but some.
		dd if=/dev/zero of="$TRIMM_RESULTS/filler" bs=4096 count=$(($(stat -f -c %f "$TRIMM_RESULTS") - 10)) 2>/dev/null
		nightly --reference c1 --quiet
		expect_code 1
		expect "$err" "trimm: *: @(No space left on device|disk I/O error|database or disk is full)*"
		[[ $(find "$TRIMM_RESULTS/nights" -name "*.json" | wc -l) -eq 2 ]]
		rm "$TRIMM_RESULTS/filler"
		nightly --reference c1
		expect_code 3
		expect "$err" "*goes on with night*"
		[[ $(find "$TRIMM_RESULTS/nights" -name "*.json" | wc -l) -eq 2 ]]
		"$build/trimm" validate "$TRIMM_RESULTS"/runs/*.ndjson
		no_trace'
}

tap_run
