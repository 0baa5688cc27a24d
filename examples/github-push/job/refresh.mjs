// A stand-in for the job in your container, which would fetch COMMIT of REPOSITORY and rebuild the output of data/. All it needs from
// taskhook are the variables that the config declares.
const { REPOSITORY: repository, REF: ref, COMMIT: commit, PUBLISH: publish } = process.env

const missing = Object.entries({ REPOSITORY: repository, REF: ref, COMMIT: commit }).filter(([, value]) => !value)
if (missing.length > 0) {
  console.error(`not set: ${missing.map(([name]) => name).join(', ')}`)
  process.exit(2)
}
console.log(`${repository} at ${commit.slice(0, 7)} (${ref.replace(/^refs\/(heads|tags)\//, '')})`)
console.log(publish === 'true' ? 'rebuilt and published' : 'rebuilt as a preview')
