/** The modal that asks for a task's parameters. Pure. */
import type { KnownBlock, ModalView } from '@slack/types'
import type { TaskHelp } from '../../core/adapter.ts'
import { infoModal, maxTitle, plainText } from './modal.ts'
import { fitsInput, paramInput } from './param-input.ts'
import { type PrivateMetadata, writePrivateMetadata } from './private-metadata.ts'

/** Modals of an earlier version of taskhook may be open, so it never changes. */
export const paramModalCallback = 'taskhook:form'

/** https://docs.slack.dev/reference/views/modal-views */
const maxBlocks = 100
const maxMetadata = 3000
const maxSection = 3000
/** Slack accepts 250 kB, but the view travels in a queue message that holds more than the view. */
const maxBytes = 200_000

/**
 * @param initial valid values that the fields start with
 * @param origin where the command was typed
 * @returns undefined: the task needs more than a modal can ask for
 */
export function paramModal(
  { task, description, params }: TaskHelp,
  initial: Readonly<Record<string, string>>,
  origin: Omit<PrivateMetadata, 'params'>,
): ModalView | undefined {
  const about: KnownBlock[] =
    description === undefined ? [] : [{ type: 'section', text: plainText(description, maxSection) }]
  const inputs = Object.entries(params).map(([name, param]) => paramInput(name, param, initial[name]))
  const metadata = writePrivateMetadata({ ...origin, params: Object.keys(params) })
  const view: ModalView = {
    ...infoModal(task, [...about, ...inputs]),
    callback_id: paramModalCallback,
    private_metadata: metadata,
    submit: plainText('Run', maxTitle),
    close: plainText('Cancel', maxTitle),
  }
  const fits =
    inputs.length > 0 &&
    view.blocks.length <= maxBlocks &&
    metadata.length <= maxMetadata &&
    Object.values(params).every(fitsInput) &&
    Buffer.byteLength(JSON.stringify(view)) <= maxBytes
  return fits ? view : undefined
}
