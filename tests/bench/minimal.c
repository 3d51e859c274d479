/*
 * A minimal terminal program with a list from SQLite: reads a page, paints it, moves the selection with j and k.
 *
 * usage: minimal STORE STATEMENT (shows the statement's first four columns)
 */
#include <ncurses.h>
#include <sqlite3.h>
#include <stdio.h>

#define ROWS 48

static char lines[ROWS][161];
static int rows;

static int read_page(const char *path, const char *statement)
{
	sqlite3 *db;
	sqlite3_stmt *query;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, statement, -1, &query, NULL) != SQLITE_OK)
		return 0;
	while (rows < ROWS && sqlite3_step(query) == SQLITE_ROW) {
		(void)snprintf(lines[rows], sizeof lines[rows], "%-40.40s %-20.20s %-40.40s %-20.20s",
			       sqlite3_column_text(query, 0), sqlite3_column_text(query, 1),
			       sqlite3_column_text(query, 2), sqlite3_column_text(query, 3));
		rows++;
	}
	sqlite3_finalize(query);
	sqlite3_close(db);
	return 1;
}

static void paint(int selected)
{
	erase();
	for (int row = 0; row < rows; row++) {
		attrset(row == selected ? A_REVERSE : A_NORMAL);
		mvaddnstr(row, 0, lines[row], 160);
	}
	attrset(A_NORMAL);
	mvaddstr(ROWS + 1, 0, "minimal");
	refresh();
}

int main(int count, char **arguments)
{
	int selected = 0;

	if (count != 3 || !read_page(arguments[1], arguments[2])) {
		fprintf(stderr, "usage: minimal STORE STATEMENT\n");
		return 2;
	}
	initscr();
	noecho();
	cbreak();
	curs_set(0);
	for (;;) {
		int key;

		paint(selected);
		key = getch();
		if (key == 'q')
			break;
		if (key == 'j' && selected + 1 < rows)
			selected++;
		else if (key == 'k' && selected > 0)
			selected--;
	}
	endwin();
	return 0;
}
