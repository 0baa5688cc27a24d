#!/usr/bin/env bash
# @zoom/rivet 0.4.0: the receiver for Lambda verifies the signature of JSON that it has parsed and written again, not of the body that came.
#
# Expected: Zoom signs `v0:time:body` over the bytes of the body, so a body is valid however its JSON is written.
# Seen:     written as JSON.stringify does: 200
#           a space after a colon: 400
#           an escaped slash: 400
# Why it matters: a delivery with a correct signature is refused as soon as the JSON of the sender (or of a proxy or a test tool) is written
#   in another way. taskhook verifies the bytes that came.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @zoom/rivet@0.4.0
cat > check.cjs <<'JS'
const { createHmac } = require('node:crypto')
const { AwsLambdaReceiver } = require('@zoom/rivet/users')

async function status(body) {
  const receiver = new AwsLambdaReceiver({ webhooksSecretToken: 'secret' })
  receiver.init({ eventEmitter: { emit: async () => {} } })
  const time = String(Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', 'secret').update(`v0:${time}:${body}`).digest('hex')}`
  const headers = { 'x-zm-request-timestamp': time, 'x-zm-signature': signature }
  const answer = await receiver.start()({ headers, body, isBase64Encoded: false }, {})
  return answer.statusCode
}
console.debug = console.error = () => {}
;(async () => {
  console.log(`written as JSON.stringify does: ${await status('{"event":"meeting.started","payload":{"url":"https://example.com"}}')}`)
  console.log(`a space after a colon: ${await status('{"event": "meeting.started","payload":{"url":"https://example.com"}}')}`)
  console.log(`an escaped slash: ${await status('{"event":"meeting.started","payload":{"url":"https:\\/\\/example.com"}}')}`)
})()
JS
diff <(node check.cjs) <(printf 'written as JSON.stringify does: 200\na space after a colon: 400\nan escaped slash: 400\n')
echo 'as described'
