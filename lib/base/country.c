#include "base/country.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

/* Where sales lists come from: Europe, the Americas, and the larger rest. What isn't here is kept as it was written. */
static const struct country table[] = {
	{ "AE", "971", "0", "united arab emirates|uae|emirates" },
	{ "AR", "54", "0", "argentina" },
	{ "AT", "43", "0", "austria|österreich|oesterreich" },
	{ "AU", "61", "0", "australia" },
	{ "BE", "32", "0", "belgium|belgië|belgique|belgien" },
	{ "BG", "359", "0", "bulgaria" },
	{ "BR", "55", "0", "brazil|brasil" },
	{ "CA", "1", "1", "canada" },
	{ "CH", "41", "0", "switzerland|schweiz|suisse|svizzera" },
	{ "CL", "56", "", "chile" },
	{ "CN", "86", "0", "china|people's republic of china" },
	{ "CO", "57", "", "colombia" },
	{ "CY", "357", "", "cyprus" },
	{ "CZ", "420", "", "czechia|czech republic|česko|tschechien" },
	{ "DE", "49", "0", "germany|deutschland|allemagne|alemania|ger" },
	{ "DK", "45", "", "denmark|danmark|dänemark" },
	{ "EE", "372", "", "estonia|eesti" },
	{ "EG", "20", "0", "egypt" },
	{ "ES", "34", "", "spain|españa|espagne|spanien" },
	{ "FI", "358", "0", "finland|suomi" },
	{ "FR", "33", "0", "france|frankreich|francia" },
	{ "GB", "44", "0", "united kingdom|uk|great britain|england|scotland|wales|northern ireland|gbr" },
	{ "GR", "30", "", "greece" },
	{ "HK", "852", "", "hong kong" },
	{ "HR", "385", "0", "croatia|hrvatska" },
	{ "HU", "36", "06", "hungary|magyarország|ungarn" },
	{ "ID", "62", "0", "indonesia" },
	{ "IE", "353", "0", "ireland|republic of ireland" },
	{ "IL", "972", "0", "israel" },
	{ "IN", "91", "0", "india" },
	{ "IS", "354", "", "iceland" },
	{ "IT", "39", "", "italy|italia|italien|italie" },
	{ "JP", "81", "0", "japan" },
	{ "KE", "254", "0", "kenya" },
	{ "KR", "82", "0", "south korea|korea|republic of korea" },
	{ "LT", "370", "0", "lithuania|lietuva" },
	{ "LU", "352", "", "luxembourg|luxemburg" },
	{ "LV", "371", "", "latvia|latvija" },
	{ "MT", "356", "", "malta" },
	{ "MX", "52", "", "mexico|méxico" },
	{ "MY", "60", "0", "malaysia" },
	{ "NG", "234", "0", "nigeria" },
	{ "NL", "31", "0", "netherlands|the netherlands|nederland|holland|niederlande|pays-bas" },
	{ "NO", "47", "", "norway|norge|norwegen" },
	{ "NZ", "64", "0", "new zealand" },
	{ "PH", "63", "0", "philippines" },
	{ "PL", "48", "", "poland|polska|polen" },
	{ "PT", "351", "", "portugal" },
	{ "RO", "40", "0", "romania|românia" },
	{ "RS", "381", "0", "serbia" },
	{ "SA", "966", "0", "saudi arabia" },
	{ "SE", "46", "0", "sweden|sverige|schweden" },
	{ "SG", "65", "", "singapore" },
	{ "SI", "386", "0", "slovenia|slovenija" },
	{ "SK", "421", "0", "slovakia|slovensko" },
	{ "TH", "66", "0", "thailand" },
	{ "TR", "90", "0", "turkey|türkiye|turkiye" },
	{ "TW", "886", "0", "taiwan" },
	{ "UA", "380", "0", "ukraine" },
	{ "US", "1", "1", "united states|united states of america|usa|u.s.a.|u.s.|america" },
	{ "VN", "84", "0", "vietnam" },
	{ "ZA", "27", "0", "south africa" },
};

const struct country *
country_find(const char *text)
{
	char *folded = utf8_fold(text);
	size_t n = strlen(folded), i, len;
	const struct country *found = NULL;
	const char *name;

	for (i = 0; found == NULL && i < sizeof(table) / sizeof(table[0]); i++) {
		if (n == 2 && strcasecmp(folded, table[i].code) == 0)
			found = &table[i];
		for (name = table[i].names; found == NULL && *name != '\0'; name += len + (name[len] == '|')) {
			len = strcspn(name, "|");
			if (len == n && memcmp(name, folded, n) == 0)
				found = &table[i];
		}
	}
	free(folded);
	return found;
}

const struct country *
country_of_phone(const char *e164)
{
	const struct country *found = NULL;
	size_t best = 0, n;
	bool shared = false;

	if (*e164 != '+')
		return NULL;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		n = strlen(table[i].calling);
		if (strncmp(e164 + 1, table[i].calling, n) != 0 || n < best)
			continue;
		shared = n == best;
		best = n;
		found = &table[i];
	}
	/* Kazakhstan is behind Russia's code */
	return shared || (found != NULL && strcmp(found->calling, "7") == 0) ? NULL : found;
}

const struct country *
country_of_domain(const char *domain)
{
	static const char elsewhere[] = "|ae|ai|am|as|cc|co|fm|gg|id|im|in|io|is|la|li|ly|me|ms|mu|nu|rs|sh|st|su|tk|to|tv|vc|ws|";
	const char *dot = strrchr(domain, '.');
	char word[8];

	if (dot == NULL || strlen(dot + 1) != 2)
		return NULL;
	if (strcasecmp(dot + 1, "uk") == 0)
		return country_find("GB");
	snprintf(word, sizeof(word), "|%s|", dot + 1);
	return strstr(elsewhere, word) != NULL ? NULL : country_find(dot + 1);
}
