/*
 * leadfile.h - a list of leads from a file, whatever program wrote it: CSV in any of its dialects, or JSON Lines; each row as the lead that would
 * be stored.
 */
#ifndef LP_SOURCE_LEADFILE_H
#define LP_SOURCE_LEADFILE_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "source/charset.h"
#include "source/mapping.h"

#define LEADFILE_MAX ((size_t)256 << 20)  /* bytes */
#define LEAD_FIELD_MAX ((size_t)1000)     /* bytes of one of our fields */
#define LEAD_CUSTOM_MAX ((size_t)20000)   /* bytes of a custom field */

struct leadfile;

struct lead_row {
	size_t line;           /* physical line, from 1, on which the row begins */
	cJSON *lead;           /* the caller deletes it */
	char *opt_out;         /* the column that says this person opted out, else NULL; the caller frees */
};

/*
 * leadfile_read(fd, name, err): read it all and find out what it is.  NULL with LP_DATA where it holds no table (empty, no known column,
 * a spreadsheet's own format, a JSON array) or is over LEADFILE_MAX, LP_IO where it can't be read.  leadfile_parse takes the bytes over from
 * `text` instead.
 */
struct leadfile *leadfile_read(int fd, const char *name, struct lp_err *);
struct leadfile *leadfile_parse(struct buf *text, const char *name, struct lp_err *);
void leadfile_free(struct leadfile *);

const char *leadfile_name(const struct leadfile *);     /* "stdin" for "-" */
/* How it was read: "CSV, UTF-16LE, separated by tabs, header in line 3". The caller frees. */
char *leadfile_what(const struct leadfile *);
/* The columns; of JSON Lines those of the row read last. */
const struct mapping *leadfile_mapping(const struct leadfile *);

/*
 * leadfile_next(f, row, err): 1 and a row, 0 at the end, -1 with LP_DATA for a row that is refused (row->line says where; go on).
 *
 * The lead's members, each only where it has a value, normalised (base/normal.h): email, first_name, last_name, title, company, company_domain,
 * website, linkedin_url, phone (E.164 where it could be made so, else as written), whatsapp, city, country (ISO code where known), timezone,
 * industry, employees, source, lawful_basis, custom (an object of texts), emails and phones (arrays: the person's other ones),
 * consents (an array of {channel, source, given_at}; the last two where the file says them).
 * Refused: an e-mail address that isn't one, a row by which nobody could be found again (no address, no profile, no number), a field that is too
 * long.
 */
int leadfile_next(struct leadfile *, struct lead_row *, struct lp_err *);

#endif
