/** Bodies that no sender sends, and bodies of other senders. Each is signed correctly. */
import type { Recording } from './contract.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
export const strangeDeliveries: readonly Recording[] = [
  ...['', ' ', '{', 'null', 'true', '3', '"x"', '[]', '{}', '{"a":1}', '\ufeff{}', '[[[]]]', 'NaN', deep].map(
    (body): Recording => ({ name: `JSON ${body.slice(0, 8)}`, body, headers: json }),
  ),
  ...[
    '',
    'a',
    'a=1',
    'a=%zz',
    'payload=',
    'payload=null',
    'payload=%7B',
    'payload=%5B%5D',
    'payload=%7B%7D',
    'command=',
  ].map((body): Recording => ({ name: `form ${body}`, body, headers: form })),
  ...[
    'command=%2Fx',
    'command=%2Fx&user_id=',
    'ssl_check=1',
    'ssl_check=0&command=%2Fx&user_id=U',
    '__proto__=1&constructor=2',
  ].map((body): Recording => ({ name: `form ${body}`, body, headers: form })),
  ...[
    '{"type":"url_verification"}',
    '{"type":"event_callback"}',
    '{"type":"event_callback","event":null}',
    '{"type":"block_actions"}',
    '{"type":"block_actions","actions":[]}',
    '{"type":"view_submission","view":{}}',
    '{"command":"/x"}',
    '{"command":"/x","user_id":3}',
    '{"command":{},"user_id":"U"}',
    '{"action":{"toString":1}}',
    '{"ref":3,"commits":"x","repository":null,"sender":[]}',
    '{"__proto__":{"kind":"run"},"constructor":{"prototype":{}}}',
  ].map((body): Recording => ({ name: `JSON ${body}`, body, headers: json })),
  ...['multipart/form-data; boundary=x', 'text/plain', 'application/xml', ''].map(
    (type): Recording => ({ name: `{} as ${type || 'nothing'}`, body: '{}', headers: { 'content-type': type } }),
  ),
  { name: 'bytes that are not text', body: Uint8Array.from([0x7b, 0xff, 0x7d]), headers: json },
  { name: 'bytes that are not text in a form', body: Uint8Array.from([0x61, 0x3d, 0xff]), headers: form },
]
