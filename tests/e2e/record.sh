#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm record and replay from outside: stock programs, processes and threads, programs that are
# killed; and traces that are cut off, damaged or none.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

need() {
	[[ -x $build/trimm-record ]] || skip "no release build; make check makes one first"
	cd "$scratch"
}

# A figure of `trimm about FILE`.
figure() { # FILE TITLE
	trimm about "$1" | sed -n "s/^ *$2  *\([0-9]*\).*/\1/p"
}

compile() { # NAME <SOURCE
	gcc -O1 -fno-builtin -pthread -x c -o "$1" -
}

test_what_a_program_does_passes_through() {
	need
	echo "to be sorted" >in
	code=0
	trimm record -o t -- sh -c 'cat; echo "on stderr" >&2; exit 7' <in >out 2>err || code=$?
	expect "$code" 7
	expect "$(cat out)" "to be sorted"
	expect "$(cat err)" $'on stderr\ntrimm: t: * events of * programs, *'
	# The spool is gone.
	[[ -z $(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'trimm-record.*' -user "$(id -u)" -newer in) ]]
	try trimm record -o t -- /nonexistent/program
	expect_code 127
	expect "$err" "*/nonexistent/program: No such file*"
	try trimm record -o /nonexistent/t -- true
	expect_code 2
	expect "$err" "trimm: /nonexistent/t: No such file or directory"
	try trimm record -o t true
	expect_code 2
	try trimm record -o t
	expect_code 2
}

test_each_call_is_there() {
	need
	compile calls <<-'C'
		#define _GNU_SOURCE
		#include <malloc.h>
		#include <stdlib.h>
		#include <sys/mman.h>
		int main(void)
		{
			void *p[100];
			for (int i = 0; i < 100; i++)
				p[i] = malloc(1000 + i);
			for (int i = 0; i < 100; i++)
				p[i] = realloc(p[i], 3000 + i);
			for (int i = 0; i < 100; i++)
				free(p[i]);
			p[0] = calloc(3, 5000), p[1] = memalign(64, 100), p[2] = aligned_alloc(4096, 8192);
			if (posix_memalign(&p[3], 128, 10) || !(p[4] = reallocarray(NULL, 7, 7)))
				return 1;
			p[5] = malloc(0), p[6] = malloc(100000);
			char *a = mmap(NULL, 16 * 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			munmap(a + 4 * 4096, 4096);
			a = mremap(a, 4 * 4096, 8 * 4096, MREMAP_MAYMOVE);
			return !a;
		}
	C
	trimm record -o t -- ./calls 2>err
	# 200 by malloc and realloc, 7 others; the area, two pieces of it, one of them moved.
	expect "$(figure t allocations)" 211
	expect "$(figure t frees)" 211
	expect "$(figure t 'frees of unknown memory, dropped')" 0
	# 7 objects, the area's rest and what was moved.
	expect "$(figure t 'by the end of a program')" 9
}

# While calls come close on each other they share the clock's readings; after a pause, they don't.
test_times_follow_pauses() {
	need
	compile pauses <<-'C'
		#include <stdlib.h>
		#include <unistd.h>
		int main(void)
		{
			for (int i = 0; i < 3; i++) {
				for (int k = 0; k < 10003; k++)
					free(malloc(10 + k % 5000));
				usleep(30000);
			}
			free(malloc(1));
			for (int k = 0; k < 20; k++)
				free(malloc(1));
			return 0;
		}
	C
	trimm record -o t -- ./pauses 2>err
	expect "$(figure t allocations)" 30030
	expect "$(figure t frees)" 30030
	trimm about t | awk '$1 == "seconds" { exit $2 < 0.09 }'
}

test_a_loop_of_malloc_is_recorded_whole() {
	need
	compile loop <<-'C'
		#include <stdlib.h>
		int main(void)
		{
			for (int i = 0; i < 3000000; i++)
				free(malloc(64));
			return 0;
		}
	C
	trimm record -o t -- ./loop 2>err
	expect "$(figure t allocations)" 3000000
	expect "$(figure t frees)" 3000000
}

test_threads_and_processes() {
	need
	compile threads <<-'C'
		#include <pthread.h>
		#include <stdlib.h>
		#include <unistd.h>
		#include <sys/wait.h>
		static void *p[4][1000];
		static pthread_barrier_t all;
		static void *thread(void *arg)
		{
			long me = (long)arg;
			for (int i = 0; i < 1000; i++)
				p[me][i] = malloc(64);
			pthread_barrier_wait(&all);
			for (int i = 0; i < 1000; i++)
				free(p[(me + 1) % 4][i]);
			return NULL;
		}
		int main(void)
		{
			pthread_t t[4];
			pthread_barrier_init(&all, NULL, 4);
			for (long i = 0; i < 4; i++)
				pthread_create(&t[i], NULL, thread, (void *)i);
			for (int i = 0; i < 4; i++)
				pthread_join(t[i], NULL);
			if (!fork()) {
				for (int i = 0; i < 500; i++)
					free(malloc(32));
				execlp("ls", "ls", "/", NULL);
			}
			wait(NULL);
			return 0;
		}
	C
	trimm record -o t -- ./threads >out 2>err
	expect "$(cat err)" "*events of 3 programs*"
	expect "$(figure t 'by another lane')" 4000
	[[ $(figure t 'lanes (threads, CPUs)') -ge 4 ]]
	expect "$(figure t 'allocations whose free was missed')" 0
	expect "$(figure t 'frees of unknown memory, dropped')" 0
	# By one worker or by three: the same objects, none left, none lost.
	for cpus in 1 3; do
		trimm replay t cpus=$cpus blocks=2 loops=2000 slice=500 warmup=0 memory=64M --quiet >log
	done
	expect "$(cat "$TRIMM_RESULTS"/runs/*.ndjson | grep -c '"workload":"replay".*"status":"ok"')" 2
}

# Most calls have no time of their own, and yet what one thread frees or has next is known to be
# another's: each object holds who allocated it, so the program counts what the trace must tell.
test_memory_wanders_from_thread_to_thread() {
	need
	compile wanders <<-'C'
		#include <pthread.h>
		#include <stdatomic.h>
		#include <stdio.h>
		#include <stdlib.h>
		struct object { long owner; char more[90]; };
		static struct object *_Atomic place[16];
		static atomic_long remote;
		static atomic_int ready;
		static void *thread(void *arg)
		{
			long me = (long)arg;
			unsigned long random = 88172645463325252 * (me + 1);
			for (ready++; ready < 4;)
				;
			for (int i = 0; i < 300000; i++) {
				struct object *object = malloc(8 + (random >> 20) % 60);
				object->owner = me;
				random ^= random << 13, random ^= random >> 7, random ^= random << 17;
				if (!(random >> 32 & 7))
					object = atomic_exchange(&place[random >> 40 & 15], object);
				if (object && object->owner != me)
					remote++;
				free(object);
			}
			return NULL;
		}
		int main(void)
		{
			pthread_t t[4];
			for (long i = 0; i < 4; i++)
				pthread_create(&t[i], NULL, thread, (void *)i);
			for (int i = 0; i < 4; i++)
				pthread_join(t[i], NULL);
			for (int i = 0; i < 16; i++)
				remote += !!place[i], free(place[i]);
			printf("%ld\n", remote);
			return 0;
		}
	C
	trimm record -o t -- ./wanders >out 2>err
	[[ $(cat out) -gt 50 ]]
	expect "$(figure t 'by another lane')" "$(cat out)"
	[[ $(figure t allocations) -gt 1200000 && $(figure t allocations) -lt 1200100 ]]
	expect "$(figure t 'allocations whose free was missed')" 0
	expect "$(figure t 'frees of unknown memory, dropped')" 0
	expect "$(figure t 'calls whose time went back')" 0
}

# All threads at once, in the midst of it: what each had done before is there.
test_killed_threads_leave_their_trace() {
	need
	compile killed <<-'C'
		#include <pthread.h>
		#include <signal.h>
		#include <stdlib.h>
		static void *thread(void *arg)
		{
			pthread_barrier_t *all = arg;
			void *p = NULL;
			for (int i = 0; i < 30000; i++)
				free(p), p = malloc(10);
			pthread_barrier_wait(all);
			for (;;)
				free(malloc(10));
			return p;
		}
		int main(void)
		{
			pthread_barrier_t all;
			pthread_t t;
			pthread_barrier_init(&all, NULL, 4);
			for (int i = 0; i < 3; i++)
				pthread_create(&t, NULL, thread, &all);
			pthread_barrier_wait(&all);
			return raise(SIGKILL);
		}
	C
	code=0
	trimm record -o t -- ./killed 2>err || code=$?
	expect "$code" 137
	[[ $(figure t allocations) -ge 90000 ]]
	expect "$(figure t 'allocations whose free was missed')" 0
	expect "$(figure t 'frees of unknown memory, dropped')" 0
}

test_a_killed_program_leaves_its_trace() {
	need
	compile killed <<-'C'
		#include <signal.h>
		#include <stdlib.h>
		int main(void)
		{
			for (int i = 0; i < 30000; i++)
				malloc(10);
			return raise(SIGKILL);
		}
	C
	code=0
	trimm record -o t -- ./killed 2>err || code=$?
	expect "$code" 137
	expect "$(figure t allocations)" 30000
	expect "$(figure t 'by the end of a program')" 30000
}

test_interrupt_reaches_the_program() {
	need
	compile waits <<-'C'
		#include <signal.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <unistd.h>
		static void stop(int number) { _exit(number + 40); }
		int main(void)
		{
			signal(SIGTERM, stop);
			for (int i = 0; i < 50; i++)
				malloc(10);
			puts("ready");
			fflush(stdout);
			for (;;)
				pause();
		}
	C
	"$build/trimm" record -o t -- ./waits >out 2>err &
	pid=$!
	until grep -q ready out; do sleep 0.02; done
	kill -TERM "$pid"
	code=0
	wait "$pid" || code=$?
	expect "$code" 55
	[[ $(figure t allocations) -ge 50 ]]
}

# 60,000 zeros take some 700 ns; without them the call takes 50. A loop too close to tell is none.
test_what_was_zeroed_is_zeroed() {
	need
	local kind impl
	for kind in 'calloc(1, 60000)' 'malloc(60000)'; do
		printf '#include <stdlib.h>\nint main(void) { for (int i = 0; i < 5000; i++) free(%s); }\n' \
			"$kind" | compile "${kind%%(*}"
		trimm record -o "${kind%%(*}.t" -- "./${kind%%(*}" 2>err
	done
	for impl in mmcore native; do
		for kind in calloc malloc; do
			"$build/trimm-user" replay trace=$kind.t impl=$impl cpus=1 loops=10000 blocks=5 warmup=0 >log
			jq -r 'select(.metric == "total") | .values | min' log >$kind.ns
			[[ -s $kind.ns ]]
		done
		awk '{ ns[NR] = $1 } END { exit ns[1] < 3 * ns[2] }' calloc.ns malloc.ns
	done
}

# In recorded time: as long as it took then, and waiting is nobody's work.
test_recorded_time() {
	need
	local recorded began took
	compile naps <<-'C'
		#include <stdlib.h>
		#include <unistd.h>
		int main(void)
		{
			for (int i = 0; i < 50; i++) {
				for (int k = 0; k < 20; k++)
					free(malloc(100));
				usleep(1000);
			}
			return 0;
		}
	C
	trimm record -o t -- ./naps 2>err
	recorded=$(trimm about t | awk '$1 == "seconds" { printf "%d", 1000 * $2 }')
	((recorded >= 49))
	for speed in 100 50; do
		began=${EPOCHREALTIME/./}
		"$build/trimm-user" replay trace=t speed=$speed cpus=1 loops=2000 blocks=4 warmup=0 >log
		took=$(((${EPOCHREALTIME/./} - began) / 1000))
		echo "# $recorded ms at $speed %: 4 times in $took ms"
		((took >= 4 * recorded * 100 / speed))
		# Of these the calls are some 50 us; of a loop that counts its waiting it were 50 ms.
		jq -es 'map(select(.metric == "total"))[0].values | min < 10e6' log >/dev/null
	done
}

test_stock_programs() {
	need
	printf '#include <stdio.h>\nint main(void) { return puts("hello"); }\n' >hello.c
	trimm record -o gcc.trace -- gcc -O2 -c hello.c 2>err
	[[ -s hello.o ]]
	[[ $(figure gcc.trace events) -gt 10000 ]]
	trimm replay gcc.trace impl=native,mmcore cpus=1 blocks=2 warmup=0 memory=256M --quiet >log
	expect "$(lines '"workload":"replay".*"status":"ok"')" 2
	command -v sqlite3 >/dev/null || skip "no sqlite3"
	rm -rf "$TRIMM_RESULTS"
	echo "create table t(a, b); insert into t values (1, hex(zeroblob(9999))); select count(*) from t;" |
		trimm record -o sqlite.trace -- sqlite3 :memory: >out 2>err
	expect "$(cat out)" 1
	trimm replay sqlite.trace cpus=1 blocks=2 warmup=0 memory=64M timing=op --quiet >log
	expect "$(lines '"workload":"replay".*"status":"ok"')" 1
}

test_bad_traces_are_refused() {
	need
	local trace=$root/tests/unit/three_lanes.trace

	try trimm replay
	expect_error 2 "trimm: name a trace*"
	try trimm replay /nonexistent
	expect_error 2 "*trace=/nonexistent: No such file or directory"
	try trimm replay "$root/Makefile"
	expect_error 2 "*it is no allocation trace (byte 0)*"
	head -c -50 "$trace" >cut
	try trimm replay cut
	expect_error 2 "trimm: cut: it ends within a block (byte *); --partial replays the * events before that"
	try trimm about cut
	expect_code 1
	try trimm run replay trace=cut
	expect_error 2 "*trace=cut: it ends within a block (byte *); partial=1 replays the *"
	try trimm replay cut --partial cpus=2 blocks=2 warmup=0 slice=500 memory=64M --quiet
	expect_code 0
	expect "$err" "*cut: replayed up to its damage, * events*"
	expect "$(lines '"t":"note".*the trace is not whole')" 1
	cp "$trace" flipped
	printf '\x55' | dd of=flipped bs=1 seek=9000 conv=notrunc status=none
	try trimm replay flipped
	expect_error 2 "*flipped: a block is damaged (byte *), and nothing is good before that"
}

tap_run
