/* SPDX-License-Identifier: GPL-2.0-only */
/* objects.c - what a stream has allocated, each with its pattern; see stream.h. */
#include "tests/stream/stream.h"

void objects_init(struct objects *set, unsigned int limit)
{
	*set = (struct objects){.object = calloc(limit, sizeof(*set->object)), .limit = limit};
	expect(set->object);
}

void objects_exit(struct objects *set)
{
	expect(!set->count && !set->bytes);
	free(set->object);
}

struct object *objects_add(struct objects *set, void *at, unsigned long size, uint32_t tag)
{
	static uint32_t last_id;
	struct object *object = &set->object[set->count++];

	expect(set->count <= set->limit);
	*object = (struct object){.at = at, .size = size, .id = ++last_id, .tag = tag};
	set->bytes += size;
	contents_fill(at, 0, size, object->id);
	return object;
}

struct object *objects_pick(struct objects *set, struct source *source)
{
	struct object *object;

	if (!set->count)
		return NULL;
	object = &set->object[source_below(source, set->count)];
	expect(contents_intact(object->at, object->size, object->size, object->id));
	return object;
}

void objects_remove(struct objects *set, struct object *object)
{
	set->bytes -= object->size;
	*object = set->object[--set->count];
}

void objects_resize(struct objects *set, struct object *object, void *at, unsigned long size)
{
	expect(contents_intact(at, size, object->size, object->id));
	set->bytes += size - object->size;
	object->at = at;
	object->size = size;
	contents_fill(at, 0, size, object->id);
}
