#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `trimm bisect --kernel-repo` with real guests: a history whose "build" picks one of the two
# packaged kernels. What else it does is tried on kernels that are text files: tests/e2e/bisect.sh.
. "$(dirname "$0")/setup"
export TRIMM_RESULTS=$scratch/results

git_() {
	git -C "$scratch/repo" -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false "$@"
}

# Which of the two kernels counts more is not ours to say: the other way round if that is wanted.
bisect() { # GOOD BAD
	try timeout -k 1 600 "$build/trimm" bisect --kernel-repo "$scratch/repo" --good "$1" --bad "$2" \
		--build 'echo "kernel=$(cat kernel)"' page-pair order=0 exact_ops=100 --metric instructions
}

test_the_commit_that_changed_the_kernel_is_named() {
	local number=0 kernel

	need_guest 6.1
	need_guest 6.12
	mkdir "$scratch/repo"
	git_ -c init.defaultBranch=main init -q
	for kernel in 6.1 6.12 6.12; do
		number=$((number + 1))
		echo "$kernel" >"$scratch/repo/kernel"
		echo $number >"$scratch/repo/number"
		git_ add -A
		git_ commit -q -m "change $number"
		git_ tag c$number
	done
	bisect c1 c3
	[[ $code -ne 2 || $err != *"swap them"* ]] || bisect c3 c1
	expect_code 0
	expect "$out" "$(git_ rev-parse --short=12 c2) made it *: instructions *"
	[[ $(git_ worktree list | wc -l) -eq 1 ]]
}

tap_run
