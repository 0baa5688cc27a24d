import { describe, expect, it } from 'vitest'
import { workspaceIds, workspaceIdsOf } from '../../../src/adapters/slack/workspace-ids.ts'

type Interaction = Parameters<typeof workspaceIdsOf>[0]

describe('the workspace of a command', () => {
  it.each<[(string | null | undefined)[], string[]]>([
    [['T1', undefined], ['T1']],
    [
      ['T1', 'E1'],
      ['T1', 'E1'],
    ],
    [[undefined, 'E1'], ['E1']],
    [['', null], []],
    [['E1', 'E1'], ['E1']],
  ])('%j', (given, ids) => {
    expect(workspaceIds(...given)).toEqual(ids)
  })
})

describe('the workspace of an interaction', () => {
  it.each<[string, Interaction, string | undefined, string[]]>([
    ['where the person is', { team: { id: 'T1' }, user: { team_id: 'T2' } }, 'T3', ['T1']],
    ['with its organisation', { team: { id: 'T1', enterprise_id: 'E1' }, user: {} }, undefined, ['T1', 'E1']],
    ['with its organisation', { team: { id: 'T1' }, user: {}, enterprise: { id: 'E1' } }, undefined, ['T1', 'E1']],
    ['of the modal, if the app is installed in an organisation', { team: null, user: { team_id: 'E1' } }, 'T3', ['T3']],
    ['of the person, else', { team: null, user: { team_id: 'E1' }, enterprise: { id: 'E1' } }, undefined, ['E1']],
    ['that is not named', { team: null, user: {}, enterprise: null }, undefined, []],
  ])('%s: %j', (_, body, installedIn, ids) => {
    expect(workspaceIdsOf(body, installedIn)).toEqual(ids)
  })
})
