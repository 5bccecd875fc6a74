#!/bin/sh
# Who came to a session, counted with curl and jq: PDU_TOKEN=… ./journal.sh URL SESSION_ID
after=0
while :; do
    page=$(printf 'header = "Authorization: Bearer %s"' "$PDU_TOKEN" |
        curl --silent --show-error --fail --config - "$1/journal?after=$after") || exit 1
    printf '%s\n' "$page"
    next=$(printf '%s' "$page" | jq .next)
    [ "$next" = "$after" ] && break
    after=$next
done | jq --raw-output --slurp --arg session "$2" '
    [.[].items[].message | select(.type | test("Attendance"))]
    | group_by(.subject) | map(max_by(.sequence).data) | map(select(.session_id == $session))
    | "\(length) in the register, \(map(select(.state == "present" or .state == "partial")) | length) came"'
