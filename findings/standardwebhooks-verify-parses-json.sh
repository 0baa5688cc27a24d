#!/usr/bin/env bash
# standardwebhooks 1.1.1: `verify` parses the body as JSON after it has checked the signature, so a correctly signed body that is not JSON throws
# a SyntaxError, and a correctly signed empty body gives `undefined`.
#
# Expected: a method called `verify` judges the signature of the bytes. The specification allows any body; JSON is a recommendation.
# Seen:     text: SyntaxError
#           empty: undefined
#           JSON: {"a":1}
# Why it matters: if a receiver answers 401 to every error of `verify`, a text or form body gets a 401 although its signature is correct.
#   The sender then looks for a wrong secret. taskhook verifies bytes, and parses them in a step of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1
cat > check.mjs <<'JS'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
const now = new Date()
const verify = (body) => {
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign('msg_1', now, body),
  }
  try {
    return JSON.stringify(webhook.verify(body, headers)) ?? 'undefined'
  } catch (error) {
    return error.name
  }
}
console.log(`text: ${verify('dataset sales is ready')}`)
console.log(`empty: ${verify('')}`)
console.log(`JSON: ${verify('{"a":1}')}`)
JS
diff <(node check.mjs) <(printf 'text: SyntaxError\nempty: undefined\nJSON: {"a":1}\n')
echo 'as described'
