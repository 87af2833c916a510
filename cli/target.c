/* SPDX-License-Identifier: GPL-2.0-only */
/* target.c - see target.h. */
#include "target.h"
#include "capture.h"
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *own_directory(void)
{
	char *path = realpath("/proc/self/exe", NULL);
	char *slash = path ? strrchr(path, '/') : NULL;

	if (slash)
		*slash = 0;
	return path;
}

char *target_program(const char *name)
{
	const char *wanted = getenv("TRIMM_TARGET_DIR");
	const char *chosen = wanted && *wanted ? wanted : NULL;
	char *own = own_directory();
	char *program = cli_format("%s/%s", chosen ? chosen : own ? own : ".", name);
	char *installed = cli_format("%s/../libexec/trimm/%s", own ? own : ".", name);

	if (!chosen && access(program, X_OK) && !access(installed, X_OK)) {
		free(program);
		program = installed;
	} else {
		free(installed);
	}
	free(own);
	return program;
}

static bool is_named_list(const json_t *array)
{
	const json_t *item;
	size_t i;

	json_array_foreach (array, i, item) {
		if (!json_is_string(json_object_get(item, "name")))
			return false;
	}
	return json_is_array(array);
}

static bool is_description(const json_t *about)
{
	const json_t *workloads = json_object_get(about, "workloads"), *workload;
	size_t i;

	if (!json_is_string(json_object_get(about, "target")) || !is_named_list(workloads) ||
	    !is_named_list(json_object_get(about, "params")))
		return false;
	json_array_foreach (workloads, i, workload) {
		if (!is_named_list(json_object_get(workload, "params")))
			return false;
	}
	return true;
}

/* kernel= is of the command that starts the guest; what runs in it need not know it. */
static void add_kernel_param(struct target *target, struct target_choice choice)
{
	choice.kernel = NULL;
	if (target->kernel && !target_param(target, "kernel"))
		json_array_append_new(json_object_get(target->about, "params"),
				      json_pack("{s:s, s:s, s:b, s:s, s:s, s:s}", "name", "kernel",
						"kind", "host", "arm", 0, "about",
						"the Linux of the guest; PATH: one that was built",
						"default", target_choice_kernel(choice), "values",
						"6.1|6.12|PATH"));
}

void target_begin(const struct target *target, struct list *argv)
{
	list_add(argv, "%s", target->program);
	if (target->word)
		list_add(argv, "%s", target->word);
}

int target_open(struct target *target, struct target_choice choice)
{
	const char *name = target_choice_program(choice), *misfit = target_choice_misfit(choice);
	const char *kernel = target_choice_kernel(choice);
	struct list argv = {NULL, 0};
	char *text;
	int code;

	if (misfit) {
		cli_error("%s", misfit);
		return TRIMM_USAGE;
	}
	target->program = target_program(name);
	target->command = name;
	target->word = target_choice_word(choice);
	target->kernel = kernel ? cli_format("%s", kernel) : NULL;
	target->exact = target_choice_exact(choice);
	target->about = NULL;
	target_begin(target, &argv);
	list_add(&argv, "describe");
	if (kernel)
		list_add(&argv, "kernel=%s", kernel);
	code = capture(argv.item, false, &text);
	list_free(&argv);
	/* Limits reach 2^64, which json_int_t does not hold. */
	target->about = code ? NULL : json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
	free(text);
	if (code == -ENOENT)
		cli_error("%s: not there; `make` builds it", target->program);
	else if (code < 0)
		cli_error("%s: %s", target->program, strerror(-code));
	else if (code > 0 && code < 128)
		; /* It has said why. */
	else if (code || !is_description(target->about))
		cli_error("%s describe: no usable answer; is it of another version? `make` "
			  "builds both",
			  target->program);
	else {
		add_kernel_param(target, choice);
		return 0;
	}
	target_close(target);
	return code == TRIMM_USAGE ? TRIMM_USAGE : TRIMM_FAILED;
}

void target_close(struct target *target)
{
	json_decref(target->about);
	free(target->program);
	free(target->kernel);
	*target = (struct target){NULL};
}

const char *target_name(const struct target *target)
{
	return about_text(target->about, "target");
}

const char *target_kernel_release(const struct target *target)
{
	return about_text(target->about, "kernel_release");
}

static const json_t *find(const json_t *array, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach (array, i, item) {
		if (!strcmp(about_text(item, "name"), name))
			return item;
	}
	return NULL;
}

const json_t *target_workload(const struct target *target, const char *name)
{
	return find(json_object_get(target->about, "workloads"), name);
}

const json_t *target_param(const struct target *target, const char *name)
{
	return find(json_object_get(target->about, "params"), name);
}

const json_t *workload_param(const json_t *workload, const char *name)
{
	return find(json_object_get(workload, "params"), name);
}

const char *about_text(const json_t *about, const char *field)
{
	const char *text = json_string_value(json_object_get(about, field));

	return text ? text : "";
}

const char **about_names(const json_t *array)
{
	const char **names = cli_alloc(NULL, (json_array_size(array) + 1) * sizeof(*names));
	size_t n = 0, i;
	const json_t *item;

	json_array_foreach (array, i, item)
		if (!param_is_reserved(about_text(item, "name")))
			names[n++] = about_text(item, "name");
	names[n] = NULL;
	return names;
}

bool param_is_reserved(const char *name)
{
	return !strcmp(name, "first_bench") || !strcmp(name, "case") || !strcmp(name, "process");
}

/* launch/accel.h, of the bare-metal kernel: whether KVM is fast takes 0.1 to 0.3 s to say, and is
 * the same in all cases. */
void target_warm_up(const struct target *target)
{
	char *argv[] = {target->program, "probe", NULL}, *found;

	if (!target->word || target->exact || getenv("TRIMM_KVM"))
		return;
	if (!capture(argv, true, &found)) {
		found[strcspn(found, "\n")] = '\0';
		setenv("TRIMM_KVM", found, 1);
	}
	free(found);
}

bool target_null_is_dear(const struct target *target)
{
	const char *found = getenv("TRIMM_KVM");

	return target->kernel && found && *found == 'n';
}
