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
# Needs curl 7.75 or newer. Secrets go to curl by its standard input, as arguments are seen by every user of a computer.
set -eu

url=${1:?usage: sh post.sh URL [REQUEST.json]}
request=${2:-$(dirname "$0")/request.json}

# A part of the host's name: API-ID.execute-api.REGION.amazonaws.com
host=${url#*://}
host=${host%%/*}
region=${AWS_REGION:-$(printf '%s' "$host" | cut -d . -f 3)}

{
  if [ -n "${TOKEN:-}" ]; then
    printf 'header = "authorization: Bearer %s"\n' "$TOKEN"
  else
    : "${AWS_ACCESS_KEY_ID:?set it and AWS_SECRET_ACCESS_KEY, or TOKEN for a service with auth.jwt}"
    : "${AWS_SECRET_ACCESS_KEY:?set it beside AWS_ACCESS_KEY_ID}"
    printf 'aws-sigv4 = "aws:amz:%s:execute-api"\n' "$region"
    printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
    if [ -n "${AWS_SESSION_TOKEN:-}" ]; then
      printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"
    fi
  fi
} | curl --config - --silent --show-error --fail-with-body \
  --header 'content-type: application/json' --data-binary "@$request" "$url"
echo
