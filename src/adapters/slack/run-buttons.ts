/** The buttons under a run's message. Pure. https://docs.slack.dev/reference/block-kit/block-elements/button-element */
import type { Button, KnownBlock } from '@slack/types'
import type { RunView } from '../../core/adapter.ts'
import { isTerminal } from '../../core/model/run.ts'
import { actionIdOf, type ButtonVerb } from './block-action.ts'

/** @param isPrivate only the requester sees the message, and the requester cannot approve the run */
export const runButtons = (run: RunView, isPrivate = false): KnownBlock => ({
  type: 'actions',
  elements: verbsOf(run, isPrivate).map((verb) => button(run.run, verb)),
})

function verbsOf({ status, approval }: RunView, isPrivate: boolean): readonly ButtonVerb[] {
  if (approval !== undefined && !isPrivate) return ['approve', 'reject']
  return isTerminal(status) ? ['rerun'] : ['cancel', 'show']
}

const labels: Readonly<Record<ButtonVerb, string>> = {
  cancel: 'Cancel',
  rerun: 'Run again',
  show: 'Refresh',
  approve: 'Approve',
  reject: 'Reject',
}

const plain = (text: string) => ({ type: 'plain_text' as const, text })

const button = (run: string, verb: ButtonVerb): Button => ({
  type: 'button',
  action_id: actionIdOf(verb),
  value: run,
  text: plain(labels[verb]),
  ...(verb === 'approve' && { style: 'primary' }),
  ...(verb === 'reject' && { style: 'danger' }),
  ...(verb === 'cancel' && { style: 'danger', confirm: cancelDialog }),
})

const cancelDialog = {
  title: plain('Cancel this run?'),
  text: plain('The task stops. What it has already done is not undone.'),
  confirm: plain('Cancel it'),
  deny: plain('Let it run'),
}
