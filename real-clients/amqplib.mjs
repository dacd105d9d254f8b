// amqplib against a running broker; prints a line per check.
import assert from 'node:assert/strict'
import amqplib from 'amqplib'

const CHECK_LIMIT_MS = 30000
// Names carry it, so that a broker can be checked again and again.
const run = `amqplib-${Date.now()}`
const url = `amqp://guest:guest@${process.env.AMQP}?heartbeat=10`
const checks = []

function check(name, body) {
  checks.push({ name, body })
}

function bounded(promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took over ${CHECK_LIMIT_MS} ms`)), CHECK_LIMIT_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function later() {
  const parts = {}
  parts.promise = new Promise((resolve) => (parts.resolve = resolve))
  return parts
}

// Resolves with the messages once there are so many.
async function take(channel, queue, count, options = {}) {
  const messages = []
  const { promise, resolve } = later()
  const { consumerTag } = await channel.consume(queue, (message) => {
    messages.push(message)
    if (!options.noAck) channel.ack(message)
    if (messages.length === count) resolve()
  }, options)
  await promise
  await channel.cancel(consumerTag)
  return messages
}

check('confirmed messages are consumed in order', async (connection) => {
  const channel = await connection.createConfirmChannel()
  const { queue } = await channel.assertQueue(`${run}-order`, { durable: true })
  const sent = Array.from({ length: 500 }, (_, i) => `${i}`)
  for (const body of sent) channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
  await channel.waitForConfirms()
  const received = await take(channel, queue, sent.length)
  assert.deepEqual(received.map((message) => message.content.toString()), sent)
})

check('properties survive', async (connection) => {
  const channel = await connection.createConfirmChannel()
  const { queue } = await channel.assertQueue(`${run}-properties`)
  const headers = { text: 'é', int: 5, big: 2 ** 40, float: 1.5, list: [1, 'a'], map: { b: true } }
  channel.sendToQueue(queue, Buffer.alloc(300000, 'x'), { contentType: 'text/plain', correlationId: 'c', headers })
  await channel.waitForConfirms()
  const message = await channel.get(queue, { noAck: true })
  assert.equal(message.content.length, 300000)
  assert.equal(message.properties.contentType, 'text/plain')
  assert.equal(message.properties.correlationId, 'c')
  assert.deepEqual({ ...message.properties.headers }, headers)
})

check('a full exchange of names', async (connection) => {
  const channel = await connection.createConfirmChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true })
  assert.match(queue, /^amq\.gen-/)
  await channel.assertExchange(`${run}-a`, 'topic', { autoDelete: true })
  await channel.assertExchange(`${run}-b`, 'fanout', { autoDelete: true })
  await channel.bindExchange(`${run}-b`, `${run}-a`, 'x.*')
  await channel.bindQueue(queue, `${run}-b`, '')
  channel.publish(`${run}-a`, 'x.y', Buffer.from('in'))
  channel.publish(`${run}-a`, 'y.x', Buffer.from('out'))
  await channel.waitForConfirms()
  const message = await channel.get(queue)
  assert.equal(message.content.toString(), 'in')
  assert.equal(message.fields.messageCount, 0)
  channel.nack(message)
  assert.equal((await channel.get(queue, { noAck: true })).fields.redelivered, true)
})

check('errors close the channel alone', async (connection) => {
  const channel = await connection.createChannel()
  const closed = new Promise((resolve) => channel.on('error', resolve))
  await assert.rejects(channel.checkQueue(`${run}-nowhere`), /404 \(NOT-FOUND\)/)
  assert.equal((await closed).code, 404)
  await (await connection.createChannel()).assertQueue(`${run}-after`, { autoDelete: true, expires: 60000 })
})

check('unroutable mandatory messages come back', async (connection) => {
  const channel = await connection.createConfirmChannel()
  const returned = new Promise((resolve) => channel.on('return', resolve))
  channel.publish('', `${run}-nowhere`, Buffer.from('x'), { mandatory: true })
  await channel.waitForConfirms()
  assert.equal((await returned).fields.replyText, 'NO_ROUTE')
})

check('a deleted queue cancels its consumer', async (connection) => {
  const channel = await connection.createChannel()
  const { queue } = await channel.assertQueue(`${run}-deleted`)
  const { promise, resolve } = later()
  await channel.consume(queue, (message) => message === null && resolve())
  await channel.deleteQueue(queue)
  await promise
})

let failures = 0
for (const { name, body } of checks) {
  const label = `amqplib/${name.replaceAll(' ', '-')}`
  let connection
  try {
    connection = await bounded(amqplib.connect(url), 'connecting')
    connection.on('error', () => {})
    await bounded(body(connection), name)
    console.log('ok', label)
  } catch (error) {
    failures++
    console.error(error)
    console.log('FAIL', label, String(error.message).replace(/\s+/g, ' ').slice(0, 600))
  } finally {
    await connection?.close().catch(() => {})
  }
}
process.exit(failures ? 1 : 0)
