// @platformatic/kafka against a running broker; prints a line per check.
import assert from 'node:assert/strict'
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const LIMIT_MS = 60000
const run = `platformatic-${Date.now()}`
const bootstrapBrokers = [process.env.BOOTSTRAP]
const base = { clientId: run, bootstrapBrokers }
const checks = []

function check(name, body) {
  checks.push({ name, body })
}

function bounded(promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took over ${LIMIT_MS} ms`)), LIMIT_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function create(topic, partitions = 2) {
  const admin = new Admin(base)
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 })
  await admin.close()
}

check('topics are created, listed and deleted', async () => {
  const admin = new Admin(base)
  await admin.createTopics({ topics: [`${run}-admin`], partitions: 3, replicas: 1 })
  assert((await admin.listTopics()).includes(`${run}-admin`))
  const metadata = await admin.metadata({ topics: [`${run}-admin`] })
  assert.equal(metadata.topics.get(`${run}-admin`).partitionsCount, 3)
  await admin.deleteTopics({ topics: [`${run}-admin`] })
  await admin.close()
})

for (const groupProtocol of ['classic', 'consumer']) {
  check(`a ${groupProtocol} group reads what an idempotent producer wrote`, async () => {
    const topic = `${run}-${groupProtocol}`
    await create(topic)
    const producer = new Producer({ ...base, serializers: stringSerializers, idempotent: true, acks: -1, compression: 'gzip' })
    const sent = Array.from({ length: 100 }, (_, i) => `${i}`)
    await producer.send({ messages: sent.map((value) => ({ topic, key: value, value })) })
    await producer.close()
    const consumer = new Consumer({ ...base, groupId: topic, groupProtocol, deserializers: stringDeserializers })
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: true, maxWaitTime: 500 })
    const seen = []
    for await (const message of stream) {
      seen.push(message.value)
      if (seen.length === sent.length) break
    }
    assert.deepEqual(seen.sort(), [...sent].sort())
    await consumer.close(true)
  })
}

let failures = 0
for (const { name, body } of checks) {
  const line = `platformatic/${name.replace(/\s+/g, '-')}`
  try {
    await bounded(body(), name)
    console.log(`ok ${line}`)
  } catch (error) {
    failures++
    console.error(error)
    console.log(`FAIL ${line} ${String(error).replace(/\s+/g, ' ').slice(0, 600)}`)
  }
}
process.exit(failures === 0 ? 0 : 1)
