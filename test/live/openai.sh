#!/bin/sh
# Chat Completions: the service itself where OPENAI_API_KEY is set, or, with OPENAI_BASE_URL, whatever speaks it there, with or without a key. OPENAI_MODEL
# is the model; the service's own needs none.
LP_TOP=${LP_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$LP_TOP/test/tools/tap.sh"
. "$LP_TOP/test/tools/live.sh"
[ -n "${OPENAI_API_KEY-}${OPENAI_BASE_URL-}" ] || { skip openai 'neither OPENAI_API_KEY nor OPENAI_BASE_URL is set'; tap_end; exit; }
LIVE_KEYED=${OPENAI_API_KEY:+${OPENAI_BASE_URL:-1}}
case $LIVE_KEYED in http*) LIVE_KEYED= ;; esac # who else has keys, and refuses others, isn't known
live openai "llm_model=${OPENAI_MODEL:-gpt-4o-mini}" ${OPENAI_API_KEY:+llm_key_env=OPENAI_API_KEY} ${OPENAI_BASE_URL:+"llm_base_url=$OPENAI_BASE_URL"}
