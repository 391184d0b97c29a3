/*
 * driver.c - a main for fuzz targets where libFuzzer isn't: fuzz_x [-n RUNS] [-s SEED] [FILE|DIR ...]
 * Feeds every seed as it is, then RUNS mutations of them, the same for the same seed.  A crash is the sanitizers' to report;
 * the input that made it is in the file crash-input of the working directory.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MAX_INPUT ((size_t)64 << 10)

struct seed {
	uint8_t *data;
	size_t len;
};

static struct seed *seeds;
static size_t nseeds;
static uint64_t state;

static uint64_t
next_random(void)
{
	/* splitmix64 */
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t
below(size_t n)
{
	return n == 0 ? 0 : (size_t)(next_random() % n);
}

static void
add_seed(const uint8_t *data, size_t len)
{
	struct seed *s = realloc(seeds, (nseeds + 1) * sizeof(*seeds));

	if (s == NULL)
		abort();
	seeds = s;
	if ((seeds[nseeds].data = malloc(len + 1)) == NULL)
		abort();
	memcpy(seeds[nseeds].data, data, len);
	seeds[nseeds++].len = len;
}

static void
add_file(const char *path)
{
	static uint8_t data[MAX_INPUT];
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		perror(path);
		exit(66);
	}
	add_seed(data, fread(data, 1, sizeof(data), f));
	fclose(f);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
add_path(const char *path)
{
	struct dirent **list;
	struct stat st;
	char name[4096];
	int n;

	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode)) {
		if (access(path, F_OK) == 0)
			add_file(path);
		return;
	}
	if ((n = scandir(path, &list, NULL, by_name)) == -1)
		return;
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.' && snprintf(name, sizeof(name), "%s/%s", path, list[i]->d_name) < (int)sizeof(name))
			add_file(name);
		free(list[i]);
	}
	free(list);
}

/* The input lies at the end of its own heap block, so that one byte too far is seen. */
static void
feed(const uint8_t *data, size_t len)
{
	uint8_t *p = malloc(len > 0 ? len : 1);
	FILE *f = fopen("crash-input", "wb");

	if (p == NULL)
		abort();
	if (f != NULL) {
		fwrite(data, 1, len, f);
		fclose(f);
	}
	memcpy(p, data, len);
	LLVMFuzzerTestOneInput(p, len);
	free(p);
}

static const char *const words[] = { "\"", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "\\", "\\u0000", "\\ud800", "\xff", "\xc0\x80",
	"\xef\xbb\xbf", "-1", "99999999999999999999", "1e999", "null", "true", "{{", "}}", "|", "&a", "*a", "- ", "=?utf-8?q?", "?=", "$", "(", ")",
	"not ", " and ", "\t", "\"\"", "'", "%s%n" };

static size_t
mutate(uint8_t *p, size_t len)
{
	for (size_t times = 1 + below(6); times > 0; times--) {
		size_t at = below(len + 1), n;
		const struct seed *other;
		const char *w;

		switch (below(6)) {
		case 0:
			if (len > 0)
				p[below(len)] ^= (uint8_t)(1u << below(8));
			break;
		case 1:
			if (len > 0)
				p[below(len)] = (uint8_t)next_random();
			break;
		case 2: /* take out */
			n = below(len - at + 1);
			memmove(p + at, p + at + n, len - at - n);
			len -= n;
			break;
		case 3: /* a word that means something to some reader */
			w = words[below(sizeof(words) / sizeof(*words))];
			n = strlen(w);
			if (len + n <= MAX_INPUT) {
				memmove(p + at + n, p + at, len - at);
				memcpy(p + at, w, n);
				len += n;
			}
			break;
		case 4: /* say it again */
			n = below(len - at + 1);
			if (len + n <= MAX_INPUT) {
				memmove(p + at + n, p + at, len - at);
				len += n;
			}
			break;
		default: /* the end of another */
			other = &seeds[below(nseeds)];
			n = below(other->len + 1);
			if (at + n <= MAX_INPUT) {
				memcpy(p + at, other->data + other->len - n, n);
				len = at + n;
			}
			break;
		}
	}
	return len;
}

int
main(int argc, char *argv[])
{
	static uint8_t work[MAX_INPUT];
	long runs = 1000;
	int c;

	while ((c = getopt(argc, argv, "n:s:")) != -1)
		switch (c) {
		case 'n':
			runs = strtol(optarg, NULL, 10);
			break;
		case 's':
			state = strtoull(optarg, NULL, 10);
			break;
		default:
			fprintf(stderr, "usage: %s [-n runs] [-s seed] [file|dir ...]\n", argv[0]);
			return 64;
		}
	add_seed((const uint8_t *)"", 0);
	for (; optind < argc; optind++)
		add_path(argv[optind]);
	for (size_t i = 0; i < nseeds; i++)
		feed(seeds[i].data, seeds[i].len);
	for (; runs > 0; runs--) {
		const struct seed *s = &seeds[below(nseeds)];

		memcpy(work, s->data, s->len);
		feed(work, mutate(work, s->len));
	}
	for (size_t i = 0; i < nseeds; i++)
		free(seeds[i].data);
	free(seeds);
	unlink("crash-input");
	return 0;
}
