/* SPDX-License-Identifier: GPL-2.0-only */
/* test_rbtree.c - the tree against an array of all possible keys. */
#include "model_platform.h"

#include "rbtree.h"

#define KEYS 256

struct subject {
	struct rbt_tree tree;
	struct rbt_node node[KEYS]; /* node i has key i */
	bool in[KEYS];
};

static void assert_tree(const struct subject *subject)
{
	const struct rbt_node *at, *last = NULL, *node = rbt_first(&subject->tree);

	assert_null(rbt_check(&subject->tree, &at));
	for (unsigned int i = 0; i < KEYS; i++) {
		if (!subject->in[i])
			continue;
		assert_ptr_equal(node, &subject->node[i]);
		assert_ptr_equal(rbt_neighbour(node, RBT_LEFT), last);
		last = node;
		node = rbt_neighbour(node, RBT_RIGHT);
	}
	assert_null(node);
}

static void assert_searches(const struct subject *subject, unsigned long key, unsigned long weight)
{
	const struct rbt_node *below = NULL, *fit = NULL;
	unsigned long steps = 0;

	for (unsigned long i = 0; i <= key; i++)
		below = subject->in[i] ? &subject->node[i] : below;
	for (unsigned long i = KEYS; i--;)
		fit = subject->in[i] && subject->node[i].weight >= weight ? &subject->node[i] : fit;
	assert_ptr_equal(rbt_at_or_below(&subject->tree, key), below);
	assert_ptr_equal(rbt_first_fit(&subject->tree, weight, &steps), fit);
	/* A red-black tree of 256 nodes is at most 16 deep. */
	assert_true(steps <= 16);
}

static void random_operations(void **state)
{
	static struct subject subject;
	uint64_t random = test_seed();

	(void)state;
	for (int step = 0; step < 40000; step++) {
		/* Phases of growth and of decay, so that the tree is also nearly empty and full. */
		unsigned int bias = step / 2000 % 2 ? 3 : 1;
		unsigned long key = test_below(&random, KEYS), weight = test_below(&random, 1000);
		struct rbt_node *node = &subject.node[key];

		if (!subject.in[key] && test_below(&random, 4) >= bias) {
			node->key = key;
			node->weight = weight;
			rbt_insert(&subject.tree, node);
			subject.in[key] = true;
		} else if (subject.in[key] && test_below(&random, 4) < bias) {
			rbt_erase(&subject.tree, node);
			subject.in[key] = false;
		} else if (subject.in[key]) {
			rbt_set_weight(node, weight);
		}
		assert_tree(&subject);
		assert_searches(&subject, test_below(&random, KEYS), test_below(&random, 1000));
	}
}

static void ascending_and_descending(void **state)
{
	static struct subject subject;

	(void)state;
	for (unsigned int i = 0; i < KEYS; i++) {
		subject.node[i] = (struct rbt_node){.key = i, .weight = i};
		rbt_insert(&subject.tree, &subject.node[i]);
		subject.in[i] = true;
		assert_tree(&subject);
	}
	for (unsigned int i = KEYS; i--;) {
		assert_int_equal(subject.tree.root->heaviest, i);
		rbt_erase(&subject.tree, &subject.node[i]);
		subject.in[i] = false;
		assert_tree(&subject);
	}
	assert_null(subject.tree.root);
}

/* Each way to break a tree is told apart from a sound one. */
static void check_finds_damage(void **state)
{
	static struct subject subject;
	const struct rbt_node *at;
	struct rbt_node *root, *leaf;

	(void)state;
	for (unsigned int i = 0; i < 32; i++) {
		subject.node[i] = (struct rbt_node){.key = 2 * i, .weight = i};
		rbt_insert(&subject.tree, &subject.node[i]);
	}
	root = subject.tree.root;
	leaf = rbt_first(&subject.tree);
	assert_null(rbt_check(&subject.tree, &at));

	root->heaviest++;
	assert_string_equal(rbt_check(&subject.tree, &at), "the heaviest weight is wrong");
	root->heaviest--;
	root->parent_red |= 1;
	assert_non_null(rbt_check(&subject.tree, &at));
	root->parent_red &= ~1UL;
	leaf->parent_red ^= 1;
	assert_non_null(rbt_check(&subject.tree, &at));
	leaf->parent_red ^= 1;
	leaf->key = 1000;
	assert_string_equal(rbt_check(&subject.tree, &at), "keys are out of order");
	leaf->key = root->key + 1;
	assert_string_equal(rbt_check(&subject.tree, &at), "keys are out of order");
	leaf->key = 0;
	leaf->parent_red ^= 64;
	assert_non_null(rbt_check(&subject.tree, &at));
	leaf->parent_red ^= 64;
	assert_null(rbt_check(&subject.tree, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations),
		cmocka_unit_test(ascending_and_descending),
		cmocka_unit_test(check_finds_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
