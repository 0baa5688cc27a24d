/** Words that taskhook's texts do not use, because a platform engineer has to read them twice. */

export interface BannedWord {
  readonly word: string
  readonly pattern: RegExp
  readonly instead: string
  /** Sentences in which the pattern must be found. */
  readonly bad: readonly string[]
  /** Sentences in which it must not be found. */
  readonly good: readonly string[]
}

export const bannedWords: readonly BannedWord[] = [
  {
    word: 'whoever',
    pattern: /\bwho(m|so)?ever\b/i,
    instead: 'name the actor: the requester, the sender, anyone who …',
    bad: ['For whoever is woken.', 'Whoever asked cannot approve it.'],
    good: ['The requester cannot approve it.'],
  },
  {
    word: 'nobody',
    pattern: /\bnobody\b/i,
    instead: 'say what does not happen, or "no one"',
    bad: ['A hiccup of seconds is told to nobody.', 'Nobody can approve it twice.'],
    good: ['Failures that last only seconds are not reported.', 'It can be approved only once.'],
  },
  {
    word: 'by now',
    pattern: /\bby now\b(?!\()/i,
    instead: 'leave it out, or "already"',
    bad: ['The run has ended by now.'],
    good: ['The run has already ended.', 'The time is given by now().'],
  },
  {
    word: 'mend',
    pattern: /\bmend(s|ed|ing)?\b/i,
    instead: 'fix, correct',
    bad: ['mend the config’s cluster', 'It is mended by the sweep.'],
    good: ['correct cluster in the config', 'We recommend it, and amend it.'],
  },
  {
    word: 'heed',
    pattern: /\b(un)?heed(s|ed|ing|less)?\b/i,
    instead: 'takes effect, is applied',
    bad: ['It is heeded within five seconds.'],
    good: ['It takes effect within five seconds.'],
  },
  {
    word: 'so many',
    pattern: /\bso many\b/i,
    instead: 'a number, "a limited number of", "this many"',
    bad: ['a task may run so many at a time', 'after so many seconds'],
    good: ['you can limit how many runs of a task happen at once', 'after this many seconds'],
  },
  {
    word: 'is told, tell (notify)',
    pattern:
      /\b(am|is|are|was|were|be|been|being|gets?|got)( \w+ly| not| never| also| then| first| last| again)? told\b(?! apart)|\btold (to|of|about|nothing|no one|once|twice|again|so)\b|\b(tells?|told|telling) ((the|a|an|its|his|her|their|every|each|any|that|whoever|who|which) )?(whoever|senders?|requesters?|approvers?|operators?|callers?|clients?|callbacks?|channels?|commits?|people|person|anybody|anyone|everybody|everyone|them|him|her|Slack|GitHub|Ann)\b(?! apart)/i,
    instead: 'notify, report, answer',
    bad: [
      'The sender is told.',
      'Each change of status is told to the callback.',
      'It tries to tell the sender again.',
      'It tells GitHub how the run went.',
      'the sender cannot be told',
      'a run whose end was never told',
      'and tell whoever sent it how it went',
      'It tells them the reason.',
      'What was told twice',
    ],
    good: [
      'The sender is notified.',
      'The two cases cannot be told apart.',
      'tell apart a missing run',
      'It tells them apart by the id.',
      'The name tells you which of them it is.',
    ],
  },
  {
    word: 'stands in, behind, on',
    pattern:
      /\bst(and|ands|ood|anding)( (only|always|alone|also|still|first|last))? (in|behind|on|under|at|before|after|above|below|beside|between|open|there|here)\b(?! for\b)/i,
    instead: 'is in, comes after, is listed under',
    bad: [
      'They stand in the function’s environment.',
      'what stands behind whsec_',
      'the commit that it stands on',
      'which forms stand open',
    ],
    good: [
      'They are in the environment.',
      'A fetch stands in for Slack.',
      'A stand-in for the job.',
      'ECS stands for …',
    ],
  },
  {
    word: 'hangs on',
    pattern: /\b(hang|hangs|hung|hanging) on\b/i,
    instead: 'depends on, belongs to',
    bad: ['Paths of sources hang on it.', 'Everything that hangs on the table.'],
    good: ['Everything depends on it.', 'The request hangs.'],
  },
  {
    word: 'lies in',
    pattern:
      /\b(lie|lies|lay|lain|lying) (in|on|at|under|with|within|near|before|after|behind|beside|between|outside|inside|there|here|elsewhere)\b/i,
    instead: 'is in',
    bad: ['The bundle lies in dist/lambda.', 'a browser that lies elsewhere', 'What lay under it'],
    good: ['The bundle is in dist/lambda.', 'The layout is underlying.'],
  },
  {
    word: 'says yes, says no',
    pattern:
      /\b(say|says|said|saying) (yes\b|no\b(?=\s*($|[.,;:!?)"'”’]|to\b|or\b|and\b)))|\b(a|an|the|its|his|her|their|one|first|second) (yes\b|no\b(?=\s*($|[.,;:!?)"'”’]|(to|or|and|for|of|from|by|that|is|was|comes|through)\b)))/i,
    instead: 'approves, rejects, allows',
    bad: [
      'Who may say yes.',
      'The approver said no.',
      'It says no to a second one.',
      'a run that waits for a yes',
      'The no comes too late.',
    ],
    good: [
      'The approvers.',
      'The header says no more than that.',
      'the no longer used key',
      'a no-op',
      'the values are true, yes, on, 1, false, no, off or 0',
    ],
  },
  {
    word: 'wish',
    pattern: /\bwish(es|ed|ing|ful)?\b/i,
    instead: 'request, want',
    bad: ['The same wish twice is one run.', 'as you wish'],
    good: ['The same request twice is one run.'],
  },
  {
    word: 'the door',
    pattern: /(?<![-/\w])doors?\b(?!-)/i,
    instead: 'receive, the function URL, the public interface',
    bad: ['What a schema accepts is what the door takes.', 'only the door is bounded'],
    good: ['Only receive is limited.', 'test/front-door has a test of it.', 'a front-door test'],
  },
  {
    word: 'let in',
    pattern:
      /\blet(s|ting)?( (it|them|us|me|you|no one|nobody|nothing|anyone|everyone|everybody|anybody|someone|somebody|people))? in\b|\blet(s|ting)?( [\w’'-]+){1,4} in(?=\s*($|[.,;:!?)'’])|\s+(when|where|if|while|as|until|and|or|but|again|meanwhile)\b)/i,
    instead: 'accept, admit, allow',
    bad: [
      'the bus lets in the events',
      'It lets them in.',
      'lets nobody in where Slack is down',
      'a person whom the route does not let in',
      'It lets two of the runs in.',
    ],
    good: [
      'The bus accepts the events.',
      'It lets you choose in Slack.',
      'lets runs wait in the queue',
      'lets an App sign in the name of a person',
    ],
  },
  {
    word: 'show out',
    pattern: /\bshow(s|n|ed|ing)?( (it|them|him|her|people|(the|a) \w+))? (out|the door)\b(?! of\b)/i,
    instead: 'reject, turn away',
    bad: ['A stranger is shown out.', 'It shows them out.', 'It shows a stranger out.'],
    good: ['A stranger is rejected.', 'shows output', 'shows the output'],
  },
  {
    word: 'looked at (check)',
    pattern: /\blook(s|ed|ing) at\b/i,
    instead: 'checked, read, examined',
    bad: ['It could not be looked at.', 'The alarm looks at what is counted.', 'without looking at it'],
    good: ['It could not be checked.', 'Look at the log.', 'It looks up the name.'],
  },
  {
    word: 'of his own',
    pattern: /\b(his|her|one['’]s) own\b/i,
    instead: 'your own, its own',
    bad: ['A sender writes a client of his own.', 'a message of one’s own'],
    good: ['Write your own client.', 'a row of its own'],
  },
  {
    word: 'goes on',
    pattern: /\b(go|goes|went|going|gone) on\b(?! (the|each|every|both|top)\b)/i,
    instead: 'continues, happens',
    bad: ['A container whose run goes on.', 'It went on without it.', 'what is going on'],
    good: ['The run continues.', 'It is ongoing.', 'The label goes on every resource.'],
  },
  {
    word: 'made good',
    pattern: /\b(make|makes|made|making) ((it|them|this|that|up|the \w+) )?good\b(?! (use|sense))/i,
    instead: 'recovers, corrects',
    bad: ['An event that is lost is made good by the sweep.', 'The sweep makes the loss good.'],
    good: ['The sweep recovers from a lost event.', 'That makes a good test.', 'It makes good use of both.'],
  },
  {
    word: 'how manieth',
    pattern: /\bmanieth\b/i,
    instead: 'which place, which number',
    bad: ['the how manieth in line'],
    good: ['its place in the queue'],
  },
]

/** Phrases that may stay. Each names its file, and is removed when the file no longer contains it. */
export interface Exception {
  readonly path: string
  readonly phrase: string
  readonly reason: string
}

export const exceptions: readonly Exception[] = []
