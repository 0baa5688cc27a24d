// Stands for the container's job, which would fetch COMMIT of REPOSITORY and rebuild what is made of data/. It knows nothing of
// taskhook but the variables that the config declares.
const { REPOSITORY: repository, REF: ref, COMMIT: commit, PUBLISH: publish } = process.env

const missing = Object.entries({ REPOSITORY: repository, REF: ref, COMMIT: commit }).filter(([, value]) => !value)
if (missing.length > 0) {
  console.error(`not set: ${missing.map(([name]) => name).join(', ')}`)
  process.exit(2)
}
console.log(`${repository} at ${commit.slice(0, 7)} (${ref.replace(/^refs\/(heads|tags)\//, '')})`)
console.log(publish === 'true' ? 'rebuilt and published' : 'rebuilt as a preview')
