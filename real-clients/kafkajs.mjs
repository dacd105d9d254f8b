// kafkajs against a running broker; prints a line per check.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import kafkajs from 'kafkajs'

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs

const STEP_LIMIT_MS = 20000
const CHECK_LIMIT_MS = 60000
// Topics and groups carry it, so that a broker can be checked again and again.
const run = `kafkajs-${Date.now()}`
const kafka = new Kafka({
  clientId: run,
  brokers: [process.env.BOOTSTRAP],
  logLevel: logLevel.ERROR,
  retry: { initialRetryTime: 50, retries: 8 },
})
const admin = kafka.admin()
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
const checks = []
const open = []

function check(name, body) {
  checks.push({ name, body })
}

function bounded(promise, what, limitMs) {
  let timer
  const late = new Promise((_, reject) => {
    timer = globalThis.setTimeout(() => reject(new Error(`${what} took over ${limitMs} ms`)), limitMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

// Resolves once the condition holds.
function until(condition, what) {
  let timer
  const met = new Promise((resolve) => {
    timer = setInterval(() => condition() && resolve(), 50)
  })
  return bounded(met, what, STEP_LIMIT_MS).finally(() => clearInterval(timer))
}

// Kafka answers before its own metadata has caught up: asks until the body no longer throws.
async function eventually(body) {
  let failure
  for (const deadline = Date.now() + STEP_LIMIT_MS; Date.now() < deadline; ) {
    try {
      return await body()
    } catch (error) {
      failure = error
      await setTimeout(100)
    }
  }
  throw failure
}

async function createTopic(name, numPartitions = 1, configEntries = []) {
  const topic = `${run}-${name}`
  assert.equal(await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] }), true)
  return topic
}

function values(from, to) {
  return Array.from({ length: to - from }, (_, i) => String(from + i))
}

function send(topic, texts, options = {}) {
  const { partition, ...rest } = options
  return producer.send({ topic, messages: texts.map((value) => ({ value, partition })), ...rest })
}

// A member of a group that keeps what it receives, with the partitions it has.
async function member(group, topic, options = {}) {
  const consumer = kafka.consumer({
    groupId: `${run}-${group}`,
    sessionTimeout: 10000,
    rebalanceTimeout: 10000,
    heartbeatInterval: 500,
  })
  const received = []
  const state = { consumer, received, partitions: [] }
  open.push(consumer)
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    state.partitions = payload.memberAssignment[topic] ?? []
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: options.autoCommit ?? true,
    eachMessage: async ({ partition, message }) => {
      received.push({ partition, ...message, text: message.value?.toString() })
    },
  })
  return state
}

function texts(state) {
  return state.received.map((message) => message.text)
}

async function leave(state) {
  open.splice(open.indexOf(state.consumer), 1)
  await state.consumer.disconnect()
}

function receivedCount(count, ...members) {
  const total = () => members.reduce((sum, m) => sum + m.received.length, 0)
  return until(() => total() >= count, `receiving ${count} records`)
}

check('cluster', async () => {
  const cluster = await admin.describeCluster()
  assert.equal(cluster.brokers.length, 1)
  assert.ok(cluster.clusterId)
  assert.equal(cluster.controller, cluster.brokers[0].nodeId)
})

check('topic-create-fetch-delete', async () => {
  const topic = await createTopic('admin', 3)
  // An admin client that has asked about a topic fails in other calls once the topic is deleted.
  const admin = kafka.admin()
  await admin.connect()
  assert.equal(await admin.createTopics({ topics: [{ topic }] }), false)
  assert.ok((await admin.listTopics()).includes(topic))
  await eventually(async () => {
    const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
    assert.deepEqual(metadata.topics[0].partitions.map((p) => p.partitionId).sort(), [0, 1, 2])
  })
  await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] })
  await eventually(async () => assert.equal((await admin.fetchTopicOffsets(topic)).length, 4))
  await admin.deleteTopics({ topics: [topic] })
  await eventually(async () => assert.ok(!(await admin.listTopics()).includes(topic)))
  await admin.disconnect()
})

check('headers-gzip-keys', async () => {
  const topic = await createTopic('gzip')
  const [sent] = await producer.send({
    topic,
    acks: -1,
    compression: CompressionTypes.GZIP,
    messages: [
      { key: 'k', value: 'v', headers: { one: '1', many: ['a', 'b'] } },
      { key: 'gone', value: null },
    ],
  })
  assert.equal(sent.baseOffset, '0')
  const reader = await member('gzip', topic)
  await receivedCount(2, reader)
  const [first, second] = reader.received
  assert.deepEqual([first.key.toString(), first.text, first.offset], ['k', 'v', '0'])
  assert.equal(first.headers.one.toString(), '1')
  assert.deepEqual(first.headers.many.map(String), ['a', 'b'])
  assert.deepEqual([second.key.toString(), second.value], ['gone', null])
  await leave(reader)
})

check('idempotent-producer', async () => {
  const topic = await createTopic('idempotent')
  const idempotent = kafka.producer({
    idempotent: true,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await idempotent.connect()
  for (const value of values(0, 20)) {
    await idempotent.send({ topic, messages: [{ value }] })
  }
  await idempotent.disconnect()
  assert.equal((await admin.fetchTopicOffsets(topic))[0].high, '20')
})

check('group-of-two', async () => {
  const topic = await createTopic('group', 4)
  const first = await member('group', topic)
  await until(() => first.partitions.length === 4, 'the first member')
  const second = await member('group', topic)
  const both = [first, second]
  await until(() => both.every((m) => m.partitions.length === 2), 'sharing the partitions')
  for (let partition = 0; partition < 4; partition++) {
    await send(topic, values(0, 10).map((n) => `${partition}-${n}`), { partition })
  }
  await receivedCount(40, ...both)
  assert.deepEqual(both.map((m) => m.received.length), [20, 20])
  assert.equal(new Set(both.flatMap(texts)).size, 40)
  const description = (await admin.describeGroups([`${run}-group`])).groups[0]
  assert.deepEqual([description.state, description.members.length], ['Stable', 2])
  await leave(second)
  await until(() => first.partitions.length === 4, 'taking over the partitions')
  await leave(first)
})

check('resume-after-commit', async () => {
  const topic = await createTopic('resume')
  await send(topic, values(0, 10))
  const before = await member('resume', topic)
  await receivedCount(10, before)
  await leave(before)
  await send(topic, values(10, 15))
  const after = await member('resume', topic)
  await receivedCount(5, after)
  assert.deepEqual(texts(after), values(10, 15))
  await leave(after)
})

check('pause-resume', async () => {
  const topic = await createTopic('pause')
  const reader = await member('pause', topic)
  await send(topic, ['before'])
  await receivedCount(1, reader)
  reader.consumer.pause([{ topic }])
  await send(topic, ['paused'])
  assert.equal(reader.consumer.paused().length, 1)
  reader.consumer.resume([{ topic }])
  await receivedCount(2, reader)
  assert.deepEqual(texts(reader), ['before', 'paused'])
  await leave(reader)
})

check('seek', async () => {
  const topic = await createTopic('seek')
  await send(topic, values(0, 10))
  const reader = await member('seek', topic)
  await receivedCount(10, reader)
  reader.consumer.seek({ topic, partition: 0, offset: '7' })
  await receivedCount(13, reader)
  assert.deepEqual(texts(reader).slice(10), values(7, 10))
  await leave(reader)
})

check('commit-and-fetch-offsets', async () => {
  const topic = await createTopic('commit')
  await send(topic, values(0, 10))
  const groupId = `${run}-commit`
  const reader = await member('commit', topic, { autoCommit: false })
  await receivedCount(10, reader)
  await reader.consumer.commitOffsets([{ topic, partition: 0, offset: '4', metadata: 'note' }])
  const committed = async () => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions
  assert.deepEqual(await committed(), [{ partition: 0, offset: '4', metadata: 'note' }])
  await leave(reader)
  await admin.resetOffsets({ groupId, topic, earliest: true })
  assert.equal((await committed())[0].offset, '-2')
  const again = await member('commit', topic)
  await receivedCount(10, again)
  assert.deepEqual(texts(again), values(0, 10))
  await leave(again)
})

check('list-and-delete-groups', async () => {
  const groupId = `${run}-resume`
  assert.ok((await admin.listGroups()).groups.some((group) => group.groupId === groupId))
  const [result] = await admin.deleteGroups([groupId])
  assert.equal(result.errorCode ?? 0, 0)
  assert.ok(!(await admin.listGroups()).groups.some((group) => group.groupId === groupId))
})

check('delete-topic-records', async () => {
  const topic = await createTopic('trim')
  await send(topic, values(0, 10))
  // deleteTopicRecords knows only the leaders of topics that this admin client asked about before.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] })
  const [offsets] = await admin.fetchTopicOffsets(topic)
  assert.deepEqual([offsets.low, offsets.high], ['6', '10'])
})

check('offsets-by-timestamp', async () => {
  const topic = await createTopic('times')
  const start = 1600000000000
  await producer.send({
    topic,
    messages: values(0, 10).map((value, i) => ({ value, timestamp: String(start + i * 1000) })),
  })
  const at = async (timestamp) =>
    (await admin.fetchTopicOffsetsByTimestamp(topic, timestamp))[0].offset
  assert.equal(await at(start + 4000), '4')
  assert.equal(await at(start + 4001), '5')
  assert.equal(await at(start + 60000), '10')
})

check('describe-and-alter-configs', async () => {
  const topic = await createTopic('configs', 1, [{ name: 'retention.ms', value: '60000' }])
  const read = async (name) => {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }]
    const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false })
    return found[0].configEntries[0].configValue
  }
  await eventually(async () => assert.equal(await read('retention.ms'), '60000'))
  const configEntries = [{ name: 'cleanup.policy', value: 'compact' }]
  await admin.alterConfigs({
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  })
  await eventually(async () => assert.equal(await read('cleanup.policy'), 'compact'))
  await assert.rejects(
    createTopic('bad', 1, [{ name: 'retention.ms', value: 'never' }]),
    ({ errors }) => errors[0].type === 'INVALID_CONFIG',
  )
})

async function runCheck({ name, body }) {
  try {
    await bounded(body(), name, CHECK_LIMIT_MS)
    console.log(`ok kafkajs/${name}`)
    return true
  } catch (error) {
    console.error(error)
    console.log(`FAIL kafkajs/${name} ${String(error.errors ?? error).replace(/\s+/g, ' ').slice(0, 600)}`)
    return false
  } finally {
    await Promise.allSettled(open.splice(0).map((consumer) => consumer.disconnect()))
  }
}

await bounded(Promise.all([admin.connect(), producer.connect()]), 'connecting', STEP_LIMIT_MS)
let passed = true
for (const each of checks) {
  passed = (await runCheck(each)) && passed
}
await Promise.allSettled([admin.disconnect(), producer.disconnect()])
process.exit(passed ? 0 : 1)
