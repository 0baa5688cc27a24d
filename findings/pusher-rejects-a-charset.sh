#!/usr/bin/env bash
# pusher 5.3.4: a webhook with the content type `application/json; charset=utf-8` is not valid, although its signature is.
#
# Expected: a parameter of the media type changes nothing; the signature covers the body only.
# Seen:     application/json: true
#           application/json; charset=utf-8: false
# Why it matters: a proxy that adds the parameter, as many do, turns every webhook into an invalid one, and the answer does not say why.
#   taskhook takes a body for what its signed bytes are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts pusher@5.3.4
cat > check.cjs <<'JS'
const { createHmac } = require('node:crypto')
const Pusher = require('pusher')

const pusher = new Pusher({ appId: '1', key: 'key', secret: 'secret', cluster: 'eu' })
const rawBody = '{"time_ms":1,"events":[]}'
const signature = createHmac('sha256', 'secret').update(rawBody).digest('hex')
for (const type of ['application/json', 'application/json; charset=utf-8']) {
  const headers = { 'x-pusher-key': 'key', 'x-pusher-signature': signature, 'content-type': type }
  console.log(`${type}: ${pusher.webhook({ headers, rawBody }).isValid()}`)
}
JS
diff <(node check.cjs) <(printf 'application/json: true\napplication/json; charset=utf-8: false\n')
echo 'as described'
