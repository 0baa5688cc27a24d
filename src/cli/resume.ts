export { resume } from './pause.ts'
