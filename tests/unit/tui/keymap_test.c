#include "tui_support.h"

Test(keymap, no_key_means_two_things_in_one_place)
{
	size_t count;
	const struct binding *bindings = keymap_bindings(&count);
	for (size_t a = 0; a < count; a++)
		for (size_t b = a + 1; b < count; b++)
			cr_expect_not((bindings[a].contexts & bindings[b].contexts) &&
					      bindings[a].press == bindings[b].press &&
					      bindings[a].letter == bindings[b].letter &&
					      (bindings[a].next_letter == bindings[b].next_letter ||
					       !bindings[a].next_letter || !bindings[b].next_letter),
				      "%s and %s", command_spec(bindings[a].command)->name,
				      command_spec(bindings[b].command)->name);
}

Test(keymap, every_command_has_a_key_and_words)
{
	struct arena arena = ARENA_INIT;
	for (int command = 1; command < COMMAND_COUNT; command++) {
		const char *name = command_spec((enum command)command)->name;
		cr_expect(keymap_list_keys(&arena, (enum command)command, PLACE_EVERYWHERE)[0] ||
				  command_spec((enum command)command)->group == GROUP_MORE || command == COMMAND_RUN,
			  "%s has no key, and is not among what v offers", name);
		cr_expect(command_spec((enum command)command)->help[0], "%s has no help", name);
		cr_expect_leq(strlen(command_spec((enum command)command)->help), 60, "%s: help is cut at 80 columns",
			      name);
	}
	arena_release(&arena);
	NO_LEAKS();
}

Test(keymap, the_first_row_needs_two_g)
{
	uint32_t pending = 0;
	size_t digit;
	struct key g = key_char('g'), j = key_char('j');
	cr_expect_eq(keymap_lookup(&g, PLACE_INBOX, &pending, &digit), COMMAND_NONE);
	cr_expect_eq(keymap_lookup(&g, PLACE_INBOX, &pending, &digit), COMMAND_FIRST);
	keymap_lookup(&g, PLACE_INBOX, &pending, &digit);
	cr_expect_eq(keymap_lookup(&j, PLACE_INBOX, &pending, &digit), COMMAND_DOWN);
	cr_expect_eq(keymap_lookup(&g, PLACE_INBOX, &pending, &digit), COMMAND_NONE);
}

Test(keymap, digits_choose)
{
	uint32_t pending = 0;
	size_t digit = 0;
	struct key three = key_char('3');
	cr_expect_eq(keymap_lookup(&three, PLACE_CASE, &pending, &digit), COMMAND_CHOOSE);
	cr_expect_eq(digit, 3);
}

Test(keymap, esc_does_nothing_on_the_first_screen)
{
	uint32_t pending = 0;
	size_t digit;
	struct key escape = key_press(PRESS_ESCAPE);
	cr_expect_eq(keymap_lookup(&escape, PLACE_INBOX, &pending, &digit), COMMAND_NONE);
	cr_expect_eq(keymap_lookup(&escape, PLACE_CASE, &pending, &digit), COMMAND_BACK);
}

Test(keymap, who_only_looks_cannot_decide)
{
	cr_expect_not(is_command_allowed(COMMAND_APPROVE, ROLE_VIEWER, false));
	cr_expect_not(is_command_allowed(COMMAND_APPROVE, ROLE_LEAD, true));
	cr_expect(is_command_allowed(COMMAND_APPROVE, ROLE_REVIEWER, false));
	cr_expect(is_command_allowed(COMMAND_FILTER, ROLE_VIEWER, true));
}

static const char *bar(struct stage *stage, enum bar which, enum role role, bool readonly, bool is_case_decided)
{
	struct bar_state state = { .bar = which,
				   .contexts = which == BAR_INBOX ? PLACE_INBOX : PLACE_CASE,
				   .role = role,
				   .readonly = readonly,
				   .is_case_decided = is_case_decided,
				   .shows_back = true };
	key_bar_draw(&stage->surface, 0, &state);
	return stage_row(stage, 0);
}

Test(bar, at_80_columns_the_next_useful_keys_stand_there)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 1, 80);
	cr_expect_str_eq(bar(&stage, BAR_INBOX, ROLE_REVIEWER, false, false),
			 " Enter open  a approve  r reject  x corrections  n next  / filter        ? help");
	stage_close(&stage);
	NO_LEAKS();
}

Test(bar, what_may_not_be_done_is_not_offered)
{
	struct stage stage;
	stage_open(&stage, TEXT_UTF8, 1, 80);
	cr_expect_null(strstr(bar(&stage, BAR_INBOX, ROLE_VIEWER, false, false), "approve"));
	cr_expect_null(strstr(bar(&stage, BAR_INBOX, ROLE_LEAD, true, false), "reject"));
	cr_expect_null(strstr(bar(&stage, BAR_DOCUMENT, ROLE_LEAD, false, true), "accept"));
	stage_close(&stage);
	NO_LEAKS();
}

Test(bar, help_is_always_there)
{
	for (size_t cols = SCREEN_COLS_MIN; cols <= 200; cols += 7) {
		struct stage stage;
		stage_open(&stage, TEXT_UTF8, 1, cols);
		cr_expect(strstr(bar(&stage, BAR_CASE, ROLE_LEAD, false, false), "? help"), "at %zu", cols);
		stage_close(&stage);
	}
	NO_LEAKS();
}

Test(keymap, without_single_keys_a_character_needs_the_leader)
{
	bool waiting = false;
	struct key letter = key_char('a'), leader = { .press = PRESS_CTRL, .ch = LEADER_LETTER };
	struct key down = key_press(PRESS_DOWN), other = { .press = PRESS_CTRL, .ch = 'l' };
	cr_expect_eq(keymap_apply_leader(&letter, true, false, &waiting), LEADER_NONE);
	cr_expect_eq(keymap_apply_leader(&letter, false, false, &waiting), LEADER_REFUSED);
	cr_expect_eq(keymap_apply_leader(&letter, false, true, &waiting), LEADER_NONE, "typed into a field");
	cr_expect_eq(keymap_apply_leader(&down, false, false, &waiting), LEADER_NONE);
	cr_expect_eq(keymap_apply_leader(&other, false, false, &waiting), LEADER_NONE);
	cr_expect_eq(keymap_apply_leader(&leader, false, false, &waiting), LEADER_WAITING);
	cr_expect_eq(keymap_apply_leader(&letter, false, false, &waiting), LEADER_NONE);
	cr_expect_eq(keymap_apply_leader(&letter, false, false, &waiting), LEADER_REFUSED, "the leader counts once");
	cr_expect_eq(keymap_apply_leader(&leader, false, false, &waiting), LEADER_WAITING);
	cr_expect_eq(keymap_apply_leader(&down, false, false, &waiting), LEADER_NONE);
	cr_expect_eq(keymap_apply_leader(&letter, false, false, &waiting), LEADER_REFUSED, "for the very next key");
}

/* With PLACE_LEADER, each character that runs an action is listed with its prefix, Ctrl-X. */
Test(keymap, the_names_of_the_keys_say_the_leader)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(keymap_list_keys(&arena, COMMAND_DOWN, PLACE_INBOX), "j, Down");
	cr_expect_str_eq(keymap_list_keys(&arena, COMMAND_DOWN, PLACE_INBOX | PLACE_LEADER), "Down, Ctrl-X j");
	cr_expect_str_eq(keymap_first_key(&arena, COMMAND_APPROVE, PLACE_INBOX | PLACE_LEADER), "Ctrl-X a");
	cr_expect_str_eq(keymap_first_key(&arena, COMMAND_CHOOSE, PLACE_INBOX | PLACE_LEADER), "Ctrl-X 1-9");
	cr_expect_str_eq(keymap_list_keys(&arena, COMMAND_FIRST, PLACE_INBOX | PLACE_LEADER),
			 "Home, Ctrl-X g Ctrl-X g");
	size_t count;
	const struct binding *all = keymap_bindings(&count);
	for (size_t i = 0; i < count; i++)
		cr_expect_not(all[i].press == PRESS_CTRL && all[i].letter == LEADER_LETTER, "the leader is free");
	arena_release(&arena);
	NO_LEAKS();
}
