#!/bin/sh
# The Messages API itself, where ANTHROPIC_API_KEY is set. ANTHROPIC_MODEL and ANTHROPIC_BASE_URL say which and where; else the configuration's own.
LP_TOP=${LP_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$LP_TOP/test/tools/tap.sh"
. "$LP_TOP/test/tools/live.sh"
[ -n "${ANTHROPIC_API_KEY-}" ] || { skip anthropic 'ANTHROPIC_API_KEY is not set'; tap_end; exit; }
export LIVE_KEYED=1
live anthropic llm_key_env=ANTHROPIC_API_KEY ${ANTHROPIC_MODEL:+"llm_model=$ANTHROPIC_MODEL"} ${ANTHROPIC_BASE_URL:+"llm_base_url=$ANTHROPIC_BASE_URL"}
