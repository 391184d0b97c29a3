/*
 * peer_send.c - peer_send DIR N: the least that sending N messages into a Maildir can cost when none may be lost or sent twice: a row committed
 * before, the file written, synced and linked, its directory synced, and the row committed again after.  Nothing is decided, written or
 * judged.  Prints the messages a second.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char mail[] = "From: a@a.example\nTo: b@b.example\nSubject: Anna, a question about Nordlys Outdoor\nDate: Thu, 05 Mar 2026 14:20:00 +0000\n"
                           "Message-ID: <lp.635820536289b66a1fac3218c747c85d@a.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
                           "Hi Anna, how do you handle returns at Nordlys Outdoor today?\n";

static void
must(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(74);
	}
}

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
	char tmp[64], to[64];
	sqlite3_stmt *before, *after;
	sqlite3 *db;
	double start;
	int fd, dir;
	long n;

	if (argc != 3 || (n = strtol(argv[2], NULL, 10)) < 1) {
		fprintf(stderr, "usage: peer_send dir n\n");
		return 64;
	}
	must(mkdir(argv[1], 0700) == 0 && chdir(argv[1]) == 0 && mkdir("tmp", 0700) == 0 && mkdir("new", 0700) == 0, argv[1]);
	must(sqlite3_open("peer.db", &db) == SQLITE_OK, "peer.db");
	must(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE outbox(seq INTEGER PRIMARY KEY, state TEXT)", NULL, NULL, NULL) ==
	    SQLITE_OK, "schema");
	must(sqlite3_prepare_v2(db, "INSERT INTO outbox(seq, state) VALUES (?1, 'reserved')", -1, &before, NULL) == SQLITE_OK, "insert");
	must(sqlite3_prepare_v2(db, "UPDATE outbox SET state = 'sent' WHERE seq = ?1", -1, &after, NULL) == SQLITE_OK, "update");
	must((dir = open("new", O_RDONLY | O_DIRECTORY)) != -1, "new");
	start = seconds();
	for (long i = 1; i <= n; i++) {
		sqlite3_bind_int64(before, 1, i);
		must(sqlite3_step(before) == SQLITE_DONE && sqlite3_reset(before) == SQLITE_OK, "reserve");
		snprintf(tmp, sizeof(tmp), "tmp/%ld", i);
		snprintf(to, sizeof(to), "new/%ld", i);
		must((fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0600)) != -1, tmp);
		must(write(fd, mail, sizeof(mail) - 1) == (ssize_t)sizeof(mail) - 1 && fsync(fd) == 0 && close(fd) == 0, tmp);
		must(link(tmp, to) == 0 && unlink(tmp) == 0 && fsync(dir) == 0, to);
		sqlite3_bind_int64(after, 1, i);
		must(sqlite3_step(after) == SQLITE_DONE && sqlite3_reset(after) == SQLITE_OK, "record");
	}
	printf("%.0f\n", (double)n / (seconds() - start));
	sqlite3_finalize(before);
	sqlite3_finalize(after);
	sqlite3_close(db);
	close(dir);
	return 0;
}
