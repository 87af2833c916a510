/* SPDX-License-Identifier: GPL-2.0-only */
/* writer.c - calls become events, events blocks, blocks a file; see writer.h and FORMAT.md. */
#include "writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atrace_crc.h"
#include "live.h"

/* What a lane's next event may be told by, and its slots. */
struct lane {
	uint32_t next, last;  /* slots never used begin at next; the last named */
	uint64_t what;	      /* of its last allocation */
	uint32_t *vacant;     /* slots used before, the one freed last on top */
	uint32_t *generation; /* allocations in a slot so far */
	size_t nr_vacant, room;
};

struct cache {
	char *name;
	unsigned int size;
};

struct atrace_writer {
	int fd, error;
	struct atrace_totals totals;
	struct live live;
	struct lane lanes[ATRACE_LANES_MAX];
	unsigned int lane; /* of the last event */
	uint64_t bytes;	   /* asked for by what lives */
	struct cache *caches;
	unsigned int nr_caches;
	/* The block that is gathered; its head is made when it is whole. */
	uint64_t block_first, block_time;
	unsigned int block_events;
	unsigned char *end;
	unsigned char block[ATRACE_BLOCK_HEAD + ATRACE_BLOCK_BYTES_MAX];
};

static void put(unsigned char *to, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++, value >>= 8)
		to[i] = (unsigned char)value;
}

/* Seven bits a byte, the least first; all but the last byte have the eighth. */
static unsigned char *put_number(unsigned char *to, uint64_t value)
{
	for (; value >= 128; value >>= 7)
		*to++ = (unsigned char)(value | 128);
	*to++ = (unsigned char)value;
	return to;
}

static int fail(struct atrace_writer *writer, int error)
{
	if (!writer->error)
		writer->error = error;
	return -writer->error;
}

static int write_all(struct atrace_writer *writer, const unsigned char *from, size_t bytes)
{
	while (bytes && !writer->error) {
		ssize_t done = write(writer->fd, from, bytes);

		if (done < 0 && errno != EINTR)
			fail(writer, errno);
		if (done <= 0)
			continue;
		from += done;
		bytes -= (size_t)done;
		writer->totals.file_bytes += (uint64_t)done;
	}
	return -writer->error;
}

/* @block: room for a head, then @bytes of payload. */
static int write_block(struct atrace_writer *writer, uint32_t tag, unsigned char *block,
		       size_t bytes, unsigned int events)
{
	put(block + ATRACE_BLOCK_TAG, tag, 4);
	put(block + ATRACE_BLOCK_BYTES, bytes, 4);
	put(block + ATRACE_BLOCK_EVENTS, events, 4);
	put(block + ATRACE_BLOCK_CRC, atrace_crc(block + ATRACE_BLOCK_HEAD, bytes), 4);
	put(block + ATRACE_BLOCK_FIRST, writer->totals.events - events, 8);
	put(block + ATRACE_BLOCK_TIME, events ? writer->block_time : writer->totals.time, 8);
	put(block + ATRACE_BLOCK_HEAD_CRC, atrace_crc(block, ATRACE_BLOCK_HEAD_CRC), 4);
	return write_all(writer, block, ATRACE_BLOCK_HEAD + bytes);
}

int atrace_writer_flush(struct atrace_writer *writer)
{
	size_t bytes = (size_t)(writer->end - writer->block) - ATRACE_BLOCK_HEAD;
	unsigned int events = writer->block_events;

	if (!events)
		return -writer->error;
	writer->end = writer->block + ATRACE_BLOCK_HEAD;
	writer->block_events = 0;
	return write_block(writer, ATRACE_TAG_EVENTS, writer->block, bytes, events);
}

static size_t text_bytes(const char *text)
{
	return strnlen(text, ATRACE_TEXT_MAX);
}

static int write_head(struct atrace_writer *writer, const struct atrace_info *info)
{
	unsigned char head[ATRACE_HEAD_MAX];
	size_t command = text_bytes(info->command), system = text_bytes(info->system);
	size_t bytes = ATRACE_HEAD_TEXTS + command + system;

	memcpy(head, ATRACE_MAGIC, 8);
	put(head + ATRACE_HEAD_VERSION, ATRACE_VERSION, 2);
	put(head + ATRACE_HEAD_BYTES, bytes + 4, 2);
	put(head + ATRACE_HEAD_ORIGIN, info->origin, 1);
	put(head + ATRACE_HEAD_UNIT, ATRACE_UNIT_NS, 1);
	put(head + ATRACE_HEAD_CPUS, info->cpus, 2);
	put(head + ATRACE_HEAD_BEGAN, info->began, 8);
	put(head + ATRACE_HEAD_COMMAND, command, 2);
	put(head + ATRACE_HEAD_SYSTEM, system, 2);
	memcpy(head + ATRACE_HEAD_TEXTS, info->command, command);
	memcpy(head + ATRACE_HEAD_TEXTS + command, info->system, system);
	put(head + bytes, atrace_crc(head, bytes), 4);
	return write_all(writer, head, bytes + 4);
}

static void writer_free(struct atrace_writer *writer)
{
	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++) {
		free(writer->lanes[i].vacant);
		free(writer->lanes[i].generation);
	}
	for (unsigned int i = 0; i < writer->nr_caches; i++)
		free(writer->caches[i].name);
	free(writer->caches);
	live_free(&writer->live);
	free(writer);
}

struct atrace_writer *atrace_writer_open(int fd, const struct atrace_info *info)
{
	struct atrace_writer *writer;
	int error;

	if ((info->origin != ATRACE_USER && info->origin != ATRACE_KERNEL) || !info->cpus ||
	    info->cpus > UINT16_MAX) {
		errno = EINVAL;
		return NULL;
	}
	writer = calloc(1, sizeof(*writer));
	if (!writer)
		return NULL;
	writer->fd = fd;
	writer->end = writer->block + ATRACE_BLOCK_HEAD;
	error = write_head(writer, info);
	if (!error)
		return writer;
	writer_free(writer);
	errno = -error;
	return NULL;
}

static int write_cache(struct atrace_writer *writer, const struct cache *cache)
{
	unsigned char block[ATRACE_BLOCK_HEAD + 8 + ATRACE_TEXT_MAX];
	unsigned char *at = put_number(block + ATRACE_BLOCK_HEAD, cache->size);
	size_t length = strlen(cache->name);

	/* Blocks stand in the order in which things happened. */
	if (atrace_writer_flush(writer))
		return -writer->error;
	memcpy(at, cache->name, length);
	return write_block(writer, ATRACE_TAG_CACHES, block,
			   (size_t)(at - block) + length - ATRACE_BLOCK_HEAD, 0);
}

int atrace_writer_cache(struct atrace_writer *writer, const char *name, unsigned int object_size)
{
	size_t length = text_bytes(name);
	struct cache *more;
	unsigned int i;
	int error;

	if (!object_size || object_size > ATRACE_OBJECT_MAX)
		return -EINVAL;
	for (i = 0; i < writer->nr_caches; i++)
		if (writer->caches[i].size == object_size &&
		    strlen(writer->caches[i].name) == length &&
		    !memcmp(writer->caches[i].name, name, length))
			return (int)i;
	if (i == ATRACE_CACHES_MAX)
		return -ENOSPC;
	more = realloc(writer->caches, (i + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	writer->caches = more;
	more[i] = (struct cache){strndup(name, length), object_size};
	if (!more[i].name)
		return -ENOMEM;
	writer->nr_caches++;
	error = write_cache(writer, &more[i]);
	return error ?: (int)i;
}

static enum atrace_class class_of(enum atrace_kind kind)
{
	if (kind == ATRACE_AREA)
		return ATRACE_AREAS;
	return kind == ATRACE_PAGES || kind == ATRACE_PAGES_ZEROED ? ATRACE_FRAMES : ATRACE_OBJECTS;
}

static bool is_cache(unsigned int kind)
{
	return kind == ATRACE_CACHE || kind == ATRACE_CACHE_ZEROED;
}

static uint64_t bytes_of(const struct atrace_writer *writer, unsigned int kind, uint64_t what)
{
	if (is_cache(kind))
		return writer->caches[what].size;
	return kind == ATRACE_PAGES || kind == ATRACE_PAGES_ZEROED ? 4096ULL << what : what;
}

/* The slot freed last, whose memory is warm, as an allocator would; else a new one. */
static int slot_take(struct lane *lane, uint32_t *slot)
{
	size_t room = lane->room ? 2 * lane->room : 64;
	void *vacant, *generation;

	if (lane->nr_vacant) {
		*slot = lane->vacant[--lane->nr_vacant];
		return 0;
	}
	if (lane->next == ATRACE_SLOTS_MAX)
		return -ENOMEM;
	if (lane->next == lane->room) {
		vacant = realloc(lane->vacant, room * sizeof(*lane->vacant));
		if (!vacant)
			return -ENOMEM;
		lane->vacant = vacant;
		generation = realloc(lane->generation, room * sizeof(*lane->generation));
		if (!generation)
			return -ENOMEM;
		lane->generation = generation;
		lane->room = room;
	}
	lane->generation[lane->next] = 0;
	*slot = lane->next;
	return 0;
}

/* Begin an event: room for it, its head but for the place, its lane and its time. */
static unsigned char *begin(struct atrace_writer *writer, const struct atrace_who *who,
			    unsigned int kind, unsigned char **head)
{
	struct atrace_totals *totals = &writer->totals;
	uint64_t time = who->time;
	unsigned char *at;

	if (writer->block_events == ATRACE_BLOCK_EVENTS_MAX ||
	    writer->end + ATRACE_EVENT_MAX > writer->block + sizeof(writer->block))
		atrace_writer_flush(writer);
	if (time < totals->time) {
		time = totals->time;
		totals->late++;
	}
	if (!writer->block_events)
		writer->block_time = totals->time;
	*head = at = writer->end;
	*at++ = (unsigned char)kind;
	if (who->lane != writer->lane) {
		**head |= ATRACE_OTHER_LANE;
		*at++ = (unsigned char)who->lane;
		writer->lane = who->lane;
	}
	at = put_number(at, time - totals->time);
	totals->time = time;
	if (who->lane >= totals->lanes)
		totals->lanes = who->lane + 1;
	return at;
}

static unsigned char *put_slot(struct lane *lane, unsigned char *head, unsigned char *at,
			       uint32_t slot)
{
	int64_t distance = (int64_t)slot - lane->last;

	if (slot == lane->next) {
		*head |= ATRACE_PLACE_NEXT;
		lane->next++;
	} else if (!distance) {
		*head |= ATRACE_PLACE_LAST;
	} else {
		at = put_number(at, (uint64_t)distance << 1 ^ (uint64_t)(distance >> 63));
	}
	lane->last = slot;
	return at;
}

static int finish(struct atrace_writer *writer, unsigned char *at)
{
	writer->end = at;
	writer->block_events++;
	writer->totals.events++;
	return -writer->error;
}

static int end_object(struct atrace_writer *writer, const struct atrace_who *who, unsigned int kind,
		      struct live_object *object)
{
	struct lane *lane = &writer->lanes[object->lane];
	struct atrace_totals *totals = &writer->totals;
	unsigned char *head, *at = begin(writer, who, kind, &head);

	if (kind == ATRACE_FREE_REMOTE)
		*at++ = object->lane;
	at = put_slot(lane, head, at, object->slot);
	if (kind == ATRACE_FREE_REMOTE)
		at = put_number(at, object->generation);
	totals->frees++;
	totals->remote += kind == ATRACE_FREE_REMOTE;
	totals->ended += kind == ATRACE_FREE_END;
	totals->live--;
	writer->bytes -= bytes_of(writer, object->kind, object->what);
	lane->vacant[lane->nr_vacant++] = object->slot;
	live_remove(&writer->live, object);
	return finish(writer, at);
}

static bool in_range(const struct atrace_writer *writer, enum atrace_kind kind, uint64_t what)
{
	if (is_cache(kind))
		return what < writer->nr_caches;
	if (kind == ATRACE_PAGES || kind == ATRACE_PAGES_ZEROED)
		return what <= ATRACE_ORDER_MAX;
	return what && what <= ATRACE_BYTES_MAX;
}

/* The object is there already: what it takes to be one was checked. */
static int put_alloc(struct atrace_writer *writer, const struct atrace_who *who,
		     const struct live_object *object)
{
	struct lane *lane = &writer->lanes[who->lane];
	struct atrace_totals *totals = &writer->totals;
	unsigned char *head, *at = begin(writer, who, object->kind, &head);

	at = put_slot(lane, head, at, object->slot);
	if (object->what == lane->what)
		*head |= ATRACE_SAME_WHAT;
	else
		at = put_number(at, object->what);
	lane->what = object->what;
	totals->allocs++;
	writer->bytes += bytes_of(writer, object->kind, object->what);
	if (writer->bytes > totals->bytes_max)
		totals->bytes_max = writer->bytes;
	if (++totals->live > totals->live_max)
		totals->live_max = totals->live;
	return finish(writer, at);
}

int atrace_writer_alloc(struct atrace_writer *writer, const struct atrace_who *who,
			enum atrace_kind kind, uint64_t address, uint64_t what)
{
	enum atrace_class class = class_of(kind);
	struct live_object *object;
	struct atrace_who owner;
	uint32_t slot;

	if (writer->error)
		return -writer->error;
	if (who->lane >= ATRACE_LANES_MAX || kind < ATRACE_KMALLOC || kind > ATRACE_AREA ||
	    (is_cache(kind) && what >= writer->nr_caches))
		return -EINVAL;
	if (!in_range(writer, kind, what)) {
		writer->totals.refused++;
		return 0;
	}
	object = live_find(&writer->live, who->space, class, address);
	if (object) {
		writer->totals.reused++;
		owner = (struct atrace_who){who->time, object->lane, who->space};
		end_object(writer, &owner, ATRACE_FREE_END, object);
	}
	if (slot_take(&writer->lanes[who->lane], &slot))
		return fail(writer, ENOMEM);
	object = live_add(&writer->live, who->space, class, address);
	if (!object)
		return fail(writer, ENOMEM);
	object->what = what;
	object->slot = slot;
	object->kind = (uint8_t)kind;
	object->lane = (uint8_t)who->lane;
	object->generation = ++writer->lanes[who->lane].generation[slot];
	return put_alloc(writer, who, object);
}

int atrace_writer_free(struct atrace_writer *writer, const struct atrace_who *who,
		       enum atrace_class class, uint64_t address)
{
	struct live_object *object;

	if (writer->error)
		return -writer->error;
	if (who->lane >= ATRACE_LANES_MAX || class > ATRACE_AREAS)
		return -EINVAL;
	if (!address)
		return 0;
	object = live_find(&writer->live, who->space, class, address);
	if (!object) {
		writer->totals.unknown++;
		return 0;
	}
	return end_object(writer, who, object->lane == who->lane ? ATRACE_FREE : ATRACE_FREE_REMOTE,
			  object);
}

bool atrace_writer_find(const struct atrace_writer *writer, unsigned int space,
			enum atrace_class class, uint64_t address, enum atrace_kind *kind,
			uint64_t *what)
{
	const struct live_object *object = live_find(&writer->live, space, class, address);

	if (!object)
		return false;
	*kind = object->kind;
	*what = object->what;
	return true;
}

/* Lane by lane, in the order of slots: what follows is found near. */
static int by_slot(const void *a, const void *b)
{
	const struct live_object *x = a, *y = b;

	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	return (x->slot > y->slot) - (x->slot < y->slot);
}

/* End what lives in @space, or everywhere. */
static int end_all(struct atrace_writer *writer, uint64_t time, const unsigned int *space)
{
	struct live *live = &writer->live;
	struct live_object *all;
	size_t n = 0;

	if (!live->n || writer->error)
		return -writer->error;
	all = malloc(live->n * sizeof(*all));
	if (!all)
		return fail(writer, ENOMEM);
	for (size_t i = 0; i < live->size; i++)
		if (live->table[i].used && (!space || live->table[i].space == *space))
			all[n++] = live->table[i];
	qsort(all, n, sizeof(*all), by_slot);
	for (size_t i = 0; i < n; i++) {
		struct atrace_who who = {time, all[i].lane, all[i].space};

		end_object(writer, &who, ATRACE_FREE_END,
			   live_find(live, all[i].space, all[i].class, all[i].address));
	}
	free(all);
	return -writer->error;
}

int atrace_writer_space_end(struct atrace_writer *writer, uint64_t time, unsigned int space)
{
	return end_all(writer, time, &space);
}

void atrace_writer_lost(struct atrace_writer *writer, uint64_t n)
{
	writer->totals.lost += n;
}

void atrace_writer_totals(const struct atrace_writer *writer, struct atrace_totals *out)
{
	*out = writer->totals;
}

/* In the order of FORMAT.md, then how many slots each lane needs. */
static int write_totals(struct atrace_writer *writer)
{
	const struct atrace_totals *t = &writer->totals;
	const uint64_t number[] = {
		t->events,  t->allocs, t->frees, t->remote, t->ended,	t->live_max, t->bytes_max,
		t->unknown, t->reused, t->late,	 t->lost,   t->refused, t->time,     t->lanes,
	};
	unsigned char block[ATRACE_BLOCK_HEAD +
			    10 * (sizeof(number) / sizeof(number[0]) + ATRACE_LANES_MAX)];
	unsigned char *at = block + ATRACE_BLOCK_HEAD;

	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		at = put_number(at, number[i]);
	for (unsigned int i = 0; i < t->lanes; i++)
		at = put_number(at, writer->lanes[i].next);
	return write_block(writer, ATRACE_TAG_TOTALS, block,
			   (size_t)(at - block) - ATRACE_BLOCK_HEAD, 0);
}

int atrace_writer_close(struct atrace_writer *writer, struct atrace_totals *out)
{
	int error = end_all(writer, writer->totals.time, NULL);

	if (!error)
		error = atrace_writer_flush(writer);
	if (!error)
		error = write_totals(writer);
	if (out)
		*out = writer->totals;
	writer_free(writer);
	return error;
}
