/* wishes_words.c - the vocabulary: lower case, no accents, as the text is when it is looked up. */
#include <stdlib.h>
#include <string.h>

#include "calendar/wishes_int.h"

#define ANY 1024 /* of these languages, and understood in a text of any */

static const struct entry {
	const char *phrase;
	short langs, word, value;
} entries[] = {
	/* clang-format off */
	{ "monday", ANY | EN, W_WEEKDAY, 0 }, { "tuesday", ANY | EN, W_WEEKDAY, 1 }, { "wednesday", ANY | EN, W_WEEKDAY, 2 },
	{ "thursday", ANY | EN, W_WEEKDAY, 3 },
	{ "friday", ANY | EN, W_WEEKDAY, 4 }, { "saturday", ANY | EN, W_WEEKDAY, 5 }, { "sunday", ANY | EN, W_WEEKDAY, 6 },
	{ "mondays", EN, W_WEEKDAY, 0 }, { "tuesdays", EN, W_WEEKDAY, 1 }, { "wednesdays", EN, W_WEEKDAY, 2 },
	{ "thursdays", EN, W_WEEKDAY, 3 },
	{ "fridays", EN, W_WEEKDAY, 4 }, { "mon", EN, W_WEEKDAY, 0 }, { "tue", EN, W_WEEKDAY, 1 }, { "tues", EN, W_WEEKDAY, 1 },
	{ "wed", EN, W_WEEKDAY, 2 }, { "weds", EN, W_WEEKDAY, 2 }, { "thu", EN, W_WEEKDAY, 3 }, { "thur", EN, W_WEEKDAY, 3 },
	{ "thurs", EN, W_WEEKDAY, 3 }, { "fri", EN, W_WEEKDAY, 4 },
	{ "montag", ANY | DE, W_WEEKDAY, 0 }, { "dienstag", ANY | DE, W_WEEKDAY, 1 }, { "mittwoch", ANY | DE, W_WEEKDAY, 2 },
	{ "donnerstag", ANY | DE, W_WEEKDAY, 3 },
	{ "freitag", ANY | DE, W_WEEKDAY, 4 }, { "samstag", ANY | DE, W_WEEKDAY, 5 }, { "sonnabend", ANY | DE, W_WEEKDAY, 5 },
	{ "sonntag", ANY | DE, W_WEEKDAY, 6 },
	{ "mo", DE, W_WEEKDAY, 0 }, { "di", DE, W_WEEKDAY, 1 }, { "mi", DE, W_WEEKDAY, 2 }, { "do", DE, W_WEEKDAY, 3 },
	{ "fr", DE, W_WEEKDAY, 4 },
	{ "montags", DE, W_WEEKDAY, 0 }, { "dienstags", DE, W_WEEKDAY, 1 }, { "mittwochs", DE, W_WEEKDAY, 2 },
	{ "donnerstags", DE, W_WEEKDAY, 3 },
	{ "freitags", DE, W_WEEKDAY, 4 },
	{ "lundi", ANY | FR, W_WEEKDAY, 0 }, { "mardi", ANY | FR, W_WEEKDAY, 1 }, { "mercredi", ANY | FR, W_WEEKDAY, 2 },
	{ "jeudi", ANY | FR, W_WEEKDAY, 3 },
	{ "vendredi", ANY | FR, W_WEEKDAY, 4 }, { "samedi", ANY | FR, W_WEEKDAY, 5 }, { "dimanche", ANY | FR, W_WEEKDAY, 6 },
	{ "lunes", ANY | ES, W_WEEKDAY, 0 }, { "martes", ANY | ES, W_WEEKDAY, 1 }, { "miercoles", ANY | ES, W_WEEKDAY, 2 },
	{ "jueves", ANY | ES, W_WEEKDAY, 3 },
	{ "viernes", ANY | ES, W_WEEKDAY, 4 }, { "sabado", ANY | ES | PT, W_WEEKDAY, 5 }, { "domingo", ANY | ES | PT, W_WEEKDAY, 6 },
	{ "segunda-feira", ANY | PT, W_WEEKDAY, 0 }, { "terca-feira", ANY | PT, W_WEEKDAY, 1 }, { "quarta-feira", ANY | PT, W_WEEKDAY, 2 },
	{ "quinta-feira", ANY | PT, W_WEEKDAY, 3 }, { "sexta-feira", ANY | PT, W_WEEKDAY, 4 }, { "segunda", PT, W_WEEKDAY, 0 },
	{ "terca", PT, W_WEEKDAY, 1 },
	{ "quarta", PT, W_WEEKDAY, 2 }, { "quinta", PT, W_WEEKDAY, 3 }, { "sexta", PT, W_WEEKDAY, 4 },
	{ "lunedi", ANY | IT, W_WEEKDAY, 0 }, { "martedi", ANY | IT, W_WEEKDAY, 1 }, { "mercoledi", ANY | IT, W_WEEKDAY, 2 },
	{ "giovedi", ANY | IT, W_WEEKDAY, 3 },
	{ "venerdi", ANY | IT, W_WEEKDAY, 4 }, { "sabato", ANY | IT, W_WEEKDAY, 5 }, { "domenica", ANY | IT, W_WEEKDAY, 6 },
	{ "maandag", ANY | NL, W_WEEKDAY, 0 }, { "dinsdag", ANY | NL, W_WEEKDAY, 1 }, { "woensdag", ANY | NL, W_WEEKDAY, 2 },
	{ "donderdag", ANY | NL, W_WEEKDAY, 3 },
	{ "vrijdag", ANY | NL, W_WEEKDAY, 4 }, { "zaterdag", ANY | NL, W_WEEKDAY, 5 }, { "zondag", ANY | NL, W_WEEKDAY, 6 },
	{ "poniedzialek", ANY | PL, W_WEEKDAY, 0 }, { "poniedzialku", ANY | PL, W_WEEKDAY, 0 },
	{ "wtorek", ANY | PL, W_WEEKDAY, 1 }, { "wtorku", ANY | PL, W_WEEKDAY, 1 },
	{ "sroda", ANY | PL, W_WEEKDAY, 2 }, { "srode", ANY | PL, W_WEEKDAY, 2 }, { "srody", ANY | PL, W_WEEKDAY, 2 },
	{ "czwartek", ANY | PL, W_WEEKDAY, 3 },
	{ "czwartku", ANY | PL, W_WEEKDAY, 3 }, { "piatek", ANY | PL, W_WEEKDAY, 4 }, { "piatku", ANY | PL, W_WEEKDAY, 4 },
	{ "sobota", PL, W_WEEKDAY, 5 },
	{ "sobote", PL, W_WEEKDAY, 5 }, { "niedziela", PL, W_WEEKDAY, 6 }, { "niedziele", PL, W_WEEKDAY, 6 },
	{ "mandag", ANY | NO, W_WEEKDAY, 0 }, { "tirsdag", ANY | NO, W_WEEKDAY, 1 }, { "tisdag", ANY | NO, W_WEEKDAY, 1 },
	{ "onsdag", ANY | NO, W_WEEKDAY, 2 },
	{ "torsdag", ANY | NO, W_WEEKDAY, 3 }, { "fredag", ANY | NO, W_WEEKDAY, 4 }, { "lordag", ANY | NO, W_WEEKDAY, 5 },
	{ "sondag", ANY | NO, W_WEEKDAY, 6 },

	{ "january", ANY | EN, W_MONTH, 1 }, { "february", ANY | EN, W_MONTH, 2 }, { "march", ANY | EN, W_MONTH, 3 },
	{ "april", ANY | EN | DE | NL | NO, W_MONTH, 4 },
	{ "may", EN, W_MONTH, 5 }, { "june", ANY | EN, W_MONTH, 6 }, { "july", ANY | EN, W_MONTH, 7 },
	{ "august", ANY | EN | DE | NO, W_MONTH, 8 },
	{ "september", ANY | EN | DE | NL | NO, W_MONTH, 9 }, { "october", ANY | EN, W_MONTH, 10 },
	{ "november", ANY | EN | DE | NL | NO, W_MONTH, 11 }, { "december", ANY | EN | NL | NO, W_MONTH, 12 },
	{ "jan", ANY | EN | DE, W_MONTH, 1 }, { "feb", ANY | EN | DE, W_MONTH, 2 }, { "mar", EN | PT, W_MONTH, 3 },
	{ "apr", ANY | EN | DE, W_MONTH, 4 }, { "jun", ANY | EN | DE, W_MONTH, 6 },
	{ "jul", ANY | EN | DE, W_MONTH, 7 }, { "aug", ANY | EN | DE, W_MONTH, 8 }, { "sep", ANY | EN | DE, W_MONTH, 9 },
	{ "sept", ANY | EN | DE | FR, W_MONTH, 9 }, { "oct", ANY | EN, W_MONTH, 10 },
	{ "okt", ANY | DE | NL | NO, W_MONTH, 10 }, { "nov", ANY | EN | DE | FR, W_MONTH, 11 },
	{ "dec", ANY | EN | FR | NO, W_MONTH, 12 }, { "dez", ANY | DE, W_MONTH, 12 },
	{ "januar", ANY | DE | NO, W_MONTH, 1 }, { "janner", DE, W_MONTH, 1 }, { "februar", ANY | DE | NO, W_MONTH, 2 },
	{ "marz", ANY | DE, W_MONTH, 3 },
	{ "maerz", ANY | DE, W_MONTH, 3 }, { "mai", DE | FR | NO, W_MONTH, 5 }, { "juni", ANY | DE | NL | NO, W_MONTH, 6 },
	{ "juli", ANY | DE | NL | NO, W_MONTH, 7 },
	{ "oktober", ANY | DE | NL | NO, W_MONTH, 10 }, { "dezember", ANY | DE, W_MONTH, 12 },
	{ "janvier", ANY | FR, W_MONTH, 1 }, { "fevrier", ANY | FR, W_MONTH, 2 }, { "mars", ANY | FR | NO, W_MONTH, 3 },
	{ "avril", ANY | FR, W_MONTH, 4 },
	{ "juin", ANY | FR, W_MONTH, 6 }, { "juillet", ANY | FR, W_MONTH, 7 }, { "aout", ANY | FR, W_MONTH, 8 },
	{ "septembre", ANY | FR, W_MONTH, 9 },
	{ "octobre", ANY | FR, W_MONTH, 10 }, { "novembre", ANY | FR | IT, W_MONTH, 11 }, { "decembre", ANY | FR, W_MONTH, 12 },
	{ "enero", ANY | ES, W_MONTH, 1 }, { "febrero", ANY | ES, W_MONTH, 2 }, { "marzo", ANY | ES | IT, W_MONTH, 3 },
	{ "abril", ANY | ES | PT, W_MONTH, 4 },
	{ "mayo", ANY | ES, W_MONTH, 5 }, { "junio", ANY | ES, W_MONTH, 6 }, { "julio", ANY | ES, W_MONTH, 7 },
	{ "agosto", ANY | ES | PT | IT, W_MONTH, 8 },
	{ "septiembre", ANY | ES, W_MONTH, 9 }, { "octubre", ANY | ES, W_MONTH, 10 }, { "noviembre", ANY | ES, W_MONTH, 11 },
	{ "diciembre", ANY | ES, W_MONTH, 12 },
	{ "janeiro", ANY | PT, W_MONTH, 1 }, { "fevereiro", ANY | PT, W_MONTH, 2 }, { "marco", PT, W_MONTH, 3 },
	{ "maio", ANY | PT, W_MONTH, 5 },
	{ "junho", ANY | PT, W_MONTH, 6 }, { "julho", ANY | PT, W_MONTH, 7 }, { "setembro", ANY | PT, W_MONTH, 9 },
	{ "outubro", ANY | PT, W_MONTH, 10 },
	{ "novembro", ANY | PT, W_MONTH, 11 }, { "dezembro", ANY | PT, W_MONTH, 12 },
	{ "gennaio", ANY | IT, W_MONTH, 1 }, { "febbraio", ANY | IT, W_MONTH, 2 }, { "aprile", ANY | IT, W_MONTH, 4 },
	{ "maggio", ANY | IT, W_MONTH, 5 },
	{ "giugno", ANY | IT, W_MONTH, 6 }, { "luglio", ANY | IT, W_MONTH, 7 }, { "settembre", ANY | IT, W_MONTH, 9 },
	{ "ottobre", ANY | IT, W_MONTH, 10 }, { "dicembre", ANY | IT, W_MONTH, 12 },
	{ "januari", ANY | NL | NO, W_MONTH, 1 }, { "februari", ANY | NL | NO, W_MONTH, 2 }, { "maart", ANY | NL, W_MONTH, 3 },
	{ "mei", NL, W_MONTH, 5 },
	{ "augustus", ANY | NL, W_MONTH, 8 }, { "augusti", ANY | NO, W_MONTH, 8 }, { "maj", NO | PL, W_MONTH, 5 },
	{ "marts", ANY | NO, W_MONTH, 3 },
	{ "desember", ANY | NO, W_MONTH, 12 },
	{ "stycznia", ANY | PL, W_MONTH, 1 }, { "lutego", ANY | PL, W_MONTH, 2 }, { "marca", PL, W_MONTH, 3 },
	{ "kwietnia", ANY | PL, W_MONTH, 4 },
	{ "maja", PL, W_MONTH, 5 }, { "czerwca", ANY | PL, W_MONTH, 6 }, { "lipca", ANY | PL, W_MONTH, 7 },
	{ "sierpnia", ANY | PL, W_MONTH, 8 },
	{ "wrzesnia", ANY | PL, W_MONTH, 9 }, { "pazdziernika", ANY | PL, W_MONTH, 10 }, { "listopada", ANY | PL, W_MONTH, 11 },
	{ "grudnia", ANY | PL, W_MONTH, 12 },
	{ "styczniu", PL, W_MONTH, 1 }, { "lutym", PL, W_MONTH, 2 }, { "marcu", PL, W_MONTH, 3 }, { "kwietniu", PL, W_MONTH, 4 },
	{ "maju", PL, W_MONTH, 5 }, { "czerwcu", PL, W_MONTH, 6 }, { "lipcu", PL, W_MONTH, 7 }, { "sierpniu", PL, W_MONTH, 8 },
	{ "wrzesniu", PL, W_MONTH, 9 }, { "pazdzierniku", PL, W_MONTH, 10 }, { "listopadzie", PL, W_MONTH, 11 },
	{ "grudniu", PL, W_MONTH, 12 },

	{ "today", ANY | EN, W_DAY, 0 }, { "tomorrow", ANY | EN, W_DAY, 1 }, { "tmrw", EN, W_DAY, 1 },
	{ "day after tomorrow", ANY | EN, W_DAY, 2 },
	{ "tonight", EN, W_DAY, 0 }, { "heute", ANY | DE, W_DAY, 0 }, { "morgen", DE | NL, W_DAY, 1 }, { "ubermorgen", ANY | DE, W_DAY, 2 },
	{ "uebermorgen", ANY | DE, W_DAY, 2 }, { "aujourd'hui", ANY | FR, W_DAY, 0 }, { "demain", ANY | FR, W_DAY, 1 },
	{ "apres-demain", ANY | FR, W_DAY, 2 },
	{ "apres demain", ANY | FR, W_DAY, 2 }, { "hoy", ES, W_DAY, 0 }, { "manana", ES, W_DAY, 1 },
	{ "pasado manana", ANY | ES, W_DAY, 2 },
	{ "hoje", PT, W_DAY, 0 }, { "amanha", PT, W_DAY, 1 }, { "depois de amanha", PT, W_DAY, 2 }, { "oggi", IT, W_DAY, 0 },
	{ "domani", ANY | IT, W_DAY, 1 }, { "dopodomani", ANY | IT, W_DAY, 2 }, { "vandaag", ANY | NL, W_DAY, 0 },
	{ "overmorgen", NL, W_DAY, 2 },
	{ "dzisiaj", PL, W_DAY, 0 }, { "dzis", PL, W_DAY, 0 }, { "jutro", PL, W_DAY, 1 }, { "pojutrze", PL, W_DAY, 2 },
	{ "i dag", NO, W_DAY, 0 }, { "idag", NO, W_DAY, 0 }, { "i morgen", NO, W_DAY, 1 }, { "imorgen", NO, W_DAY, 1 },
	{ "i morgon", NO, W_DAY, 1 },
	{ "imorgon", NO, W_DAY, 1 }, { "i overmorgen", NO, W_DAY, 2 }, { "i overmorgon", NO, W_DAY, 2 }, { "overmorgon", NO, W_DAY, 2 },

	{ "this week", ANY | EN, W_WEEK, 0 }, { "next week", ANY | EN, W_WEEK, 1 }, { "following week", EN, W_WEEK, 1 },
	{ "coming week", EN, W_WEEK, 1 },
	{ "week after next", EN, W_WEEK, 2 }, { "week after that", EN, W_WEEK, 2 }, { "diese woche", DE, W_WEEK, 0 },
	{ "dieser woche", DE, W_WEEK, 0 },
	{ "nachste woche", DE, W_WEEK, 1 },
	{ "naechste woche", DE, W_WEEK, 1 }, { "nachster woche", DE, W_WEEK, 1 }, { "naechster woche", DE, W_WEEK, 1 },
	{ "nachsten woche", DE, W_WEEK, 1 }, { "naechsten woche", DE, W_WEEK, 1 }, { "kommende woche", DE, W_WEEK, 1 },
	{ "kommender woche", DE, W_WEEK, 1 }, { "kommenden woche", DE, W_WEEK, 1 }, { "ubernachste woche", DE, W_WEEK, 2 },
	{ "uebernaechste woche", DE, W_WEEK, 2 }, { "ubernachsten woche", DE, W_WEEK, 2 }, { "kw", DE, W_IGNORE, 0 },
	{ "cette semaine", FR, W_WEEK, 0 }, { "semaine prochaine", FR, W_WEEK, 1 }, { "semaine suivante", FR, W_WEEK, 1 },
	{ "esta semana", ES | PT, W_WEEK, 0 }, { "proxima semana", ES | PT, W_WEEK, 1 }, { "semana proxima", ES | PT, W_WEEK, 1 },
	{ "semana que viene", ES, W_WEEK, 1 }, { "semana que vem", PT, W_WEEK, 1 }, { "semana seguinte", PT, W_WEEK, 1 },
	{ "questa settimana", IT, W_WEEK, 0 }, { "settimana prossima", IT, W_WEEK, 1 }, { "prossima settimana", IT, W_WEEK, 1 },
	{ "deze week", NL, W_WEEK, 0 }, { "volgende week", NL, W_WEEK, 1 }, { "komende week", NL, W_WEEK, 1 },
	{ "w tym tygodniu", PL, W_WEEK, 0 }, { "w przyszlym tygodniu", PL, W_WEEK, 1 }, { "przyszlym tygodniu", PL, W_WEEK, 1 },
	{ "przyszlego tygodnia", PL, W_WEEK, 1 }, { "przyszly tydzien", PL, W_WEEK, 1 }, { "nastepnym tygodniu", PL, W_WEEK, 1 },
	{ "denne uge", NO, W_WEEK, 0 }, { "denne uken", NO, W_WEEK, 0 }, { "denna vecka", NO, W_WEEK, 0 }, { "i naste uge", NO, W_WEEK, 1 },
	{ "naste uge", NO, W_WEEK, 1 }, { "neste uke", NO, W_WEEK, 1 }, { "nasta vecka", NO, W_WEEK, 1 },

	{ "morning", EN, W_PART, PART_MORNING }, { "mornings", EN, W_PART, PART_MORNING | PART_USUAL },
	{ "afternoon", EN, W_PART, PART_AFTERNOON },
	{ "afternoons", EN, W_PART, PART_AFTERNOON | PART_USUAL }, { "evening", EN, W_PART, PART_EVENING },
	{ "noon", EN, W_PART, PART_NOON },
	{ "midday", EN, W_PART, PART_NOON }, { "lunchtime", EN, W_PART, PART_LUNCH }, { "lunch time", EN, W_PART, PART_LUNCH },
	{ "over lunch", EN, W_PART, PART_LUNCH },
	{ "vormittag", DE, W_PART, PART_MORNING }, { "vormittags", DE, W_PART, PART_MORNING | PART_USUAL },
	{ "fruh", DE, W_PART, PART_MORNING },
	{ "frueh", DE, W_PART, PART_MORNING }, { "morgens", DE, W_PART, PART_MORNING }, { "nachmittag", DE, W_PART, PART_AFTERNOON },
	{ "nachmittags", DE, W_PART, PART_AFTERNOON | PART_USUAL }, { "abend", DE, W_PART, PART_EVENING },
	{ "abends", DE, W_PART, PART_EVENING },
	{ "mittag", DE, W_PART, PART_LUNCH }, { "mittags", DE, W_PART, PART_LUNCH },
	{ "matin", FR, W_PART, PART_MORNING }, { "matinee", FR, W_PART, PART_MORNING }, { "apres-midi", FR, W_PART, PART_AFTERNOON },
	{ "apres midi", FR, W_PART, PART_AFTERNOON }, { "soir", FR, W_PART, PART_EVENING }, { "midi", FR, W_PART, PART_NOON },
	{ "por la manana", ES, W_PART, PART_MORNING }, { "de la manana", ES, W_PART, PART_MORNING },
	{ "en la manana", ES, W_PART, PART_MORNING },
	{ "por las mananas", ES, W_PART, PART_MORNING | PART_USUAL },
	{ "por las tardes", ES, W_PART, PART_AFTERNOON | PART_USUAL }, { "tarde", ES | PT, W_PART, PART_AFTERNOON },
	{ "tardes", ES, W_PART, PART_AFTERNOON },
	{ "mediodia", ES, W_PART, PART_NOON }, { "manha", PT, W_PART, PART_MORNING }, { "meio-dia", PT, W_PART, PART_NOON },
	{ "mattina", IT, W_PART, PART_MORNING }, { "mattino", IT, W_PART, PART_MORNING }, { "mattinata", IT, W_PART, PART_MORNING },
	{ "pomeriggio", IT, W_PART, PART_AFTERNOON }, { "sera", IT, W_PART, PART_EVENING }, { "mezzogiorno", IT, W_PART, PART_NOON },
	{ "ochtend", NL, W_PART, PART_MORNING }, { "'s ochtends", NL, W_PART, PART_MORNING }, { "voormiddag", NL, W_PART, PART_MORNING },
	{ "middag", NL, W_PART, PART_AFTERNOON }, { "namiddag", NL, W_PART, PART_AFTERNOON }, { "avond", NL, W_PART, PART_EVENING },
	{ "ochtends", NL, W_PART, PART_MORNING }, { "middags", NL, W_PART, PART_AFTERNOON },
	{ "rano", PL, W_PART, PART_MORNING }, { "przed poludniem", PL, W_PART, PART_MORNING },
	{ "po poludniu", PL, W_PART, PART_AFTERNOON },
	{ "popoludniu", PL, W_PART, PART_AFTERNOON }, { "popoludnie", PL, W_PART, PART_AFTERNOON },
	{ "wieczorem", PL, W_PART, PART_EVENING },
	{ "w poludnie", PL, W_PART, PART_NOON },
	{ "formiddag", NO, W_PART, PART_MORNING }, { "formiddagen", NO, W_PART, PART_MORNING }, { "formiddags", NO, W_PART, PART_MORNING },
	{ "morgenen", NO, W_PART, PART_MORNING }, { "morgonen", NO, W_PART, PART_MORNING }, { "fm", NO, W_PART, PART_MORNING },
	{ "ettermiddag", NO, W_PART, PART_AFTERNOON }, { "ettermiddagen", NO, W_PART, PART_AFTERNOON },
	{ "eftermiddag", NO, W_PART, PART_AFTERNOON },
	{ "eftermiddagen", NO, W_PART, PART_AFTERNOON }, { "em", NO, W_PART, PART_AFTERNOON }, { "aften", NO, W_PART, PART_EVENING },
	{ "kveld", NO, W_PART, PART_EVENING }, { "kvall", NO, W_PART, PART_EVENING },

	{ "next", EN, W_NEXT, 0 }, { "nachsten", DE, W_NEXT, 0 }, { "naechsten", DE, W_NEXT, 0 }, { "volgende", NL, W_NEXT, 0 },
	{ "naste", NO, W_NEXT, 0 }, { "neste", NO, W_NEXT, 0 }, { "nasta", NO, W_NEXT, 0 },
	{ "last", EN, W_LAST, 0 }, { "past", EN, W_LAST, 0 }, { "previous", EN, W_LAST, 0 }, { "every", EN, W_IGNORE, 0 },
	{ "letzten", DE, W_LAST, 0 },
	{ "letzte", DE, W_LAST, 0 }, { "letzter", DE, W_LAST, 0 }, { "vergangenen", DE, W_LAST, 0 }, { "vorigen", DE, W_LAST, 0 },
	{ "dernier", FR, W_LAST, 1 }, { "derniere", FR, W_LAST, 1 }, { "passe", FR, W_LAST, 1 }, { "pasado", ES, W_LAST, 1 },
	{ "pasada", ES, W_LAST, 1 }, { "passado", PT, W_LAST, 1 }, { "passada", PT, W_LAST, 1 }, { "ultimo", ES | PT | IT, W_LAST, 1 },
	{ "scorso", IT, W_LAST, 1 }, { "scorsa", IT, W_LAST, 1 }, { "vorige", NL, W_LAST, 0 }, { "afgelopen", NL, W_LAST, 0 },
	{ "zeszly", PL, W_LAST, 0 }, { "zeszlym", PL, W_LAST, 0 }, { "ubiegly", PL, W_LAST, 0 }, { "forra", NO, W_LAST, 0 },
	{ "sidste", NO, W_LAST, 0 },
	{ "forrige", NO, W_LAST, 0 }, { "sist", NO, W_LAST, 0 }, { "i fredags", NO, W_LAST, 0 },

	{ "not", EN, W_NOT, 0 }, { "no", EN | ES, W_NOT, 0 }, { "can't", EN, W_NOT, 0 }, { "cannot", EN, W_NOT, 0 },
	{ "cant", EN, W_NOT, 0 },
	{ "doesn't", EN, W_NOT, 0 }, { "doesnt", EN, W_NOT, 0 }, { "don't", EN, W_NOT, 0 }, { "won't", EN, W_NOT, 0 },
	{ "isn't", EN, W_NOT, 0 },
	{ "except", EN, W_NOT, 0 }, { "unavailable", EN, W_NOT, 0 }, { "apart from", EN, W_NOT, 0 }, { "other than", EN, W_NOT, 0 },
	{ "any day but", EN, W_NOT, 0 }, { "anything but", EN, W_NOT, 0 }, { "out of office", EN, W_NOT, 0 }, { "booked", EN, W_NOT, 0 },
	{ "busy", EN, W_NOT, 0 }, { "is bad", EN, W_NOT, 0 }, { "tied up", EN, W_NOT, 0 }, { "in meetings", EN, W_NOT, 0 },
	{ "on holiday", EN, W_NOT, 0 }, { "on vacation", EN, W_NOT, 0 }, { "on leave", EN, W_NOT, 0 },
	{ "travelling", EN, W_NOT, 0 }, { "traveling", EN, W_NOT, 0 },
	 { "is out", EN, W_NOT, 0 }, { "i'm out", EN, W_NOT, 0 },
	{ "i am out", EN, W_NOT, 0 },
	{ "why not", EN, W_PLEASE_NOT, 0 }, { "not sure", EN, W_PLEASE_NOT, 0 }, { "no problem", EN, W_PLEASE_NOT, 0 },
	{ "no worries", EN, W_PLEASE_NOT, 0 },
	{ "not only", EN, W_PLEASE_NOT, 0 }, { "don't hesitate", EN, W_PLEASE_NOT, 0 }, { "if you don't mind", EN, W_PLEASE_NOT, 0 },
	{ "doesn't matter", EN, W_PLEASE_NOT, 0 }, { "don't mind", EN, W_PLEASE_NOT, 0 },
	{ "nicht", DE, W_NOT, 0 }, { "kein", DE, W_NOT, 0 }, { "keine", DE, W_NOT, 0 }, { "keinen", DE, W_NOT, 0 },
	{ "auser", DE, W_NOT, 0 },
	{ "ausser", DE, W_NOT, 0 }, { "leider", DE, W_IGNORE, 0 }, { "schlecht", DE, W_NOT, 0 },
	{ "im urlaub", DE, W_NOT, 0 }, { "ausgebucht", DE, W_NOT, 0 }, { "unterwegs", DE, W_NOT, 0 },
	{ "warum nicht", DE, W_PLEASE_NOT, 0 },
	{ "nicht sicher", DE, W_PLEASE_NOT, 0 },
	{ "kein problem", DE, W_PLEASE_NOT, 0 }, { "nicht nur", DE, W_PLEASE_NOT, 0 },
	{ "pas", FR, W_NOT, 0 }, { "sauf", FR, W_NOT, 0 }, { "impossible", FR, W_NOT, 0 }, { "en vacances", FR, W_NOT, 0 },
	{ "en conges", FR, W_NOT, 0 }, { "absent", FR, W_NOT, 0 }, { "absente", FR, W_NOT, 0 },
	{ "pourquoi pas", FR, W_PLEASE_NOT, 0 },
	{ "pas de probleme", FR, W_PLEASE_NOT, 0 }, { "pas sur", FR, W_PLEASE_NOT, 0 }, { "excepto", ES, W_NOT, 0 },
	{ "salvo", ES | IT, W_NOT, 0 },
	{ "menos", ES | PT, W_NOT, 0 }, { "imposible", ES, W_NOT, 0 }, { "de vacaciones", ES, W_NOT, 0 },
	{ "de ferias", PT, W_NOT, 0 }, { "in ferie", IT, W_NOT, 0 }, { "op vakantie", NL, W_NOT, 0 },
	{ "na urlopie", PL, W_NOT, 0 }, { "pa ferie", NO, W_NOT, 0 }, { "pa semester", NO, W_NOT, 0 },
	{ "por que no", ES, W_PLEASE_NOT, 0 },
	{ "no hay problema", ES, W_PLEASE_NOT, 0 },
	{ "nao", PT, W_NOT, 0 }, { "exceto", PT, W_NOT, 0 }, { "por que nao", PT, W_PLEASE_NOT, 0 }, { "non", IT | FR, W_NOT, 0 },
	{ "tranne", IT, W_NOT, 0 }, { "eccetto", IT, W_NOT, 0 }, { "perche no", IT, W_PLEASE_NOT, 0 }, { "niet", NL, W_NOT, 0 },
	{ "geen", NL, W_NOT, 0 },
	{ "behalve", NL, W_NOT, 0 }, { "waarom niet", NL, W_PLEASE_NOT, 0 }, { "geen probleem", NL, W_PLEASE_NOT, 0 },
	{ "nie", PL, W_NOT, 0 },
	{ "oprocz", PL, W_NOT, 0 }, { "czemu nie", PL, W_PLEASE_NOT, 0 }, { "dlaczego nie", PL, W_PLEASE_NOT, 0 }, { "ikke", NO, W_NOT, 0 },
	{ "inte", NO, W_NOT, 0 }, { "ej", NO, W_NOT, 0 }, { "utom", NO, W_NOT, 0 }, { "undtagen", NO, W_NOT, 0 },
	{ "unntatt", NO, W_NOT, 0 },
	{ "hvorfor ikke", NO, W_PLEASE_NOT, 0 }, { "varfor inte", NO, W_PLEASE_NOT, 0 },

	{ "after", EN, W_AFTER, 0 }, { "later than", EN, W_AFTER, 0 }, { "past", EN, W_AFTER, 0 }, { "nach", DE, W_AFTER, 0 },
	{ "nach dem", DE, W_AFTER, 1 }, { "apres", FR, W_AFTER, 0 }, { "apres le", FR, W_AFTER, 1 }, { "despues de", ES, W_AFTER, 0 },
	{ "despues del", ES, W_AFTER, 1 }, { "depois de", PT, W_AFTER, 0 }, { "depois das", PT, W_AFTER, 0 },
	{ "depois do dia", PT, W_AFTER, 1 },
	{ "apos", PT, W_AFTER, 0 }, { "dopo", IT, W_AFTER, 0 }, { "dopo le", IT, W_AFTER, 0 }, { "dopo il", IT, W_AFTER, 1 },
	{ "na", NL, W_AFTER, 0 },
	{ "po", PL, W_AFTER, 0 }, { "efter", NO, W_AFTER, 0 }, { "etter", NO, W_AFTER, 0 }, { "efter kl", NO, W_AFTER, 0 },
	{ "etter kl", NO, W_AFTER, 0 },
	{ "from", EN, W_FROM, 0 }, { "starting", EN, W_FROM, 0 }, { "as of", EN, W_FROM, 0 }, { "ab", DE, W_FROM, 0 },
	{ "ab dem", DE, W_FROM, 1 },
	{ "von", DE, W_FROM, 0 }, { "a partir de", FR | ES | PT, W_FROM, 0 }, { "a partir du", FR, W_FROM, 1 },
	{ "a partir das", PT, W_FROM, 0 },
	{ "a partir del", ES, W_FROM, 1 }, { "desde", ES, W_FROM, 0 }, { "dalle", IT, W_FROM, 0 }, { "dal", IT, W_FROM, 1 },
	{ "a partire dal", IT, W_FROM, 1 }, { "a partire dalle", IT, W_FROM, 0 }, { "vanaf", NL, W_FROM, 0 }, { "od", PL, W_FROM, 0 },
	{ "fra", NO, W_FROM, 0 }, { "fra kl", NO, W_FROM, 0 }, { "fran", NO, W_FROM, 0 }, { "fran kl", NO, W_FROM, 0 },
	{ "before", EN, W_BEFORE, 0 }, { "earlier than", EN, W_BEFORE, 0 }, { "vor", DE, W_BEFORE, 0 }, { "vor dem", DE, W_BEFORE, 1 },
	{ "avant", FR, W_BEFORE, 0 }, { "avant le", FR, W_BEFORE, 1 }, { "antes de", ES | PT, W_BEFORE, 0 },
	{ "antes das", PT, W_BEFORE, 0 },
	{ "antes del", ES, W_BEFORE, 1 }, { "prima di", IT, W_BEFORE, 0 }, { "prima delle", IT, W_BEFORE, 0 },
	{ "prima del", IT, W_BEFORE, 1 },
	{ "voor", NL, W_BEFORE, 0 }, { "przed", PL, W_BEFORE, 0 }, { "for kl", NO, W_BEFORE, 0 }, { "fore", NO, W_BEFORE, 0 },
	{ "fore kl", NO, W_BEFORE, 0 }, { "innan", NO, W_BEFORE, 0 },
	{ "by", EN, W_BY, 0 }, { "until", EN, W_BY, 0 }, { "till", EN, W_BY, 0 }, { "bis", DE, W_BY, 0 }, { "bis zum", DE, W_BY, 1 },
	{ "jusqu'a", FR, W_BY, 0 }, { "hasta", ES, W_BY, 0 }, { "ate", PT, W_BY, 0 }, { "fino a", IT, W_BY, 0 }, { "entro", IT, W_BY, 0 },
	{ "tot", NL, W_BY, 0 }, { "do", PL, W_BY, 0 }, { "senest", NO, W_BY, 0 }, { "senast", NO, W_BY, 0 },

	{ "at", EN, W_AT, 0 }, { "@", ALL, W_AT, 0 }, { "around", EN, W_AT, 0 }, { "about", EN, W_AT, 0 }, { "um", DE, W_AT, 0 },
	{ "gegen", DE, W_AT, 0 },
	{ "a", FR | ES, W_AT, 0 }, { "vers", FR, W_AT, 0 }, { "a las", ES, W_AT, 0 }, { "a la", ES, W_AT, 0 }, { "as", PT, W_AT, 0 },
	{ "pelas", PT, W_AT, 0 }, { "das", PT, W_FROM, 0 }, { "alle", IT, W_AT, 0 }, { "alle ore", IT, W_AT, 0 },
	{ "ore", IT, W_AT, 0 }, { "verso le", IT, W_AT, 0 },
	{ "om", NL, W_AT, 0 }, { "rond", NL, W_AT, 0 }, { "o", PL, W_AT, 0 }, { "o godz", PL, W_AT, 0 }, { "o godzinie", PL, W_AT, 0 },
	{ "godz", PL, W_AT, 0 }, { "okolo", PL, W_AT, 0 }, { "kl", NO, W_AT, 0 }, { "klokken", NO, W_AT, 0 }, { "klockan", NO, W_AT, 0 },
	{ "vid", NO, W_AT, 0 },
	{ "utc", ANY | EN, W_ZONE, 0 }, { "gmt", ANY | EN, W_ZONE, 0 }, { "bst", EN, W_ZONE, 1 },
	{ "cet", ANY | EN, W_ZONE, 2 }, { "cest", ANY | EN, W_ZONE, 2 },
	{ "mez", DE, W_ZONE, 2 }, { "mesz", DE, W_ZONE, 2 }, { "et", EN, W_ZONE, 3 }, { "est", EN, W_ZONE, 3 }, { "edt", EN, W_ZONE, 3 },
	{ "eastern", EN, W_ZONE, 3 }, { "ct", EN, W_ZONE, 4 }, { "cst", EN, W_ZONE, 4 }, { "cdt", EN, W_ZONE, 4 },
	{ "central", EN, W_ZONE, 4 },
	{ "mt", EN, W_ZONE, 5 }, { "mst", EN, W_ZONE, 5 }, { "mdt", EN, W_ZONE, 5 }, { "pt", EN, W_ZONE, 6 }, { "pst", EN, W_ZONE, 6 },
	{ "pdt", EN, W_ZONE, 6 }, { "pacific", EN, W_ZONE, 6 }, { "uk time", EN, W_ZONE, 1 },
	{ "o'clock", EN, W_OCLOCK, 0 }, { "oclock", EN, W_OCLOCK, 0 }, { "hrs", EN, W_OCLOCK, 0 }, { "uhr", DE, W_OCLOCK, 0 },
	{ "h", ALL, W_OCLOCK, 0 },
	{ "heures", FR, W_OCLOCK, 0 }, { "heure", FR, W_OCLOCK, 0 }, { "horas", ES | PT, W_OCLOCK, 0 }, { "hs", ES, W_OCLOCK, 0 },
	{ "uur", NL, W_OCLOCK, 0 },
	{ "u", NL, W_OCLOCK, 0 },
	{ "am", EN, W_AM, 0 }, { "pm", EN, W_PM, 0 }, { "a.m", EN, W_AM, 0 }, { "p.m", EN, W_PM, 0 }, { "a.m", ES, W_AM, 0 },
	{ "p.m", ES, W_PM, 0 },
	{ "de la tarde", ES, W_PM, 0 }, { "da tarde", PT, W_PM, 0 }, { "da manha", PT, W_AM, 0 },
	{ "to", EN, W_TO, 0 }, { "through", EN, W_TO, 0 }, { "thru", EN, W_TO, 0 }, { "and", EN, W_OR, 1 }, { "or", EN, W_OR, 0 },
	{ "oder", DE, W_OR, 0 }, { "und", DE, W_OR, 1 }, { "ou", FR | PT, W_OR, 0 }, { "et", FR, W_OR, 1 }, { "au", FR, W_TO, 0 },
	{ "o", ES | IT, W_OR, 0 },
	{ "y", ES, W_OR, 1 }, { "al", ES | IT, W_TO, 0 }, { "e", PT | IT, W_OR, 1 }, { "of", NL, W_OR, 0 }, { "en", NL, W_OR, 1 },
	{ "t/m", NL, W_TO, 0 }, { "lub", PL, W_OR, 0 }, { "albo", PL, W_OR, 0 }, { "i", PL, W_OR, 1 }, { "eller", NO, W_OR, 0 },
	{ "og", NO, W_OR, 1 },
	{ "och", NO, W_OR, 1 }, { "til", NO, W_TO, 0 }, { "till", NO, W_TO, 0 },
	{ "between", EN, W_BETWEEN, 0 }, { "zwischen", DE, W_BETWEEN, 0 }, { "entre", FR | ES | PT, W_BETWEEN, 0 },
	{ "tra", IT, W_BETWEEN, 0 },
	{ "fra", IT, W_BETWEEN, 0 }, { "tussen", NL, W_BETWEEN, 0 }, { "miedzy", PL, W_BETWEEN, 0 }, { "mellem", NO, W_BETWEEN, 0 },
	{ "mellom", NO, W_BETWEEN, 0 }, { "mellan", NO, W_BETWEEN, 0 },
	{ "on", EN, W_ON, 0 }, { "on the", EN, W_ON, 0 }, { "the", EN, W_ON, 0 }, { "am", DE, W_ON, 0 },
	{ "den", DE | NO, W_ON, 0 }, { "dem", DE, W_ON, 0 },
	{ "zum", DE, W_ON, 0 }, { "le", FR, W_ON, 0 }, { "el", ES, W_ON, 0 }, { "el dia", ES, W_ON, 0 },
	{ "dia", PT | ES, W_ON, 0 }, { "no dia", PT, W_ON, 0 },
	{ "il", IT, W_ON, 0 }, { "op", NL, W_ON, 0 }, { "de", NL, W_ON, 0 }, { "op de", NL, W_ON, 0 }, { "pa", NO, W_ON, 0 },
	{ "dnia", PL, W_ON, 0 },
	{ "in", EN | DE | NL | IT, W_IN, 0 }, { "im", DE, W_IN, 0 }, { "en", FR | ES, W_IN, 0 }, { "em", PT, W_IN, 0 },
	{ "a", IT, W_IN, 0 },
	{ "w", PL, W_IN, 0 }, { "we", PL, W_IN, 0 }, { "za", PL, W_IN, 0 }, { "om", NO, W_IN, 0 }, { "i", NO, W_IN, 0 },
	{ "dans", FR, W_IN, 0 },
	{ "dentro de", ES, W_IN, 0 }, { "over", NL, W_IN, 0 }, { "tra", IT, W_IN, 0 },
	{ "one", EN, W_NUMBER, 1 }, { "two", EN, W_NUMBER, 2 }, { "three", EN, W_NUMBER, 3 }, { "four", EN, W_NUMBER, 4 },
	{ "five", EN, W_NUMBER, 5 },
	{ "six", EN, W_NUMBER, 6 }, { "seven", EN, W_NUMBER, 7 }, { "eight", EN, W_NUMBER, 8 }, { "nine", EN, W_NUMBER, 9 },
	{ "ten", EN, W_NUMBER, 10 },
	{ "eleven", EN, W_NUMBER, 11 }, { "twelve", EN, W_NUMBER, 12 }, { "zwei", DE, W_NUMBER, 2 }, { "drei", DE, W_NUMBER, 3 },
	{ "vier", DE | NL, W_NUMBER, 4 }, { "funf", DE, W_NUMBER, 5 }, { "sechs", DE, W_NUMBER, 6 },
	{ "sieben", DE, W_NUMBER, 7 }, { "acht", DE | NL, W_NUMBER, 8 },
	{ "neun", DE, W_NUMBER, 9 }, { "zehn", DE, W_NUMBER, 10 }, { "elf", DE | NL, W_NUMBER, 11 },
	{ "zwolf", DE, W_NUMBER, 12 }, { "deux", FR, W_NUMBER, 2 },
	{ "trois", FR, W_NUMBER, 3 }, { "dix", FR, W_NUMBER, 10 }, { "onze", FR | PT, W_NUMBER, 11 }, { "dos", ES, W_NUMBER, 2 },
	{ "tres", ES | PT, W_NUMBER, 3 },
	{ "cuatro", ES, W_NUMBER, 4 }, { "cinco", ES | PT, W_NUMBER, 5 }, { "diez", ES, W_NUMBER, 10 },
	{ "once", ES, W_NUMBER, 11 }, { "due", IT, W_NUMBER, 2 },
	{ "tre", IT | NO, W_NUMBER, 3 }, { "quattro", IT, W_NUMBER, 4 }, { "dieci", IT, W_NUMBER, 10 },
	{ "undici", IT, W_NUMBER, 11 }, { "twee", NL, W_NUMBER, 2 },
	{ "drie", NL, W_NUMBER, 3 }, { "tien", NL, W_NUMBER, 10 },
	{ "half past", EN, W_HALF_PAST, 0 }, { "halb", DE, W_HALF_TO, 0 }, { "half", NL, W_HALF_TO, 0 }, { "halv", NO, W_HALF_TO, 0 },
	{ "wpol do", PL, W_HALF_TO, 0 }, { "et demie", FR, W_AND_HALF, 0 }, { "y media", ES, W_AND_HALF, 0 },
	{ "e mezza", IT, W_AND_HALF, 0 },
	{ "e meia", PT, W_AND_HALF, 0 },
	{ "early", EN, W_EARLY, 0 }, { "beginning of", EN, W_EARLY, 0 }, { "start of", EN, W_EARLY, 0 }, { "anfang", DE, W_EARLY, 0 },
	{ "debut", FR, W_EARLY, 0 }, { "principios de", ES, W_EARLY, 0 }, { "inicio da", PT, W_EARLY, 0 },
	{ "inizio", IT, W_EARLY, 0 }, { "begin", NL, W_EARLY, 0 },
	{ "poczatek", PL, W_EARLY, 0 }, { "na poczatku", PL, W_EARLY, 0 }, { "i borjan av", NO, W_EARLY, 0 },
	{ "i starten av", NO, W_EARLY, 0 },
	{ "middle of", EN, W_MID, 0 }, { "mid", EN, W_MID, 0 }, { "mitte", DE, W_MID, 0 }, { "milieu de", FR, W_MID, 0 },
	{ "late", EN, W_LATE, 0 }, { "later", EN, W_LATE, 0 }, { "end of", EN, W_LATE, 0 }, { "ende", DE, W_LATE, 0 },
	{ "fin de", FR | ES, W_LATE, 0 },
	{ "finales de", ES, W_LATE, 0 }, { "fim da", PT, W_LATE, 0 }, { "fine", IT, W_LATE, 0 }, { "eind", NL, W_LATE, 0 },
	{ "koniec", PL, W_LATE, 0 },
	{ "pod koniec", PL, W_LATE, 0 }, { "i slutet av", NO, W_LATE, 0 }, { "slutten av", NO, W_LATE, 0 },
	{ "slutningen af", NO, W_LATE, 0 },
	{ "day", EN, W_DAYS, 0 }, { "days", EN, W_DAYS, 0 }, { "tagen", DE, W_DAYS, 0 }, { "jours", FR, W_DAYS, 0 },
	{ "dias", ES | PT, W_DAYS, 0 },
	{ "giorni", IT, W_DAYS, 0 }, { "dagen", NL, W_DAYS, 0 }, { "dni", PL, W_DAYS, 0 }, { "dager", NO, W_DAYS, 0 },
	{ "dage", NO, W_DAYS, 0 },
	{ "dagar", NO, W_DAYS, 0 }, { "weeks", EN, W_WEEKS, 0 }, { "weeks time", EN, W_WEEKS, 0 }, { "wochen", DE, W_WEEKS, 0 },
	{ "semaines", FR, W_WEEKS, 0 },
	{ "semanas", ES | PT, W_WEEKS, 0 }, { "settimane", IT, W_WEEKS, 0 }, { "weken", NL, W_WEEKS, 0 }, { "tygodnie", PL, W_WEEKS, 0 },
	{ "uker", NO, W_WEEKS, 0 }, { "uger", NO, W_WEEKS, 0 }, { "veckor", NO, W_WEEKS, 0 },
	{ "but", EN, W_BUT, 0 }, { "then", EN, W_BUT, 0 }, { "aber", DE, W_BUT, 0 }, { "sondern", DE, W_BUT, 0 }, { "mais", FR, W_BUT, 0 },
	{ "pero", ES, W_BUT, 0 }, { "sino", ES, W_BUT, 0 }, { "mas", PT, W_BUT, 0 }, { "ma", IT, W_BUT, 0 },
	{ "maar", NL, W_BUT, 0 }, { "ale", PL, W_BUT, 0 },
	{ "men", NO, W_BUT, 0 },
	{ "works", EN, W_FINE, 0 }, { "is", EN, W_FINE, 0 }, { "would", EN, W_FINE, 0 }, { "suits", EN, W_FINE, 0 },
	{ "if", EN, W_FINE, 0 },
	{ "for", EN, W_FINE, 0 }, { "your", EN, W_FINE, 0 }, { "my", EN, W_FINE, 0 }, { "works for", EN, W_FINE, 0 },
	{ "onwards", EN, W_FINE, 0 },
	{ "passt", DE, W_FINE, 0 }, { "geht", DE, W_FINE, 0 }, { "ware", DE, W_FINE, 0 }, { "hatte", DE, W_FINE, 0 },
	{ "me", FR | ES, W_FINE, 0 },
	{ "va", IT, W_FINE, 0 }, { "kan", NL | NO, W_FINE, 0 }, { "passer", NO, W_FINE, 0 }, { "passar", NO, W_FINE, 0 },
	{ "pasuje", PL, W_FINE, 0 },
	{ "de", FR | ES | PT | IT, W_OF, 0 }, { "del", ES | IT, W_OF, 0 }, { "de la", FR | ES, W_OF, 0 }, { "da", PT, W_OF, 0 },
	{ "della", IT, W_OF, 0 },
	{ "of", EN, W_OF, 0 }, { "der", DE, W_OF, 0 }, { "des", DE | FR, W_OF, 0 }, { "du", FR, W_OF, 0 }, { "la", FR | ES | IT, W_OF, 0 },
	{ "van", NL, W_OF, 0 }, { "het", NL, W_OF, 0 }, { "a", PT, W_OF, 0 }, { "av", NO, W_OF, 0 }, { "af", NO, W_OF, 0 },
	{ "good morning", EN, W_IGNORE, 0 }, { "good afternoon", EN, W_IGNORE, 0 }, { "good evening", EN, W_IGNORE, 0 },
	{ "guten morgen", DE, W_IGNORE, 0 },
	{ "guten abend", DE, W_IGNORE, 0 }, { "schonen abend", DE, W_IGNORE, 0 }, { "buenas tardes", ES, W_IGNORE, 0 },
	{ "boa tarde", PT, W_IGNORE, 0 },
	{ "goede morgen", NL, W_IGNORE, 0 }, { "goedemorgen", NL, W_IGNORE, 0 }, { "goede middag", NL, W_IGNORE, 0 },
	{ "god morgen", NO, W_IGNORE, 0 },
	{ "buona sera", IT, W_IGNORE, 0 }, { "dzien dobry", PL, W_IGNORE, 0 }, { "this morning", EN, W_IGNORE, 0 },
	{ "heute morgen", DE, W_IGNORE, 0 },
	{ "ce matin", FR, W_IGNORE, 0 }, { "esta manana", ES, W_IGNORE, 0 }, { "stamattina", IT, W_IGNORE, 0 },
	{ "at least", EN, W_IGNORE, 0 },
	{ "have a", EN, W_IGNORE, 0 },
	/* clang-format on */
};

/* Small words that tell a language. */
static const struct {
	int lang;
	const char *words;
} telling[] = {
	{ EN, " the and for you would with that works is to of can me my are your we have this let's i'm sounds good please thanks call time free " },
	{ DE, " der die das dem den und ich ist nicht wir sie mir fur mit gerne konnen uns passt ein einen haben hatte ware zeit danke bitte gut ja termin " },
	{ FR, " le la les je vous et est pour avec nous pas ne mais une des suis convient bonjour merci serait disponible oui plutot du " },
	{ ES, " el los las que con para por yo nos usted es muy hola gracias podemos puedo viene estoy libre bien si perfecto seria mejor " },
	{ PT, " que nao para com uma voce os um obrigado obrigada pode podemos posso seria otimo esta ola sim fica melhor na no " },
	{ IT, " il che per con non mi va bene grazie possiamo sono buongiorno ciao sarebbe perfetto gli della meglio posso disponibile " },
	{ NL, " het een en ik niet voor met van wij kunnen graag dank bedankt kan mij zou goed hoi is dat wel prima komt " },
	{ PL, " i nie w na jest czy mozemy prosze dziekuje jestem sie moge bardzo dobrze pasuje tak mi bym ale w " },
	{ NO, " kl og och det er ar jag jeg kan med til pa vi ikke inte passer passar hej hei tak takk tack bra fint godt om gerne garna " },
};

static size_t
phrase_len(const struct toks *t, size_t i, const char *phrase)
{
	size_t k = 0;

	for (;;) {
		size_t n = strcspn(phrase, " ");

		if (i + k >= t->n || t->t[i + k].kind != T_WORD || strncmp(t->t[i + k].s, phrase, n) != 0 || t->t[i + k].s[n] != '\0')
			return 0;
		k++;
		phrase += n;
		if (*phrase == '\0')
			return k;
		phrase++;
	}
}

static int
times_said(const struct toks *t, const char *phrase)
{
	int n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->t[i].kind == T_WORD && t->t[i].s[0] == phrase[0] && phrase_len(t, i, phrase) > 0;
	return n;
}

int
wish_language(const struct toks *t)
{
	int score[sizeof(telling) / sizeof(telling[0])] = { 0 }, best = 0;

	for (size_t i = 0; i < t->n; i++) {
		const char *s = t->t[i].s, *at;
		size_t len;

		if (t->t[i].kind != T_WORD)
			continue;
		len = strlen(s);
		for (size_t l = 0; l < sizeof(telling) / sizeof(telling[0]); l++) {
			for (at = strstr(telling[l].words, s); at != NULL && (at[-1] != ' ' || at[len] != ' '); at = strstr(at + 1, s))
				;
			score[l] += at != NULL;
		}
	}
	for (size_t k = 0; k < sizeof(entries) / sizeof(entries[0]); k++) {
		int langs = entries[k].langs & ~ANY, n;
		bool only = (langs & (langs - 1)) == 0;

		/* "do" is something in every language */
		if (strlen(entries[k].phrase) < 3 || (!only && entries[k].word > W_PART) || (n = times_said(t, entries[k].phrase)) == 0)
			continue;
		for (size_t l = 0; l < sizeof(telling) / sizeof(telling[0]); l++)
			score[l] += (langs & telling[l].lang) != 0 ? n : 0;
	}
	for (int l = 1; l < (int)(sizeof(telling) / sizeof(telling[0])); l++)
		if (score[l] > score[best])
			best = l;
	return telling[best].lang;
}

void
wish_words(struct toks *t, int language)
{
	for (size_t i = 0; i < t->n; i++) {
		struct tok *k = &t->t[i];
		size_t n, len = 0;

		for (size_t e = 0; k->kind == T_WORD && e < sizeof(entries) / sizeof(entries[0]); e++)
			if (entries[e].phrase[0] == k->s[0] && (entries[e].langs & (language | ANY)) != 0 &&
			    (n = phrase_len(t, i, entries[e].phrase)) > len) {
				len = n;
				k->word = (enum word)entries[e].word;
				k->value = entries[e].value;
				k->len = (int)n;
			}
	}
}

enum word
wish_word(const struct toks *t, size_t i, int *value, size_t *len)
{
	bool known = i < t->n && t->t[i].len > 0;

	*value = known ? t->t[i].value : 0;
	*len = known ? (size_t)t->t[i].len : 1;
	return known ? t->t[i].word : W_NONE;
}
