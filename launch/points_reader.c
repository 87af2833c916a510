/* SPDX-License-Identifier: GPL-2.0-only */
/* points_reader.c - see points_reader.h; results/README.md has the fields. */
#include "points_reader.h"
#include "launch.h"
#include "point_shown.h"
#include "points.h"
#include "points_ring.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(POINTS_FIELDS == TRI_POINT_FIELDS, "an entry holds every field");

#define CPUS_MAX 64

/* One CPU's ring: entries from @next to @written are still to be told. */
struct ring {
	const struct points_entry *entry;
	uint64_t room, next, written;
};

struct rings {
	uint64_t from, hz;
	unsigned int cpus;
	struct ring cpu[CPUS_MAX];
};

/* False: there are none, or they are not where the guest's memory is. */
static bool rings_find(struct rings *rings, const char *memory, uint64_t ram, uint64_t low)
{
	const struct channel *channel = (const struct channel *)(memory + CHANNEL_ADDRESS);
	uint64_t bytes = channel->points_bytes, at = channel_offset(channel->points, low);

	*rings = (struct rings){channel->points_from, channel->points_hz, channel->points_cpus, {}};
	if (bytes < sizeof(struct points_ring) + sizeof(struct points_entry) || bytes > ram ||
	    bytes % sizeof(uint64_t) || at % sizeof(uint64_t) || !rings->hz ||
	    rings->cpus > CPUS_MAX || at > ram || (ram - at) / bytes < rings->cpus)
		return false;
	for (unsigned int i = 0; i < rings->cpus; i++) {
		const struct points_ring *ring = (const void *)(memory + at + i * bytes);
		struct ring *cpu = &rings->cpu[i];

		cpu->entry = ring->entry;
		cpu->room = points_room(bytes);
		cpu->written = ring->written;
		cpu->next = cpu->written > cpu->room ? cpu->written - cpu->room : 0;
	}
	return true;
}

static const struct points_entry *entry_next(const struct ring *ring)
{
	return &ring->entry[ring->next % ring->room];
}

/* The CPU whose next entry is the oldest; -1: all are told. */
static int oldest(const struct rings *rings)
{
	int found = -1;

	for (unsigned int i = 0; i < rings->cpus; i++) {
		const struct ring *ring = &rings->cpu[i];

		if (ring->next < ring->written &&
		    (found < 0 || entry_next(ring)->ticks < entry_next(&rings->cpu[found])->ticks))
			found = (int)i;
	}
	return found;
}

static double ns(const struct rings *rings, uint64_t ticks)
{
	return (double)ticks * 1e9 / (double)rings->hz;
}

/* What the event took is its length, not one of its arguments; it was told when it was over. */
static json_t *event(const struct rings *rings, unsigned int cpu, const struct points_entry *entry)
{
	const struct point_info *info = &point_info[entry->id];
	json_t *args = json_object(), *record;
	uint64_t at = entry->ticks - rings->from;

	for (unsigned int i = 0; i < info->fields; i++)
		if (info->field[i].type == POINT_ticks)
			at -= entry->field[i] < at ? entry->field[i] : at;
	record = json_pack("{s:s, s:s, s:s, s:I, s:i}", "t", "event", "probe", "mmcore", "name",
			   info->name, "at_ns", (json_int_t)ns(rings, at), "cpu", cpu);
	if (entry->bench >= 0)
		json_object_set_new(record, "bench", json_integer(entry->bench));
	for (unsigned int i = 0; i < info->fields; i++) {
		if (info->field[i].type == POINT_ticks)
			json_object_set_new(record, "len_ns",
					    json_integer((json_int_t)ns(rings, entry->field[i])));
		else
			json_object_set_new(args, info->field[i].name,
					    point_shown(info->field[i].type, entry->field[i]));
	}
	json_object_set_new(record, "args", args);
	return record;
}

/* Takes @record. */
static void emit(struct sink *sink, json_t *record)
{
	char *line = json_dumps(record, JSON_COMPACT);

	if (line)
		sink_record(sink, line, strlen(line));
	free(line);
	json_decref(record);
}

static void note(struct sink *sink, const char *level, char *text)
{
	emit(sink, json_pack("{s:s, s:s, s:s}", "t", "note", "level", level, "text", text));
	free(text);
}

void points_reader_emit(const void *memory, uint64_t ram, uint64_t low, struct sink *sink)
{
	const struct channel *channel = (const void *)((const char *)memory + CHANNEL_ADDRESS);
	struct rings rings;
	int cpu;

	if (!channel->points_bytes)
		return;
	if (!rings_find(&rings, memory, ram, low)) {
		note(sink, "error", launch_format("events=: the guest's rings are damaged"));
		return;
	}
	for (unsigned int i = 0; i < rings.cpus; i++)
		if (rings.cpu[i].next)
			note(sink, "warn",
			     launch_format("events=: %lu of the %lu events of CPU %u, the oldest, "
					   "were overwritten; raise events=",
					   rings.cpu[i].next, rings.cpu[i].written, i));
	while ((cpu = oldest(&rings)) >= 0) {
		const struct points_entry *entry = entry_next(&rings.cpu[cpu]);

		rings.cpu[cpu].next++;
		if (entry->id < TRI_POINT_COUNT)
			emit(sink, event(&rings, (unsigned int)cpu, entry));
	}
}
