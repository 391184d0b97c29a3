/*
 * mapping.h - which column of somebody's export is which of our fields.
 *
 * A header name is recognised without regard to case, spaces and punctuation ("E-mail Address", "email_address" and "EmailAddress" are
 * one), in the words that Apollo, LinkedIn, Sales Navigator tools, HubSpot, Salesforce, Outlook and Google contacts write.  What isn't
 * recognised becomes a custom field under a snake_case name.  Where several columns mean the same, the lower rank wins, row by row.
 */
#ifndef LP_SOURCE_MAPPING_H
#define LP_SOURCE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

enum lead_field {
	LF_CUSTOM,             /* none of ours */
	LF_EMAIL,
	LF_FIRST_NAME,
	LF_LAST_NAME,
	LF_FULL_NAME,          /* split into the two */
	LF_TITLE,
	LF_COMPANY,
	LF_COMPANY_DOMAIN,
	LF_LINKEDIN_URL,
	LF_WEB,                /* "URL": a LinkedIn profile or the company's site, as its value says */
	LF_PHONE,
	LF_WHATSAPP,
	LF_CITY,
	LF_COUNTRY,
	LF_TIMEZONE,
	LF_INDUSTRY,
	LF_EMPLOYEES,
	LF_SOURCE,
	LF_BASIS,
	LF_OPT_OUT,            /* "Unsubscribed", "Email Opt Out": a row that says yes is refused and suppressed */
	LF_CONSENT_EMAIL,      /* "yes", or the day it was given, and where: "2026-03-01 web form" */
	LF_CONSENT_WHATSAPP,
	LF_CONSENT_SMS,
	LF_CONSENT_SOURCE,     /* of those that don't say it themselves */
	LF_CONSENT_DATE,       /* likewise */
	LF_LABEL,              /* said of another column ("E-mail 1 - Label") or by an export of ours: not kept */
	LF_COUNT
};

struct map_column {
	char *header;          /* as it stands in the file, on one line */
	enum lead_field field;
	int rank;              /* 0 best; home and personal from 5 on */
	char *custom;          /* the snake_case name under which a value that isn't taken for the field is kept; unique in the mapping */
	size_t label;          /* index + 1 of the column that says what kind of address or number this is; 0 none */
	bool list;             /* its values are separated by ';' */
};

struct mapping {
	size_t n;
	struct map_column *col;
};

/* mapping_make(headers, n): never fails; the caller calls mapping_clear. */
void mapping_make(struct mapping *, char *const *headers, size_t n);
void mapping_clear(struct mapping *);

/* mapping_known(headers, n): how many different fields the headers name. */
size_t mapping_known(char *const *headers, size_t n);

/* "email", "first_name" ...; "custom". The words of the vocabulary (templates, rules, YAML). */
const char *mapping_field_name(enum lead_field);
/* The field that lp-leads set, export and JSON call so, or LF_CUSTOM. */
enum lead_field mapping_field(const char *name);

/* mapping_snake(header): "E-mail Confidence (%)" is "e_mail_confidence". The caller frees; "" where nothing is left. */
char *mapping_snake(const char *);

#endif
