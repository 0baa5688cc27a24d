/** The scheme of a source: a preset, or the one of its config. */
import type { Json } from '../../core/adapter.ts'
import type { EventNameLocation } from './event-name.ts'
import type { HmacScheme } from './hmac-scheme.ts'
import { type PresetName, presets } from './presets.ts'

/**
 * @param options of the source, which spec.ts has checked: the name of a preset or a custom scheme, and keys that win over the preset's
 */
export function schemeOf({ scheme, event, each }: Readonly<Record<string, Json>>): HmacScheme {
  const base = isPresetName(scheme) ? presets[scheme] : (scheme as unknown as HmacScheme)
  return {
    ...base,
    ...(event !== undefined && { event: event as EventNameLocation }),
    ...(typeof each === 'string' && { each }),
  }
}

const isPresetName = (scheme: Json | undefined): scheme is PresetName =>
  typeof scheme === 'string' && Object.hasOwn(presets, scheme)
