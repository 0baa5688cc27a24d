import { filesIn, proseOf, lineOf } from './test/support/prose.ts'
const pat = new RegExp(process.argv[2], 'gi')
for (const a of process.argv[3].split(','))
for (const f of filesIn(a)) { if (/faults|banned|plain-english|test\/fixtures/.test(f.path)) continue
 for (const {offset,text} of proseOf(f)) for (const m of text.matchAll(pat)) console.log(`${f.path}:${lineOf(f.source, offset+m.index)}: ${text.slice(Math.max(0,m.index-70), m.index+80).replace(/\s+/g,' ')}`) }
