/** Declared parameters with only what a test is about. */
import type { Param } from '../../src/core/model/param.ts'

export const string = (more: Partial<Param> = {}): Param => ({ type: 'string', env: 'X', ...more }) as Param
export const integer = (more: Partial<Param> = {}): Param => ({ type: 'integer', env: 'X', ...more }) as Param
export const number = (more: Partial<Param> = {}): Param => ({ type: 'number', env: 'X', ...more }) as Param
export const boolean = (more: Partial<Param> = {}): Param => ({ type: 'boolean', env: 'X', ...more }) as Param
