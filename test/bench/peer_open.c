/* peer_open.c - peer_open FILE: the least that a program over SQLite can do: open, one query, exit. */
#include <sqlite3.h>
#include <stdio.h>

int
main(int argc, char *argv[])
{
	sqlite3 *db;
	sqlite3_stmt *st;

	if (argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return 74;
	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM sqlite_schema", -1, &st, NULL) != SQLITE_OK)
		return 74;
	if (sqlite3_step(st) != SQLITE_ROW)
		return 74;
	printf("%d\n", sqlite3_column_int(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return 0;
}
