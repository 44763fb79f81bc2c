#!/bin/sh
# Posts a request to a deployed SurvivalService and prints its answer.
#
#   sh post.sh URL [REQUEST.json]
#
# URL is what `trueup apply` prints: https://API-ID.execute-api.REGION.amazonaws.com/survival
#
# A service with auth.iam: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, of temporary credentials, AWS_SESSION_TOKEN
# (`eval "$(aws configure export-credentials --format env)"` sets them). The caller needs execute-api:Invoke.
# A service with auth.jwt: TOKEN, an access token of its issuer for its audience.
#
# Needs curl 7.76 or newer. Secrets go to curl by its standard input, as arguments are seen by every user of a computer.
set -eu

url=${1:?usage: sh post.sh URL [REQUEST.json]}
request=${2:-$(dirname "$0")/request.json}

host=${url#*://}
host=${host%%/*}
case $host in
  *.execute-api.*.*) region=$(printf '%s' "$host" | cut -d . -f 3) ;;
  *) region=${AWS_REGION:?set it, as the URL does not name the region} ;;
esac

if [ -n "${TOKEN:-}" ]; then
  secrets="header = \"authorization: Bearer $TOKEN\""
else
  : "${AWS_ACCESS_KEY_ID:?set it and AWS_SECRET_ACCESS_KEY, or TOKEN for a service with auth.jwt}"
  : "${AWS_SECRET_ACCESS_KEY:?set it beside AWS_ACCESS_KEY_ID}"
  secrets="aws-sigv4 = \"aws:amz:$region:execute-api\"
user = \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\""
  if [ -n "${AWS_SESSION_TOKEN:-}" ]; then
    secrets="$secrets
header = \"x-amz-security-token: $AWS_SESSION_TOKEN\""
  fi
fi

printf '%s\n' "$secrets" | curl --config - --silent --show-error --fail-with-body \
  --header 'content-type: application/json' --data-binary "@$request" "$url"
echo
