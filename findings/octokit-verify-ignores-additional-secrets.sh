#!/usr/bin/env bash
# @octokit/webhooks 14.2.0: `verify` ignores `additionalSecrets`, `verifyAndReceive` of the same object honors them.
#
# Expected: an option of the constructor applies to every method that checks a signature. During a rotation, a delivery signed with the
#   previous secret is then valid for both methods.
# Seen:     verify: false
#           verifyAndReceive: accepted
# Why it matters: a receiver that calls `verify` itself (to answer before it works, as on Lambda) loses deliveries during a rotation,
#   although the rotation is configured. taskhook tries each secret itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @octokit/webhooks@14.2.0
cat > check.mjs <<'JS'
import { createHmac } from 'node:crypto'
import { Webhooks } from '@octokit/webhooks'

const payload = JSON.stringify({ zen: 'Keep it logically awesome.' })
const signature = `sha256=${createHmac('sha256', 'previous').update(payload).digest('hex')}`
const webhooks = new Webhooks({ secret: 'current', additionalSecrets: ['previous'] })

console.log(`verify: ${await webhooks.verify(payload, signature)}`)
await webhooks.verifyAndReceive({ id: '1', name: 'ping', payload, signature })
console.log('verifyAndReceive: accepted')
JS
diff <(node check.mjs) <(printf 'verify: false\nverifyAndReceive: accepted\n')
echo 'as described'
