#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `trimm bisect`: it names the commit, or a range that holds it, and never another; it leaves no
# trace in the repository; what goes wrong is one line. Cores are text files here (fake-cores).
. "$(dirname "$0")/setup"
. "$root/tests/e2e/cores_repository"

commits() { # LINES...
	local lines

	for lines in "$@"; do
		commit "$lines"
	done
}

# N commits; from AT on BAD instead of GOOD.
history() { # N AT GOOD BAD
	local i lines=()

	for ((i = 1; i <= $1; i++)); do
		if ((i < $2)); then lines+=("$3"); else lines+=("$4"); fi
	done
	commits "${lines[@]}"
}

bisect() {
	try timeout -k 1 120 "$build/trimm" bisect --repo "$scratch/repo" "$@" steady
}

# Wait until so many runs were begun.
counted() { # N
	local i

	for ((i = 0; i < 1000; i++)); do
		[[ $(cat "$FAKE_COUNT" 2>/dev/null | wc -l) -lt $1 ]] || return 0
		sleep 0.02
	done
	return 1
}

# No worktree, no ref, no lock, no process of ours; the checkout as it was.
no_trace() {
	[[ $(git_ worktree list | wc -l) -eq 1 ]]
	[[ ! -e $scratch/repo/.git/worktrees || -z $(ls "$scratch/repo/.git/worktrees") ]]
	[[ -z $(git_ for-each-ref refs/bisect) ]]
	[[ ! -e $scratch/repo/.git/BISECT_LOG ]]
	[[ -z $(ls -d "$TRIMM_RESULTS"/bisects/{lock,worktree,cores,anew} 2>/dev/null) ]]
	[[ -z $(ls -d "$TRIMM_RESULTS"/builds/{lock,worktree} 2>/dev/null) ]]
}

found() { # REV PATTERN
	expect_code 0
	expect "$out" "$(id "$1") made it worse: $2"
	expect "$out" "*commit       $(git_ rev-parse "$1")"$'\n'*
	expect "$out" "*author date  20*"
	expect "$out" "*subject      change ${1#c}"$'\n'*
	expect "$out" "*trimm: bisect: found $(id "$1"), *"
	no_trace
}

test_the_commit_that_counts_more_is_named() {
	repository
	history 64 41 "count flush_range 32;time 100" "count flush_range 320;time 100"
	bisect --good c1 --bad c64
	found c41 'flush_range 32 -> 320 events (10x)*'
	expect "$out" "*its share    100 %*"
	# Two ends, six steps; two of them anew.
	[[ $(wc -l <"$FAKE_COUNT") -le 10 ]]
	expect "$(tail -n 1 "$TRIMM_RESULTS"/bisects/2*.ndjson)" '*"t":"end","status":"found"*'
}

test_each_position_is_found() {
	local at

	for at in 2 3 6; do
		rm -rf "$scratch/repo" "$TRIMM_RESULTS"
		repository
		history 6 $at "count flush_range 32;count at_$at 1" "count flush_range 33;count at_$at 1"
		bisect --good c1 --bad c6
		found c$at 'flush_range 32 -> 33 events (+3.12%)*'
	done
}

test_a_second_call_measures_nothing() {
	repository
	history 16 9 "count flush_range 32" "count flush_range 320"
	bisect --good c1 --bad c16
	found c9 '*'
	rm "$FAKE_COUNT"
	rm -r "$TRIMM_RESULTS/builds"
	bisect --good c1 --bad c16
	found c9 '*'
	[[ ! -e $FAKE_COUNT && ! -e $TRIMM_RESULTS/builds ]]
	# Another workload is another question.
	FAKE_VERSION=2 bisect --good c1 --bad c16
	found c9 '*'
	[[ -s $FAKE_COUNT ]]
}

test_json_and_markdown() {
	repository
	history 4 3 "count flush_range 32" "count flush_range 320"
	bisect --good c1 --bad c4 --format json
	expect_code 0
	expect "$out" "{*\"schema\": \"trimm-bisect/1\"*\"commit\": \"$(git_ rev-parse c3)\"*}"
	bisect --good c1 --bad c4 --format markdown
	expect "$out" "## $(id c3) made it worse: *| place | commit |*"
}

test_a_dirty_checkout_and_a_bisection_of_its_user_stay() {
	repository
	history 8 5 "count flush_range 32" "count flush_range 320"
	git_ bisect start c8 c1 >"$scratch/log"
	echo "mine" >"$scratch/repo/core"
	echo "new" >"$scratch/repo/untracked"
	git_ status --porcelain >"$scratch/before"
	git_ rev-parse HEAD >>"$scratch/before"
	git_ for-each-ref >>"$scratch/before"
	cat "$scratch/repo/.git/BISECT_LOG" >>"$scratch/before"
	bisect --good c1 --bad c8
	expect_code 0
	expect "$out" "$(id c5) made it worse: *"
	git_ status --porcelain >"$scratch/after"
	git_ rev-parse HEAD >>"$scratch/after"
	git_ for-each-ref >>"$scratch/after"
	cat "$scratch/repo/.git/BISECT_LOG" >>"$scratch/after"
	cmp "$scratch/before" "$scratch/after"
	expect "$(cat "$scratch/repo/core")" mine
}

test_what_cannot_be_built_or_run_is_skipped() {
	repository
	history 3 9 "count flush_range 32" ""
	echo 'echo "core.c:1:1: error: expected ;" >&2; exit 1' >"$scratch/repo/build.sh"
	git_ add -A
	git_ commit -q -m "change 4"
	printf 'mkdir -p build/release && cp core build/release/trimm-core.so\n' >"$scratch/repo/build.sh"
	echo "crash it has a bug" >"$scratch/repo/core"
	git_ commit -qa -m "change 5"
	echo "count flush_range 320" >"$scratch/repo/core"
	git_ commit -qa -m "change 6"
	git_ commit -q --allow-empty -m "change 7"
	git_ tag c7
	bisect --good c1 --bad c7
	expect_code 4
	expect "$out" "signal unclear: one of these 3 commits: 2 could not be built or run, 0 were unclear*"
	expect "$out" "*after        $(git_ rev-parse c3) change 3*up to        $(git_ rev-parse c7~1) change 6*"
	expect "$out" "*core.c:1:1: error*it has a bug*trimm: bisect: signal unclear: one of 3 commits*"
	no_trace
}

# A machine that breaks on the way blames nobody.
test_a_broken_machine_blames_no_commit() {
	repository
	history 16 9 "count flush_range 32" "count flush_range 320"
	FAKE_BROKEN=$scratch/broken
	export FAKE_BROKEN
	(
		counted 3
		touch "$scratch/broken"
	) &
	bisect --good c1 --bad c16
	wait
	expect_code 1
	expect "$err" "*trimm: bisect: the good end can't be measured any more: *; no commit is blamed*"
	expect "$out" ""
	no_trace
	rm "$scratch/broken"
	bisect --good c1 --bad c16
	found c9 '*'
}

test_signals_leave_nothing_and_the_next_call_goes_on() {
	local signal pid before
	repository
	history 32 20 "count flush_range 32" "count flush_range 320"
	for signal in INT TERM HUP KILL; do
		before=$(cat "$FAKE_COUNT" 2>/dev/null | wc -l)
		# A job in the background would have SIGINT ignored.
		FAKE_SLEEP=0.3 python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$build/trimm" bisect --repo "$scratch/repo" --good c1 --bad c32 steady \
			>"$scratch/log" 2>&1 &
		pid=$!
		counted $((before + 2))
		kill -$signal $pid
		code=0
		wait $pid || code=$?
		[[ $signal == KILL ]] || {
			expect_code 1
			expect "$(cat "$scratch/log")" "*stopped*the same command goes on*"
			no_trace
		}
	done
	before=$(wc -l <"$FAKE_COUNT")
	bisect --good c1 --bad c32
	found c20 '*'
	# Most of them were measured by those that were stopped.
	[[ $(($(wc -l <"$FAKE_COUNT") - before)) -le 6 ]]
}

test_a_core_that_does_not_fit_is_skipped() {
	repository
	commits "count a 1" "count a 1" "count a 5;kind 2" "count a 5"
	bisect --good c1 --bad c4
	expect_code 4
	expect "$err" "*$(id c3): *skipped*: its core was built for another trimm-user: CORE_ABI is 2 there, 1 here*"
	no_trace
}

test_paths_and_what_is_not_in_them() {
	repository
	history 8 5 "count flush_range 32" "count flush_range 320"
	bisect --good c1 --bad c8 --paths core
	found c5 '*'
	bisect --good c1 --bad c8 --paths Makefile
	expect_error 2 'trimm: bisect: no commit from * touches what --paths names'
}

test_only_first_parents_are_asked() {
	repository
	history 4 9 "count flush_range 32" ""
	git_ checkout -q -b side c2
	echo "count flush_range 7000" >"$scratch/repo/core"
	git_ commit -qa -m "on the side"
	echo "count flush_range 32" >"$scratch/repo/core"
	git_ commit -qa -m "back"
	git_ checkout -q main
	git_ merge -q --no-edit side
	git_ tag merged
	echo "count flush_range 64" >"$scratch/repo/core"
	git_ commit -qa -m "change 77"
	git_ tag c77
	git_ commit -q --allow-empty -m "after"
	bisect --good c1 --bad main
	found c77 'flush_range 32 -> 64 events (2x)*'
	expect "$(cat "$FAKE_COUNT")" "$(grep -v "$(id side~1)" "$FAKE_COUNT")"
}

test_a_good_end_on_another_branch() {
	repository
	history 6 5 "count flush_range 32" "count flush_range 64"
	git_ checkout -q -b side c3
	git_ commit -q --allow-empty -m "on the side"
	bisect --good side --bad c6
	expect "$err" "trimm: bisect: side is no ancestor of c6: their last common commit, $(id c3), is taken*"
	found c5 '*'
	git_ checkout -q --orphan alone
	git_ commit -q -m "no parent"
	bisect --good alone --bad c6
	expect_error 2 "trimm: bisect: alone and c6 have no commit in common in *"
}

test_the_later_one_may_be_the_good_one() {
	repository
	history 8 6 "count flush_range 320" "count flush_range 32"
	bisect --good c8 --bad c1
	expect_code 0
	expect "$out" "$(id c6) made it better: flush_range 320 -> 32 *"
	bisect --good c1 --bad c8
	expect_code 2
	expect "$err" "*trimm: bisect: --bad c8 is better than --good c1 (*); *swap them: --good c8 --bad c1"
	expect "$out" ""
	no_trace
}

test_a_metric_by_name() {
	repository
	commits "count a 1;count b 10" "count a 1;count b 20" "count a 3;count b 20" "count a 3;count b 20"
	bisect --good c1 --bad c4 --metric b
	found c2 'b 10 -> 20 *'
	bisect --good c1 --bad c4 --metric a
	found c3 'a 1 -> 3 *'
	bisect --good c1 --bad c2 --metric a
	expect_code 4
	expect "$err" "*trimm: bisect: endpoints not distinguishable: a 1 and 1"
	bisect --good c1 --bad c2 --metric aa
	expect_code 2
	expect "$err" '*trimm: aa: no such metric; did you mean "a"?'
	no_trace
}

# Small steps that only add up: the one that crosses the middle is no more to blame than others.
test_a_step_is_named_with_its_share() {
	repository
	commits "count a 10" "count a 20" "count a 20" "count a 50" "count a 50" "count a 50"
	bisect --good c1 --bad c6
	found c4 'a 20 -> 50 events (2.5x)*'
	expect "$out" "*its share    58 % of the difference between the ends: there are more such commits*"
}

# Counts are alike; 5 % of time, of processes that differ by up to 1 %.
test_the_commit_that_takes_longer_is_named() {
	repository
	history 8 6 "count flush_range 32;time 1000" "count flush_range 32;time 1050"
	FAKE_NOISE=10 bisect --good c1 --bad c8
	found c6 'total time +[45]*'
	expect "$out" "*judged by    total time beside the good end in each of several processes; *"
	expect "$err" "*% [[]*] n=1*, fast*"
}

# Noise that hides it: a range or a refusal, and never another commit.
test_noise_names_no_commit() {
	local seed
	repository
	history 4 3 "count flush_range 32;time 1000" "count flush_range 32;time 1030"
	for seed in 1 2; do
		rm -rf "$TRIMM_RESULTS"
		FAKE_SEED=$seed FAKE_NOISE=60 bisect --good c1 --bad c4
		[[ $code -eq 4 || $out == "$(id c3) made it worse"* ]]
		no_trace
	done
}

test_ends_that_are_alike_are_refused() {
	repository
	history 4 9 "count flush_range 32;time 1000" ""
	bisect --good c1 --bad c4
	expect_code 4
	expect "$err" "*trimm: bisect: endpoints not distinguishable (ratio [01].[09]*, 9?.??% interval [[]*], *"
	expect "$out" ""
	no_trace
	# And the answer is kept.
	rm "$FAKE_COUNT"
	bisect --good c1 --bad c4
	expect_code 4
	[[ ! -e $FAKE_COUNT ]]
}

kernel_bisect() { # WORD...
	try timeout -k 1 120 "$build/trimm" bisect --kernel-repo "$scratch/repo" "$@" steady
}

test_a_kernel_by_its_build_command() {
	repository
	commits "count a 1" "count a 1" "broken" "count a 1" "count a 5" "crash no boot" "count a 5" "count a 5"
	kernel_bisect --good c1 --bad c8 --build '! grep -q broken core || { echo "mm.c: error: no" >&2; exit 2; }'
	found c5 'a 1 -> 5 events (5x)*'
	expect "$err" "*trimm: bisect: * -, skipped: failed: *no boot*"
	# A kernel that lies elsewhere.
	mkdir "$scratch/elsewhere"
	rm -r "$TRIMM_RESULTS"
	kernel_bisect --good c1 --bad c4 --metric a --build 'cp core '"$scratch"'/elsewhere; echo "kernel='"$scratch"'/elsewhere"'
	expect_code 4
	expect "$err" "*trimm: bisect: endpoints not distinguishable: a 1 and 1"
	no_trace
}

test_a_build_command_that_is_not_there() {
	repository
	history 4 3 "count a 1" "count a 5"
	kernel_bisect --good c1 --bad c4 --build no-such-compiler
	expect_code 1
	expect "$err" "*trimm: bisect: the good end, $(id c1): no-such-compiler: *not found (*build.log)"
	kernel_bisect --good c1 --bad c4 --build true --metric total
	expect_error 2 'trimm: bisect: --metric total: a guest*'
	no_trace
}

test_bad_input() {
	repository
	history 3 3 "count flush_range 32" "count flush_range 320"
	try trimm bisect --good c1 steady
	expect_error 2 'trimm: bisect: give both ends, --good REV and --bad REV'
	try trimm bisect --good c1 --bad c3
	expect_error 2 'trimm: bisect: name a workload; *'
	try trimm bisect --repo "$scratch/repo" --good c1 --bad c3 stedy
	expect_error 2 'trimm: stedy: no such workload; did you mean "steady"?'
	try trimm bisect --repo "$scratch/repo" --good c1 --bad c3 steady nr_page=1
	expect_error 2 'trimm: nr_page: no such parameter of steady; *'
	try trimm bisect --repo "$scratch/repo" --good c1 --bad c3 steady nr_pages=1,2
	expect_error 2 'trimm: bisect: steady nr_pages=1,2: give one workload, and each parameter one value'
	try trimm bisect --repo "$scratch/repo" --good c1 --bad c3 steady flush=eager,lazy
	expect_error 2 'trimm: bisect: steady flush=eager,lazy: give one workload, *'
	try trimm bisect --repo "$scratch/repo" --good c1 --bad c3 steady core=x
	expect_error 2 'trimm: bisect: core=x: core= is set by the bisection; leave it out'
	bisect --good c1 --bad c3 --kernel-repo "$scratch/repo"
	expect_error 2 'trimm: bisect: --kernel-repo DIR and --build COMMAND go together'
	bisect --good c1 --bad nowhere
	expect_error 2 'trimm: nowhere: no such revision in */repo; *'
	bisect --good c1 --bad c1
	expect_error 2 'trimm: bisect: --good c1 and --bad c1 are the same commit, *'
	bisect --good c1 --bad c3 --threshold x
	expect_error 2 'trimm: --threshold x: give a percentage, *'
	bisect --good c1 --bad c3 --format jsn
	expect_error 2 'trimm: jsn: no such format; did you mean "json"?'
	try trimm bisect --repo "$scratch" --good c1 --bad c3 steady
	expect_error 2 'trimm: *: not a git repository; *'
	try trimm bisect --repo "$scratch/none" --good c1 --bad c3 steady
	expect_error 2 'trimm: */none: *; give the folder of a git repository'
	# A step that nobody waits for ends git's bisection, and doesn't blame a commit.
	for words in --step=99 --step=x; do
		try trimm bisect $words
		[[ $code -ge 129 ]]
	done
	no_trace
}

test_a_shallow_clone() {
	repository
	history 6 3 "count flush_range 32" "count flush_range 320"
	git clone -q --depth 2 "file://$scratch/repo" "$scratch/shallow"
	try trimm bisect --repo "$scratch/shallow" --good "$(git_ rev-parse c1)" --bad HEAD steady
	expect_error 2 'trimm: *: no such revision in */shallow, a shallow clone; `git fetch --unshallow` *'
}

test_ends_that_do_not_build() {
	repository
	echo 'echo "core.c:1:1: error: expected ;" >&2; exit 1' >"$scratch/repo/build.sh"
	history 3 2 "count flush_range 32" "count flush_range 320"
	bisect --good c1 --bad c3
	expect_code 1
	expect "$err" "*trimm: bisect: the good end, $(id c1): core.c:1:1: error: expected ; (*.log)"
	no_trace
}

test_a_results_folder_that_cannot_be_written() {
	repository
	history 3 2 "count flush_range 32" "count flush_range 320"
	[[ $(id -u) -ne 0 ]] || skip "root writes everywhere"
	mkdir "$scratch/closed"
	chmod 555 "$scratch/closed"
	TRIMM_RESULTS=$scratch/closed/x bisect --good c1 --bad c3
	expect_error 1 'trimm: */closed/x/bisects: Permission denied; give another folder with --results'
}

test_two_at_once() {
	repository
	history 3 2 "count flush_range 32" "count flush_range 320"
	mkdir -p "$TRIMM_RESULTS/bisects"
	exec 9>"$TRIMM_RESULTS/bisects/lock"
	flock 9
	echo "trimm bisect, process 7" >&9
	bisect --good c1 --bad c3 9>&-
	expect_error 1 'trimm: */lock: held by trimm bisect, process 7; *'
}

tap_run
