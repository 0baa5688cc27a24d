#!/usr/bin/env bash
# @paddle/paddle-node-sdk 3.10.0: of several signatures in one header, as during a rotation of the secret, only the last one counts.
#
# Expected: `ts=…;h1=…;h1=…` is valid if any of its signatures is, as with other senders whose headers have this form (Stripe).
# Seen:     the newer one last: true
#           the newer one first: false
# Why it matters: whether deliveries survive a rotation depends on the order of two parts of a header. taskhook compares each of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @paddle/paddle-node-sdk@3.10.0
cat > check.cjs <<'JS'
const { createHmac } = require('node:crypto')
const { Paddle } = require('@paddle/paddle-node-sdk')

const body = '{"event_id":"evt_1","event_type":"transaction.completed"}'
const time = Math.floor(Date.now() / 1000)
const sign = (secret) => `h1=${createHmac('sha256', secret).update(`${time}:${body}`).digest('hex')}`
const [newer, older] = [sign('newer'), sign('older')]
const isValid = (...parts) => new Paddle('key').webhooks.isSignatureValid(body, 'newer', [`ts=${time}`, ...parts].join(';'))
;(async () => {
  console.log(`the newer one last: ${await isValid(older, newer)}`)
  console.log(`the newer one first: ${await isValid(newer, older)}`)
})()
JS
diff <(node check.cjs) <(printf 'the newer one last: true\nthe newer one first: false\n')
echo 'as described'
