#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `trimm bisect --kernel-repo`: a history whose "build" picks one of the two packaged kernels, each
# counted in its guest.
. "$(dirname "$0")/setup"
export TRIMM_RESULTS=$scratch/results

git_() {
	git -C "$scratch/repo" -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false "$@"
}

# Commits c1 ... whose file says which kernel; "broken": none.
history() { # KERNEL...
	local kernel number=0

	mkdir "$scratch/repo"
	git_ -c init.defaultBranch=main init -q
	for kernel in "$@"; do
		number=$((number + 1))
		echo "$kernel" >"$scratch/repo/kernel"
		echo $number >"$scratch/repo/number"
		git_ add -A
		git_ commit -q -m "change $number"
		git_ tag c$number
	done
}

test_the_commit_that_changed_the_kernel_is_named() {
	local good=c1 bad=c5 words=(page-pair order=0 memory=32M exact_ops=100)

	need_guest 6.1
	need_guest 6.12
	history 6.1 6.1 broken 6.12 6.12
	words+=(--build 'echo compiled; grep -q broken kernel && { echo "mm.c: error: no" >&2; exit 2; }
		echo "kernel=$(cat kernel)"')
	try timeout -k 1 600 "$build/trimm" bisect --kernel-repo "$scratch/repo" --good $good --bad $bad "${words[@]}"
	# Whichever of the two counts more.
	if [[ $code -eq 2 && $err == *"swap them"* ]]; then
		try timeout -k 1 600 "$build/trimm" bisect --kernel-repo "$scratch/repo" --good $bad --bad $good "${words[@]}"
	fi
	expect_code 4
	expect "$out" "signal unclear: one of these 2 commits: 1 could not be built or run*"
	expect "$out" "*after        $(git_ rev-parse c2) *up to        $(git_ rev-parse c4) *mm.c: error: no*"
	git_ bisect log 2>"$scratch/log" && return 1
	[[ $(git_ worktree list | wc -l) -eq 1 ]]
	rm -r "$scratch/repo"
	history 6.1 6.12
	[[ $err == *"--good $bad"* ]] || true
}

tap_run
