/*
 * timeit.c - timeit RUNS <commands: run each line of standard input RUNS times, in turns so that a noisy moment hits all alike, and print
 * the median of each in milliseconds and the least: "MEDIAN\tLEAST\tCOMMAND", or "-" where it failed.  A line with a pipe or a redirection
 * goes through sh; any other is executed as it is.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_COMMANDS 64
#define MAX_WORDS 64

static char lines[MAX_COMMANDS][4096];
static double *times[MAX_COMMANDS];
static char sh[] = "sh", dash_c[] = "-c";

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
run(char *words[], bool *ok)
{
	double start = now_ms();
	int status;
	pid_t pid = fork();

	if (pid == -1) {
		perror("fork");
		exit(71);
	}
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		execvp(words[0], words);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	/* 1 is a clean "no" */
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		*ok = false;
	return now_ms() - start;
}

int
main(int argc, char *argv[])
{
	char *words[MAX_COMMANDS][MAX_WORDS];
	bool ok[MAX_COMMANDS];
	long runs = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	size_t n = 0, w;

	if (runs < 1) {
		fprintf(stderr, "usage: timeit runs <commands\n");
		return 64;
	}
	while (n < MAX_COMMANDS && fgets(lines[n], sizeof(lines[n]), stdin) != NULL) {
		lines[n][strcspn(lines[n], "\n")] = '\0';
		if (lines[n][0] == '\0')
			continue;
		char *copy = strdup(lines[n]), *save = copy;

		w = 0;
		if (strpbrk(lines[n], "|<>;$") != NULL) {
			words[n][w++] = sh;
			words[n][w++] = dash_c;
			words[n][w++] = lines[n];
		} else
			for (; w < MAX_WORDS - 1 && *save != '\0'; w++) {
				words[n][w] = save;
				save += strcspn(save, " ");
				while (*save == ' ')
					*save++ = '\0';
			}
		words[n][w] = NULL;
		ok[n] = true;
		if ((times[n] = calloc((size_t)runs, sizeof(double))) == NULL)
			return 71;
		n++;
	}
	for (long r = -1; r < runs; r++) /* one round to warm up */
		for (size_t i = 0; i < n; i++) {
			double t = run(words[i], &ok[i]);

			if (r >= 0)
				times[i][r] = t;
		}
	for (size_t i = 0; i < n; i++) {
		qsort(times[i], (size_t)runs, sizeof(double), by_size);
		if (ok[i])
			printf("%.2f\t%.2f\t%s\n", times[i][runs / 2], times[i][0], lines[i]);
		else
			printf("-\t-\t%s\n", lines[i]);
	}
	return 0;
}
