#!/usr/bin/env bash
# svix 2.5.0 and openai 7.55.0: of a Standard Webhooks secret without `whsec_`, svix decodes the base64, and openai uses the text as the key.
#
# Expected: two packages for the same scheme derive the same key from the same secret: `whsec_` is only a label.
# Seen:     with whsec_: svix accepted, openai accepted
#           without: svix accepted, openai refused
# Why it matters: a secret whose label was cut off, as some secret stores and dashboards do, works with one receiver and gives a wrong
#   signature with another. taskhook decodes it in both forms.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts svix@2.5.0 openai@7.55.0
cat > check.cjs <<'JS'
const { Webhook } = require('svix')
const { OpenAI } = require('openai')

const secret = Buffer.from('a key of thirty-two bytes, no mor').toString('base64')
const body = '{"type":"response.completed"}'
const now = new Date()
const headers = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
  'webhook-signature': new Webhook(`whsec_${secret}`).sign('msg_1', now, body),
}
const outcome = async (verify) => {
  try {
    await verify()
    return 'accepted'
  } catch {
    return 'refused'
  }
}
;(async () => {
  for (const [name, key] of [['with whsec_', `whsec_${secret}`], ['without', secret]]) {
    const svix = await outcome(() => new Webhook(key).verify(body, headers))
    const openai = await outcome(() => new OpenAI({ apiKey: 'x' }).webhooks.unwrap(body, headers, key))
    console.log(`${name}: svix ${svix}, openai ${openai}`)
  }
})()
JS
diff <(node check.cjs) <(printf 'with whsec_: svix accepted, openai accepted\nwithout: svix accepted, openai refused\n')
echo 'as described'
