/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * night.c - a night in memory, and what its cases come to: how counts and time combine, the exit
 * code, the one line about all.
 *
 * Counts need no repetition and no test; time must be worse in two invocations, whose layouts are
 * drawn anew, because a tight interval of one layout is no proof (DESIGN.md, "Verdicts").
 */
#include "night_build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[NIGHT_VERDICTS] = {
	[NIGHT_REGRESSION] = "regression (confirmed)",
	[NIGHT_REGRESSION_COUNTED] = "regression (counted only)",
	[NIGHT_SLOWDOWN] = "slowdown, cause not in counted events",
	[NIGHT_TRADE_OFF] = "trade-off",
	[NIGHT_IMPROVEMENT] = "improvement",
	[NIGHT_NO_DIFFERENCE] = "no difference",
	[NIGHT_INCONCLUSIVE] = "inconclusive",
	[NIGHT_NOT_COMPARABLE] = "not comparable",
	[NIGHT_SKIPPED] = "skipped",
};

static const char *const gate_names[] = {
	[GATE_BOTH] = "both",
	[GATE_EXACT] = "exact",
	[GATE_TIME] = "time",
};

const char *night_verdict_name(enum night_verdict verdict)
{
	return verdict_names[verdict];
}

const char *night_gate_name(enum night_gate gate)
{
	return gate_names[gate];
}

int night_gate_from_name(const char *name)
{
	for (size_t i = 0; i < sizeof(gate_names) / sizeof(*gate_names); i++) {
		if (!strcmp(gate_names[i], name))
			return (int)i;
	}
	return -1;
}

struct night *night_new(void)
{
	struct night_memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->night.status = "partial";
	memory->night.threshold = COMPARE_DEFAULTS.threshold;
	memory->night.exit = -1;
	return &memory->night;
}

void night_free(struct night *night)
{
	struct night_memory *memory = (struct night_memory *)night;

	if (!night)
		return;
	for (int i = 0; i < NIGHT_PARTS; i++)
		free(night->runs[i].id);
	free(night->cases);
	arena_free(&memory->arena);
	free(memory);
}

const char *night_text(struct night *night, const char *text)
{
	return arena_text(&((struct night_memory *)night)->arena, text);
}

/* Room for one more of @size bytes each in what holds @nr; NULL, and it stays, without memory. */
static void *grown(void *array, size_t nr, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 16;
	void *bigger;

	if (nr < *room)
		return array;
	bigger = reallocarray(array, more, size);
	if (bigger)
		*room = more;
	return bigger;
}

int night_add_run(struct night *night, enum night_part part, const char *id)
{
	struct night_memory *memory = (struct night_memory *)night;
	struct night_runs *runs = &night->runs[part];
	const char **ids = grown(runs->id, runs->nr, &memory->room_runs[part], sizeof(*ids));

	if (!ids)
		return -1;
	runs->id = ids;
	runs->id[runs->nr++] = night_text(night, id);
	return memory->arena.exhausted ? -1 : 0;
}

struct night_case *night_add_case(struct night *night)
{
	struct night_memory *memory = (struct night_memory *)night;
	struct night_case *cases =
		grown(night->cases, night->nr_cases, &memory->room_cases, sizeof(*cases));
	struct night_case *added;

	if (!cases)
		return NULL;
	night->cases = cases;
	added = &cases[night->nr_cases++];
	*added = (struct night_case){
		.label = "",
		.exact = {.verdict = VERDICT_SKIPPED},
		.time = {.verdict = VERDICT_SKIPPED,
			 .metric = "total",
			 .unit = "ns/op",
			 .reference = NAN,
			 .head = NAN,
			 .ratio = NAN,
			 .low = NAN,
			 .high = NAN,
			 .floor = NAN,
			 .effect = NAN,
			 .again = VERDICT_COUNT,
			 .again_ratio = NAN,
			 .again_low = NAN,
			 .again_high = NAN},
		.verdict = NIGHT_SKIPPED,
	};
	return added;
}

void night_clear_cases(struct night *night)
{
	night->nr_cases = 0;
}

struct night_counter *night_counters(struct night *night, size_t nr)
{
	struct night_counter *counters = arena_alloc(&((struct night_memory *)night)->arena,
						     (nr ? nr : 1) * sizeof(*counters));

	if (counters)
		memset(counters, 0, nr * sizeof(*counters));
	return counters;
}

/* Nothing was measured that could be judged: of a part that is missing, or skipped. */
static bool is_absent(enum verdict verdict)
{
	return verdict == VERDICT_SKIPPED || verdict == VERDICT_NOT_APPLICABLE ||
	       verdict == VERDICT_SHOWN;
}

/*
 * What two invocations say together. Only what recurs is slower; what one alone found is not
 * known. What the first could not tell and the second could is as the second says, but for
 * slower, which would then rest on one.
 */
static enum verdict recurring(const struct night_time *time)
{
	if (is_absent(time->verdict) || time->verdict == VERDICT_NOT_COMPARABLE)
		return time->verdict;
	if (time->again == VERDICT_COUNT || is_absent(time->again) ||
	    time->again == VERDICT_NOT_COMPARABLE)
		return time->verdict == VERDICT_REGRESSED ? VERDICT_INCONCLUSIVE : time->verdict;
	if (time->again == time->verdict)
		return time->verdict;
	if (time->verdict == VERDICT_INCONCLUSIVE && time->again != VERDICT_REGRESSED)
		return time->again;
	return VERDICT_INCONCLUSIVE;
}

static enum night_verdict combine(enum verdict exact, enum verdict time)
{
	switch (exact) {
	case VERDICT_REGRESSED:
		return time == VERDICT_REGRESSED  ? NIGHT_REGRESSION
		       : time == VERDICT_IMPROVED ? NIGHT_TRADE_OFF
						  : NIGHT_REGRESSION_COUNTED;
	case VERDICT_IMPROVED:
		return time == VERDICT_REGRESSED ? NIGHT_TRADE_OFF : NIGHT_IMPROVEMENT;
	case VERDICT_NOT_COMPARABLE:
		return NIGHT_NOT_COMPARABLE;
	default:
		break;
	}
	switch (time) {
	case VERDICT_REGRESSED:
		return NIGHT_SLOWDOWN;
	case VERDICT_IMPROVED:
		return NIGHT_IMPROVEMENT;
	case VERDICT_UNCHANGED:
		return exact == VERDICT_INCONCLUSIVE ? NIGHT_INCONCLUSIVE : NIGHT_NO_DIFFERENCE;
	case VERDICT_INCONCLUSIVE:
		return NIGHT_INCONCLUSIVE;
	case VERDICT_NOT_COMPARABLE:
		return NIGHT_NOT_COMPARABLE;
	default:
		break;
	}
	return exact == VERDICT_UNCHANGED      ? NIGHT_NO_DIFFERENCE
	       : exact == VERDICT_INCONCLUSIVE ? NIGHT_INCONCLUSIVE
					       : NIGHT_SKIPPED;
}

enum night_verdict night_combine(const struct night_exact *exact, const struct night_time *time)
{
	return combine(exact ? exact->verdict : VERDICT_SKIPPED,
		       time ? recurring(time) : VERDICT_SKIPPED);
}

/* How many cases of each verdict; accepted ones apart. */
struct tally {
	size_t count[NIGHT_VERDICTS], accepted;
};

static bool is_alarm(enum night_verdict verdict)
{
	return verdict <= NIGHT_TRADE_OFF;
}

static struct tally tally(const struct night *night)
{
	struct tally tally = {.accepted = 0};

	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];

		if (item->accepted_commit && is_alarm(item->verdict))
			tally.accepted++;
		else
			tally.count[item->verdict]++;
	}
	return tally;
}

int night_exit_code(const struct night *night)
{
	struct tally all = tally(night);
	const size_t *count = all.count;

	if (count[NIGHT_REGRESSION] ||
	    (count[NIGHT_REGRESSION_COUNTED] && night->gate != GATE_TIME) ||
	    (count[NIGHT_SLOWDOWN] && night->gate != GATE_EXACT))
		return 3;
	if (count[NIGHT_TRADE_OFF] || count[NIGHT_INCONCLUSIVE] || count[NIGHT_NOT_COMPARABLE])
		return 4;
	/* Measuring nothing must not pass. */
	if (!night->nr_cases)
		return 4;
	return count[NIGHT_SKIPPED] == night->nr_cases ? 77 : 0;
}

const char *night_summary(const struct night *night, char *buffer, size_t size)
{
	struct tally all = tally(night);
	const size_t *count = all.count;
	char trade_off[48] = "", accepted[48] = "";

	if (count[NIGHT_TRADE_OFF])
		snprintf(trade_off, sizeof(trade_off), ", trade-off %zu", count[NIGHT_TRADE_OFF]);
	if (all.accepted)
		snprintf(accepted, sizeof(accepted), ", accepted %zu", all.accepted);
	snprintf(buffer, size,
		 "trimm: regressed %zu, improved %zu, unchanged %zu, inconclusive %zu, "
		 "not comparable %zu, skipped %zu%s%s",
		 count[NIGHT_REGRESSION] + count[NIGHT_REGRESSION_COUNTED] + count[NIGHT_SLOWDOWN],
		 count[NIGHT_IMPROVEMENT], count[NIGHT_NO_DIFFERENCE], count[NIGHT_INCONCLUSIVE],
		 count[NIGHT_NOT_COMPARABLE], count[NIGHT_SKIPPED], trade_off, accepted);
	return buffer;
}
