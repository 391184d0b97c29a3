#include "source/mapping.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/normal.h"

#define MAX_NAME 64 /* bytes of a custom field's name */

static const struct alias {
	const char *name;      /* squashed: letters and digits only, in lower case */
	unsigned char field, rank;
} aliases[] = {
	{ "workemail", LF_EMAIL, 0 }, { "businessemail", LF_EMAIL, 0 }, { "professionalemail", LF_EMAIL, 0 },
	{ "companyemail", LF_EMAIL, 0 }, { "workemailaddress", LF_EMAIL, 0 }, { "email", LF_EMAIL, 1 },
	{ "emailaddress", LF_EMAIL, 1 }, { "mail", LF_EMAIL, 1 }, { "emailaddresses", LF_EMAIL, 1 },
	{ "primaryemail", LF_EMAIL, 1 }, { "contactemail", LF_EMAIL, 1 }, { "leademail", LF_EMAIL, 1 },
	{ "email1", LF_EMAIL, 1 }, { "email1value", LF_EMAIL, 1 }, { "email1address", LF_EMAIL, 1 },
	{ "emailadresse", LF_EMAIL, 1 }, { "adresseemail", LF_EMAIL, 1 }, { "courriel", LF_EMAIL, 1 },
	{ "correoelectrónico", LF_EMAIL, 1 }, { "correo", LF_EMAIL, 1 }, { "direccióndecorreoelectrónico", LF_EMAIL, 1 },
	{ "secondaryemail", LF_EMAIL, 2 }, { "email2", LF_EMAIL, 2 }, { "email2value", LF_EMAIL, 2 },
	{ "email2address", LF_EMAIL, 2 }, { "emailadresse2", LF_EMAIL, 2 }, { "tertiaryemail", LF_EMAIL, 3 },
	{ "email3", LF_EMAIL, 3 }, { "email3value", LF_EMAIL, 3 }, { "email3address", LF_EMAIL, 3 },
	{ "additionalemailaddresses", LF_EMAIL, 4 }, { "additionalemails", LF_EMAIL, 4 }, { "otheremail", LF_EMAIL, 4 },
	{ "otheremails", LF_EMAIL, 4 }, { "alternateemail", LF_EMAIL, 4 }, { "email4value", LF_EMAIL, 4 },
	{ "personalemail", LF_EMAIL, 5 }, { "homeemail", LF_EMAIL, 5 }, { "privateemail", LF_EMAIL, 5 },

	{ "firstname", LF_FIRST_NAME, 0 }, { "givenname", LF_FIRST_NAME, 0 }, { "first", LF_FIRST_NAME, 1 },
	{ "forename", LF_FIRST_NAME, 0 }, { "vorname", LF_FIRST_NAME, 0 }, { "prénom", LF_FIRST_NAME, 0 },
	{ "prenom", LF_FIRST_NAME, 0 }, { "nombre", LF_FIRST_NAME, 0 }, { "contactfirstname", LF_FIRST_NAME, 1 },
	{ "lastname", LF_LAST_NAME, 0 }, { "familyname", LF_LAST_NAME, 0 }, { "surname", LF_LAST_NAME, 0 },
	{ "last", LF_LAST_NAME, 1 }, { "nachname", LF_LAST_NAME, 0 }, { "nom", LF_LAST_NAME, 0 },
	{ "nomdefamille", LF_LAST_NAME, 0 }, { "apellidos", LF_LAST_NAME, 0 }, { "apellido", LF_LAST_NAME, 0 },
	{ "contactlastname", LF_LAST_NAME, 1 },
	{ "fullname", LF_FULL_NAME, 0 }, { "name", LF_FULL_NAME, 1 }, { "contactname", LF_FULL_NAME, 1 },
	{ "leadname", LF_FULL_NAME, 1 }, { "personname", LF_FULL_NAME, 1 }, { "contact", LF_FULL_NAME, 2 },
	{ "displayname", LF_FULL_NAME, 3 }, { "profilename", LF_FULL_NAME, 2 }, { "fileas", LF_FULL_NAME, 4 },

	{ "jobtitle", LF_TITLE, 0 }, { "position", LF_TITLE, 0 }, { "currentjob", LF_TITLE, 0 },
	{ "currenttitle", LF_TITLE, 0 }, { "currentposition", LF_TITLE, 0 }, { "currentjobtitle", LF_TITLE, 0 },
	{ "title", LF_TITLE, 1 }, { "contacttitle", LF_TITLE, 1 }, { "organizationtitle", LF_TITLE, 0 },
	{ "organization1title", LF_TITLE, 0 }, { "role", LF_TITLE, 3 }, { "jobrole", LF_TITLE, 2 },
	{ "headline", LF_TITLE, 5 }, { "linkedinheadline", LF_TITLE, 5 }, { "stelle", LF_TITLE, 1 },
	{ "poste", LF_TITLE, 1 }, { "cargo", LF_TITLE, 1 }, { "puesto", LF_TITLE, 1 },

	{ "company", LF_COMPANY, 0 }, { "companyname", LF_COMPANY, 0 }, { "organization", LF_COMPANY, 0 },
	{ "organisation", LF_COMPANY, 0 }, { "organizationname", LF_COMPANY, 0 }, { "organization1name", LF_COMPANY, 0 },
	{ "accountname", LF_COMPANY, 0 }, { "account", LF_COMPANY, 1 }, { "companyaccount", LF_COMPANY, 0 },
	{ "currentcompany", LF_COMPANY, 0 }, { "currentcompanyname", LF_COMPANY, 0 }, { "employer", LF_COMPANY, 1 },
	{ "associatedcompany", LF_COMPANY, 1 }, { "primaryassociatedcompany", LF_COMPANY, 1 },
	{ "companynameforemails", LF_COMPANY, 3 }, { "firma", LF_COMPANY, 0 }, { "unternehmen", LF_COMPANY, 0 },
	{ "société", LF_COMPANY, 0 }, { "entreprise", LF_COMPANY, 0 }, { "empresa", LF_COMPANY, 0 },
	{ "compañía", LF_COMPANY, 0 },

	{ "companydomain", LF_COMPANY_DOMAIN, 0 }, { "companydomainname", LF_COMPANY_DOMAIN, 0 },
	{ "domain", LF_COMPANY_DOMAIN, 1 }, { "website", LF_COMPANY_DOMAIN, 2 }, { "companywebsite", LF_COMPANY_DOMAIN, 2 },
	{ "companywebsiteurl", LF_COMPANY_DOMAIN, 2 }, { "websiteurl", LF_COMPANY_DOMAIN, 2 },
	{ "companyurl", LF_COMPANY_DOMAIN, 2 }, { "webpage", LF_COMPANY_DOMAIN, 3 }, { "webseite", LF_COMPANY_DOMAIN, 3 },
	{ "businesshomepage", LF_COMPANY_DOMAIN, 2 }, { "website1value", LF_COMPANY_DOMAIN, 3 },
	{ "emaildomain", LF_COMPANY_DOMAIN, 4 },
	{ "url", LF_WEB, 0 }, { "link", LF_WEB, 0 },

	{ "linkedinurl", LF_LINKEDIN_URL, 0 }, { "linkedin", LF_LINKEDIN_URL, 0 }, { "personlinkedinurl", LF_LINKEDIN_URL, 0 },
	{ "linkedinprofile", LF_LINKEDIN_URL, 0 }, { "linkedinprofileurl", LF_LINKEDIN_URL, 0 },
	{ "linkedinurlpublic", LF_LINKEDIN_URL, 0 }, { "publiclinkedinurl", LF_LINKEDIN_URL, 0 },
	{ "contactlinkedinurl", LF_LINKEDIN_URL, 0 }, { "linkedincontactprofileurl", LF_LINKEDIN_URL, 0 },
	{ "personallinkedinurl", LF_LINKEDIN_URL, 0 }, { "publicprofileurl", LF_LINKEDIN_URL, 1 },
	{ "profileurl", LF_LINKEDIN_URL, 1 }, { "profilelink", LF_LINKEDIN_URL, 1 }, { "defaultprofileurl", LF_LINKEDIN_URL, 1 },
	{ "linkedinlink", LF_LINKEDIN_URL, 1 }, { "linkedinbio", LF_LINKEDIN_URL, 4 }, { "linkedinurluniqueid", LF_LINKEDIN_URL, 3 },

	{ "mobilephone", LF_PHONE, 0 }, { "mobile", LF_PHONE, 0 }, { "mobilephonenumber", LF_PHONE, 0 },
	{ "mobilenumber", LF_PHONE, 0 }, { "cell", LF_PHONE, 0 }, { "cellphone", LF_PHONE, 0 }, { "mobiltelefon", LF_PHONE, 0 },
	{ "workdirectphone", LF_PHONE, 1 }, { "directphone", LF_PHONE, 1 }, { "directphonenumber", LF_PHONE, 1 },
	{ "directdial", LF_PHONE, 1 }, { "phone", LF_PHONE, 2 }, { "phonenumber", LF_PHONE, 2 }, { "telephone", LF_PHONE, 2 },
	{ "telefon", LF_PHONE, 2 }, { "téléphone", LF_PHONE, 2 }, { "teléfono", LF_PHONE, 2 }, { "primaryphone", LF_PHONE, 2 },
	{ "contactphone", LF_PHONE, 2 }, { "personphone", LF_PHONE, 2 }, { "phone1value", LF_PHONE, 2 },
	{ "businessphone", LF_PHONE, 3 }, { "workphone", LF_PHONE, 3 }, { "telefongeschäftlich", LF_PHONE, 3 },
	{ "phone2value", LF_PHONE, 3 }, { "businessphone2", LF_PHONE, 4 }, { "phone3value", LF_PHONE, 4 },
	{ "otherphone", LF_PHONE, 4 }, { "homephone", LF_PHONE, 5 }, { "homephone2", LF_PHONE, 6 },
	{ "telefonprivat", LF_PHONE, 5 },
	{ "whatsapp", LF_WHATSAPP, 0 }, { "whatsappnumber", LF_WHATSAPP, 0 }, { "whatsappphonenumber", LF_WHATSAPP, 0 },
	{ "whatsappphone", LF_WHATSAPP, 0 },

	{ "city", LF_CITY, 0 }, { "personcity", LF_CITY, 0 }, { "contactcity", LF_CITY, 0 }, { "mailingcity", LF_CITY, 1 },
	{ "businesscity", LF_CITY, 1 }, { "address1city", LF_CITY, 1 }, { "ort", LF_CITY, 1 }, { "stadt", LF_CITY, 1 },
	{ "ville", LF_CITY, 1 }, { "ciudad", LF_CITY, 1 }, { "ortgeschäftlich", LF_CITY, 1 }, { "companycity", LF_CITY, 4 },
	{ "homecity", LF_CITY, 6 },
	{ "country", LF_COUNTRY, 0 }, { "personcountry", LF_COUNTRY, 0 }, { "contactcountry", LF_COUNTRY, 0 },
	{ "countryregion", LF_COUNTRY, 0 }, { "countrycode", LF_COUNTRY, 1 }, { "mailingcountry", LF_COUNTRY, 1 },
	{ "businesscountry", LF_COUNTRY, 1 }, { "businesscountryregion", LF_COUNTRY, 1 }, { "address1country", LF_COUNTRY, 1 },
	{ "land", LF_COUNTRY, 1 }, { "pays", LF_COUNTRY, 1 }, { "país", LF_COUNTRY, 1 }, { "companycountry", LF_COUNTRY, 4 },
	{ "homecountry", LF_COUNTRY, 6 }, { "homecountryregion", LF_COUNTRY, 6 },
	{ "timezone", LF_TIMEZONE, 0 }, { "tz", LF_TIMEZONE, 1 }, { "zeitzone", LF_TIMEZONE, 0 },
	{ "industry", LF_INDUSTRY, 0 }, { "companyindustry", LF_INDUSTRY, 1 }, { "primaryindustry", LF_INDUSTRY, 1 },
	{ "sector", LF_INDUSTRY, 2 }, { "branche", LF_INDUSTRY, 1 },
	{ "employees", LF_EMPLOYEES, 0 }, { "numberofemployees", LF_EMPLOYEES, 0 }, { "noofemployees", LF_EMPLOYEES, 0 },
	{ "employeecount", LF_EMPLOYEES, 0 }, { "companyemployeeexactcount", LF_EMPLOYEES, 0 }, { "companyemployees", LF_EMPLOYEES, 0 },
	{ "companyheadcount", LF_EMPLOYEES, 1 }, { "companysize", LF_EMPLOYEES, 2 }, { "companyemployeerange", LF_EMPLOYEES, 2 },
	{ "employeerange", LF_EMPLOYEES, 2 }, { "mitarbeiter", LF_EMPLOYEES, 1 },
	{ "source", LF_SOURCE, 0 }, { "leadsource", LF_SOURCE, 1 }, { "originalsource", LF_SOURCE, 2 },
	{ "basis", LF_BASIS, 0 }, { "lawfulbasis", LF_BASIS, 0 }, { "legalbasis", LF_BASIS, 0 },
	{ "emailoptout", LF_OPT_OUT, 0 }, { "optout", LF_OPT_OUT, 0 }, { "optedout", LF_OPT_OUT, 0 },
	{ "hasoptedoutofemail", LF_OPT_OUT, 0 }, { "unsubscribed", LF_OPT_OUT, 0 }, { "unsubscribedfromallemail", LF_OPT_OUT, 0 },
	{ "donotcontact", LF_OPT_OUT, 0 }, { "donotemail", LF_OPT_OUT, 0 }, { "dnc", LF_OPT_OUT, 0 },
	{ "suppressed", LF_OPT_OUT, 0 },
	{ "consentemail", LF_CONSENT_EMAIL, 0 }, { "emailconsent", LF_CONSENT_EMAIL, 0 }, { "emailoptin", LF_CONSENT_EMAIL, 0 },
	{ "optinemail", LF_CONSENT_EMAIL, 0 }, { "consentwhatsapp", LF_CONSENT_WHATSAPP, 0 }, { "whatsappconsent", LF_CONSENT_WHATSAPP, 0 },
	{ "whatsappoptin", LF_CONSENT_WHATSAPP, 0 }, { "optinwhatsapp", LF_CONSENT_WHATSAPP, 0 }, { "consentsms", LF_CONSENT_SMS, 0 },
	{ "smsconsent", LF_CONSENT_SMS, 0 }, { "smsoptin", LF_CONSENT_SMS, 0 }, { "optinsms", LF_CONSENT_SMS, 0 },
	{ "consentsource", LF_CONSENT_SOURCE, 0 }, { "optinsource", LF_CONSENT_SOURCE, 0 }, { "consentdate", LF_CONSENT_DATE, 0 },
	{ "consentat", LF_CONSENT_DATE, 0 }, { "optindate", LF_CONSENT_DATE, 0 }, { "optinat", LF_CONSENT_DATE, 0 },
	{ "email1label", LF_LABEL, 0 }, { "email2label", LF_LABEL, 0 }, { "email3label", LF_LABEL, 0 },
	{ "email4label", LF_LABEL, 0 }, { "phone1label", LF_LABEL, 0 }, { "phone2label", LF_LABEL, 0 },
	{ "phone3label", LF_LABEL, 0 }, { "email1type", LF_LABEL, 0 }, { "email2type", LF_LABEL, 0 },
	{ "email3type", LF_LABEL, 0 }, { "email4type", LF_LABEL, 0 }, { "phone1type", LF_LABEL, 0 },
	{ "phone2type", LF_LABEL, 0 }, { "phone3type", LF_LABEL, 0 },
	/* what `lp-leads export` adds */
	{ "lpid", LF_LABEL, 0 }, { "lpstatus", LF_LABEL, 0 }, { "lpsourceat", LF_LABEL, 0 },
};

/* in the order of enum lead_field */
static const char *const field_names[LF_COUNT] = { "custom", "email", "first_name", "last_name", "full_name", "title", "company",
	"company_domain", "linkedin_url", "url", "phone", "whatsapp", "city", "country", "timezone", "industry", "employees", "source",
	"lawful_basis", "opt_out", "consent_email", "consent_whatsapp", "consent_sms", "consent_source", "consent_date", "label" };

const char *
mapping_field_name(enum lead_field f)
{
	return field_names[f];
}

enum lead_field
mapping_field(const char *name)
{
	int f;

	for (f = LF_EMAIL; f < LF_OPT_OUT; f++)
		if (f != LF_FULL_NAME && f != LF_WEB && strcmp(name, field_names[f]) == 0)
			return (enum lead_field)f;
	return LF_CUSTOM;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct alias *)a)->name, ((const struct alias *)b)->name);
}

static const struct alias *
lookup(const char *header)
{
	enum { N = sizeof(aliases) / sizeof(aliases[0]) };
	static struct alias sorted[N];
	char key[MAX_NAME];
	struct alias want = { key, 0, 0 };
	size_t n = 0;

	if (sorted[0].name == NULL) {
		memcpy(sorted, aliases, sizeof(aliases));
		qsort(sorted, N, sizeof(sorted[0]), by_name);
	}
	for (; *header != '\0'; header++) {
		unsigned char c = (unsigned char)*header;

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c < 0x80)
			continue;
		if (n + 1 >= sizeof(key))
			return NULL;
		key[n++] = (char)c;
	}
	key[n] = '\0';
	return bsearch(&want, sorted, N, sizeof(sorted[0]), by_name);
}

size_t
mapping_known(char *const *headers, size_t n)
{
	bool seen[LF_COUNT] = { false };
	const struct alias *a;
	size_t i, known = 0;

	for (i = 0; i < n; i++)
		if ((a = lookup(headers[i])) != NULL && !seen[a->field]) {
			seen[a->field] = true;
			known++;
		}
	return known;
}

char *
mapping_snake(const char *header)
{
	struct buf b = { 0 };
	bool gap = false;
	char prev = ' ';

	for (; *header != '\0' && b.len < MAX_NAME - 4; prev = *header++) {
		unsigned char c = (unsigned char)*header;
		bool upper = c >= 'A' && c <= 'Z';

		if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c < 0x80) {
			gap = true;
			continue;
		}
		/* camelCase begins a word; "URL" is one */
		if ((gap || (upper && prev >= 'a' && prev <= 'z')) && b.len > 0)
			buf_putc(&b, '_');
		gap = false;
		buf_putc(&b, upper ? (char)(c + 'a' - 'A') : (char)c);
	}
	/* cut between characters, not within one */
	if (*header != '\0')
		while (b.len > 0 && ((unsigned char)*header & 0xc0) == 0x80) {
			header--;
			b.s[--b.len] = '\0';
		}
	return buf_steal(&b);
}

/* A name for the column's values where they aren't taken for a field: unique, not one of ours, not a number. */
static char *
custom_name(const struct mapping *m, size_t at)
{
	char *base = mapping_snake(m->col[at].header), *name;
	size_t i, n;

	if (*base == '\0') {
		free(base);
		base = xasprintf("column_%zu", at + 1);
	} else if (*base >= '0' && *base <= '9') {
		name = xasprintf("n%s", base);
		free(base);
		base = name;
	}
	name = xstrdup(base);
	for (n = 2; n < SIZE_MAX; n++) {
		for (i = 0; i < at && strcmp(m->col[i].custom, name) != 0; i++)
			;
		if (i == at && mapping_field(name) == LF_CUSTOM && strcmp(name, "custom") != 0)
			break;
		free(name);
		name = xasprintf("%s_%zu", base, n);
	}
	free(base);
	return name;
}

/* "E-mail 1 - Label" (Google) and "E-mail 2 Type" (Outlook) say what the column with the same beginning holds. */
static void
find_labels(struct mapping *m)
{
	size_t i, j;

	for (i = 0; i < m->n; i++)
		for (j = 0; m->col[i].field == LF_LABEL && j < m->n; j++) {
			size_t k = strcspn(m->col[i].header, "123456789");

			if ((m->col[j].field == LF_EMAIL || m->col[j].field == LF_PHONE) && m->col[i].header[k] != '\0' &&
			    strncmp(m->col[i].header, m->col[j].header, k + 1) == 0)
				m->col[j].label = i + 1;
		}
}

void
mapping_make(struct mapping *m, char *const *headers, size_t n)
{
	bool job_title = false;
	size_t i;

	m->n = n;
	m->col = xcalloc(n, sizeof(*m->col));
	for (i = 0; i < n; i++) {
		struct map_column *c = &m->col[i];
		const struct alias *a;

		c->header = normal_text(headers[i]);
		a = lookup(c->header);
		c->field = a != NULL ? (enum lead_field)a->field : LF_CUSTOM;
		c->rank = a != NULL ? a->rank : 0;
		c->list = a != NULL && a->field == LF_EMAIL && a->rank == 4;
		job_title = job_title || (a != NULL && strcmp(a->name, "jobtitle") == 0);
		c->custom = custom_name(m, i);
	}
	/* beside a "Job Title", Outlook's "Title" is "Dr." */
	for (i = 0; job_title && i < n; i++)
		if (m->col[i].field == LF_TITLE && m->col[i].rank == 1)
			m->col[i].field = LF_CUSTOM;
	find_labels(m);
}

void
mapping_clear(struct mapping *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		free(m->col[i].header);
		free(m->col[i].custom);
	}
	free(m->col);
	*m = (struct mapping){ 0 };
}
